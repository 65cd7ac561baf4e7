// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/write.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"
#include "io/sonata/edge_index.hpp"
#include "io/sonata_file.hpp"

namespace apical::sonata {
namespace {

using order = std::vector<std::size_t>;

template <class T, class From> std::vector<T> ordered(const std::vector<From>& values, const order& by) {
    std::vector<T> out;
    out.reserve(by.size());
    for (const auto i : by) out.push_back(static_cast<T>(values[i]));
    return out;
}

order as_given(std::size_t n) {
    order o(n);
    std::iota(o.begin(), o.end(), std::size_t{0});
    return o;
}

void check_lengths(std::span<const attribute_values> attributes, std::size_t n, const std::string& where) {
    for (const auto& a : attributes)
        if (const auto size = std::visit([](const auto& v) { return v.size(); }, a.values); size != n)
            throw invalid_input(where + "/0/" + a.name, fmt::format("has {} values, {} are expected", size, n));
}

/// Types, groups and rows of groups, which every population has.
void write_kinds(hdf5::group& g, std::string_view what, const std::vector<std::int64_t>& types, const order& by) {
    const auto name = [&](std::string_view set) { return fmt::format("{}_{}", what, set); };
    const auto sorted = ordered<std::int64_t>(types, by);
    g.write<std::int64_t>(name("type_id"), sorted);
    g.write<std::uint32_t>(name("group_id"), std::vector<std::uint32_t>(by.size(), 0));
    std::vector<std::uint64_t> rows(by.size());
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    g.write<std::uint64_t>(name("group_index"), rows);
}

void write_attribute(hdf5::group& g, const std::string& name, const attribute_values& a, const order& by) {
    if (const auto* x = std::get_if<std::vector<double>>(&a.values)) g.write<double>(name, ordered<double>(*x, by));
    else if (const auto* n = std::get_if<std::vector<std::int64_t>>(&a.values)) g.write<std::int64_t>(name, ordered<std::int64_t>(*n, by));
    else g.write(name, ordered<std::string>(std::get<std::vector<std::string>>(a.values), by));
}

void write_group(hdf5::group& population, std::span<const attribute_values> attributes, const order& by) {
    constexpr std::string_view dynamics = "dynamics_params/";
    auto g = population.create("0");
    const bool has_dynamics = std::ranges::any_of(attributes, [&](const auto& a) { return a.name.starts_with(dynamics); });
    auto of_dynamics = has_dynamics ? g.create("dynamics_params") : hdf5::group{};
    for (const auto& a : attributes) {
        if (a.name.starts_with(dynamics)) write_attribute(of_dynamics, a.name.substr(dynamics.size()), a, by);
        else write_attribute(g, a.name, a, by);
    }
}

void write_bounds(hdf5::group& g, std::string_view name, const row_ranges& ranges) {
    std::vector<std::uint64_t> flat;
    for (const auto& [a, b] : ranges) flat.insert(flat.end(), {a, b});
    g.create<std::uint64_t>(name, {ranges.size(), 2}).write_rows(0, std::span<const std::uint64_t>(flat));
}

void write_index(hdf5::group& indices, std::string_view direction, const std::vector<std::uint64_t>& node_of_edge, std::uint64_t nodes) {
    const std::vector<std::int64_t> ids(node_of_edge.begin(), node_of_edge.end());
    const auto x = edge_index::built(ids, nodes);
    auto g = indices.create(direction);
    write_bounds(g, "node_id_to_ranges", x.ranges_of_nodes());
    g.link("node_id_to_ranges", "node_id_to_range");        // as BMTK calls it
    write_bounds(g, "range_to_edge_id", x.edges_of_ranges());
}

void check_edges(const edge_values& p, const std::string& where) {
    const auto n = p.types.size();
    if (p.source_ids.size() != n || p.target_ids.size() != n)
        throw invalid_input(where, fmt::format("has {} sources and {} targets for {} edges", p.source_ids.size(), p.target_ids.size(), n));
    check_lengths(p.attributes, n, where);
    for (std::size_t i = 0; i < n; ++i)
        if (p.source_ids[i] >= p.sources || p.target_ids[i] >= p.targets)
            throw invalid_input(where, fmt::format("edge {} leads from {} to {}, of {} and {} nodes", i, p.source_ids[i], p.target_ids[i], p.sources, p.targets));
}

void write_population(hdf5::group& all, const edge_values& p, const std::string& where) {
    check_edges(p, where);
    auto by = as_given(p.types.size());
    std::ranges::stable_sort(by, {}, [&](std::size_t i) { return p.target_ids[i]; });
    const auto sources = ordered<std::uint64_t>(p.source_ids, by), targets = ordered<std::uint64_t>(p.target_ids, by);
    auto g = all.create(p.name);
    g.write<std::uint64_t>("source_node_id", sources);
    g.set_attribute("source_node_id", "node_population", p.source);
    g.write<std::uint64_t>("target_node_id", targets);
    g.set_attribute("target_node_id", "node_population", p.target);
    write_kinds(g, "edge", p.types, by);
    write_group(g, p.attributes, by);
    auto indices = g.create("indices");
    write_index(indices, "target_to_source", targets, p.targets);
    write_index(indices, "source_to_target", sources, p.sources);
}

}  // namespace

void write_nodes(const std::filesystem::path& path, std::span<const node_values> populations, overwrite mode) {
    hdf5::file_writer file(path, mode);
    {
        auto root = file.root();
        mark(root);
        auto all = root.create("nodes");
        for (const auto& p : populations) {
            check_lengths(p.attributes, p.types.size(), fmt::format("{}:/nodes/{}", path.string(), p.name));
            const auto by = as_given(p.types.size());
            auto g = all.create(p.name);
            std::vector<std::uint64_t> ids(by.begin(), by.end());
            g.write<std::uint64_t>("node_id", ids);
            write_kinds(g, "node", p.types, by);
            write_group(g, p.attributes, by);
        }
    }
    file.commit();
}

void write_edges(const std::filesystem::path& path, std::span<const edge_values> populations, overwrite mode) {
    hdf5::file_writer file(path, mode);
    {
        auto root = file.root();
        mark(root);
        auto all = root.create("edges");
        for (const auto& p : populations) write_population(all, p, fmt::format("{}:/edges/{}", path.string(), p.name));
    }
    file.commit();
}

void write_types(const std::filesystem::path& path, std::string_view id, const type_values& types, overwrite mode) {
    std::string text(id);
    for (const auto& c : types.columns) text += ' ' + csv_word(c, ' ');
    text += '\n';
    for (const auto& [type, cells] : types.rows) {
        if (cells.size() != types.columns.size())
            throw invalid_input(path.string(), fmt::format("type {} has {} cells for {} columns", type, cells.size(), types.columns.size()));
        text += fmt::format("{}", type);
        for (const auto& c : cells) text += ' ' + (c ? csv_word(*c, ' ') : "NULL");
        text += '\n';
    }
    write_text(path, text, mode);
}

}  // namespace apical::sonata
