// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

/// Rate algebra for gates that cost one division and as few exponentials as their formulas allow.
///
/// A gate needs a steady state and a rate, and published formulas reach them through several quotients. Here quotients stay
/// fractions until the end, and from_fractions divides once for both.
namespace apical::channels {

/// e^((v - at)/scale): slope and offset are folded into the power of two, at compile time where at and scale are literals.
/// For |v| up to 1000 mV, which the engine guarantees; scales so steep that the power would leave its range there are limited.
template <class V> [[gnu::always_inline]] constexpr V exp_at(V v, double at, double scale) {
    const double slope = 1.4426950408889634074/scale;
    const bool stays_in_range = (1000 + math::absolute(at))*math::absolute(slope) < 1022;
    const V x = math::fma(v, V(slope), V(-at*slope));
    return stays_in_range ? math::exp2_in_range<V>(x) : math::exp2<V>(x);
}

/// A quotient not yet divided. The denominator is never 0.
template <class V> struct fraction {
    V top, bottom;

    [[gnu::always_inline]] friend constexpr fraction operator*(V factor, fraction a) { return {factor*a.top, a.bottom}; }
    [[gnu::always_inline]] friend constexpr fraction operator+(fraction a, fraction b) {
        return {a.top*b.bottom + b.top*a.bottom, a.bottom*b.bottom};
    }
    [[gnu::always_inline]] friend constexpr fraction operator+(fraction a, V b) { return {a.top + b*a.bottom, a.bottom}; }
};

/// x/(e^x - 1) from x and exp_x = e^x. Near its removable singularity the series stands over 1.
template <class V> [[gnu::always_inline]] constexpr fraction<V> linoid_fraction(V x, V exp_x) {
    const auto near = math::absolute(x) < V(0.02);
    const V z = x*x;
    const V series = math::fma(z, math::fma(z, V(-1.0/720.0), V(1.0/12.0)), math::fma(x, V(-0.5), V(1.0)));
    return {math::select(near, series, x), math::select(near, V(1.0), exp_x - V(1.0))};
}

/// The gate with this steady state and this rate [1/ms]. Two divisions are cheaper than one and the products it takes to share
/// it: the divider works beside the multipliers.
template <class V> [[gnu::always_inline]] constexpr gate<V> from_fractions(fraction<V> inf, fraction<V> rate) {
    return {inf.top/inf.bottom, rate.top/rate.bottom};
}

/// From an opening rate alpha that is a fraction and a closing rate beta [1/ms].
template <class V> [[gnu::always_inline]] constexpr gate<V> from_rates(fraction<V> alpha, V beta) {
    const fraction<V> sum = alpha + beta;
    return from_fractions<V>({alpha.top, sum.top}, sum);
}
template <class V> [[gnu::always_inline]] constexpr gate<V> from_rates(V alpha, fraction<V> beta) {
    const fraction<V> sum = beta + alpha;
    return from_fractions<V>({alpha*beta.bottom, sum.top}, sum);
}
template <class V> [[gnu::always_inline]] constexpr gate<V> from_rates(fraction<V> alpha, fraction<V> beta) {
    const fraction<V> sum = alpha + beta;
    return from_fractions<V>({alpha.top*beta.bottom, sum.top}, sum);
}
/// From alpha = l opening and beta = l closing with a common factor l, which cancels in the steady state.
template <class V> [[gnu::always_inline]] constexpr gate<V> from_rates(fraction<V> l, V opening, V closing) {
    const V sum = opening + closing;
    return from_fractions<V>({opening, sum}, sum*l);
}

/// Steady state 1/(1 + e) with a time constant [ms].
template <class V> [[gnu::always_inline]] constexpr gate<V> from_boltzmann(V e, V tau) {
    return from_fractions<V>({V(1.0), V(1.0) + e}, {V(1.0), tau});
}

}  // namespace apical::channels
