// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace apical::nmodl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_of_name(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool ends_file(char c) { return c == '\x1A' || c == '\x04'; }   // written by editors of another age

std::size_t length_while(std::string_view s, bool (*holds)(char), std::size_t from = 0) {
    while (from < s.size() && holds(s[from])) ++from;
    return from;
}

/// Length of the number at the front: digits with a point before, within or behind them, and an exponent of e or E.
std::size_t number_length(std::string_view s) {
    auto n = length_while(s, is_digit);
    if (n < s.size() && s[n] == '.' && (n > 0 || (s.size() > 1 && is_digit(s[1])))) n = length_while(s, is_digit, n + 1);
    if (n > 0 && n < s.size() && (s[n] == 'e' || s[n] == 'E')) {
        const std::size_t sign = n + 1 < s.size() && (s[n + 1] == '+' || s[n + 1] == '-');
        if (const auto past = length_while(s, is_digit, n + 1 + sign); past > n + 1 + sign) n = past;
    }
    return n;
}

double value_of(std::string_view digits) {
    double value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault == std::errc::result_out_of_range)
        return digits.find('-') != std::string_view::npos ? 0 : std::numeric_limits<double>::infinity();
    return value;
}

std::size_t symbol_length(std::string_view s) {
    if (s.starts_with("<->")) return 3;
    for (const std::string_view two : {"<=", ">=", "==", "!=", "&&", "||", "~+"})
        if (s.starts_with(two)) return 2;
    return std::string_view("{}()[]@+-*/^=,~<>!").find(s.front()) != std::string_view::npos;
}

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
    while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
    return s;
}

/// Offset of the word at the front of a line, or, failing that, within one. What is left of the first line counts as a line.
std::size_t find_closing(std::string_view text, std::string_view word, bool anywhere) {
    auto within = std::string_view::npos;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto past = at + word.size();
        if ((at > 0 && is_of_name(text[at - 1])) || (past < text.size() && is_letter(text[past]))) continue;
        const auto before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t", at - 1);
        if (anywhere || before == std::string_view::npos || text[before] == '\n' || text[before] == '\r') return at;
        within = std::min(within, at);
    }
    return within;
}

}  // namespace

scanner::scanner(std::shared_ptr<const source> in) : in_(std::move(in)) {
    if (in_->text.starts_with("\xEF\xBB\xBF")) offset_ = line_begin_ = 3;
}

void scanner::step(std::size_t bytes) {
    for (const auto past = offset_ + bytes; offset_ < past;) {
        const auto s = rest();
        const bool ends_line = s.front() == '\n' || (s.front() == '\r' && !s.starts_with("\r\n"));
        ++offset_;
        if (ends_line) ++line_, line_begin_ = offset_;
    }
}

std::string scanner::take(std::size_t bytes) {
    std::string taken(rest().substr(0, bytes));
    step(bytes);
    return taken;
}

void scanner::skip_blanks() {
    for (;;) {
        const auto s = rest();
        if (s.empty()) return;
        if (s.front() == ':' || s.front() == '?') step(std::min(s.size(), s.find_first_of("\r\n")));
        else if (is_blank(s.front())) step(length_while(s, is_blank));
        else return;
    }
}

token scanner::next() {
    skip_blanks();
    token t;
    t.at = here();
    const auto s = rest();
    if (s.empty() || ends_file(s.front())) {
        offset_ = in_->text.size();
        return t;
    }
    if (is_letter(s.front())) {
        t.is = token::kind::name;
        t.text = take(length_while(s, is_of_name));
        t.order = static_cast<int>(std::min<std::size_t>(length_while(rest(), [](char c) { return c == '\''; }), 1000));
        step(static_cast<std::size_t>(t.order));
    } else if (const auto n = number_length(s); n > 0) {
        t.is = token::kind::number;
        t.is_integer = length_while(s, is_digit) == n;
        t.text = take(n);
        t.value = value_of(t.text);
    } else if (const auto past = s.front() == '"' ? s.find('"', 1) : std::string_view::npos; past != std::string_view::npos) {
        t.is = token::kind::text;
        t.text = take(past + 1).substr(1, past - 1);
    } else if (const auto length = symbol_length(s); length > 0) {
        t.is = token::kind::symbol;
        t.text = take(length);
    } else {
        t.is = token::kind::stray;
        t.text = take(1);
        while (!rest().empty() && (static_cast<unsigned char>(t.text[0]) & 0xC0) == 0xC0 && (static_cast<unsigned char>(rest().front()) & 0xC0) == 0x80)
            t.text += take(1);
    }
    return t;
}

std::optional<std::string> scanner::up_to_parenthesis() {
    const auto end = rest().find_first_of(")\r\n");
    if (end == std::string_view::npos || rest()[end] != ')') return {};
    const auto inside = as_utf8(trimmed(rest().substr(0, end)));
    step(end + 1);
    return inside;
}

std::string scanner::rest_of_line() { return as_utf8(trimmed(take(std::min(rest().size(), rest().find_first_of("\r\n"))))); }

std::optional<std::string> scanner::block_up_to(std::string_view last, bool anywhere) {
    const auto end = find_closing(rest(), last, anywhere);
    if (end == std::string_view::npos) return {};
    auto inside = as_utf8(rest().substr(0, end));
    step(end + last.size());
    rest_of_line();   // means nothing, in NEURON neither
    return inside;
}

std::string scanner::word_up_to_blank() {
    step(length_while(rest(), is_blank));
    return take(length_while(rest(), [](char c) { return !is_blank(c); }));
}

}  // namespace apical::nmodl
