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

/// Data sets of a stream, filled a piece at a time.
class streamed_edges {
public:
    streamed_edges(hdf5::group& all, const edge_stream& e, std::string where) : e_(e), where_(std::move(where)) {
        ranges_.assign(2*e.targets, 0);
        edge_stream::batch one;
        for (std::uint64_t t = 0; t < e.targets; ++t) {
            fetch(t, one);
            ranges_[2*t] = total_, ranges_[2*t + 1] = total_ += one.sources.size();
        }
        population_ = all.create(e.name);
        const hdf5::shape rows{total_};
        source_.emplace(population_.create<std::uint64_t>("source_node_id", rows)), target_.emplace(population_.create<std::uint64_t>("target_node_id", rows));
        type_.emplace(population_.create<std::int64_t>("edge_type_id", rows)), group_.emplace(population_.create<std::uint32_t>("edge_group_id", rows));
        index_.emplace(population_.create<std::uint64_t>("edge_group_index", rows));
        population_.set_attribute("source_node_id", "node_population", e.source), population_.set_attribute("target_node_id", "node_population", e.target);
        auto columns = population_.create("0");
        for (const auto& a : e.attributes) columns_.push_back(a.is_whole ? columns.create<std::int64_t>(a.name, rows) : columns.create<double>(a.name, rows));
    }

    std::uint64_t write() {
        constexpr std::size_t piece = std::size_t{1} << 17;
        edge_stream::batch held;
        held.values.resize(e_.attributes.size());
        std::vector<std::uint64_t> targets;
        for (std::uint64_t t = 0; t < e_.targets; ++t) {
            edge_stream::batch one;
            fetch(t, one);
            if (one.sources.size() != ranges_[2*t + 1] - ranges_[2*t]) throw invalid_input(where_, fmt::format("target {} has other edges when it is asked again", t));
            held.sources.insert(held.sources.end(), one.sources.begin(), one.sources.end());
            targets.insert(targets.end(), one.sources.size(), t);
            for (std::size_t a = 0; a < one.values.size(); ++a) held.values[a].insert(held.values[a].end(), one.values[a].begin(), one.values[a].end());
            if (targets.size() >= piece) put(held, targets);
        }
        put(held, targets);
        index();
        return total_;
    }

private:
    void fetch(std::uint64_t t, edge_stream::batch& one) const {
        one.sources.clear(), one.values.assign(e_.attributes.size(), {});
        e_.onto(t, one);
        for (const auto& v : one.values)
            if (v.size() != one.sources.size()) throw invalid_input(where_, fmt::format("target {} has {} values for {} edges", t, v.size(), one.sources.size()));
        for (const auto s : one.sources)
            if (s >= e_.sources) throw invalid_input(where_, fmt::format("an edge leads from {} to {}, of {} and {} nodes", s, t, e_.sources, e_.targets));
    }

    void put(edge_stream::batch& held, std::vector<std::uint64_t>& targets) {
        const auto n = targets.size();
        const auto rows = [&]<class T>(hdf5::dataset& to, const std::vector<T>& values) { to.write_rows(done_, std::span<const T>(values)); };
        rows(*source_, held.sources), rows(*target_, targets), rows(*type_, std::vector<std::int64_t>(n, e_.type)), rows(*group_, std::vector<std::uint32_t>(n, 0));
        std::vector<std::uint64_t> places(n);
        std::iota(places.begin(), places.end(), done_);
        rows(*index_, places);
        for (std::size_t a = 0; a < columns_.size(); ++a) {
            if (e_.attributes[a].is_whole) rows(columns_[a], std::vector<std::int64_t>(held.values[a].begin(), held.values[a].end()));
            else rows(columns_[a], held.values[a]);
            held.values[a].clear();
        }
        if (total_ <= e_.most_indexed_by_source) sources_.insert(sources_.end(), held.sources.begin(), held.sources.end());
        done_ += n, held.sources.clear(), targets.clear();
    }

    /// A range for each target; sources have as many as the order of targets leaves them.
    void index() {
        auto indices = population_.create("indices");
        row_ranges whole, edges;
        for (std::uint64_t t = 0; t < e_.targets; ++t) {
            const bool has_some = ranges_[2*t + 1] > ranges_[2*t];
            whole.emplace_back(edges.size(), edges.size() + (has_some ? 1 : 0));
            if (has_some) edges.emplace_back(ranges_[2*t], ranges_[2*t + 1]);
        }
        auto g = indices.create("target_to_source");
        write_bounds(g, "node_id_to_ranges", whole);
        g.link("node_id_to_ranges", "node_id_to_range");
        write_bounds(g, "range_to_edge_id", edges);
        if (total_ <= e_.most_indexed_by_source) write_index(indices, "source_to_target", sources_, e_.sources);
    }

    const edge_stream& e_;
    std::string where_;
    std::vector<std::uint64_t> ranges_;            // [2 targets] edges of each
    std::uint64_t total_ = 0, done_ = 0;
    hdf5::group population_;
    std::optional<hdf5::dataset> source_, target_, type_, group_, index_;
    std::vector<hdf5::dataset> columns_;
    std::vector<std::uint64_t> sources_;           // of all edges, for their index
};

}  // namespace

std::uint64_t write_edges(const std::filesystem::path& path, const edge_stream& edges, overwrite mode) {
    hdf5::file_writer file(path, mode, hdf5::assembly::on_disk);
    std::uint64_t n = 0;
    {
        auto root = file.root();
        mark(root);
        auto all = root.create("edges");
        n = streamed_edges(all, edges, fmt::format("{}:/edges/{}", path.string(), edges.name)).write();
    }
    file.commit();
    return n;
}

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
