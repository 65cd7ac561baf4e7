// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/aligned.hpp"
#include "core/single_pack.hpp"
#include "engine/kernels/rate_table.hpp"

/// How gates are advanced by polynomials of the voltage, several gates and several rows at once. Included only where that is instantiated.
namespace apical::kernels::rate_groups {

/// What a table of doubles, and one of floats, is made of.
template <class Real> inline constexpr int degree = std::is_same_v<Real, double> ? 6 : 3;
template <class Real> inline constexpr int terms = degree<Real> + 1;
template <class Real> inline constexpr int lanes = std::is_same_v<Real, float> ? 2*native_width : native_width > 4 ? native_width : 4;
template <class Real> using vector = std::conditional_t<std::is_same_v<Real, double>, pack<lanes<double>>, single_pack<lanes<float>>>;
template <class Real> inline constexpr int most_gates = lanes<Real>/2;

/// The coefficients of one power, of target and way of each gate of a group, make a block; where gates are few, those of several powers side
/// by side. A vector holds one block, or the blocks of two rows: half vectors are the cheaper ones to turn around.
template <class Real> constexpr int block_of(int gates) { return std::is_same_v<Real, float> && 2*gates <= 8 ? std::min(lanes<Real>, 8) : lanes<Real>; }
template <class Real> constexpr int powers_of(int gates) { return block_of<Real>(gates)/(2*gates); }
template <class Real> constexpr int blocks_of(int gates) { return (terms<Real> + powers_of<Real>(gates) - 1)/powers_of<Real>(gates); }
/// So many of the gates that are left make the next group: a power of two.
template <class Real> constexpr int next_group(int left) {
    int gates = most_gates<Real>;
    while (gates > left) gates /= 2;
    return gates;
}
/// Coefficients of an interval, and of all.
template <class Real> constexpr int interval_of(int gates) { return blocks_of<Real>(gates)*block_of<Real>(gates); }
template <class Real> constexpr std::size_t size_of(int gates) { return static_cast<std::size_t>(rate_table::intervals*interval_of<Real>(gates)); }

/// Rows of functions become functions of rows, in each part of `block` lanes; a step swaps the halves of squares of twice its distance.
template <int block, int distance = 1, class P> [[gnu::always_inline]] inline void transpose(P (&a)[block]) {
    if constexpr (distance < block) {
        constexpr int N = P::width;
        const auto join = [&]<int... lane>(std::integer_sequence<int, lane...>, int i) {
            const auto x = a[i].v, y = a[i + distance].v;
            a[i] = P(typename P::lanes(__builtin_shufflevector(x, y, (lane & distance ? N + lane - distance : lane)...)));
            a[i + distance] = P(typename P::lanes(__builtin_shufflevector(x, y, (lane & distance ? N + lane : lane + distance)...)));
        };
        for (int i = 0; i < block; ++i)
            if (!(i & distance)) join(std::make_integer_sequence<int, N>(), i);
        transpose<block, 2*distance>(a);
    }
}

/// Rows that are advanced together: where each is in the tables. Found before, so that the processor looks ahead; and gates are
/// advanced a group at a time through all of these rows, so that the part of a table that the voltages are in stays in the nearest cache.
template <class Real> struct places {
    static constexpr int most = rate_table::strip;
    alignas(64) Real x[most];                    ///< in the interval, -1/2 to 1/2
    alignas(64) std::int64_t interval[most];

    void find(const double* v, int rows) {
        using P = native_pack;
        for (int e = 0; e < rows; e += P::width) {
            const auto position = math::fma(P::load(v + e), P(rate_table::per_mv), P(-rate_table::low*rate_table::per_mv - 0.5));
            constexpr double shifter = 0x1.8p52;  // adding it rounds to an integer, which then sits in the low bits of the sum
            const auto whole = math::at_most((position + P(shifter)) - P(shifter), P(rate_table::intervals - 1));
            const auto within = position - whole;
            if constexpr (std::is_same_v<Real, double>) within.store(x + e);
            else {
                typedef float narrow __attribute__((vector_size(4*P::width)));
                const auto rounded = __builtin_convertvector(within.v, narrow);
                std::memcpy(x + e, &rounded, sizeof rounded);
            }
            const auto number = P::words((whole + P(shifter)).v) - std::bit_cast<std::int64_t>(shifter);
            std::memcpy(interval + e, &number, sizeof number);
        }
    }
};

/// A block of one row, or those of two rows in one vector.
template <class P, int block, class Real> [[gnu::always_inline]] inline P load_blocks(const Real* const* rows, int offset) {
    if constexpr (block == P::width) return P::load(rows[0] + offset);
    else return P::of_halves(rows[0] + offset, rows[block] + offset);
}
template <class P, int block, class Real> [[gnu::always_inline]] inline P spread(const Real* x) {
    if constexpr (block == P::width) return P(*x);
    else return P::of_two(x[0], x[block]);
}

/// Moves gates, on their way from s to the target; in single precision what rounding left over is added the next time, where a gate is so slow that it
/// would else never arrive.
[[gnu::always_inline]] inline void move(double* s, double*, pack<lanes<double>> target, pack<lanes<double>> way) {
    const auto before = pack<lanes<double>>::load(s);
    math::fma(way, target - before, before).store(s);
}
[[gnu::always_inline]] inline void move(float* s, float* remainder, single_pack<lanes<float>> target, single_pack<lanes<float>> way) {
    using P = single_pack<lanes<float>>;
    const auto before = P::load(s);
    if (!remainder) return math::fma(way, target - before, before).store(s);
    const auto change = math::fma(way, target - before, P::load(remainder)), after = before + change;
    after.store(s), (change - (after - before)).store(remainder);
}

/// Advances a group of gates in all rows. With p powers side by side the polynomials in x are p polynomials in x^p, joined at the end.
template <class Real, int gates>
void advance(const places<Real>& at, int rows, const Real* table, Real* const* columns, Real* const* remainders) {
    using P = vector<Real>;
    constexpr int powers = powers_of<Real>(gates), blocks = blocks_of<Real>(gates), block = block_of<Real>(gates), N = lanes<Real>;
    alignas(64) std::int64_t place[places<Real>::most];   // scaled in vectors: row by row it would take the units that vectors need
    for (int e = 0; e < rows; ++e) place[e] = at.interval[e]*(blocks*block);
    for (int e = 0; e < rows; e += N) {
        const auto own_x = P::load(at.x + e);
        alignas(64) Real to_power[N];
        auto x_p = own_x;
        for (int p = 1; p < powers; p *= 2) x_p = x_p*x_p;
        x_p.store(to_power);
        P a[block], x[block];
        const Real* coefficients[N];
        for (int r = 0; r < N; ++r) coefficients[r] = table + place[e + r];
        for (int r = 0; r < block; ++r) x[r] = spread<P, block>(powers > 1 ? to_power + r : at.x + e + r), a[r] = load_blocks<P, block>(coefficients + r, 0);
        for (int k = 1; k < blocks; ++k)
            for (int r = 0; r < block; ++r) a[r] = math::fma(a[r], x[r], load_blocks<P, block>(coefficients + r, block*k));
        transpose<block>(a);                // now of all rows: of each power, target and way of each gate
        for (int p = 1; p < powers; ++p)
            for (int f = 0; f < 2*gates; ++f) a[f] = math::fma(a[f], own_x, a[2*gates*p + f]);
        for (int g = 0; g < gates; ++g) move(columns[g] + e, remainders[g] ? remainders[g] + e : nullptr, a[2*g], a[2*g + 1]);
    }
}
template <class Real> using advancer = void (*)(const places<Real>&, int, const Real*, Real* const*, Real* const*);
template <class Real, int gates = most_gates<Real>> constexpr advancer<Real> advancer_of(int wanted) {
    if (wanted == gates) return advance<Real, gates>;
    if constexpr (gates > 1) return advancer_of<Real, gates/2>(wanted);
    return nullptr;
}

/// All groups of a table, for rows from an element on. `column(i)` and `remainder(i)`: of gate i, at the first element.
template <class Real, class C, class R>
void advance_all(const double* v, int rows, const Real* table, int gates_in_all, C&& column, R&& remainder) {
    places<Real> at;
    for (int from = 0; from < rows; from += at.most) {
        const int some = std::min(at.most, rows - from);
        at.find(v + from, some);
        const Real* group = table;
        for (int first = 0; first < gates_in_all;) {
            const int gates = next_group<Real>(gates_in_all - first);
            Real* columns[most_gates<Real>] = {};
            Real* remainders[most_gates<Real>] = {};
            for (int g = 0; g < gates; ++g) {
                columns[g] = column(first + g) + from;
                if (Real* const left = remainder(first + g)) remainders[g] = left + from;
            }
            advancer_of<Real>(gates)(at, some, group, columns, remainders);
            group += size_of<Real>(gates), first += gates;
        }
    }
}

/// From functions, [2 x gates] of [intervals x terms] coefficients with the highest power first, to a table as the above wants it.
template <class Real> std::vector<Real, aligned_allocator<Real>> interleaved(const std::vector<std::vector<double>>& functions) {
    std::vector<Real, aligned_allocator<Real>> table;
    constexpr int n = terms<Real>;
    for (int first = 0, gates = 0; first < static_cast<int>(functions.size()); first += 2*gates) {
        gates = next_group<Real>(static_cast<int>(functions.size())/2 - first/2);
        const auto start = table.size();
        table.resize(start + size_of<Real>(gates), Real{0});
        const int side_by_side = powers_of<Real>(gates), block = block_of<Real>(gates), spare = blocks_of<Real>(gates)*side_by_side - n;
        for (int f = 0; f < 2*gates; ++f)
            for (int i = 0; i < rate_table::intervals; ++i)
                for (int k = 0; k < n; ++k) {
                    const int place = k + spare;                // from the highest power on; the powers above it, if any, are 0
                    table[start + static_cast<std::size_t>(i*interval_of<Real>(gates) + place/side_by_side*block + place % side_by_side*2*gates + f)] =
                        static_cast<Real>(functions[static_cast<std::size_t>(first + f)][static_cast<std::size_t>(i*n + k)]);
                }
    }
    return table;
}

}  // namespace apical::kernels::rate_groups
