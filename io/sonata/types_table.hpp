// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace apical::sonata {

/// The cells of a line; nothing where there is no value.
using csv_cells = std::vector<std::optional<std::string>>;

/// The cells of a line of a SONATA table: separated by blanks, in double quotes where they hold blanks, quotes within them doubled. NULL, NONE, NA, NaN and an
/// empty cell in quotes mean that there is no value. Nothing if the quotes do not match.
std::optional<csv_cells> cells_of(std::string_view line);

/// A file of node or edge types: what all nodes or edges of one type share.
class types_table {
public:
    /// No types at all.
    types_table() = default;
    /// Reads text separated by blanks, cells in double quotes where they hold blanks, doubled quotes within. The rows may stand in
    /// any order; NULL, NONE, NA, NaN and an empty cell mean that there is no value. `id` is the column that names the type:
    /// node_type_id or edge_type_id. Throws invalid_input with "file:line" for every row of another length, type that is there
    /// twice, id that is no whole number, and column without a name or with that of another.
    /// Where the file has a column `population`, rows of another one than `population` are left out.
    static types_table read(const std::filesystem::path& path, std::string_view id, std::string_view population = {});
    static types_table parse(std::string_view text, const std::string& file, std::string_view id, std::string_view population = {});

    const std::string& file() const { return file_; }
    bool empty() const { return ids_.empty(); }
    const std::vector<std::int64_t>& ids() const { return ids_; }
    bool contains(std::int64_t type) const { return rows_.contains(type); }
    /// Without that of the ids.
    const std::vector<std::string>& columns() const { return columns_; }
    bool has(std::string_view column) const;

    /// nullptr if there is no such type or column, or no value there.
    const std::string* text(std::int64_t type, std::string_view column) const;
    /// As a number; nothing also where the text is none.
    std::optional<double> number(std::int64_t type, std::string_view column) const;
    /// "types.csv:3", the place of a type.
    std::string where(std::int64_t type) const;

private:
    class parser;

    std::string file_;
    std::vector<std::string> columns_;
    std::vector<std::int64_t> ids_;
    std::vector<int> lines_;
    std::vector<csv_cells> cells_;       // [row][column]
    std::unordered_map<std::int64_t, std::size_t> rows_;
};

/// The number that all of the text is, of any spelling that C knows; nothing for other text and for what is not finite.
std::optional<double> number_in(std::string_view text);

}  // namespace apical::sonata
