// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace apical {

/// Which spikes of two trains are the same spike.
struct spike_matching {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;   ///< indices into the first and the second train, increasing
    std::vector<std::size_t> only_first, only_second;         ///< spikes without a partner
};

/// Pairs the spikes of two trains, both in order of time [ms], so that the distances of partners and `limit`/2 for each spike without
/// one are least in sum: spikes further apart than `limit` are no partners, and order is kept. The distance is that of Victor & Purpura
/// (1996) J Neurophysiol 76:1310 with q = 2/limit. Takes time and memory of the product of the numbers of spikes that can meet.
/// Throws invalid_input if a time is not finite, a train not in order, or `limit` not positive.
spike_matching match_spikes(std::span<const double> first, std::span<const double> second, double limit);

}  // namespace apical
