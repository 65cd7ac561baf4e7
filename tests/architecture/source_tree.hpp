// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The source tree as the architecture tests see it: a list of paths and texts. Tests of the rules make such lists up.
namespace apical::architecture {

struct source_file {
    std::string path;   ///< from the repository root, with '/'
    std::string text;

    std::string_view extension() const;          ///< "hpp", "" if there is none
    std::string_view folder() const;             ///< "engine/kernels", "" at the root
    std::string_view top_folder() const;         ///< "engine"
    std::string_view name() const;               ///< "mechanism.hpp"
    bool is_header() const { return extension() == "hpp"; }
    bool is_cpp() const;                         ///< hpp, cpp, cu
    bool is_library() const;                     ///< C++ of a folder that ends up in the library
};
using source_tree = std::vector<source_file>;

/// A breach of a rule. `text()` reads like a compiler's message.
struct breach {
    std::string path;
    int line = 0;
    std::string what;
    std::string text() const;
};
using breaches = std::vector<breach>;

/// Every source file below the repository root: C++, CUDA, CMake, Python and shell. Build trees and outputs are left out.
source_tree read_source_tree(const std::filesystem::path& root);

/// The same text with comments, and with the contents of string and character literals, blanked; lines stay where they are.
std::string code_only(std::string_view text);

/// As code_only(), with preprocessor directives and their continuations blanked too.
std::string statements_only(std::string_view text);

std::vector<std::string_view> lines_of(std::string_view text);

/// Number, from 1, of the line that holds this offset.
int line_at(std::string_view text, std::size_t offset);

}  // namespace apical::architecture
