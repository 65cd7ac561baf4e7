// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/layered/scheme.hpp"

namespace apical {

/// What units of a layered net send in a trial, in outputs of 1 that last for a phase: what spikes would be counted from. A phase counts
/// once, whatever its steps, by their mean.
struct layered_traffic {
    double units = 0;                          ///< of all groups, inputs included
    double phases = 0;
    double sent = 0;                           ///< sizes of all outputs; and of errors and bursts, where these go down
    double delivered = 0;                      ///< the same, each as often as it arrives at a synapse
};

namespace layered {

/// Adds what is sent in a step of a phase, times a weight.
void add_traffic(layered_traffic& to, const wiring& w, const scheme& way, const trial& t, int phase, double weight);

}  // namespace layered
}  // namespace apical
