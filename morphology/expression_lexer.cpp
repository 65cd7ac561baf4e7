// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression_lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::expression {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '%' || (static_cast<unsigned char>(c) & 0x80);
}

/// Length of the number at the front of s: digits, point, exponent. A second point (of a range "0.2..0.8") ends it.
std::size_t number_length(std::string_view s) {
    const auto digits_from = [&](std::size_t i) {
        while (i < s.size() && is_digit(s[i])) ++i;
        return i;
    };
    std::size_t n = digits_from(0);
    if (n < s.size() && s[n] == '.' && !s.substr(n).starts_with("..")) n = digits_from(n + 1);
    if (n < s.size() && (s[n] == 'e' || s[n] == 'E')) {
        const std::size_t sign = n + 1 < s.size() && (s[n + 1] == '+' || s[n + 1] == '-');
        if (const auto exponent = digits_from(n + 1 + sign); exponent > n + 1 + sign) n = exponent;
    }
    return n;
}

std::size_t word_length(std::string_view s) {
    return static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), [](char c) { return is_letter(c) || is_digit(c); }) -
                                    s.begin());
}

std::size_t symbol_length(std::string_view s) {
    for (const std::string_view two : {"..", "<=", ">=", "==", "!="})
        if (s.starts_with(two)) return 2;
    return std::string_view("()[],+-*/^<>").find(s.front()) != std::string_view::npos;
}

std::string hint_for(std::string_view s) {
    struct habit { std::string_view written, meant; };
    constexpr std::array habits{habit{"&&", "and"}, habit{"||", "or"}, habit{"&", "and"}, habit{"|", "or"},
                                habit{"!", "not"},  habit{"=", "=="},  habit{"~", "not"}, habit{":", ".."}};
    for (const auto& h : habits)
        if (s.starts_with(h.written)) return fmt::format("write {}", h.meant);
    return "an expression is made of words, numbers with units, ( ) [ ] , .. + - * / ^ and < <= > >= == !=";
}

/// Characters, not bytes, so that carets stand below what they mean.
std::size_t width(std::string_view s) {
    return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::vector<token> tokens_of(std::string_view source) {
    std::vector<token> found;
    for (std::size_t i = 0; i < source.size();) {
        const auto rest = source.substr(i);
        const char c = rest.front();
        if (std::isspace(static_cast<unsigned char>(c))) { ++i; continue; }
        token t{token::kind::symbol, {}, i};
        if (is_digit(c) || (c == '.' && rest.size() > 1 && is_digit(rest[1]))) {
            t.kind = token::kind::number;
            t.text = rest.substr(0, number_length(rest));
        } else if (is_letter(c)) {
            t.kind = token::kind::word;
            t.text = rest.substr(0, word_length(rest));
        } else {
            t.text = rest.substr(0, symbol_length(rest));
        }
        if (t.text.empty()) refuse(source, i, i + 1, fmt::format("unexpected '{}'", c), hint_for(rest));
        found.push_back(t);
        i = t.past();
    }
    found.push_back({token::kind::end, source.substr(source.size()), source.size()});
    return found;
}

void refuse(std::string_view source, std::size_t from, std::size_t to, std::string what, std::string hint) {
    constexpr std::size_t shown = 100;   // of a very long line only the neighbourhood is shown
    auto begin = from == 0 ? 0 : source.rfind('\n', from - 1) + 1;   // npos + 1 == 0
    const auto end = std::min(source.find('\n', from), source.size());
    const auto column = width(source.substr(begin, from - begin)) + 1;
    if (from - begin > shown/2) begin = from - shown/2;
    while (begin < from && (source[begin] & 0xC0) == 0x80) ++begin;
    auto line = std::string(source.substr(begin, std::min(end - begin, shown)));
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
    const auto carets = std::max<std::size_t>(1, width(source.substr(from, std::min(to, end) - std::min(from, end))));
    throw invalid_model(fmt::format("expression, column {}", column), std::move(what),
                        fmt::format("{}\n    {}\n    {:>{}}", hint, line, std::string(std::min(carets, shown), '^'),
                                    width(source.substr(begin, from - begin)) + std::min(carets, shown)));
}

}  // namespace apical::expression
