// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/circuit.hpp"

namespace apical::models {

/// The four states of the paper's figure 8.
struct brunel_options {
    double g = 5;                                  ///< an inhibitory weight over an excitatory one
    double nu_ext = 2;                             ///< external rate, over the one that just reaches the threshold
    double scale = 1;                              ///< part of the neurons; each has the inputs that the full network gives it
    static constexpr brunel_options synchronous_regular() { return {.g = 3, .nu_ext = 2}; }             ///< A
    static constexpr brunel_options fast_oscillation() { return {.g = 6, .nu_ext = 4}; }                ///< B
    static constexpr brunel_options asynchronous_irregular() { return {.g = 5, .nu_ext = 2}; }          ///< C
    static constexpr brunel_options slow_oscillation() { return {.g = 4.5, .nu_ext = 0.9}; }            ///< D
};

/// The sparsely connected network of 10 000 excitatory and 2 500 inhibitory integrate-and-fire neurons, each with 1 000 and 250 inputs of
/// 0.1 mV and a delay of 1.5 ms. In the paper a spike makes the potential jump; here the same charge flows as a current that decays in
/// 0.5 ms. Brunel (2000) J Comput Neurosci 8:183. Meant for steps of 0.1 ms.
/// Throws invalid_model if fewer neurons are left than inputs.
circuit brunel(const brunel_options& = {});

}  // namespace apical::models
