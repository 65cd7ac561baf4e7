# SPDX-License-Identifier: BSD-3-Clause

# Finds the channel files and writes, into <build>/generated:
#   channels.hpp             type lists of all channels, pools and receptors
#   kernels_<channel>.cpp    one translation unit a channel: its kernels and its row of the catalogue
#   catalogue_entries.cpp    the list of those rows
# and of the neurons folder
#   neurons.hpp              type list of all point and few-compartment neurons
#   kernels_neuron_<name>.cpp
# and of the plasticity folder
#   rules.hpp                type list of all learning rules
#   kernels_rule_<name>.cpp
#   releases.hpp             type list of all models of release
# A new channel is a new file; nothing else is edited.
function(apical_discover out_sources)
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/channels/*.hpp")
  set(includes "")
  set(names "")
  set(channel_names "")
  set(pool_names "")
  set(receptor_names "")
  set(sources "")
  set(declarations "")
  set(calls "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    if(name STREQUAL "channel")
      continue()
    endif()
    string(APPEND includes "#include \"channels/${name}.hpp\"\n")
    list(APPEND names "channels::${name}")
    file(STRINGS ${file} kind LIMIT_COUNT 1 REGEX "(channel|pool|receptor)_info info")
    if(NOT kind MATCHES "(channel|pool|receptor)_info info")
      message(FATAL_ERROR "channels/${name}.hpp declares no channel_info, pool_info or receptor_info named 'info'")
    endif()
    list(APPEND ${CMAKE_MATCH_1}_names "channels::${name}")
    string(APPEND declarations "void add_${name}(catalogue&);\n")
    string(APPEND calls "    add_${name}(c);\n")
    set(source ${dir}/kernels_${name}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// generated from channels/${name}.hpp
#include \"channels/${name}.hpp\"
#include \"engine/kernels/mechanism.hpp\"
namespace apical::generated {
void add_${name}(catalogue& c) { add<channels::${name}>(c); }
}
")
    list(APPEND sources ${source})
  endforeach()
  apical_discover_structs(${dir} neurons neuron neurons "every model of the neurons folder" neuron_sources neuron_declarations neuron_calls)
  list(APPEND sources ${neuron_sources})
  string(APPEND declarations "${neuron_declarations}")
  string(APPEND calls "${neuron_calls}")
  apical_discover_structs(${dir} plasticity rule rules "every rule of the plasticity folder" rule_sources rule_declarations rule_calls)
  list(APPEND sources ${rule_sources})
  string(APPEND declarations "${rule_declarations}")
  string(APPEND calls "${rule_calls}")
  apical_list_structs(${dir} plasticity release releases "every model of release of the plasticity folder" release_names)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/engine/fused/*.cpp")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    string(APPEND declarations "void add_fused_${name}(catalogue&);\n")
    string(APPEND calls "    add_fused_${name}(c);\n")
  endforeach()
  foreach(kind IN ITEMS names channel_names pool_names receptor_names)
    list(JOIN ${kind} ", " ${kind}_joined)
  endforeach()
  file(CONFIGURE OUTPUT ${dir}/channels.hpp @ONLY CONTENT
"// generated: every channel, pool and receptor of the channels folder
#pragma once
#include \"core/type_list.hpp\"
${includes}
namespace apical {
using all_mechanisms = type_list<${names_joined}>;
using all_channels = type_list<${channel_names_joined}>;
using all_pools = type_list<${pool_names_joined}>;
using all_receptors = type_list<${receptor_names_joined}>;
}
")
  file(CONFIGURE OUTPUT ${dir}/catalogue_entries.cpp @ONLY CONTENT
"// generated: the built-in catalogue
#include \"engine/catalogue.hpp\"
namespace apical {
namespace generated {
${declarations}}
catalogue catalogue::built_in() {
    catalogue c;
    using namespace generated;
${calls}    return c;
}
}
")
  apical_discover_models(${dir} models_source)
  list(APPEND sources ${dir}/catalogue_entries.cpp ${models_source})
  set(${out_sources} ${sources} PARENT_SCOPE)
endfunction()

# Finds the structs of a folder, <folder>/<name>.hpp with a <kind>_info, in a namespace called like the folder: writes <plural>.hpp, a list
# of their types.
function(apical_list_structs dir folder kind plural what out_found)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.hpp")
  set(includes "")
  set(names "")
  set(found "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    file(STRINGS ${file} is_one LIMIT_COUNT 1 REGEX "^    static constexpr ${kind}_info info")
    if(NOT is_one)
      continue()   # what such structs have in common, or something else of the folder
    endif()
    string(APPEND includes "#include \"${folder}/${name}.hpp\"\n")
    list(APPEND names "${folder}::${name}")
    list(APPEND found ${name})
  endforeach()
  list(JOIN names ", " names_joined)
  file(CONFIGURE OUTPUT ${dir}/${plural}.hpp @ONLY CONTENT
"// generated: ${what}
#pragma once
#include \"core/type_list.hpp\"
${includes}
namespace apical {
using all_${plural} = type_list<${names_joined}>;
}
")
  set(${out_found} ${found} PARENT_SCOPE)
endfunction()

# The same, and for each a translation unit that compiles it.
function(apical_discover_structs dir folder kind plural what out_sources out_declarations out_calls)
  apical_list_structs(${dir} ${folder} ${kind} ${plural} "${what}" found)
  set(sources "")
  set(declarations "")
  set(calls "")
  foreach(name IN LISTS found)
    string(APPEND declarations "void add_${kind}_${name}(catalogue&);\n")
    string(APPEND calls "    add_${kind}_${name}(c);\n")
    set(source ${dir}/kernels_${kind}_${name}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// generated from ${folder}/${name}.hpp
#include \"${folder}/${name}.hpp\"
#include \"engine/kernels/${kind}.hpp\"
namespace apical::generated {
void add_${kind}_${name}(catalogue& c) { add_${kind}<${folder}::${name}>(c); }
}
")
    list(APPEND sources ${source})
  endforeach()
  set(${out_sources} ${sources} PARENT_SCOPE)
  set(${out_declarations} "${declarations}" PARENT_SCOPE)
  set(${out_calls} "${calls}" PARENT_SCOPE)
endfunction()

# The files models/<folder>/<name>.cpp, each of which defines `<type> <name>_<suffix>()`: declarations and calls of these.
function(apical_discover_definitions folder type suffix out_declarations out_calls)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/models/${folder}/*.cpp")
  set(declarations "")
  set(calls "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    file(STRINGS ${file} definition LIMIT_COUNT 1 REGEX "^${type} ${name}_${suffix}\\(\\)")
    if(NOT definition AND folder STREQUAL "circuits")
      continue()   # a circuit that is built from C++ only
    endif()
    if(NOT definition)
      message(FATAL_ERROR "models/${folder}/${name}.cpp does not define '${type} ${name}_${suffix}()'")
    endif()
    string(APPEND declarations "${type} ${name}_${suffix}();\n")
    list(APPEND calls "${name}_${suffix}()")
  endforeach()
  list(JOIN calls ", " calls)
  set(${out_declarations} "${declarations}" PARENT_SCOPE)
  set(${out_calls} "${calls}" PARENT_SCOPE)
endfunction()

# Finds the ready cells, models/cells/<name>.cpp, and circuits, models/circuits/<name>.cpp, and writes the lists of them.
function(apical_discover_models dir out_source)
  apical_discover_definitions(cells model model declarations calls)
  apical_discover_definitions(circuits circuit_model circuit circuit_declarations circuit_calls)
  file(CONFIGURE OUTPUT ${dir}/models.cpp @ONLY CONTENT
"// generated: every file of the folders models/cells, models/circuits and neurons
#include \"models/circuit_model.hpp\"
#include \"models/model.hpp\"
#include \"models/neuron_model.hpp\"
#include \"generated/neurons.hpp\"
namespace apical::models {
${declarations}std::vector<model> all() {
    std::vector<model> found{${calls}};
    all_neurons::for_each([&]<class M>() { found.push_back(neuron_model<M>()); });
    return found;
}
${circuit_declarations}std::vector<circuit_model> all_circuits() { return {${circuit_calls}}; }
}
")
  set(${out_source} ${dir}/models.cpp PARENT_SCOPE)
endfunction()
