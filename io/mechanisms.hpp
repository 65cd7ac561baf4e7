// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/mechanism.hpp"
#include "core/error.hpp"
#include "engine/plug_in.hpp"

namespace apical {

/// What files of NMODL define, and what is worth a second look in them.
struct loaded_mechanisms {
    std::vector<std::shared_ptr<const nmodl::mechanism>> mechanisms;
    std::vector<problem> warnings;
};

/// How mechanisms run: by code that the system's compiler has made, kept in a cache, or by evaluation, which needs no compiler.
enum class mechanism_form { compiled, evaluated };

/// Reads a file of NMODL, or all files *.mod of a folder, by name. Throws invalid_input with everything that cannot be translated, at
/// "file:line:column". What cannot be compiled is evaluated, with a warning.
loaded_mechanisms load_mechanisms(const std::filesystem::path& path, mechanism_form form = mechanism_form::compiled);

/// What became of a file of NMODL.
struct built_file {
    std::string file;
    bool ok = false;
    std::string mechanism;                             ///< its name; empty if the file cannot be translated
    std::vector<nmodl::diagnostic> found;              ///< errors, and what is worth a second look
    std::string why_general;                           ///< what keeps it from the form and the speed of the package's channels; empty: nothing
};

/// Files of NMODL, compiled.
struct built_mechanisms {
    std::vector<built_file> files;
    plug_in made;                                      ///< of the files that could be translated, in their order
};

/// Translates files of NMODL, and those *.mod of folders, by name, and compiles them to one library, or finds it in the cache. What files
/// say wrong is told in the records, for each. Where the compiler refuses what was written, all are evaluated, and `made` says why. Throws what else
/// build_plug_in throws, and invalid_input for a folder without files.
built_mechanisms build_mechanisms(const std::vector<std::filesystem::path>& paths, const plug_in_options& = {});

}  // namespace apical
