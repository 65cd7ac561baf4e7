// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/diagnostic.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace apical::nmodl {
namespace {

constexpr std::size_t shown = 100;   // of a very long line only the neighbourhood of the column is shown

/// The line of a text, which may end by LF, CR LF or CR alone.
std::string_view line_of(std::string_view text, int line) {
    std::size_t begin = 0;
    for (int at = 1; at < line; ++at) {
        const auto end = text.find_first_of("\r\n", begin);
        if (end == std::string_view::npos) return {};
        begin = end + 1 + (text.substr(end).starts_with("\r\n") ? 1 : 0);
    }
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Length of the UTF-8 character at the front, 0 if the bytes are none.
std::size_t character_length(std::string_view s) {
    const auto first = static_cast<unsigned char>(s.front());
    const std::size_t n = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    if (n == 0 || s.size() < n) return 0;
    const auto second = n > 1 ? static_cast<unsigned char>(s[1]) : 0x80;
    const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool is_out_of_range = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return is_overlong || is_out_of_range || !std::all_of(s.begin() + 1, s.begin() + static_cast<std::ptrdiff_t>(n), is_continuation) ? 0 : n;
}

/// The line and, below it, a caret under the byte `column`.
std::string pointed_at(std::string_view line, int column) {
    const auto at = std::min(line.size(), static_cast<std::size_t>(std::max(column, 1) - 1));
    auto from = at > shown/2 && line.size() > shown ? at - shown/2 : 0;
    auto to = std::min(line.size(), from + shown);
    while (from > 0 && is_continuation(line[from])) --from;
    while (to < line.size() && is_continuation(line[to])) ++to;
    const auto before = as_utf8(line.substr(from, at - from)), text = as_utf8(line.substr(from, to - from));
    const auto printable = [](std::string s) {
        std::replace_if(s.begin(), s.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
        return s;
    };
    const auto width = std::count_if(before.begin(), before.end(), [](char c) { return !is_continuation(c); });
    return fmt::format("\n    {}\n    {}^", printable(text), std::string(static_cast<std::size_t>(width), ' '));
}

}  // namespace

std::string as_utf8(std::string_view bytes) {
    std::string text;
    for (bool is_utf8 = true; ; is_utf8 = false) {
        text.clear();
        std::size_t i = 0;
        while (i < bytes.size()) {
            const auto n = is_utf8 ? character_length(bytes.substr(i)) : 1;
            if (n == 0) break;
            const auto byte = static_cast<unsigned char>(bytes[i]);
            if (is_utf8 || byte < 0x80) text.append(bytes.substr(i, n));
            else text += static_cast<char>(0xC0 | byte >> 6), text += static_cast<char>(0x80 | (byte & 0x3F));
            i += n;
        }
        if (i == bytes.size()) return text;
    }
}

std::string diagnostic::text() const {
    auto said = fmt::format("{}:{}:{}: {}: {}", at.in ? as_utf8(at.in->file) : "", at.line, at.column,
                            is == severity::error ? "error" : "warning", as_utf8(message));
    if (!hint.empty()) said += "; " + as_utf8(hint);
    if (at.in) said += pointed_at(line_of(at.in->text, at.line), at.column);
    return said;
}

void diagnostics::error(place at, std::string message, std::string hint) {
    has_errors_ = true;
    if (all_.size() < most) all_.push_back({severity::error, std::move(at), std::move(message), std::move(hint), {}});
}

void diagnostics::warn(std::string rule, place at, std::string message, std::string hint) {
    if (all_.size() < most) all_.push_back({severity::warning, std::move(at), std::move(message), std::move(hint), std::move(rule)});
}

bool diagnostics::has_errors() const { return has_errors_; }

}  // namespace apical::nmodl
