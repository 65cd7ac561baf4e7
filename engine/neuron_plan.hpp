// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/catalogue.hpp"
#include "engine/kernels/neuron_view.hpp"
#include "engine/network.hpp"
#include "engine/poisson.hpp"

namespace apical {

/// An electrode of one cell; on point neurons `row` is the compartment.
struct injection_plan {
    int population, cell, row;
    current_source source;
    double amplitude = 1;                          ///< epsp: the normalised amplitude [nA]
    std::uint64_t key = 0;                         ///< noise: identity of the place
};

/// The same current into several point neurons of a population; noise has one for each.
struct neuron_injection {
    injection_plan what;
    std::vector<int> cells;                        ///< ascending
};

/// A receptor on a compartment of every neuron of a population, used or not.
struct neuron_synapse {
    catalogue::entry mechanism;
    int compartment;
    std::vector<double> values;                    ///< parameters
    int owner = -1;                                ///< a projection that has it to itself; -1: it may be shared

    /// Its events move the potential instead of letting a current flow: their weight is a potential.
    bool jumps() const { return mechanism.schema.weight_unit == "mV"; }
};

/// An event for one neuron. Fixed steps deliver it at the beginning of `step`, the adaptive integration at `time`.
struct neuron_event {
    std::int64_t step;
    double time;                                   ///< [ms]
    int cell, synapse;
    double weight;                                 ///< [uS]
};

/// Random events for several neurons of a population, each with a stream of its own.
struct neuron_poisson {
    poisson_plan what;
    int synapse;
    std::vector<int> cells;                        ///< ascending
};

/// What a probe reads of one neuron.
struct neuron_column {
    std::size_t probe, place;
    int cell, state;
};

/// Everything the neurons of one population share.
struct neuron_plan {
    int population = 0, cells = 0;
    neuron_entry model;
    std::vector<double> parameters, start;         ///< coherent; `start`: states at time 0
    std::vector<double> potentials;                ///< [cells] at time 0, in all compartments; empty: as `start` says
    std::vector<neuron_synapse> synapses;
    std::vector<neuron_injection> injections;
    std::vector<neuron_event> events;              ///< by step, then time
    std::vector<neuron_poisson> poisson;
    std::vector<int> detectors;                    ///< [cells] how many look at it
    bool sends = false;                            ///< its spikes go to other cells
    bool hears = false;                            ///< spikes of others reach it
    std::vector<neuron_column> columns;
};

/// Neurons that are advanced together. Lists index those of the neuron_plan.
struct neuron_block_plan {
    int neurons = 0;                               ///< which neuron_plan
    int first_cell = 0, cells = 0;
    std::vector<std::size_t> events, columns;
};

inline constexpr int neurons_per_block = kernels::most_neurons;
/// Where spikes arrive in every step, a block cannot stay in the cache for long, and larger ones take fewer looks into tables.
inline constexpr int most_neurons_per_block = static_cast<int>(point_connection::neurons);
/// How large these are if there are so many such neurons in all: there is a block for each of 16 threads.
constexpr int neurons_per_hearing_block(std::int64_t neurons) {
    const auto even = (neurons/16 + neurons_per_block - 1)/neurons_per_block*neurons_per_block;
    return static_cast<int>(std::clamp<std::int64_t>(even, neurons_per_block, most_neurons_per_block));
}

}  // namespace apical
