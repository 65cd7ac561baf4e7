// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/rule_catalogue.hpp"

/// Learning as a plan has it: rules at work in projections, the synapses of a block that learn, and the neuromodulators.
namespace apical {

/// A rule at work in one projection.
struct rule_plan {
    std::string projection;
    int target = 0;                                ///< population
    std::uint32_t first_source = 0;                ///< gid of the source population's first cell
    std::string weight_unit;                       ///< of the receptor
    std::uint64_t stream = 0;                      ///< identity of the projection, for chance
    rule_entry rule;
    std::vector<double> parameters;                ///< coherent
    std::vector<plasticity::reading> hears, sees, told;
    std::vector<double> fades;                     ///< [kept] time constants [ms]; 0: stays
    double unit = 1;                               ///< the weight, coherent, that the rule's 1 stands for
    double low = 0, high = 0;                      ///< in the rule's unit
    std::int64_t every = 0;                        ///< steps of the rule's clock; 0: it has none
    std::int64_t first_step = 0, end_step = 0;     ///< weights change at the ends of steps from one, and before the other
    std::int64_t late = 0;                         ///< steps from the arrival of a spike until the rule feels it
    std::vector<std::size_t> fields;               ///< [told] which of network_plan::fields
    double total = 0;                              ///< of a cell's weights; 0: free
    std::int64_t total_every = 0;                  ///< steps
    double prediction_gain = 1, prediction_rest = 0;   ///< [1, mV]
    int apical_node = -1;
    double burst_interval = 16;                    ///< two spikes closer than this are a burst [ms]
};

/// A neuromodulator.
struct field_plan {
    std::string name, region;
    double tau = 0, baseline = 0;                  ///< [ms]
    struct release { std::int64_t step; double amount; };
    std::vector<release> releases;                 ///< by step at whose beginning they come
    struct source { std::uint32_t first_gid, end_gid; double amount, delay; };   ///< delay [ms]
    std::vector<source> sources;
};

/// What neuromodulators do to one population. Parameters are addressed by region of its compartments, point neurons having one, and
/// by place in the region's list.
struct modulation_plan {
    struct effect {
        std::size_t told = 0;                      ///< which of `fields`
        double scale = 0, shift = 0;               ///< shift coherent
        double half = 0, hill = 1;
        double tau_on = 0, tau_off = 0;            ///< [ms]
        std::int64_t every = 1;                    ///< steps
        struct place { std::size_t region, at; };
        std::vector<place> places;                 ///< the parameters it changes
        std::vector<double> areas;                 ///< [places] by which a shift is multiplied: of densities the area [um2], else 1
        std::vector<std::size_t> groups;           ///< receptors whose events it makes stronger or weaker, as in connection::group
    };
    std::vector<std::size_t> fields;               ///< which of network_plan::fields
    std::vector<effect> effects;
    bool is_empty() const { return effects.empty(); }
};

/// Samples of weights.
struct weight_probe_plan {
    std::string label, projection;
    std::int64_t first_step = 0, every = 1;
};

/// Synapses of one table that lie at one place.
struct learned_place {
    int cell = 0;                                  ///< within the block
    int node = 0;
    std::uint32_t first = 0, end = 0;              ///< synapses
    std::uint32_t element = 0;                     ///< the receptor they share, as in connection
    std::uint16_t group = 0;
};
/// A continuous signal of the places of a table: gain times a number in the memory of their block, plus shift.
struct signal_plan {
    std::vector<std::size_t> at;                   ///< [places]
    double gain = 1, shift = 0;
    double value(const double* memory, std::size_t place) const { return gain*memory[at[place]] + shift; }
};
/// The synapses onto one block of a projection that learns; by cell, then node, then as they were drawn.
struct learned_table {
    std::size_t rule = 0;                          ///< which of network_plan::rules
    std::vector<learned_place> places;
    std::vector<std::uint32_t> first_place;        ///< [cells of the block + 1]
    std::vector<std::uint32_t> place_of;           ///< [synapses]
    std::vector<std::uint32_t> source;             ///< [synapses] gid
    std::vector<double> start;                     ///< [synapses] weight, in the rule's unit
    std::vector<signal_plan> signals;              ///< [continuous readings of the rule]
    std::vector<std::size_t> potential;            ///< [places] where the membrane potential is, of rules that see plateaus or back-propagating spikes

    std::size_t size() const { return place_of.size(); }
    std::size_t bytes() const;
};

}  // namespace apical
