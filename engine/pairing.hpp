// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/catalogue.hpp"

namespace apical {

/// A rule on the bench: synapses whose two sides are told what to do. What experiments on pairs of cells do, and what published curves of
/// rules are made of.
struct pairing {
    /// Arrivals, and spikes of the cell [ms], each at the nearest step. At one time the spike of the cell comes first: it ends a step, the
    /// arrival begins one.
    std::vector<double> pre, post;
    double weight = 0.5;                           ///< at the start, in the rule's own unit
    double low = -1e300, high = 1e300;             ///< bounds
    double dt = 0.1;                               ///< [ms]
    double until = 0;                              ///< [ms]; 0: 1 s after the last spike
    double interval = 0;                           ///< of the clock of rules that have one [ms]; 0: every step
    int copies = 1;                                ///< synapses alike but for chance
    std::uint64_t seed = 1;
    /// The signals that the rule reads continuously, by their names, "potential" [mV], "calcium" [mM], ...: at a time [ms].
    std::vector<std::pair<std::string, std::function<double(double)>>> signals = {};
    /// (modulator, time [ms], amount): releases, which decay over `modulator_tau`.
    struct release { std::string modulator; double time, amount; };
    std::vector<release> releases = {};
    double modulator_tau = 200;                    ///< [ms]
};

/// The weights of all copies at the end. `parameters`: coherent, of every parameter of the rule. Throws invalid_model if the pairing does not
/// give a signal that the rule reads.
std::vector<double> paired(const rule_entry& rule, const std::vector<double>& parameters, const pairing& p);

}  // namespace apical
