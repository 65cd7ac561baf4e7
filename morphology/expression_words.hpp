// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "morphology/expression_tree.hpp"

/// The words of the language.
namespace apical::expression {

struct function_word {
    std::string_view word;
    function f;
    std::size_t fewest, most;   ///< arguments
};

/// "soma", "dend" or "basal", "dend_5" ... as a section_type number.
std::optional<int> section_kind_named(std::string_view word);
std::optional<variable> variable_named(std::string_view word);
dimension dimension_of(variable);
/// Functions of values only.
std::optional<function_word> function_named(std::string_view word);
/// Functions that also take regions, locations or section names: type, subtree, at, where ...
bool is_special_function(std::string_view word);

/// Words that end a unit. A function's name does not (min is also the minute): its parenthesis does.
bool is_reserved(std::string_view word);

/// For suggestions.
std::vector<std::string> all_words();

}  // namespace apical::expression
