// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/learning_plan.hpp"
#include "engine/release_catalogue.hpp"

/// What connects cells: who hears whom, by which receptor, how much and when. Built by engine/connect.cpp; part of a plan.
namespace apical {

/// A spike as other cells hear it. `gid` counts cells through all populations, and sources of spikes after them.
/// In networks that answer events one by one, see network_plan::in_order, spikes have numbers: `order` is that of the spike whose event called
/// for this one until it arrives, and then its own.
struct sent_spike {
    std::uint32_t gid = 0, order = 0;
    double time = 0;                               ///< [ms] when it sets out

    constexpr sent_spike() = default;
    constexpr sent_spike(std::uint32_t from, double at, std::uint32_t after = 0) : gid(from), order(after), time(at) {}
    bool operator==(const sent_spike&) const = default;
};
static_assert(sizeof(sent_spike) == 16);

/// A contact whose weight is what it is. 16 bytes.
struct connection {
    double weight;
    std::uint32_t element;                         ///< of a column of the receptor's states in the memory of the block
    std::uint16_t delay;                           ///< which of inlet::delays
    std::uint16_t group;                           ///< the block's receptor; of point neurons: their synapse
};
static_assert(sizeof(connection) == 16);

/// What connections onto point neurons have in common.
struct connection_kind {
    double weight;
    std::uint32_t synapse;
};
/// A contact onto a point neuron in 8 bytes, which is what passes through the memory for every event: the weight of its kind times a
/// factor, and a delay of whole steps. Blocks whose connections do not fit have the other sort.
struct point_connection {
    static constexpr std::uint32_t neurons = 1u << 10, kinds = 1u << 8, delays = 1u << 14;
    float factor;
    std::uint32_t neuron : 10, kind : 8, delay : 14;
};
static_assert(sizeof(point_connection) == 8);

/// In connection::group, a contact whose weight is learned: the rest of it is which of inlet::learned, and connection::element is the synapse.
/// Its connection::weight is 1.
inline constexpr std::uint16_t learned_group = 0x8000;
/// The same without a weight. 8 bytes.
struct learning_connection {
    std::uint32_t synapse;
    std::uint16_t delay;                           ///< which of inlet::delays
    std::uint16_t table;                           ///< which of inlet::learned
    connection through() const { return {1, synapse, delay, static_cast<std::uint16_t>(learned_group | table)}; }
};
static_assert(sizeof(learning_connection) == 8);

/// One whose weight depends on the spikes before.
struct plastic_connection {
    connection through;
    std::uint32_t release;                         ///< which of inlet::releases
    std::uint32_t number;                          ///< among the plastic contacts of its cell and projection
    std::uint64_t stream;                          ///< identity of cell and projection, for chance
};

/// Identity of what a projection brings onto one cell, for chance: from that of the projection.
constexpr std::uint64_t stream_onto(std::uint64_t projection, int cell) { return projection ^ (static_cast<std::uint64_t>(cell) + 1)*0x9e3779b97f4a7c15u; }

/// Constants of release of a connection with short-term plasticity: which of inlet::release_models, and where in inlet::release_values its
/// parameters begin.
struct release_plan {
    std::uint32_t model, first;
};

/// Connections of one sort onto one block, by where they come from.
template <class C> struct by_source {
    std::vector<std::uint32_t> sources;            ///< ascending gids; empty if every gid has an entry in `first`
    std::vector<std::uint32_t> first;              ///< of each source, and an end
    std::vector<C> connections;

    /// Indices of those from a cell.
    std::pair<std::uint32_t, std::uint32_t> range_of(std::uint32_t gid) const {
        if (connections.empty()) return {0, 0};
        std::size_t at = gid;
        if (!sources.empty()) {
            const auto found = std::ranges::lower_bound(sources, gid);
            if (found == sources.end() || *found != gid) return {0, 0};
            at = static_cast<std::size_t>(found - sources.begin());
        }
        return {first[at], first[at + 1]};
    }
};

/// Spontaneous release onto a block: random events on contacts drawn from those of a projection and cell.
struct spontaneous_plan {
    std::uint64_t stream;                          ///< identity of projection and cell
    double rate;                                   ///< of all contacts together [1/ms]
    std::vector<connection> contacts;
    std::vector<std::uint32_t> terminals = {};     ///< instead of these: which of inlet::plastic, to whom the events are like spikes
};

/// Everything that reaches one block from cells and sources of spikes.
struct inlet {
    std::vector<double> delays;                    ///< [ms], ascending
    std::vector<release_plan> releases;
    std::vector<double> release_values;            ///< parameters of these
    std::vector<const release_entry*> release_models;
    std::size_t release_states = 0;                ///< numbers that each plastic connection keeps
    by_source<connection> fixed;
    std::vector<connection_kind> kinds;
    by_source<point_connection> compact;           ///< of these kinds; if there are any, `fixed` is empty
    by_source<plastic_connection> plastic;
    by_source<learning_connection> learning;                ///< contacts without release constants whose weight is learned
    std::vector<learned_table> learned;            ///< the synapses of these, and of those among `plastic`
    std::vector<spontaneous_plan> spontaneous;

