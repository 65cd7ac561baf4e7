// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/links.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "frontends/cli/stopwatch.hpp"

namespace apical::cli {
namespace {

/// Median time of exchanges in which every process sends so many spikes, and bytes that come in one.
std::pair<double, double> exchange(communicator& ranks, std::size_t spikes, int times) {
    const std::vector<sent_spike> mine(spikes, {0, 0});
    const auto once = [&] {
        ranks.begin_exchange(mine);
        ranks.end_exchange();
    };
    constexpr int until_slots_fit = 5;
    for (int k = 0; k < until_slots_fit; ++k) once();
    std::vector<double> seconds;
    const auto before = ranks.received();
    for (int k = 0; k < times; ++k) {
        stopwatch watch;
        once();
        seconds.push_back(watch.lap());
    }
    std::ranges::sort(seconds);
    return {ranks.largest(seconds[seconds.size()/2]), static_cast<double>(ranks.received() - before)/times};
}

}  // namespace

links measured_links(communicator& ranks) {
    const auto [quick, few] = exchange(ranks, 0, 301);
    const auto [slow, many] = exchange(ranks, 2500, 101);
    const double steps = std::max(1.0, std::ceil(std::log2(static_cast<double>(ranks.size()))));
    return {quick/steps, std::max(many - few, 1.0)/std::max(slow - quick, 1e-9)};
}

}  // namespace apical::cli
