// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace apical::solvers {

/// The largest |x_i w_i| of n; infinite if any is no number, so that no test passes one. In lanes, which a compiler makes vectors of.
inline double largest_weighted(const double* x, const double* w, std::size_t n) {
    constexpr std::size_t lanes = 16;
    double most[lanes] = {}, sum[lanes] = {};
    const auto take = [&](std::size_t i, std::size_t lane) {
        const double e = std::abs(x[i]*w[i]);
        most[lane] = e > most[lane] ? e : most[lane], sum[lane] += e;
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t l = 0; l < lanes; ++l) take(i + l, l);
    for (; i < n; ++i) take(i, 0);
    double largest = 0, total = 0;
    for (std::size_t l = 0; l < lanes; ++l) largest = std::max(largest, most[l]), total += sum[l];
    return std::isfinite(total) ? largest : std::numeric_limits<double>::infinity();
}

}  // namespace apical::solvers
