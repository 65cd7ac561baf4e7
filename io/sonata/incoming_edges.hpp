// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/sonata/bbp_synapses.hpp"
#include "io/sonata/cell_template.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/node_places.hpp"
#include "io/sonata/synapse_kinds.hpp"

namespace apical::sonata {

/// One contact of an edge: from a cell of a population of the circuit, by a kind of synapse.
struct incoming_contact {
    int source_population, source_cell;            ///< see node_place
    int kind;                                      ///< of synapse_kinds
    double weight;                                 ///< as the file says it, with signs and numbers of synapses
    double delay;                                  ///< [ms]
    location where;                                ///< section -1: a point neuron's only place
    std::uint32_t release = 0;                     ///< where in onto_node::releases its own parameters of release begin, of kinds that have such
};
/// What ends at a node.
struct onto_node {
    std::vector<incoming_contact> contacts = {};
    std::vector<double> releases = {};             ///< of BBP's: use, times of recovery and facilitation [ms], vesicles; of Apical's all of the model

    void add(incoming_contact c, std::span<const double> release) {
        c.release = static_cast<std::uint32_t>(releases.size());
        releases.insert(releases.end(), release.begin(), release.end());
        contacts.push_back(c);
    }
};

/// The edges of a circuit as its targets see them: contacts onto one node after the other, in BMTK's order of creation - edge
/// populations within the circuit first, then those from virtual nodes in the order of the inputs that replay their spikes - which is
/// also the order of the draws of positions that the files leave open. A piece of the files is in memory at a time.
///
/// Positions: MT19937 seeded with the node's global id; segments of the wanted sections, weighted by their length within the range of
/// distances (BMTK, bionet's biocell).
class incoming_edges {
public:
    incoming_edges(std::shared_ptr<const circuit_files> files, std::shared_ptr<const built_nodes> nodes);

    /// Kinds of synapses and which populations they join, found by reading all there is once. What is wrong is found.
    struct group {
        int source_population, target_population, kind;
        auto operator<=>(const group&) const = default;
    };
    std::vector<group> groups(findings& found);
    const synapse_kinds& kinds() const { return kinds_; }

    /// Contacts onto a node. May be called from several threads.
    std::shared_ptr<const onto_node> onto(std::size_t population, std::uint64_t node) const;

private:
    struct chunk;
    /// Which nodes the spikes of a virtual population reach.
    struct reach {
        bool all = false, differs = false;
        std::string input = {}, targets = {};
        std::vector<std::vector<bool>> nodes = {};   // [populations of the files][nodes]
    };
    /// Edges that are gone through once, as those of nodes that are where the files say, or as those of a source that replays their spikes.
    struct pass {
        const edge_population* edges;
        int source = -1;                             // see built_nodes::replays
        std::vector<bool> from = {};                 // [nodes]
        std::vector<std::vector<bool>> reached = {}; // [populations of the files][nodes]; empty: all
    };
    void note_reached(std::size_t source, const input& from);
    void add_replay(std::size_t input, std::size_t population, const std::vector<std::uint64_t>& nodes, int source);
    std::vector<std::vector<bool>> marked(const std::string& set, const std::string& where) const;
    std::shared_ptr<const chunk> chunk_of(std::size_t population, std::uint64_t first) const;
    std::shared_ptr<const chunk> read(std::size_t population, std::uint64_t first, findings& found) const;
    void add_edges(const pass& through, chunk& to, std::size_t population, std::uint64_t first, std::uint64_t last, findings& found) const;
    struct reached_rows;
    void add_synapses(const reached_rows& from, chunk& to, findings& found) const;
    void add_bbp_synapses(const reached_rows& from, chunk& to, findings& found) const;

    std::shared_ptr<const circuit_files> files_;
    std::shared_ptr<const built_nodes> nodes_;
    std::vector<pass> order_;
    std::map<std::size_t, reach> reached_;         // by population of the files
    mutable synapse_kinds kinds_;
    std::optional<bbp_synapses> bbp_;
    mutable std::mutex mutex_;
    mutable std::list<std::shared_ptr<const chunk>> recent_;
};

}  // namespace apical::sonata
