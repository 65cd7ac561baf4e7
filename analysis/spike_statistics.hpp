// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>
#include <span>

namespace apical {

/// What is usually said about one cell's spikes. Numbers that the train is too short for are not-a-number.
struct spike_statistics {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    int count = 0;
    double rate = 0;              ///< count over the length of the window [Hz]
    double first = none, last = none;   ///< [ms]
    double mean_interval = none;  ///< between neighbouring spikes [ms]; two spikes or more
    double interval_cv = none;    ///< standard deviation of the intervals (n - 1) over their mean; three spikes or more
    /// Mean of (I[k+1] - I[k])/(I[k+1] + I[k]) over neighbouring intervals; positive if the train slows down; three spikes or more.
    /// Hay et al. (2011) PLoS Comput Biol 7:e1002107, "adaptation index".
    double adaptation = none;
};

/// Statistics of the spikes within [from, until) [ms]; `times` [ms] in any order.
/// Throws invalid_input if the window is empty or a time is not finite.
spike_statistics describe_spikes(std::span<const double> times, double from, double until);

}  // namespace apical
