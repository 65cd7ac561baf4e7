// SPDX-License-Identifier: BSD-3-Clause
#include "io/csv_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "io/output_file.hpp"

namespace apical::csv {

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r");
    return first == s.npos ? std::string_view{} : s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        const auto comma = line.find(',');
        words.push_back(trimmed(line.substr(0, comma)));
        if (comma == line.npos) return words;
        line.remove_prefix(comma + 1);
    }
}

double unit_of(std::string_view heading, dimension expected, const std::string& where, std::string_view example) {
    const auto open = heading.find('['), close = heading.find(']');
    if (open == heading.npos || close == heading.npos || close < open)
        throw invalid_input(where, fmt::format("the heading '{}' has no unit", heading), fmt::format("write it as {}", example));
    try {
        return parse_as(fmt::format("1 {}", heading.substr(open + 1, close - open - 1)), expected, where);
    } catch (const error& e) {
        throw invalid_input(e.problems());
    }
}

double number(std::string_view word, double unit, const std::string& where) {
    double x = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), x);
    if (fault != std::errc{} || end != word.data() + word.size() || !std::isfinite(x*unit))
        throw invalid_input(where, fmt::format("'{}' is not a finite number", word));
    return x*unit;
}

void each_line(const std::filesystem::path& path, const std::function<void(std::string_view, const std::string&)>& take) {
    const auto text = read_text(path);
    int line_number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = trimmed(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
        ++line_number;
        if (!line.empty()) take(line, fmt::format("{}:{}", path.string(), line_number));
    }
}

table read(const std::filesystem::path& path, std::span<const column> known) {
    struct place { std::vector<double>* to; double unit; };
    table out;
    std::vector<place> places;
    std::vector<std::string> names;
    for (const auto& c : known) names.push_back(c.name);
    each_line(path, [&](std::string_view line, const std::string& where) {
        const auto words = words_of(line);
        if (places.empty()) {
            for (const auto word : words) {
                const auto name = trimmed(word.substr(0, word.find('[')));
                const auto found = std::ranges::find(known, name, &column::name);
                if (found == known.end()) throw invalid_input(where, fmt::format("no column is called '{}'", name), suggestion(name, names));
                if (out.contains(found->name)) throw invalid_input(where, fmt::format("has the column '{}' twice", name));
                const double unit = found->unit.is_none() ? 1 : unit_of(word, found->unit, where, fmt::format("{} [{}]", name, customary_unit(found->unit)));
                places.push_back({&out[found->name], unit});
            }
            for (const auto& c : known)
                if (c.is_required && !out.contains(c.name)) throw invalid_input(where, fmt::format("has no column '{}'", c.name));
            return;
        }
        if (words.size() != places.size()) throw invalid_input(where, fmt::format("has {} words, not {}", words.size(), places.size()));
        for (std::size_t i = 0; i < words.size(); ++i) places[i].to->push_back(number(words[i], places[i].unit, where));
    });
    if (places.empty()) throw invalid_input(path.string(), "needs a heading");
    return out;
}

}  // namespace apical::csv
