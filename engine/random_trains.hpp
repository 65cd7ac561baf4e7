// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "engine/network.hpp"

namespace apical {

/// The Poisson trains of random sources, drawn an interval at a time. Time is cut into windows of whole milliseconds, a few intervals
/// long; a train begins anew in each, which a Poisson train does not mind, with a stream of (seed, source, window). So spikes belong to
/// their time, wherever a run begins and however it is cut up, and what is kept here is only what need not be drawn twice.
class random_trains {
public:
    /// Length of the windows of such a rate [1/ms, ms].
    static double window_of(double rate);
    /// Appends the spikes of sources with times in [from, to) [ms], those of each window in order of time, then gid.
    void emit(const random_source_plan& s, std::uint64_t seed, double from, double to, std::vector<sent_spike>& out);

private:
    void draw(const random_source_plan& s, std::uint64_t seed, std::int64_t window);

    std::int64_t window_ = -1;                     ///< the one that spikes_ are of
    std::vector<sent_spike> spikes_;               ///< by time, then gid
};

}  // namespace apical