    bool is_empty() const {
        return fixed.connections.empty() && compact.connections.empty() && plastic.connections.empty() && learning.connections.empty() && spontaneous.empty();
    }
    std::size_t size() const {
        return fixed.connections.size() + compact.connections.size() + plastic.connections.size() + learning.connections.size();
    }
    double longest() const { return delays.empty() ? 0 : delays.back(); }
    /// What the plastic connections keep, at the start.
    std::vector<double> releases_at_start() const;
    std::size_t bytes() const;
};

/// Sources of spikes with a Poisson train each.
struct random_source_plan {
    std::uint32_t first_gid, size;
    std::uint64_t stream;                          ///< identity of its name
    double rate, start, stop;                      ///< [1/ms, ms, ms]
    std::vector<std::uint32_t> heard;              ///< those that something on this process hears, ascending
};

/// The network as one process sees it.
struct network_plan {
    std::vector<std::uint32_t> first_gid;          ///< [populations + spike sources + 1]
    std::vector<inlet> inlets;                     ///< of the plan's blocks, then of its blocks of point neurons, that this process has
    std::vector<std::uint32_t> inlet_of_block;     ///< [all these blocks] which of them, where this process has the block; empty: all have, in order
    std::vector<sent_spike> scheduled;             ///< of spike sources, by time, then gid; those somebody hears
    std::vector<random_source_plan> random_sources;   ///< those somebody hears
    std::vector<rule_plan> rules;                  ///< of the projections that learn
    std::vector<field_plan> fields;                ///< neuromodulators
    std::vector<modulation_plan> modulations;      ///< [populations]; empty: no modulator has effects
    std::vector<weight_probe_plan> weight_probes;
    std::int64_t epoch = 0;                        ///< steps between exchanges of spikes; 0: nothing connects cells
    int lag = 1;                                   ///< in how many epochs spikes of one are needed at the earliest
    std::int64_t connections = 0;                  ///< on this process
    bool in_order = false;                         ///< some neurons answer each event for itself: spikes of one time have an order
    std::vector<bool> heard;                       ///< [gids] whether anything on this process hears it

    bool is_empty() const { return epoch == 0; }
    const inlet& of_block(std::size_t n) const { return inlets[inlet_of_block.empty() ? n : inlet_of_block[n]]; }
    std::uint32_t gid(int population, int cell) const { return first_gid[static_cast<std::size_t>(population)] + static_cast<std::uint32_t>(cell); }
};

/// The step at whose beginning something arrives that sets out so late: the nearest, (t - dt/2, t + dt/2], as in NEURON; inputs
/// arrive every `each` steps.
inline std::int64_t arrival_step(double time, double dt, std::int64_t each = 1) {
    return each*static_cast<std::int64_t>(std::ceil(time/dt/static_cast<double>(each) - 0.5 - 1e-9));
}

}  // namespace apical
