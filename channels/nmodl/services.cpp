// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/services.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"

namespace apical::nmodl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The point of an axis at or below x, and how far x is on the way to the next.
struct axis_place {
    std::size_t below = 0;
    double share = 0;
};
axis_place place_on(const std::vector<double>& axis, double x) {
    const auto above = static_cast<std::size_t>(std::ranges::upper_bound(axis, x) - axis.begin());
    if (above == 0) return {};
    if (above == axis.size()) return {axis.size() - 1, 0};
    return {above - 1, (x - axis[above - 1])/(axis[above] - axis[above - 1])};
}

/// The sum over the corners of the cell that x is in, axis by axis.
double interpolated(const function_table& t, std::span<const axis_place> places, std::size_t axis, std::size_t at) {
    if (axis == places.size()) return t.values[at];
    const auto [below, share] = places[axis];
    const double low = interpolated(t, places, axis + 1, at*t.axes[axis].size() + below);
    return share == 0 ? low : low + share*(interpolated(t, places, axis + 1, at*t.axes[axis].size() + below + 1) - low);
}

}  // namespace

double random_number(const instance_view& at, int instance, builtin kind, int stream, std::uint64_t nth, double a, double b) {
    constexpr double largest_mean = 1e15;
    const std::uint64_t identity = at.identity ? at.identity[instance] : static_cast<std::uint64_t>(instance);
    random_stream numbers(at.seed, identity, at.draw, static_cast<std::uint64_t>(stream + 1) << 32 | nth);
    switch (kind) {
        case builtin::uniform: return numbers.uniform(a, b);
        case builtin::normal: return numbers.normal(a, b);
        case builtin::exponential: return numbers.exponential(a);
        default: return a >= 0 && a <= largest_mean ? static_cast<double>(numbers.poisson(a)) : nan;
    }
}

double table_value(const function_table& t, std::span<const double> x) {
    if (t.axes.size() != x.size()) return nan;
    std::vector<axis_place> places;
    std::size_t points = 1;
    for (std::size_t k = 0; k < x.size(); ++k) {
        if (t.axes[k].empty() || std::isnan(x[k])) return nan;
        places.push_back(place_on(t.axes[k], x[k]));
        points *= t.axes[k].size();
    }
    return t.values.size() == points ? interpolated(t, places, 0, 0) : nan;
}

}  // namespace apical::nmodl
