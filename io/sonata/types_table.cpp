// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/types_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/output_file.hpp"

namespace apical::sonata {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20;
using cells = csv_cells;

bool is_missing(std::string_view text) {
    constexpr std::array<std::string_view, 5> words{"", "NULL", "NONE", "NA", "NaN"};
    return std::ranges::find(words, text) != words.end();
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// A cell in quotes, whose first has been taken; false if the last is missing.
bool take_quoted(std::string_view& line, std::string& cell) {
    while (!line.empty()) {
        const char c = line.front();
        line.remove_prefix(1);
        if (c != '"') cell += c;
        else if (line.starts_with('"')) cell += '"', line.remove_prefix(1);
        else return line.empty() || is_blank(line.front());
    }
    return false;
}

std::optional<std::int64_t> whole_number_in(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), n);
    return fault == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::vector<std::string> heading(const cells& from, const std::string& where, apical::findings& found) {
    std::vector<std::string> names;
    for (const auto& cell : from) {
        if (!cell) found.add(where, "has a column without a name");
        else if (std::ranges::find(names, *cell) != names.end()) found.add(where, fmt::format("has the column '{}' twice", *cell));
        names.push_back(cell.value_or(""));
    }
    return names;
}

}  // namespace

std::optional<csv_cells> cells_of(std::string_view line) {
    csv_cells all;
    for (;;) {
        while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
        if (line.empty()) return all;
        std::string cell;
        if (line.front() == '"') {
            line.remove_prefix(1);
            if (!take_quoted(line, cell)) return std::nullopt;
        } else {
            while (!line.empty() && !is_blank(line.front())) cell += line.front(), line.remove_prefix(1);
        }
        all.push_back(is_missing(cell) ? std::nullopt : std::optional(std::move(cell)));
    }
}

std::optional<double> number_in(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double x = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), x);
    return fault == std::errc{} && end == text.data() + text.size() && std::isfinite(x) ? std::optional(x) : std::nullopt;
}

/// Takes the lines of a file one by one.
class types_table::parser {
public:
    parser(types_table& to, std::string_view id, std::string_view population) : to_(to), id_(id), population_(population) {}

    void line(std::string_view text, int number) {
        const auto where = fmt::format("{}:{}", to_.file_, number);
        if (text.find('\0') != text.npos) throw invalid_input(where, "holds a null character, which no text has", "it may not be a text file");
        auto row = cells_of(text);
        if (!row) found_.add(where, "has quotes that do not match", "write a quote within quotes twice");
        else if (row->empty()) return;
        else if (!has_heading_) heading_line(*row, where);
        else if (row->size() != to_.columns_.size() + 1)
            found_.add(where, fmt::format("has {} cells for {} columns", row->size(), to_.columns_.size() + 1), "write NULL where there is no value");
        else type_line(std::move(*row), where, number);
    }
    void end() {
        if (!has_heading_ && found_.empty()) found_.add(to_.file_, "is empty", fmt::format("a heading with {} is expected", id_));
        found_.throw_if_any<invalid_input>();
    }

private:
    void heading_line(const cells& row, const std::string& where) {
        has_heading_ = true;
        to_.columns_ = heading(row, where, found_);
        const auto at = std::ranges::find(to_.columns_, id_);
        if (at == to_.columns_.end()) throw invalid_input(where, fmt::format("has no column '{}'", id_), suggestion(id_, to_.columns_));
        id_column_ = at - to_.columns_.begin();
        to_.columns_.erase(at);
        if (const auto p = std::ranges::find(to_.columns_, "population"); p != to_.columns_.end()) population_column_ = p - to_.columns_.begin();
    }
    void type_line(cells row, const std::string& where, int number) {
        const auto id = row[static_cast<std::size_t>(id_column_)].value_or("");
        row.erase(row.begin() + id_column_);
        if (population_column_ >= 0 && !population_.empty() && row[static_cast<std::size_t>(population_column_)].value_or(std::string(population_)) != population_) return;
        const auto type = whole_number_in(id);
        if (!type) return found_.add(where, fmt::format("has the {} '{}', which is no whole number", id_, id));
        if (!to_.rows_.try_emplace(*type, to_.ids_.size()).second) return found_.add(where, fmt::format("has the {} {} a second time", id_, *type));
        to_.ids_.push_back(*type);
        to_.lines_.push_back(number);
        to_.cells_.push_back(std::move(row));
    }

    types_table& to_;
    std::string_view id_, population_;
    bool has_heading_ = false;
    std::ptrdiff_t id_column_ = 0, population_column_ = -1;
    apical::findings found_;
};

types_table types_table::read(const std::filesystem::path& path, std::string_view id, std::string_view population) {
    return parse(read_text(path, most_bytes), path.string(), id, population);
}

types_table types_table::parse(std::string_view text, const std::string& file, std::string_view id, std::string_view population) {
    types_table t;
    t.file_ = file;
    parser p(t, id, population);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        p.line(line, number);
    }
    p.end();
    return t;
}

bool types_table::has(std::string_view column) const { return std::ranges::find(columns_, column) != columns_.end(); }

const std::string* types_table::text(std::int64_t type, std::string_view column) const {
    const auto row = rows_.find(type);
    const auto at = std::ranges::find(columns_, column);
    if (row == rows_.end() || at == columns_.end()) return nullptr;
    const auto& cell = cells_[row->second][static_cast<std::size_t>(at - columns_.begin())];
    return cell ? &*cell : nullptr;
}

std::optional<double> types_table::number(std::int64_t type, std::string_view column) const {
    const auto* t = text(type, column);
    return t ? number_in(*t) : std::nullopt;
}

std::string types_table::where(std::int64_t type) const {
    const auto row = rows_.find(type);
    return row == rows_.end() ? file_ : fmt::format("{}:{}", file_, lines_[row->second]);
}

}  // namespace apical::sonata
