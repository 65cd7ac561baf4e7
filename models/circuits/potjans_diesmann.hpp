// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "circuit/circuit.hpp"

namespace apical::models {

struct potjans_diesmann_options {
    enum class drive { poisson, direct_current };
    enum class start { original, optimised };      ///< N(-58, 10) mV for all, or a normal distribution a population that shortens the transient
    double neurons = 1;                            ///< part of the neurons that is there
    double synapses = 1;                           ///< part of the inputs of each; weights and a current make up for the rest
    drive background = drive::poisson;
    start potentials = start::optimised;
    bool thalamus = false;                         ///< 902 cells that fire at 120 Hz for 10 ms, once
    duration thalamus_start = 700*units::ms;
};

/// The column under 1 mm2 of early sensory cortex: 77 169 leaky integrate-and-fire neurons in eight populations, L23E to L6I, and
/// 0.3 billion synapses that are exponential currents. Meant for steps of 0.1 ms.
///
/// With fewer inputs weights grow by one over the root of their part, which keeps the variance of the input; a constant current keeps
/// its mean, by the published rates. Van Albada, Helias & Diesmann (2015) PLoS Comput Biol 11:e1004490.
/// Throws invalid_model if a part is not in (0, 1].
circuit potjans_diesmann(const potjans_diesmann_options& = {});

/// Names and published mean rates [Hz] of the eight populations; of the reference implementation in NEST.
inline constexpr std::array potjans_diesmann_names{"L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"};
inline constexpr std::array potjans_diesmann_rates{0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829};

/// The current that makes a potential of this amplitude at its peak.
current synaptic_current(voltage peak, quantity<dimensions::capacitance> membrane, duration tau_membrane, duration tau_synapse);

}  // namespace apical::models
