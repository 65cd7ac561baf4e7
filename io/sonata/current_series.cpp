// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/current_series.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/output_file.hpp"
#include "io/sonata/types_table.hpp"

namespace apical::sonata {
namespace {

std::string_view trimmed(std::string_view s) {
    constexpr std::string_view blanks = " \t\r\"";
    const auto begin = s.find_first_not_of(blanks);
    return begin == s.npos ? std::string_view{} : s.substr(begin, s.find_last_not_of(blanks) - begin + 1);
}

/// Blanks in a row separate once.
std::vector<std::string_view> cut(std::string_view line, char separator) {
    std::vector<std::string_view> cells;
    while (!line.empty()) {
        const auto end = std::min(line.find(separator), line.size());
        const auto cell = trimmed(line.substr(0, end));
        if (!cell.empty() || separator != ' ') cells.push_back(cell);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return cells;
}

}  // namespace

current_series read_current_table(const current_table& t) {
    const auto text = read_text(t.file);
    const auto file = t.file.string();
    current_series s;
    std::size_t width = 0, time = 0, amplitude = 0;
    std::string_view rest = text;
    for (int number = 1; !rest.empty(); ++number) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty()) continue;
        const auto cells = cut(line, t.separator);
        const auto where = fmt::format("{}:{}", file, number);
        if (width == 0) {
            width = cells.size();
            const auto column = [&](const std::string& name) {
                const auto found = std::ranges::find(cells, name);
                if (found == cells.end()) throw invalid_input(where, fmt::format("has no column '{}'", name), "name it by 'timestamps_column' or 'amplitudes_column', and say the 'separator'");
                return static_cast<std::size_t>(found - cells.begin());
            };
            time = column(t.times), amplitude = column(t.amplitudes);
            continue;
        }
        if (cells.size() != width) throw invalid_input(where, fmt::format("has {} cells for {} columns", cells.size(), width));
        const auto at = number_in(cells[time]), value = number_in(cells[amplitude]);
        if (!at || *at < 0) throw invalid_input(where, fmt::format("has the time '{}', expected a number of ms from 0", cells[time]));
        if (!value) throw invalid_input(where, fmt::format("has the current '{}', expected a number", cells[amplitude]));
        if (!s.times.empty() && !(*at > s.times.back())) throw invalid_input(where, fmt::format("has the time {} after {}", *at, s.times.back()), "times ascend");
        s.times.push_back(*at), s.values.push_back(*value);
    }
    if (s.times.size() < 2) throw invalid_input(file, "has fewer than two currents", "a heading and two or more rows are expected");
    s.end = s.times.back() + (s.values.back() == 0 ? 0 : s.times[1] - s.times[0]);
    return s;
}

}  // namespace apical::sonata
