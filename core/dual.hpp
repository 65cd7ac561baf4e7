// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/math.hpp"
#include "core/single_pack.hpp"

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

template <class> inline constexpr bool is_dual = false;
template <class V> inline constexpr bool is_dual<dual<V>> = true;

/// Comparisons look at the values: a dual takes the branch its value takes, with that branch's derivative.
template <class V> [[gnu::always_inline]] constexpr auto operator<(dual<V> a, dual<V> b) { return a.value < b.value; }
template <class V> [[gnu::always_inline]] constexpr auto operator>(dual<V> a, dual<V> b) { return a.value > b.value; }

/// The independent variable.
template <class V> [[gnu::always_inline]] constexpr dual<V> variable(V x) { return {x, V(1.0)}; }

namespace math {

/// The functions of core/pack.hpp and core/math.hpp with their derivatives. They take the place of the general ones for `exp<D>(x)` with D
/// a dual too, so that the text of a channel serves for its derivatives.
template <class D> concept differentiated = is_dual<D>;

/// a where the mask is set, else b, with its derivative.
template <class V> [[gnu::always_inline]] constexpr dual<V> select(auto mask, dual<V> a, dual<V> b) {
    return {select(mask, a.value, b.value), select(mask, a.slope, b.slope)};
}
/// a b + c.
template <class V> [[gnu::always_inline]] constexpr dual<V> fma(dual<V> a, dual<V> b, dual<V> c) {
    return {fma(a.value, b.value, c.value), fma(a.value, b.slope, fma(a.slope, b.value, c.slope))};
}
/// x or low, whichever is greater; constant where it is low.
template <class V> [[gnu::always_inline]] constexpr dual<V> at_least(dual<V> x, dual<V> low) { return select(x < low, low, x); }
/// x or high, whichever is less.
template <class V> [[gnu::always_inline]] constexpr dual<V> at_most(dual<V> x, dual<V> high) { return select(x > high, high, x); }
/// |x|, with the slope of x at 0.
template <class V> [[gnu::always_inline]] constexpr dual<V> absolute(dual<V> x) {
    const auto negative = x.value < V(0.0);
    return {absolute(x.value), select(negative, -x.slope, x.slope)};
}

/// 2^x
template <differentiated D> [[gnu::always_inline]] constexpr D exp2_in_range(D x) {
    const auto e = exp2_in_range(x.value);
    return {e, decltype(e)(0.69314718055994530942)*e*x.slope};
}
/// e^x
template <differentiated D> [[gnu::always_inline]] constexpr D exp(D x) {
    const auto e = exp(x.value);
    return {e, e*x.slope};
}
/// 2^x, limited as the value is.
template <differentiated D> [[gnu::always_inline]] constexpr D exp2(D x) {
    return exp2_in_range(at_most(at_least(x, D(-1022.0)), D(1023.0)));
}
/// ln x
template <differentiated D> [[gnu::always_inline]] constexpr D log(D x) { return {log(x.value), x.slope/x.value}; }
/// d/dx x/(e^x - 1) = (L - L^2 - L x)/x, written without cancellation trouble away from 0, and by its series near 0.
template <differentiated D> [[gnu::always_inline]] constexpr D linoid(D x) {
    using V = decltype(x.value);
    const V l = linoid(x.value);
    const auto near = absolute(x.value) < V(0.02);
    const V direct = (l - l*l - l*x.value)/x.value;
    const V z = x.value*x.value;
    const V series = fma(x.value, fma(z, V(-1.0/180.0), V(1.0/6.0)), V(-0.5));
    return {l, select(near, series, direct)*x.slope};
}
/// x^y for x > 0.
template <differentiated D> [[gnu::always_inline]] constexpr D pow(D x, D y) { return exp(y*log(x)); }
/// (e^x - 1)/x
template <differentiated D> [[gnu::always_inline]] constexpr D exprel(D x) { return D(1.0)/linoid(x); }
/// 1/(1 + e^-x)
template <differentiated D> [[gnu::always_inline]] constexpr D logistic(D x) {
    const auto s = logistic(x.value);
    return {s, s*(decltype(s)(1.0) - s)*x.slope};
}

}  // namespace math
}  // namespace apical
