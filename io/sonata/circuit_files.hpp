// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "io/sonata/config.hpp"
#include "io/sonata/edges.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/nodes.hpp"

namespace apical::sonata {

/// A circuit and its run as the files say them: nodes in memory, edges open for reading.
struct circuit_files {
    config settings;
    std::vector<node_population> nodes;      ///< in the order of networks.nodes, in which BMTK counts its global ids
    std::vector<edge_population> edges;      ///< of the enabled files, in the order of networks.edges
    /// Edges that an input brings along for the spikes it replays.
    struct replayed { std::size_t input; edge_population edges; };
    std::vector<replayed> replays = {};
};

/// Reads the configuration and the nodes, and opens the edges. All that is wrong is found; what can be read is returned.
circuit_files read_circuit(const std::filesystem::path& config, findings& found);

/// Spikes of one population that an input replays.
struct replayed_spikes {
    std::size_t population = 0;              ///< place in circuit_files::nodes
    std::vector<double> times;               ///< [ms], ascending; a file may have some after the end of the run
    std::vector<std::uint64_t> nodes;        ///< who fires, one a time; all in the input's node set
};

/// Reads the spikes of an input, which must hold a spike_replay: of SONATA's spike file in both layouts or of the CSV form. Spikes of nodes
/// that are not in the input's node set are left out. What is wrong is found with its place in the file.
std::vector<replayed_spikes> read_replay(const input& from, const circuit_files& files, findings& found);

/// Reads all there is once and finds what is wrong with it: every edge, every spike, every node set that is used.
void check(const circuit_files& files, findings& found);

/// Everything that is wrong with, not supported of or unknown in the files of a circuit; nothing is built. Models and morphologies that
/// the types name are not looked at: examine() does.
std::vector<finding> check(const std::filesystem::path& config);

}  // namespace apical::sonata
