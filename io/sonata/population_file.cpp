// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/population_file.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include <fmt/format.h>

namespace apical::sonata {
namespace {

std::optional<std::int64_t> group_number(std::string_view name) {
    std::int64_t n = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), n);
    return fault == std::errc{} && end == name.data() + name.size() && n >= 0 ? std::optional(n) : std::nullopt;
}

std::string row(const hdf5::group& population, std::string_view set, std::uint64_t id) {
    return fmt::format("{}[{}]", population.where(set), id);
}

}  // namespace

std::map<std::int64_t, attribute_group> open_groups(const hdf5::group& population, findings& found) {
    std::map<std::int64_t, attribute_group> groups;
    for (const auto& name : population.names()) {
        const auto number = group_number(name);
        if (!number) continue;
        if (!population.contains_group(name)) found.invalid(population.where(name), "is not a folder of attributes");
        else found.guard([&] { groups.emplace(*number, attribute_group::open(population.open(name), found)); });
    }
    return groups;
}

std::uint64_t rows_of_ids(const hdf5::group& population, std::string_view set) {
    const auto s = population.shape_of(set);
    if (s.size() != 1) throw invalid_input(population.where(set), fmt::format("has {} dimensions, expected one", s.size()));
    if (population.content_of(set) != hdf5::content::whole_numbers)
        throw invalid_input(population.where(set), "does not hold whole numbers", "ids are integers");
    return s[0];
}

membership read_membership(const hdf5::group& population, const kind_of_file& kind, const row_ranges& ranges) {
    membership m;
    const bool has_group = population.contains(kind.group_id), has_index = population.contains(kind.group_index);
    if (has_group != has_index)
        throw invalid_input(population.where("."), fmt::format("has only one of {} and {}", kind.group_id, kind.group_index), "both are needed, or none");
    const auto ids = ids_in(ranges);
    if (!has_group) {
        m.group.assign(ids.size(), 0);
        m.row = ids;
        return m;
    }
    m.group = gather<std::int64_t>(population, kind.group_id, ranges);
    const auto rows = gather<std::int64_t>(population, kind.group_index, ranges);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] < 0) throw invalid_input(row(population, kind.group_index, ids[i]), fmt::format("is {}, rows are counted from 0", rows[i]));
        m.row.push_back(static_cast<std::uint64_t>(rows[i]));
    }
    return m;
}

void check_membership(const membership& m, std::span<const std::uint64_t> ids, const std::map<std::int64_t, attribute_group>& groups,
                      const hdf5::group& population, const kind_of_file& kind) {
    const bool is_written = population.contains(kind.group_id);
    auto last = groups.end();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (last == groups.end() || last->first != m.group[i]) last = groups.find(m.group[i]);
        if (last == groups.end()) {
            if (!is_written) return;         // no group at all: the types say everything
            throw invalid_input(row(population, kind.group_id, ids[i]), fmt::format("names the group {}, which is not there", m.group[i]));
        }
        if (const auto rows = last->second.rows(); rows && m.row[i] >= *rows)
            throw invalid_input(is_written ? row(population, kind.group_index, ids[i]) : population.where("0"),
                                fmt::format("row {} is asked for, group {} has {} rows", m.row[i], m.group[i], *rows));
    }
}

void check_types(std::span<const std::int64_t> types, std::span<const std::uint64_t> ids, const types_table& table,
                 const hdf5::group& population, const kind_of_file& kind) {
    if (table.file().empty()) return;
    std::int64_t last = -1;
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (types[i] == last) continue;
        if (types[i] != -1 && !table.contains(types[i]))
            throw invalid_input(row(population, kind.type_id, ids[i]), fmt::format("names the type {}, which {} does not have", types[i], table.file()));
        last = types[i];
    }
}

row_ranges all_rows(std::uint64_t n) { return n == 0 ? row_ranges{} : row_ranges{{0, n}}; }

std::vector<std::uint64_t> ids_in(const row_ranges& ranges) {
    std::vector<std::uint64_t> ids;
    for (const auto& [begin, end] : ranges) {
        const auto old = ids.size();
        ids.resize(old + (end - begin));
        std::iota(ids.begin() + static_cast<std::ptrdiff_t>(old), ids.end(), begin);
    }
    return ids;
}

void check_magic(const hdf5::group& root, findings& found) {
    const auto magic = root.number_attribute(".", "magic");
    if (magic && *magic != 0x0A7A)
        found.invalid(root.where(".") + "@magic", fmt::format("is {:#06x}, SONATA's files are marked 0x0a7a", *magic));
}

}  // namespace apical::sonata
