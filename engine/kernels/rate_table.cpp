// SPDX-License-Identifier: BSD-3-Clause
#include "engine/kernels/rate_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <type_traits>

#include "core/math.hpp"
#include "core/members.hpp"
#include "engine/kernels/rate_groups.hpp"

namespace apical::kernels {
namespace {

/// The states of a channel, at most as many as a record has members.
using states = std::array<double, most_members>;

/// What a channel that follows the voltage is given for parameters, which it does not look at.
constexpr states unread{};

/// Where gates tend to, and the part of the way they go in a step.
struct motion { states target{}, way{}; };

states after(const rate_table::channel& c, double start, const membrane<double>& at, double dt) {
    states s;
    s.fill(start);
    c.kernels->advance({s.data(), 1, unread.data(), 1}, at, dt);
    return s;
}

motion motion_at(const rate_table::channel& c, double v, double dt) {
    const membrane<double> at{v, 0, 0, 0, c.q, 0};
    motion m;
    c.kernels->rest({m.target.data(), 1, unread.data(), 1}, at);
    const auto from_0 = after(c, 0, at, dt);
    for (std::size_t i = 0; i < static_cast<std::size_t>(c.states); ++i) {
        const double x = m.target[i];
        m.way[i] = x > 1e-280 ? from_0[i]/x : (1 - after(c, 1, at, dt)[i])/(1 - x);   // from 0 to 0 says nothing of the way
    }
    return m;
}

/// Whether gates go straight to their targets, from wherever they start.
bool is_first_order(const rate_table::channel& c, double v, double dt, const motion& m) {
    for (const double start : {0.0, 0.5, 1.0}) {
        const auto end = after(c, start, {v, 0, 0, 0, c.q, 0}, dt);
        for (std::size_t i = 0; i < static_cast<std::size_t>(c.states); ++i)
            if (!(std::abs(start + m.way[i]*(m.target[i] - start) - end[i]) <= 1e-14)) return false;
    }
    return true;
}

/// Voltage of the place x in [-1/2, 1/2] of an interval.
double voltage_at(int interval, double x) { return rate_table::low + (interval + 0.5 + x)/rate_table::per_mv; }

/// The monomials, on [-1/2, 1/2], of the polynomials that are 1 at one Chebyshev node and 0 at the others, and the nodes.
template <std::size_t terms> struct basis {
    std::array<double, terms> nodes{};
    std::array<std::array<double, terms>, terms> monomials{};   // [node][power]

    basis() {
        std::array<long double, terms> x{};
        for (std::size_t j = 0; j < terms; ++j) {
            nodes[j] = 0.5*std::cos(std::numbers::pi*(static_cast<double>(j) + 0.5)/static_cast<double>(terms));
            x[j] = nodes[j];
        }
        for (std::size_t j = 0; j < terms; ++j) {
            std::array<long double, terms> p{1};
            long double scale = 1;
            std::size_t order = 0;
            for (std::size_t i = 0; i < terms; ++i) {
                if (i == j) continue;
                for (std::size_t k = ++order; k > 0; --k) p[k] = p[k - 1] - x[i]*p[k];
                p[0] *= -x[i], scale *= x[j] - x[i];
            }
            for (std::size_t k = 0; k < terms; ++k) monomials[j][k] = static_cast<double>(p[k]/scale);
        }
    }
};

/// By Horner's scheme; the highest power comes first.
double fma_of(double a, double b, double c) { return math::fma(a, b, c); }
float fma_of(float a, float b, float c) { return std::fma(a, b, c); }
template <class Real> double evaluate(const double* coefficients, double x) {
    Real sum = static_cast<Real>(coefficients[0]);
    for (int k = 1; k < rate_groups::terms<Real>; ++k) sum = fma_of(sum, static_cast<Real>(x), static_cast<Real>(coefficients[k]));
    return sum;
}

}  // namespace

rate_table::rate_table(const std::vector<channel>& channels, double dt, precision p) : held_(channels.size(), false) {
    std::vector<function> functions;
    for (std::size_t m = 0; m < channels.size(); ++m) {
        const auto before = functions.size();
        if (p == precision::single) add<float>(channels[m], dt, functions);
        else add<double>(channels[m], dt, functions);
        held_[m] = functions.size() > before;
    }
    if (p == precision::single) singles_ = rate_groups::interleaved<float>(functions);
    else coefficients_ = rate_groups::interleaved<double>(functions);
}

/// Adds target and way of every state of a channel, or nothing if one of them is not smooth.
template <class Real> void rate_table::add(const channel& c, double dt, std::vector<function>& functions) {
    constexpr std::size_t terms = rate_groups::terms<Real>, degree = terms - 1;
    static const basis<terms> fit;
    constexpr std::array checks{-0.5, -0.36, -0.1, 0.19, 0.44};   // the edge that is the interval's own, and between nodes
    constexpr double epsilon = std::numeric_limits<Real>::epsilon(), allowed = std::is_same_v<Real, double> ? tolerance : single_tolerance;
    constexpr double least = std::is_same_v<Real, double> ? 2*epsilon : 0;
    const auto n = static_cast<std::size_t>(c.states);
    std::vector<function> own(2*n, function(intervals*terms, 0.0));
    std::vector<bool> slow_ones(n, false);
    for (int i = 0; i < intervals; ++i) {
        const auto start = static_cast<std::size_t>(i)*terms;
        for (std::size_t j = 0; j < terms; ++j) {
            const auto m = motion_at(c, voltage_at(i, fit.nodes[j]), dt);
            for (std::size_t s = 0; s < n; ++s)
                for (std::size_t k = 0; k < terms; ++k) {
                    own[2*s][start + degree - k] += m.target[s]*fit.monomials[j][k];
                    own[2*s + 1][start + degree - k] += m.way[s]*fit.monomials[j][k];
                }
        }
        for (const double x : checks) {
            const double v = voltage_at(i, x);
            const auto m = motion_at(c, v, dt);
            if (!is_first_order(c, v, dt, m)) return;
            for (std::size_t s = 0; s < n; ++s) {
                const double target = evaluate<Real>(own[2*s].data() + start, x), way = evaluate<Real>(own[2*s + 1].data() + start, x);
                if (!(std::abs(target - m.target[s]) <= allowed*m.target[s])) return;
                if (!(std::abs(way - m.way[s]) <= allowed*m.way[s] + least)) return;
                if (m.way[s] < slow) slow_ones[s] = true;
            }
        }
    }
    std::ranges::move(own, std::back_inserter(functions));
    for (int s = 0; s < c.states; ++s) columns_.push_back(c.first + s), is_slow_.push_back(slow_ones[static_cast<std::size_t>(s)]);
}

bool rate_table::covers(const region_view& r, int k) {
    const V v = V::load(r.v + k*width);
    const auto above = v > V(low), below = v < V(high);   // false for NaN
    const auto inside = above.low & above.high & below.low & below.high;
    bool all = true;
    for (int l = 0; l < native_width; ++l) all = all && inside[l];
    return all;
}

void rate_table::advance(const region_view& r, int first, int last) const {
    const int from = first*width, rows = (last - first)*width, gates = static_cast<int>(columns_.size());
    const auto of = [&](auto* column, std::size_t stride, int i) { return column + from + static_cast<std::size_t>(columns_[static_cast<std::size_t>(i)])*stride; };
    if (singles_.empty())
        rate_groups::advance_all<double>(r.v + from, rows, coefficients_.data(), gates, [&](int i) { return of(r.states, r.state_stride, i); },
                                         [](int) -> double* { return nullptr; });
    else
        rate_groups::advance_all<float>(r.v + from, rows, singles_.data(), gates, [&](int i) { return of(r.gates, r.gate_stride, i); },
                                        [&](int i) { return is_slow_[static_cast<std::size_t>(i)] ? of(r.gate_remainders, r.gate_stride, i) : nullptr; });
}

}  // namespace apical::kernels
