// SPDX-License-Identifier: BSD-3-Clause
#include "engine/kernels/rate_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numbers>

#include "core/math.hpp"
#include "core/members.hpp"

namespace apical::kernels {
namespace {

constexpr int terms = rate_table::degree + 1;
constexpr std::size_t pair_size = 4*terms;
using quad = pack<4>;   // target and way of two gates

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
struct basis {
    std::array<double, terms> nodes{};
    std::array<std::array<double, terms>, terms> monomials{};   // [node][power]

    basis() {
        std::array<long double, terms> x{};
        for (int j = 0; j < terms; ++j) {
            nodes[static_cast<std::size_t>(j)] = 0.5*std::cos(std::numbers::pi*(j + 0.5)/terms);
            x[static_cast<std::size_t>(j)] = nodes[static_cast<std::size_t>(j)];
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

/// As the kernel evaluates it; the highest power comes first.
double evaluate(const double* coefficients, double x) {
    double sum = coefficients[0];
    for (int k = 1; k < terms; ++k) sum = math::fma(sum, x, coefficients[k]);
    return sum;
}

[[gnu::always_inline]] inline void transpose(quad (&a)[4]) {
    using lanes = quad::lanes;
    const auto even = [](quad x, quad y) { return __builtin_shufflevector(x.v, y.v, 0, 4, 2, 6); };
    const auto odd = [](quad x, quad y) { return __builtin_shufflevector(x.v, y.v, 1, 5, 3, 7); };
    const lanes e0 = even(a[0], a[1]), o0 = odd(a[0], a[1]), e1 = even(a[2], a[3]), o1 = odd(a[2], a[3]);
    a[0] = quad(lanes(__builtin_shufflevector(e0, e1, 0, 1, 4, 5))), a[1] = quad(lanes(__builtin_shufflevector(o0, o1, 0, 1, 4, 5)));
    a[2] = quad(lanes(__builtin_shufflevector(e0, e1, 2, 3, 6, 7))), a[3] = quad(lanes(__builtin_shufflevector(o0, o1, 2, 3, 6, 7)));
}

/// Rows that are advanced together: where each is in the tables. Found before, so that the processor looks ahead; and gates are
/// advanced two at a time through all of these rows, so that the part of a table that the voltages are in stays in the nearest cache.
struct places {
    static constexpr int most = 256;
    alignas(64) double x[most];                  ///< in the interval, -1/2 to 1/2
    alignas(64) std::int32_t offset[most];       ///< of the interval, in doubles

    void find(const double* v, int rows) {
        for (int e = 0; e < rows; ++e) {
            const double position = math::fma(v[e], rate_table::per_mv, -rate_table::low*rate_table::per_mv);
            const auto interval = std::min(static_cast<std::int32_t>(position), rate_table::intervals - 1);
            offset[e] = interval*static_cast<std::int32_t>(pair_size);
            x[e] = position - interval - 0.5;
        }
    }
};

/// Advances two gates, or one, of four rows.
template <bool both> [[gnu::always_inline]] inline void advance_pair(const double* const (&interval)[4], const quad (&x)[4], double* first, double* second) {
    quad a[4];
    for (int r = 0; r < 4; ++r) a[r] = quad::load(interval[r]);
    for (int k = 1; k < terms; ++k)
        for (int r = 0; r < 4; ++r) a[r] = math::fma(a[r], x[r], quad::load(interval[r] + 4*k));
    transpose(a);
    const quad s = quad::load(first);
    math::fma(a[1], a[0] - s, s).store(first);
    if constexpr (both) {
        const quad t = quad::load(second);
        math::fma(a[3], a[2] - t, t).store(second);
    }
}

/// Advances up to four gates of all rows, in two tables one behind the other.
template <int gates> void advance_gates(const places& at, int rows, const double* table, double* const (&column)[4]) {
    constexpr auto next = static_cast<std::ptrdiff_t>(rate_table::intervals*pair_size);
    double* const first = column[0];
    double* const second = column[1];
    double* const third = column[2];
    double* const fourth = column[3];
    for (int e = 0; e < rows; e += 4) {
        const double* interval[4];
        quad x[4];
        for (int r = 0; r < 4; ++r) interval[r] = table + at.offset[e + r], x[r] = quad(at.x[e + r]);
        advance_pair<(gates > 1)>(interval, x, first + e, second + e);
        if constexpr (gates > 2) {
            for (const double*& i : interval) i += next;
            advance_pair<(gates > 3)>(interval, x, third + e, fourth + e);
        }
    }
}

}  // namespace

rate_table::rate_table(const std::vector<channel>& channels, double dt) : held_(channels.size(), false) {
    std::vector<function> functions;
    for (std::size_t m = 0; m < channels.size(); ++m) {
        const auto before = functions.size();
        add(channels[m], dt, functions);
        held_[m] = functions.size() > before;
    }
    interleave(functions);
}

/// Adds target and way of every state of a channel, or nothing if one of them is not smooth.
void rate_table::add(const channel& c, double dt, std::vector<function>& functions) {
    static const basis fit;
    constexpr std::array checks{-0.5, -0.36, -0.1, 0.19, 0.44};   // the edge that is the interval's own, and between nodes
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    const auto n = static_cast<std::size_t>(c.states);
    std::vector<function> own(2*n, function(static_cast<std::size_t>(intervals*terms), 0.0));
    for (int i = 0; i < intervals; ++i) {
        const auto start = static_cast<std::size_t>(i*terms);
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
                const double target = evaluate(own[2*s].data() + start, x), way = evaluate(own[2*s + 1].data() + start, x);
                if (!(std::abs(target - m.target[s]) <= tolerance*m.target[s])) return;
                if (!(std::abs(way - m.way[s]) <= tolerance*m.way[s] + 2*epsilon)) return;
            }
        }
    }
    std::ranges::move(own, std::back_inserter(functions));
    for (int s = 0; s < c.states; ++s) columns_.push_back(c.first + s);
}

void rate_table::interleave(const std::vector<function>& functions) {
    const auto pairs = (columns_.size() + 1)/2;
    coefficients_.assign(pairs*intervals*pair_size, 0.0);
    for (std::size_t f = 0; f < functions.size(); ++f)
        for (std::size_t i = 0; i < intervals; ++i)
            for (std::size_t k = 0; k < terms; ++k)
                coefficients_[(f/4*intervals + i)*pair_size + 4*k + f % 4] = functions[f][i*terms + k];
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
    constexpr void (*advancers[])(const places&, int, const double*, double* const (&)[4]) = {advance_gates<1>, advance_gates<2>, advance_gates<3>,
                                                                                          advance_gates<4>};
    places at;
    for (int from = first*width; from < last*width; from += places::most) {
        const int rows = std::min(places::most, last*width - from);
        at.find(r.v + from, rows);
        for (std::size_t g = 0; g < columns_.size(); g += 4) {
            const auto gates = std::min<std::size_t>(4, columns_.size() - g);
            double* columns[4] = {};
            for (std::size_t i = 0; i < gates; ++i) columns[i] = r.states + from + static_cast<std::size_t>(columns_[g + i])*r.state_stride;
            advancers[gates - 1](at, rows, coefficients_.data() + g/2*intervals*pair_size, columns);
        }
    }
}

}  // namespace apical::kernels
