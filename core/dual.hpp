// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/math.hpp"

namespace apical {

/// A value with its derivative with respect to one variable: arithmetic on duals differentiates exactly (forward mode).
/// V is double or a pack. Mixed operations with V keep the cost of the derivative to what is needed.
template <class V> struct dual {
    V value;
    V slope;

    [[gnu::always_inline]] constexpr dual(V x, V dx) : value(x), slope(dx) {}
    [[gnu::always_inline]] constexpr explicit dual(double constant) : value(constant), slope(0.0) {}

    [[gnu::always_inline]] constexpr dual operator-() const { return {-value, -slope}; }
    [[gnu::always_inline]] friend constexpr dual operator+(dual a, dual b) { return {a.value + b.value, a.slope + b.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator-(dual a, dual b) { return {a.value - b.value, a.slope - b.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator*(dual a, dual b) {
        return {a.value*b.value, a.value*b.slope + a.slope*b.value};
    }
    [[gnu::always_inline]] friend constexpr dual operator/(dual a, dual b) {
        const V q = a.value/b.value;
        return {q, (a.slope - q*b.slope)/b.value};
    }
    [[gnu::always_inline]] friend constexpr dual operator+(dual a, V b) { return {a.value + b, a.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator+(V a, dual b) { return {a + b.value, b.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator-(dual a, V b) { return {a.value - b, a.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator-(V a, dual b) { return {a - b.value, -b.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator*(dual a, V b) { return {a.value*b, a.slope*b}; }
    [[gnu::always_inline]] friend constexpr dual operator*(V a, dual b) { return {a*b.value, a*b.slope}; }
    [[gnu::always_inline]] friend constexpr dual operator/(dual a, V b) { return {a.value/b, a.slope/b}; }
    [[gnu::always_inline]] friend constexpr dual operator/(V a, dual b) {
        const V q = a/b.value;
        return {q, -q*b.slope/b.value};
    }
};

/// The independent variable.
template <class V> [[gnu::always_inline]] constexpr dual<V> variable(V x) { return {x, V(1.0)}; }

namespace math {
/// The functions of core/math.hpp with their derivatives.
template <class V> [[gnu::always_inline]] constexpr dual<V> exp(dual<V> x) {
    const V e = exp<V>(x.value);
    return {e, e*x.slope};
}
template <class V> [[gnu::always_inline]] constexpr dual<V> log(dual<V> x) { return {log<V>(x.value), x.slope/x.value}; }
/// d/dx x/(e^x - 1) = (L - L^2 e^x... ) written without cancellation trouble away from 0, and by its series near 0.
template <class V> [[gnu::always_inline]] constexpr dual<V> linoid(dual<V> x) {
    const V l = linoid<V>(x.value);
    const auto near = absolute(x.value) < V(0.02);
    const V direct = (l - l*l - l*x.value)/x.value;
    const V z = x.value*x.value;
    const V series = fma(x.value, fma(z, V(-1.0/180.0), V(1.0/6.0)), V(-0.5));
    return {l, select(near, series, direct)*x.slope};
}
template <class V> [[gnu::always_inline]] constexpr dual<V> logistic(dual<V> x) {
    const V s = logistic<V>(x.value);
    return {s, s*(V(1.0) - s)*x.slope};
}

}  // namespace math
}  // namespace apical
