// SPDX-License-Identifier: BSD-3-Clause
#include "engine/kernels/rate_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <numbers>
#include <utility>

#include "core/math.hpp"
#include "core/members.hpp"

namespace apical::kernels {
namespace {

constexpr int terms = rate_table::degree + 1;
/// A vector of coefficients holds those of target and way of each gate of a group; where gates are few, of several powers side by side.
constexpr int lanes = native_width > 4 ? native_width : 4, most_gates = lanes/2;
using vector = pack<lanes>;

constexpr int powers_of(int gates) { return lanes/(2*gates); }
constexpr int vectors_of(int gates) { return (terms + powers_of(gates) - 1)/powers_of(gates); }
/// So many of the gates that are left make the next group: a power of two.
constexpr int next_group(int left) {
    int gates = most_gates;
    while (gates > left) gates /= 2;
    return gates;
}
constexpr std::size_t size_of(int gates) { return static_cast<std::size_t>(rate_table::intervals*vectors_of(gates)*lanes); }

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

/// By Horner's scheme; the highest power comes first.
double evaluate(const double* coefficients, double x) {
    double sum = coefficients[0];
    for (int k = 1; k < terms; ++k) sum = math::fma(sum, x, coefficients[k]);
    return sum;
}

/// Rows of functions become functions of rows; a step swaps the halves of squares of twice its distance.
template <int N, int distance = 1> [[gnu::always_inline]] inline void transpose(pack<N> (&a)[N]) {
    if constexpr (distance < N) {
        const auto join = [&]<int... lane>(std::integer_sequence<int, lane...>, int i) {
            const auto x = a[i].v, y = a[i + distance].v;
            a[i] = pack<N>(typename pack<N>::lanes(__builtin_shufflevector(x, y, (lane & distance ? N + lane - distance : lane)...)));
            a[i + distance] = pack<N>(typename pack<N>::lanes(__builtin_shufflevector(x, y, (lane & distance ? N + lane : lane + distance)...)));
        };
        for (int i = 0; i < N; ++i)
            if (!(i & distance)) join(std::make_integer_sequence<int, N>(), i);
        transpose<N, 2*distance>(a);
    }
}

/// Rows that are advanced together: where each is in the tables. Found before, so that the processor looks ahead; and gates are
/// advanced a group at a time through all of these rows, so that the part of a table that the voltages are in stays in the nearest cache.
struct places {
    static constexpr int most = rate_table::strip;
    alignas(64) double x[most];                  ///< in the interval, -1/2 to 1/2
    alignas(64) std::int64_t interval[most];

    void find(const double* v, int rows) {
        for (int e = 0; e < rows; e += lanes) {
            const auto position = math::fma(vector::load(v + e), vector(rate_table::per_mv), vector(-rate_table::low*rate_table::per_mv - 0.5));
            constexpr double shifter = 0x1.8p52;  // adding it rounds to an integer, which then sits in the low bits of the sum
            const auto whole = math::at_most((position + vector(shifter)) - vector(shifter), vector(rate_table::intervals - 1));
            (position - whole).store(x + e);
            const auto number = vector::words((whole + vector(shifter)).v) - std::bit_cast<std::int64_t>(shifter);
            std::memcpy(interval + e, &number, sizeof number);
        }
    }
};

/// Advances a group of gates in all rows. With p powers side by side the polynomials in x are p polynomials in x^p, joined at the end.
template <int gates> void advance_group(const places& at, int rows, const double* table, double* const* columns) {
    constexpr int powers = powers_of(gates), vectors = vectors_of(gates);
    for (int e = 0; e < rows; e += lanes) {
        const auto own_x = vector::load(at.x + e);
        alignas(64) double to_power[lanes];
        auto x_p = own_x;
        for (int p = 1; p < powers; p *= 2) x_p = x_p*x_p;
        x_p.store(to_power);
        vector a[lanes], x[lanes];
        const double* coefficients[lanes];
        for (int r = 0; r < lanes; ++r) {
            coefficients[r] = table + at.interval[e + r]*(vectors*lanes);
            x[r] = vector(powers > 1 ? to_power[r] : at.x[e + r]), a[r] = vector::load(coefficients[r]);
        }
        for (int k = 1; k < vectors; ++k)
            for (int r = 0; r < lanes; ++r) a[r] = math::fma(a[r], x[r], vector::load(coefficients[r] + lanes*k));
        transpose(a);                       // now of all rows: of each power, target and way of each gate
        for (int p = 1; p < powers; ++p)
            for (int f = 0; f < 2*gates; ++f) a[f] = math::fma(a[f], own_x, a[2*gates*p + f]);
        for (int g = 0; g < gates; ++g) {
            const auto s = vector::load(columns[g] + e);
            math::fma(a[2*g + 1], a[2*g] - s, s).store(columns[g] + e);
        }
    }
}
using advancer = void (*)(const places&, int, const double*, double* const*);
constexpr advancer advancer_of(int gates) {
    if (gates == 1) return advance_group<1>;
    if (gates == 2) return advance_group<2>;
    if constexpr (most_gates >= 4)
        if (gates == 4) return advance_group<4>;
    return nullptr;
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

/// The highest powers come first, as the kernel wants them.
void rate_table::interleave(const std::vector<function>& functions) {
    const auto place = [](int interval, int gates, int power, int function) {
        const int from_top = vectors_of(gates)*powers_of(gates) - 1 - power;
        return static_cast<std::size_t>((interval*vectors_of(gates) + from_top/powers_of(gates))*lanes + from_top % powers_of(gates)*2*gates + function);
    };
    int first = 0;
    for (int left = static_cast<int>(columns_.size()); left > 0;) {
        const int gates = next_group(left);
        const auto start = coefficients_.size();
        coefficients_.resize(start + size_of(gates), 0.0);
        for (int f = 0; f < 2*gates; ++f)
            for (int i = 0; i < intervals; ++i)
                for (int power = 0; power < terms; ++power)
                    coefficients_[start + place(i, gates, power, f)] = functions[static_cast<std::size_t>(first + f)][static_cast<std::size_t>(i*terms + degree - power)];
        first += 2*gates, left -= gates;
    }
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
    places at;
    for (int from = first*width; from < last*width; from += places::most) {
        const int rows = std::min(places::most, last*width - from);
        at.find(r.v + from, rows);
        const double* table = coefficients_.data();
        auto column = columns_.begin();
        for (int left = static_cast<int>(columns_.size()); left > 0;) {
            const int gates = next_group(left);
            double* columns[most_gates] = {};
            for (int g = 0; g < gates; ++g) columns[g] = r.states + from + static_cast<std::size_t>(*column++)*r.state_stride;
            advancer_of(gates)(at, rows, table, columns);
            table += size_of(gates), left -= gates;
        }
    }
}

}  // namespace apical::kernels
