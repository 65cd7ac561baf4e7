// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace apical::expression {
namespace {

struct section_word { std::string_view word; int type; };
constexpr std::array section_words{section_word{"soma", 1},  section_word{"axon", 2},   section_word{"basal", 3},
                                   section_word{"dend", 3},  section_word{"apical", 4}, section_word{"apic", 4}};

constexpr std::array variables{variable::distance, variable::diameter, variable::order, variable::x};

constexpr std::array function_words{
    function_word{"exp", function::exp, 1, 1},    function_word{"log", function::log, 1, 1},
    function_word{"sqrt", function::sqrt, 1, 1},  function_word{"sigmoid", function::sigmoid, 1, 1},
    function_word{"abs", function::abs, 1, 1},    function_word{"pow", function::power, 2, 2},
    function_word{"min", function::min, 2, 1000}, function_word{"max", function::max, 2, 1000},
};

constexpr std::array<std::string_view, 9> special_functions{"type", "sections", "subtree", "at",    "thickest",
                                                            "tips", "centre",   "where",   "max_distance"};
constexpr std::array<std::string_view, 5> bare_words{"and", "or", "not", "all", "terminal"};

template <class Words> bool is_in(const Words& words, std::string_view w) {
    return std::find(words.begin(), words.end(), w) != words.end();
}

}  // namespace

std::optional<int> section_kind_named(std::string_view word) {
    for (const auto& s : section_words)
        if (s.word == word) return s.type;
    constexpr std::string_view prefix = "dend_";
    if (!word.starts_with(prefix)) return {};
    int type = 0;
    const auto digits = word.substr(prefix.size());
    const char* end = digits.data() + digits.size();
    const auto [rest, fault] = std::from_chars(digits.data(), end, type);
    return fault == std::errc{} && rest == end ? std::optional(type) : std::nullopt;
}

std::optional<variable> variable_named(std::string_view word) {
    for (const auto v : variables)
        if (name_of(v) == word) return v;
    return {};
}

dimension dimension_of(variable v) {
    return v == variable::distance || v == variable::diameter ? dimensions::length : dimensions::none;
}

std::optional<function_word> function_named(std::string_view word) {
    for (const auto& f : function_words)
        if (f.word == word) return f;
    return {};
}

bool is_special_function(std::string_view word) { return is_in(special_functions, word); }

bool is_reserved(std::string_view word) {
    return is_in(bare_words, word) || variable_named(word) || section_kind_named(word);
}

std::vector<std::string> all_words() {
    std::vector<std::string> words(bare_words.begin(), bare_words.end());
    for (const auto& w : section_words) words.emplace_back(w.word);
    for (const auto v : variables) words.emplace_back(name_of(v));
    for (const auto& w : function_words) words.emplace_back(w.word);
    words.insert(words.end(), special_functions.begin(), special_functions.end());
    return words;
}

}  // namespace apical::expression
