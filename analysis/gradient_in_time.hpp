// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
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
/// probabilities are drawn as for trials from number `first` on. Throws unsupported for other schemes.
direction_in_time descent_in_time(const layered_training& run, const data_set& d, std::uint64_t seed = 0, std::uint64_t first = 0);

}  // namespace apical
