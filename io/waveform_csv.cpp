// SPDX-License-Identifier: BSD-3-Clause
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "io/experiment_build.hpp"
#include "io/output_file.hpp"

namespace apical::experiment_file {
namespace {

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r");
    return first == s.npos ? std::string_view{} : s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

/// The two columns of a line; throws invalid_input if there are not two.
std::pair<std::string_view, std::string_view> columns(std::string_view line, const std::string& where) {
    const auto comma = line.find(',');
    if (comma == line.npos || line.find(',', comma + 1) != line.npos)
        throw invalid_input(where, "does not have two columns", "separate a time and a current by a comma");
    return {trimmed(line.substr(0, comma)), trimmed(line.substr(comma + 1))};
}

/// Coherent value of the unit in "name [unit]".
double unit_of(std::string_view heading, dimension expected, const std::string& where) {
    const auto open = heading.find('['), close = heading.find(']');
    if (open == heading.npos || close == heading.npos || close < open)
        throw invalid_input(where, fmt::format("the heading '{}' has no unit", heading), "write it as time [ms],current [nA]");
    try {
        return parse_as(fmt::format("1 {}", heading.substr(open + 1, close - open - 1)), expected, where);
    } catch (const error& e) {
        throw invalid_input(e.problems());
    }
}

/// A number of the column's unit, in coherent units.
double number(std::string_view word, double unit, const std::string& where) {
    double x = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), x);
    if (fault != std::errc{} || end != word.data() + word.size() || !std::isfinite(x*unit))
        throw invalid_input(where, fmt::format("'{}' is not a finite number", word));
    return x*unit;
}

}  // namespace

waveform_current read_waveform(const std::filesystem::path& path) {
    const auto text = read_text(path);
    waveform_current w;
    double ms = 0, nA = 0;
    int line_number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = trimmed(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
        const auto where = fmt::format("{}:{}", path.string(), ++line_number);
        if (line.empty()) continue;
        const auto [first, second] = columns(line, where);
        if (ms == 0) {
            ms = unit_of(first, dimensions::time, where);
            nA = unit_of(second, dimensions::current, where);
            continue;
        }
        const double time = number(first, ms, where);
        if (!w.times_ms.empty() && !(time > w.times_ms.back())) throw invalid_input(where, "is not later than the line before");
        w.times_ms.push_back(time);
        w.values_nA.push_back(number(second, nA, where));
    }
    if (w.times_ms.size() < 2) throw invalid_input(path.string(), "needs a heading and two points or more");
    return w;
}

}  // namespace apical::experiment_file
