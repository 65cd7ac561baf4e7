// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/edge_index.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace apical::sonata {
namespace {

/// Pairs of bounds, [rows x 2]; each lies within [0, most].
row_ranges read_bounds(const hdf5::group& folder, std::string_view set, std::uint64_t most) {
    const auto s = folder.shape_of(set);
    if (s.size() != 2 || (s[1] != 2 && s[0] > 0)) throw invalid_input(folder.where(set), "is not a set of rows of two", "a first and a last row are expected");
    const auto bounds = folder.read<std::int64_t>(set);
    row_ranges all;
    for (std::size_t i = 0; i + 1 < bounds.size(); i += 2) {
        const auto a = bounds[i], b = bounds[i + 1];
        if (a == -1) all.push_back({0, 0});
        else if (a < 0 || b < a || static_cast<std::uint64_t>(b) > most)
            throw invalid_input(fmt::format("{}[{}]", folder.where(set), i/2), fmt::format("is the range {} to {}, which does not lie within the {} rows", a, b, most));
        else all.push_back({static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)});
    }
    return all;
}

/// Ranges that share a row, if there are such: an edge would be there twice.
void refuse_overlap(const row_ranges& ranges, const std::string& where) {
    struct placed {
        std::uint64_t first, last;
        std::size_t row;
    };
    std::vector<placed> order;
    order.reserve(ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i)
        if (ranges[i].first < ranges[i].second) order.push_back({ranges[i].first, ranges[i].second, i});
    if (!std::ranges::is_sorted(order, {}, &placed::first)) std::ranges::sort(order, {}, &placed::first);
    for (std::size_t k = 1; k < order.size(); ++k) {
        const auto &before = order[k - 1], &after = order[k];
        if (after.first < before.last)
            throw invalid_input(fmt::format("{}[{}]", where, after.row), fmt::format("is the range {} to {}, which overlaps {} to {} of row {}", after.first, after.last,
                                                                                   before.first, before.last, before.row));
    }
}

std::string_view node_set_name(const hdf5::group& folder) {
    return folder.contains("node_id_to_ranges") ? "node_id_to_ranges" : "node_id_to_range";
}

std::uint64_t covered(const row_ranges& ranges) {
    std::uint64_t n = 0;
    for (const auto& [a, b] : ranges) n += b - a;
    return n;
}

}  // namespace

std::pair<hdf5::group, bool> index_folder(const hdf5::group& population, std::string_view direction) {
    for (const auto name : {"indices", "indicies"})
        if (population.contains(name)) {
            const auto both = population.open(name);
            if (both.contains(direction)) return {both.open(direction), true};
        }
    return {hdf5::group{}, false};
}

edge_index edge_index::read(const hdf5::group& folder, std::uint64_t nodes, std::uint64_t edges) {
    edge_index x;
    const auto nodes_set = node_set_name(folder);
    x.edges_of_ = read_bounds(folder, "range_to_edge_id", edges);
    x.ranges_of_ = read_bounds(folder, nodes_set, x.edges_of_.size());
    if (x.ranges_of_.size() > nodes && std::any_of(x.ranges_of_.begin() + static_cast<std::ptrdiff_t>(nodes), x.ranges_of_.end(), [](auto r) { return r.first < r.second; }))
        throw invalid_input(folder.where(nodes_set), fmt::format("has ranges for {} nodes, the population has {}", x.ranges_of_.size(), nodes));
    x.ranges_of_.resize(nodes);
    refuse_overlap(x.edges_of_, folder.where("range_to_edge_id"));
    refuse_overlap(x.ranges_of_, folder.where(nodes_set));
    std::uint64_t reached = 0;
    for (const auto& [a, b] : x.ranges_of_)
        for (auto r = a; r < b; ++r) reached += x.edges_of_[r].second - x.edges_of_[r].first;
    if (covered(x.edges_of_) != edges || reached != edges)
        throw invalid_input(folder.where("."), fmt::format("leads to {} of the {} edges", reached, edges), "leave the index out, and it is made anew");
    return x;
}

edge_index edge_index::built(std::span<const std::int64_t> node_of_edge, std::uint64_t nodes) {
    struct run {
        std::uint64_t node, first, last;
    };
    std::vector<run> runs;
    for (std::uint64_t e = 0; e < node_of_edge.size(); ++e) {
        const auto node = static_cast<std::uint64_t>(node_of_edge[e]);
        if (!runs.empty() && runs.back().node == node) ++runs.back().last;
        else runs.push_back({node, e, e + 1});
    }
    std::ranges::stable_sort(runs, {}, &run::node);
    edge_index x;
    x.ranges_of_.resize(nodes);
    for (const auto& r : runs) {
        auto& of = x.ranges_of_.at(r.node);
        if (of.first == of.second) of = {x.edges_of_.size(), x.edges_of_.size()};
        ++of.second;
        x.edges_of_.push_back({r.first, r.last});
    }
    return x;
}

row_ranges edge_index::edges_of(std::uint64_t first, std::uint64_t last) const {
    row_ranges all;
    for (auto node = first; node < std::min<std::uint64_t>(last, ranges_of_.size()); ++node)
        for (auto r = ranges_of_[node].first; r < ranges_of_[node].second; ++r) all.push_back(edges_of_[r]);
    return merged(std::move(all));
}

}  // namespace apical::sonata
