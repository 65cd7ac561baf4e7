# SPDX-License-Identifier: BSD-3-Clause

# An example is one file. Every line "// run: ./example_NAME arguments" of its head becomes a test, which passes on exit code 0.
function(apical_example source)
  cmake_path(GET source STEM name)
  add_executable(example_${name} ${source})
  target_link_libraries(example_${name} PRIVATE apical)
  apical_compile_options(example_${name})
  file(STRINGS ${source} runs REGEX "^// run: ")
  set(number 0)
  foreach(run IN LISTS runs)
    math(EXPR number "${number} + 1")
    string(REGEX REPLACE "^// run: [^ ]+ ?" "" arguments "${run}")
    separate_arguments(arguments UNIX_COMMAND "${arguments}")
    add_test(NAME example.${name}.${number} COMMAND example_${name} ${arguments})
    set_tests_properties(example.${name}.${number} PROPERTIES LABELS examples)
  endforeach()
endfunction()
