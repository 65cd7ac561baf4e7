// SPDX-License-Identifier: BSD-3-Clause
#include "engine/trace.hpp"

#include <cstddef>

namespace apical {
namespace {

/// The polynomial through n points, by Neville's scheme.
double through(int n, std::array<double, 4> at, std::array<double, 4> value, double when) {
    for (int order = 1; order < n; ++order)
        for (int i = 0; i + order < n; ++i) {
            const auto k = static_cast<std::size_t>(i), l = static_cast<std::size_t>(i + order);
            value[k] = value[k] + (value[k + 1] - value[k])*((when - at[k])/(at[l] - at[k]));
        }
    return value[0];
}

}  // namespace

double crossing(const trace& before, double when, double x, double threshold) {
    const double start = before.at[0], length = when - start;
    const std::array<double, 4> at{1, 0, (before.at[1] - start)/length, (before.at[2] - start)/length};
    const std::array<double, 4> value{x, before.value[0], before.value[1], before.value[2]};
    const int points = before.known == 3 ? 4 : 2;
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high)/2;
        (through(points, at, value, middle) <= threshold ? low : high) = middle;
    }
    return low;
}

double between(const trace& t, double when) {
    return through(t.known, {t.at[0], t.at[1], t.at[2], 0}, {t.value[0], t.value[1], t.value[2], 0}, when);
}

}  // namespace apical
