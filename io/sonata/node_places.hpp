// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "circuit/circuit.hpp"
#include "io/sonata/cell_template.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/point_model.hpp"

namespace apical::sonata {

/// What a node became: a cell of one of circuit::populations or, counted after them, circuit::spike_sources.
struct node_place { int population = -1, cell = -1; };

/// The nodes of the files as populations of a circuit: those of one kind are one population, virtual ones sources of spikes.
struct built_nodes {
    std::vector<std::vector<node_place>> places;                 ///< [populations of the files][nodes]
    std::vector<population> populations;
    std::vector<spike_source> sources;
    std::vector<injection> currents;                             ///< constant ones that are part of a neuron
    std::vector<std::optional<biophysical_cell>> cells;          ///< [populations]; nothing: point neurons
    std::vector<std::optional<point_model>> points;              ///< [populations]; nothing: cells with compartments
    struct origin { std::size_t population; std::vector<std::uint64_t> nodes; };
    std::vector<origin> origins;                                 ///< [populations, then sources] where cells came from
    /// By input and population of the files: sources of spikes that stand for nodes of which recorded spikes are replayed beside their own.
    std::map<std::pair<std::size_t, std::size_t>, int> replays = {};
    std::vector<std::uint64_t> first_gid;                        ///< [populations of the files] of BMTK's global ids

    bool is_virtual(int population) const { return population >= static_cast<int>(populations.size()); }
    /// Whether its nodes have a membrane potential; IntFire1 has none.
    bool has_potential(int population) const {
        const auto& point = points[static_cast<std::size_t>(population)];
        return !point || !point->has_signed_synapses;
    }
    const std::string& name_of(int population) const {
        const auto p = static_cast<std::size_t>(population);
        return p < populations.size() ? populations[p].name : sources[p - populations.size()].name;
    }
};

/// Builds them. What cannot be built is found.
built_nodes build_nodes(const circuit_files& files, std::optional<import_rounding> rounding, findings& found);

}  // namespace apical::sonata
