// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "core/image.hpp"

namespace apical {

/// Events that other cells have sent to one that takes steps of its own, by time; of one time, as they came. They are counted from the
/// beginning of the run, and those taken stay until they are forgotten, so that a course can be gone again.
class timed_events {
public:
    struct event {
        double time;                               ///< [ms]
        int group, instance;
        double weight;
        double heard = 0;                          ///< where the cell was when it learned of it [ms]
        void transfer(image& i) { i(time), i(group), i(instance), i(weight), i(heard); }
    };

    timed_events() = default;
    /// With so many that are forgotten.
    explicit timed_events(std::size_t forgotten) : forgotten_(forgotten) {}
    /// After the first `taken`.
    void add(event e, std::size_t taken) {
        const auto open = list_.begin() + static_cast<std::ptrdiff_t>(taken - forgotten_);
        list_.insert(std::upper_bound(open, list_.end(), e.time, [](double t, const event& x) { return t < x.time; }), e);
    }
    /// The n-th, which must not be forgotten.
    const event& at(std::size_t n) const { return list_[n - forgotten_]; }
    /// Its time; infinite if there is none.
    double time(std::size_t n) const { return n < end() ? at(n).time : std::numeric_limits<double>::infinity(); }
    std::size_t begin() const { return forgotten_; }
    std::size_t end() const { return forgotten_ + list_.size(); }
    /// Those before the n-th, now or when there are more.
    void forget(std::size_t n) {
        constexpr std::size_t worth_it = 64;
        const auto some = n - forgotten_;
        if (some < worth_it || some < list_.size()/2) return;
        list_.erase(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(some));
        forgotten_ = n;
    }
    void transfer(image& i) {
        i(list_, [&](event& e) { e.transfer(i); });
        i(forgotten_);
    }

private:
    std::vector<event> list_;
    std::size_t forgotten_ = 0;
};

}  // namespace apical
