// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace apical {

/// A compiler ran, and said no.
struct compiler_refusal : invalid_input {
    using invalid_input::invalid_input;
};

/// A C++ compiler of the system.
struct compiler {
    std::filesystem::path path;            ///< empty: there is none
    std::string identity;                  ///< changes when another is installed in its place
    bool is_gnu = true;
};

/// The one named (a path, or a name to be looked up in PATH), or of the environment variable CXX, or the first of c++, g++ and clang++
/// that there is.
compiler find_compiler(const std::string& named = {});

/// One translation unit: its text, and options of its own.
struct unit_text {
    std::string text;
    std::vector<std::string> options = {};
};

/// Compiles units and links them to a shared library. Nothing goes through a shell. `folder` is for what lies between, and is to exist;
/// `jobs` compilers run at once. Throws compiler_refusal with what the compiler says, at the name of the unit.
void compile_library(const compiler&, const std::vector<unit_text>& units, const std::vector<std::string>& options, const std::filesystem::path& folder,
                     const std::filesystem::path& library, int jobs);

}  // namespace apical
