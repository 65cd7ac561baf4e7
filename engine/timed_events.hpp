// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace apical {

/// Events that other cells have sent to one that takes steps of its own, by time; of one time, as they came. Those taken stay, so that
/// a course can be gone again.
class timed_events {
public:
    struct event {
        double time;                               ///< [ms]
        int group, instance;
        double weight;
    };

    void add(event e) {
        const auto at = std::ranges::upper_bound(list_, e.time, {}, &event::time);
        list_.insert(at, e);
    }
    const event* at(std::size_t n) const { return n < list_.size() ? &list_[n] : nullptr; }
    /// The time of the n-th; infinite if there is none.
    double time(std::size_t n) const { return n < list_.size() ? list_[n].time : std::numeric_limits<double>::infinity(); }

private:
    std::vector<event> list_;
};

}  // namespace apical
