// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"

namespace apical {

/// How a cell is measured to be reduced.
struct reduction_options {
    duration settle = 500*units::ms;     ///< before a current begins
    duration step = 1000*units::ms;      ///< how long it lasts
    current probe = -20*units::pA;       ///< for resistance and time constant
    current weakest = 10*units::pA;      ///< of the steps that look for the rheobase; each of twelve is 1.7 times the one before
};

/// The point neuron that answers steps of current at the soma most nearly as a cell does, and how nearly.
struct point_reduction {
    neuron point;                             ///< an "adex"
    double rest = 0;                          ///< of the cell [mV]
    double resistance = 0;                    ///< input resistance at its soma [Mohm]
    double time_constant = 0;                 ///< to 1 - 1/e of its answer to a small step [ms]
    double rheobase = 0;                      ///< weakest step that makes it spike [nA]
    std::vector<double> currents;             ///< of the steps it is fitted to [nA]
    std::vector<double> of_cell, of_point;    ///< [currents] rates in the step; of trains that last, between the first and the last spike [Hz]
    double deviation = 0;                     ///< root of the mean squared difference of the two [Hz]
};

/// Measures a cell and fits an adaptive exponential integrate-and-fire neuron to it. Rest, resistance and time constant are those of the
/// cell; the threshold, first put where it gives the rheobase, rest + delta_t + rheobase resistance (Touboul & Brette (2008) Biol Cybern 99:319, a = 0), the
/// adaptation's jump and time constant, the reset and the refractory time are those with which rates at twelve currents from the rheobase to
/// three times that are nearest.
///
/// What a point neuron cannot have is lost: where inputs arrive, and what dendrites make of them.
/// Throws invalid_input if the cell does not rest, does not answer the probe or never spikes; what compile() and run() throw.
point_reduction reduce_to_point(const cell& c, const run_options& run, const reduction_options& o = {});

}  // namespace apical
