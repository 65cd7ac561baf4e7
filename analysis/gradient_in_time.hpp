// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "circuit/data_set.hpp"
#include "engine/layered_training.hpp"

namespace apical {

/// A direction for all weights of a net of the scheme `recurrent`.
struct direction_in_time {
    std::vector<std::vector<double>> forward, recurrent;   ///< [projections][receiving units x sending units]
};

/// The way down, exactly: minus the gradient of the loss of these examples, summed over steps and averaged over examples, by backpropagation
/// through time, with what stands for the derivative of a spike as the scheme has it, and no way through the reset of the membrane. The
/// yardstick of rules that do not go back in time. Where the rule `eprop` of the net holds rates near a target, so does the loss. Inputs that are
/// probabilities are drawn as those of trials from number `first` on. Throws unsupported for other schemes.
///
/// Where spikes of a cell change those of others, and these the next, what goes back may grow without end: in long trials the exact gradient is then mostly
/// that of the accidents of a trial, and points nowhere. With `longest`, what goes back to the potentials of a layer is at every step
/// held to that length, and goes on from there: no longer the gradient, but a way down. Pascanu, Mikolov & Bengio (2013) ICML.
direction_in_time descent_in_time(const layered_training& run, const data_set& d, std::uint64_t first, double longest = std::numeric_limits<double>::infinity());
/// The same, of the trials that `run` would present next.
inline direction_in_time descent_in_time(const layered_training& run, const data_set& d) { return descent_in_time(run, d, run.presented()); }

}  // namespace apical
