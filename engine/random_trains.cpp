// SPDX-License-Identifier: BSD-3-Clause
#include "engine/random_trains.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/random.hpp"

namespace apical {

double random_trains::window_of(double rate) {
    constexpr double intervals = 4, longest = 1000;   // of a window: few, so that a million sources do not fill the memory
    return std::floor(std::clamp(intervals/rate, 1.0, longest));
}

void random_trains::emit(const random_source_plan& s, std::uint64_t seed, double from, double to, std::vector<sent_spike>& out) {
    const double begin = std::max(from, s.start), end = std::min(to, s.stop), length = window_of(s.rate);
    if (!(begin < end)) return;
    for (auto window = static_cast<std::int64_t>(std::floor(begin/length)); static_cast<double>(window)*length < end; ++window) {
        if (window != window_) draw(s, seed, window);
        const auto first = std::ranges::lower_bound(spikes_, begin, {}, &sent_spike::time), last = std::ranges::lower_bound(spikes_, end, {}, &sent_spike::time);
        out.insert(out.end(), first, last);
    }
}

void random_trains::draw(const random_source_plan& s, std::uint64_t seed, std::int64_t window) {
    const double length = window_of(s.rate), begin = static_cast<double>(window)*length, end = begin + length;
    spikes_.clear(), window_ = window;
    for (const auto k : s.heard) {
        random_stream draws(seed, s.stream, k, static_cast<std::uint64_t>(window));
        for (double t = begin + draws.exponential(1/s.rate); t < end; t += draws.exponential(1/s.rate)) spikes_.push_back({s.first_gid + k, t});
    }
    std::ranges::sort(spikes_, {}, [](const sent_spike& x) { return std::pair(x.time, x.gid); });
}

}  // namespace apical
