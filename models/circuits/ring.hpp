// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/circuit.hpp"

namespace apical::models {

struct ring_options {
    int rings = 16;
    int cells = 8;                       ///< of each ring
    int levels = 3;                      ///< at which the dendrite forks: 2^(levels + 1) - 1 branches
    int compartments = 4;                ///< of each branch
    int fan_in = 0;                      ///< inputs of no weight onto each cell, from random cells: the load of a dense circuit, without its effect
    duration delay = 5*units::ms;
    conductance weight = 0.02*units::uS;
};

/// Rings of detailed cells, around each of which one spike travels: a soma with Hodgkin-Huxley currents and a passive dendrite that
/// forks. A benchmark, after NEURON's ringtest and Arbor's busyring. Meant for steps of 0.025 ms.
/// Throws invalid_model if a number is out of range.
circuit ring(const ring_options& = {});

}  // namespace apical::models
