// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

namespace apical::kernels {

inline constexpr int most_neurons = 128;       ///< of a view: small enough for the first cache, and whole packs

/// A spike within a step: which cell of the block, and when, from the beginning of the step [ms].
struct neuron_spike {
    int cell;
    double at;
};

/// Point neurons of one kind, side by side; every column has an entry for each of them.
struct neuron_view {
    int cells = 0;                             ///< padded to whole packs
    double dt = 0;
    double v_limit = 0;
    const double* parameters = nullptr;        ///< [parameters], the same for all
    double* states = nullptr;                  ///< columns
    std::size_t stride = 0;                    ///< from column to column, here and below
    double* hold = nullptr;                    ///< refractory time that is left [ms]
    const double* i = nullptr;                 ///< [compartments] columns of input currents, i - g v [nA]
    const double* g = nullptr;                 ///< [compartments] columns [uS]
    std::vector<neuron_spike>* spikes = nullptr;
    bool jumps = false;                        ///< potentials may have been lifted above the threshold since the last step
};

/// One neuron's input, for the functions of one neuron: [most_neuron_compartments] each.
struct neuron_drive {
    const double* i;
    const double* g;
    double free;
};

/// The compiled forms of a neuron model. Functions of one neuron take its states and its parameters.
struct neuron_table {
    /// One step of all neurons, [0]: one at a time, [1]: in packs. False if a potential left the limit.
    bool (*run[2])(const neuron_view&) = {};
    void (*rest)(const double* p, double* s) = nullptr;
    void (*rates)(const double* s, const double* p, const neuron_drive& in, double* out) = nullptr;
    void (*decayed)(double* s, const double* p, double time) = nullptr;   ///< after so long without input [ms]
    double (*excess)(const double* s, const double* p) = nullptr;     ///< null without spikes
    void (*spiked)(double* s, const double* p) = nullptr;
    double (*refractory)(const double* p) = nullptr;                  ///< null if never
    void (*released)(double* s, const double* p) = nullptr;           ///< null if nothing happens then
    double (*next_turn)(const double* s, const double* p) = nullptr;  ///< null if the rates never jump by themselves
    void (*turned)(double* s, const double* p) = nullptr;
};

}  // namespace apical::kernels
