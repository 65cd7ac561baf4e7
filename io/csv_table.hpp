// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"

/// Tables of numbers as comma-separated text, whose headings give units of one's choice.
namespace apical::csv {

/// A column that a table may have.
struct column {
    std::string name;
    dimension unit;
    bool is_required = true;
};
/// The numbers of each column that is there, coherent.
using table = std::map<std::string, std::vector<double>>;

/// Reads a table with a heading "source,target,weight [nS],delay [ms]", in any order. Throws invalid_input ("file:line") for columns that
/// are not known or missing, headings without a unit, lines of another length, and what is not a finite number.
table read(const std::filesystem::path& path, std::span<const column> known);

/// A word without the blanks around it.
std::string_view trimmed(std::string_view s);
/// The words of a line between its commas.
std::vector<std::string_view> words_of(std::string_view line);
/// Coherent value of the unit in "name [unit]"; `example` is a heading as it should be.
double unit_of(std::string_view heading, dimension expected, const std::string& where, std::string_view example);
/// A number of a column's unit, in coherent units.
double number(std::string_view word, double unit, const std::string& where);
/// Calls `take(line, "file:line")` for each line that is not empty.
void each_line(const std::filesystem::path& path, const std::function<void(std::string_view line, const std::string& where)>& take);

}  // namespace apical::csv
