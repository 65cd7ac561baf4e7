// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/services.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical::nmodl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double interpolated(const function_table& t, const double* x, int arguments) {
    if (static_cast<int>(t.axes.size()) != arguments) return nan;
    std::size_t below[3] = {}, total = 1;
    double share[3] = {};
    for (int k = 0; k < arguments; ++k) {
        const auto& axis = t.axes[k];
        if (axis.empty() || std::isnan(x[k])) return nan;
        total *= axis.size();
        const auto above = static_cast<std::size_t>(std::ranges::upper_bound(axis, x[k]) - axis.begin());
        below[k] = std::min(above > 0 ? above - 1 : 0, axis.size() - 1);
        if (above > 0 && above < axis.size()) share[k] = (x[k] - axis[below[k]])/(axis[above] - axis[below[k]]);
    }
    if (t.values.size() != total) return nan;
    double sum = 0;
    for (int corner = 0; corner < 1 << arguments; ++corner) {
        double weight = 1;
        std::size_t at = 0;
        for (int k = 0; k < arguments; ++k) {
            const bool upper = corner >> k & 1;
            weight *= upper ? share[k] : 1 - share[k];
            at = at*t.axes[k].size() + std::min(below[k] + upper, t.axes[k].size() - 1);
        }
        if (weight != 0) sum += weight*t.values[at];
    }
    return sum;
}

double drawn(builtin kind, random_stream stream, double a, double b) {
    constexpr double largest_mean = 1e15;
    switch (kind) {
        case builtin::uniform: return stream.uniform(a, b);
        case builtin::normal: return stream.normal(a, b);
        case builtin::exponential: return stream.exponential(a);
        default: return a >= 0 && a <= largest_mean ? static_cast<double>(stream.poisson(a)) : nan;
    }
}

}  // namespace apical::nmodl
