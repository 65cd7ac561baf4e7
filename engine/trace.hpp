// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "core/image.hpp"

namespace apical {

/// A value in time, for what is asked of it between steps.
struct trace {
    std::array<double, 3> at{}, value{};           ///< times or positions, the latest first
    int known = 0;                                 ///< how many there are
    void add(double when, double x) {
        at = {when, at[0], at[1]}, value = {x, value[0], value[1]};
        known = known < 3 ? known + 1 : 3;
    }
    void transfer(image& i) {
        for (auto& x : at) i(x);
        for (auto& x : value) i(x);
        i(known);
    }
};
/// Where the polynomial through the last known values and (when, x), of third degree at most, crosses the threshold after the latest
/// of them, as a part of the distance to `when`.
double crossing(const trace& before, double when, double x, double threshold);
/// Value at a time between the last two, of the polynomial through all known ones.
double between(const trace& known, double when);

}  // namespace apical
