// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "core/math.hpp"

/// Markov schemes of N states in which every state exchanges with the next and the one after it only: chains, and ladders of
/// two chains whose states are taken in turn. Their linear systems are eliminated state by state; what is eliminated leaves a
/// smaller scheme behind (its neighbours exchange through it), so everything is a sum of products of positive numbers and
/// nothing cancels, however stiff the rates. Grassmann, Taksar & Heyman (1985) Oper Res 33:1107.
namespace apical::channels::markov {

/// Rates [1/ms] from state n to the states after it, and back from these to n.
template <class V, std::size_t N> struct rates {
    std::array<V, N> to_next{}, from_next{}, to_second{}, from_second{};
};

/// Solves, in place, x[n] (hold[n] + rates out of n) - what comes into n = x[n] as given. If `is_steady`, hold and the given x are 0
/// and the last state gets 1.
template <class V, std::size_t N>
[[gnu::always_inline]] constexpr void eliminate(rates<V, N> k, std::array<V, N> hold, std::array<V, N>& x, bool is_steady) {
    std::array<V, N> inverse{};
    for (std::size_t n = 0; n + 1 < N; ++n) {
        inverse[n] = V(1.0)/(hold[n] + (k.to_next[n] + k.to_second[n]));
        const V to_next = k.to_next[n]*inverse[n], to_second = k.to_second[n]*inverse[n], held = hold[n]*inverse[n];
        k.to_next[n + 1] += k.from_next[n]*to_second, k.from_next[n + 1] += k.from_second[n]*to_next;
        hold[n + 1] += k.from_next[n]*held;
        x[n + 1] += to_next*x[n];
        if (n + 2 < N) hold[n + 2] += k.from_second[n]*held, x[n + 2] += to_second*x[n];
    }
    x[N - 1] = is_steady ? V(1.0) : x[N - 1]/hold[N - 1];
    for (std::size_t n = N - 1; n-- > 0;) {
        V sum = x[n] + k.from_next[n]*x[n + 1];
        if (n + 2 < N) sum += k.from_second[n]*x[n + 2];
        x[n] = sum*inverse[n];
    }
}

/// Occupancies after one implicit Euler step of dt [ms]. Their sum stays what it is.
template <class V, std::size_t N>
[[gnu::always_inline]] constexpr std::array<V, N> implicit_step(rates<V, N> k, std::array<V, N> x, double dt) {
    std::array<V, N> hold{};
    for (std::size_t n = 0; n < N; ++n) {
        hold[n] = V(1.0);
        k.to_next[n] *= V(dt), k.from_next[n] *= V(dt), k.to_second[n] *= V(dt), k.from_second[n] *= V(dt);
    }
    eliminate<V, N>(k, hold, x, false);
    return x;
}

/// Occupancies that do not change; they sum to 1.
template <class V, std::size_t N> [[gnu::always_inline]] constexpr std::array<V, N> steady(const rates<V, N>& k) {
    std::array<V, N> x{}, hold{};
    for (std::size_t n = 0; n < N; ++n) x[n] = V(0.0), hold[n] = V(0.0);
    eliminate<V, N>(k, hold, x, true);
    V sum = x[0];
    for (std::size_t n = 1; n < N; ++n) sum += x[n];
    for (std::size_t n = 0; n < N; ++n) x[n] = x[n]/sum;
    return x;
}

/// Solves a x = b by elimination with row pivots: for the balances that a scheme does not have, at its start.
template <std::size_t N> constexpr std::array<double, N> solve(std::array<std::array<double, N>, N> a, std::array<double, N> b) {
    for (std::size_t n = 0; n < N; ++n) {
        std::size_t largest = n;
        for (std::size_t row = n + 1; row < N; ++row)
            if (math::absolute(a[row][n]) > math::absolute(a[largest][n])) largest = row;
        std::swap(a[n], a[largest]), std::swap(b[n], b[largest]);
        for (std::size_t row = n + 1; row < N; ++row) {
            const double factor = a[row][n]/a[n][n];
            for (std::size_t column = n; column < N; ++column) a[row][column] -= factor*a[n][column];
            b[row] -= factor*b[n];
        }
    }
    for (std::size_t n = N; n-- > 0;) {
        for (std::size_t column = n + 1; column < N; ++column) b[n] -= a[n][column]*b[column];
        b[n] /= a[n][n];
    }
    return b;
}

}  // namespace apical::channels::markov
