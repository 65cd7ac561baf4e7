// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apical::architecture {

/// A declaration at namespace or class scope, as far as braces, semicolons and a few keywords tell. It is no parser: macros
/// and unusual spellings may escape it, but nothing that this repository's style allows does.
struct declaration {
    enum class kind { statement, function, type, scope };
    kind what = kind::statement;
    std::string head;             ///< up to the body or the semicolon; templates and attributes taken off, white space single
    bool is_specialisation = false;   ///< it began with template <>
    std::size_t begin = 0;        ///< offset of its first character
    std::size_t body = 0, end = 0;    ///< offsets of the opening and closing brace; body == end without one
    bool in_type = false;         ///< a member
    bool in_detail = false;       ///< in a nameless namespace or one named detail, generated or kernels
};

/// All of them, outer before inner; function bodies are not looked into. Takes the text of statements_only().
std::vector<declaration> declarations_of(std::string_view statements);

/// A call, declaration or definition of a function, and not a variable with an initialiser.
bool looks_like_function(std::string_view head);

}  // namespace apical::architecture
