// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "io/hdf5.hpp"
#include "io/sonata/attribute_group.hpp"
#include "io/sonata/findings.hpp"

namespace apical::sonata {

/// Which edges belong to which node of one side: node -> ranges -> edges.
class edge_index {
public:
    edge_index() = default;
    /// Reads /edges/NAME/indices/target_to_source or source_to_target, in both spellings of "indices" and of "node_id_to_ranges". A
    /// first column of -1 means that a node has no edges, as equal bounds do. Throws invalid_input with the path and the row if a
    /// range does not lie within the sets, two nodes have a range in common, two ranges an edge, or some edge is in no range.
    static edge_index read(const hdf5::group& folder, std::uint64_t nodes, std::uint64_t edges);
    /// From the node of each edge.
    static edge_index built(std::span<const std::int64_t> node_of_edge, std::uint64_t nodes);

    /// The edges of the nodes [first, last), as ranges in ascending order that do not overlap.
    row_ranges edges_of(std::uint64_t first, std::uint64_t last) const;
    std::uint64_t nodes() const { return ranges_of_.size(); }
    /// Node -> ranges and range -> edges, as files hold them.
    const row_ranges& ranges_of_nodes() const { return ranges_of_; }
    const row_ranges& edges_of_ranges() const { return edges_of_; }

private:
    row_ranges ranges_of_, edges_of_;
};

/// The folder of the index of one direction, "target_to_source" or "source_to_target", within that of a population, and whether
/// there is one.
std::pair<hdf5::group, bool> index_folder(const hdf5::group& population, std::string_view direction);

}  // namespace apical::sonata
