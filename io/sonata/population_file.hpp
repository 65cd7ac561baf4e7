// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdf5.hpp"
#include "io/sonata/attribute_group.hpp"
#include "io/sonata/types_table.hpp"

namespace apical::sonata {

/// Whose populations a file holds, and what their sets are called: /nodes/.../node_type_id, /edges/.../edge_type_id.
struct kind_of_file {
    std::string_view folder, type_id, group_id, group_index;
};
inline constexpr kind_of_file nodes_file{"nodes", "node_type_id", "node_group_id", "node_group_index"};
inline constexpr kind_of_file edges_file{"edges", "edge_type_id", "edge_group_id", "edge_group_index"};

/// The attribute groups of a population by their number. Folders whose name is no number are left alone.
std::map<std::int64_t, attribute_group> open_groups(const hdf5::group& population, findings& found);

/// How many rows a set of one dimension has. Throws invalid_input for other ranks and for other than whole numbers.
std::uint64_t rows_of_ids(const hdf5::group& population, std::string_view set);

/// Which group and which row of it each row of a population has. Where the file does not say, all rows are those of group 0.
struct membership {
    std::vector<std::int64_t> group;
    std::vector<std::uint64_t> row;
};
/// Of the population's rows in the ranges.
membership read_membership(const hdf5::group& population, const kind_of_file& kind, const row_ranges& ranges);

/// Throws invalid_input with the path and the row if a member names a group that is not there or a row that its group does not have.
/// `ids` are the rows of the population that `m` is of.
void check_membership(const membership& m, std::span<const std::uint64_t> ids, const std::map<std::int64_t, attribute_group>& groups,
                      const hdf5::group& population, const kind_of_file& kind);

/// Throws invalid_input with the path and the row if a type is not in the table. Without a table, every id stands for itself.
void check_types(std::span<const std::int64_t> types, std::span<const std::uint64_t> ids, const types_table& table,
                 const hdf5::group& population, const kind_of_file& kind);

/// All rows below n, as ranges and as a list.
row_ranges all_rows(std::uint64_t n);
std::vector<std::uint64_t> ids_in(const row_ranges& ranges);

/// A finding for a file that is neither marked as SONATA's nor unmarked, as old files are.
void check_magic(const hdf5::group& root, findings& found);

}  // namespace apical::sonata
