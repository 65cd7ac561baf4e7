// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "core/math.hpp"

/// The functions of NMODL where core/math.hpp has none, or has them for fewer arguments than a file may give: for double and pack, with
/// the same bits in a lane as in the double. Beyond their domain they are what C says, NaN or infinite.
namespace apical::nmodl::arithmetic {
namespace detail {

[[gnu::always_inline]] constexpr bool equal(double a, double b) { return a == b; }
[[gnu::always_inline]] constexpr bool no_more(double a, double b) { return a <= b; }
template <int N> [[gnu::always_inline]] inline auto equal(pack<N> a, pack<N> b) { return typename pack<N>::words(a.v == b.v); }
template <int N> [[gnu::always_inline]] inline auto no_more(pack<N> a, pack<N> b) { return typename pack<N>::words(a.v <= b.v); }
[[gnu::always_inline]] constexpr bool no(bool m) { return !m; }
template <class M> requires(sizeof(M) > sizeof(bool)) [[gnu::always_inline]] inline M no(M m) { return ~m; }

}  // namespace detail

/// 1 where the mask is set, else 0.
template <class V> [[gnu::always_inline]] constexpr V number(auto mask) { return math::select(mask, V(1.0), V(0.0)); }

/// Comparisons, 1 or 0; NaN is unlike everything.
template <class V> [[gnu::always_inline]] constexpr V less(V a, V b) { return number<V>(a < b); }
template <class V> [[gnu::always_inline]] constexpr V less_equal(V a, V b) { return number<V>(detail::no_more(a, b)); }
template <class V> [[gnu::always_inline]] constexpr V equal(V a, V b) { return number<V>(detail::equal(a, b)); }
template <class V> [[gnu::always_inline]] constexpr V not_equal(V a, V b) { return number<V>(detail::no(detail::equal(a, b))); }

/// A number is true unless it is 0.
template <class V> [[gnu::always_inline]] constexpr auto is_true(V a) { return detail::no(detail::equal(a, V(0.0))); }
template <class V> [[gnu::always_inline]] constexpr V truth(V a) { return number<V>(is_true(a)); }
template <class V> [[gnu::always_inline]] constexpr V both(V a, V b) { return number<V>(is_true(a) & is_true(b)); }
template <class V> [[gnu::always_inline]] constexpr V either(V a, V b) { return number<V>(is_true(a) | is_true(b)); }
template <class V> [[gnu::always_inline]] constexpr V neither(V a) { return number<V>(detail::equal(a, V(0.0))); }

/// ln x: -inf at 0, NaN below.
template <class V> [[gnu::always_inline]] constexpr V log(V x) {
    const V inf(__builtin_inf());
    const V inside = math::select(detail::equal(x, inf), inf, math::log<V>(x));
    const V beyond = math::select(detail::equal(x, V(0.0)), -inf, x - x + V(__builtin_nan("")));
    return math::select(x > V(0.0), inside, beyond);
}

/// e^x - 1, to a few roundings everywhere. x is limited to [-708, 709].
template <class V> [[gnu::always_inline]] constexpr V expm1(V x) {
    const V limited = math::at_most(math::at_least(x, V(-708.0)), V(709.0));
    const V shifted = limited*V(1.4426950408889634074) + V(0x1.8p52);
    const V n = shifted - V(0x1.8p52);
    V r = math::fma(n, V(-0x1.62e42fefa38p-1), limited);   // ln 2 in two parts, the first of so few digits that n times it is exact
    r = math::fma(n, V(-0x1.ef35793c7673p-45), r);
    V p(1.6059043836821614599e-10);
    p = math::fma(p, r, V(2.0876756987868098979e-9));
    p = math::fma(p, r, V(2.5052108385441718775e-8));
    p = math::fma(p, r, V(2.7557319223985890653e-7));
    p = math::fma(p, r, V(2.7557319223985890653e-6));
    p = math::fma(p, r, V(2.4801587301587301587e-5));
    p = math::fma(p, r, V(1.9841269841269841270e-4));
    p = math::fma(p, r, V(1.3888888888888888889e-3));
    p = math::fma(p, r, V(8.3333333333333333333e-3));
    p = math::fma(p, r, V(4.1666666666666666667e-2));
    p = math::fma(p, r, V(1.6666666666666666667e-1));
    p = math::fma(p, r, V(0.5));
    p = math::fma(p*r, r, r);
    const V power = math::detail::scaled(V(1.0), shifted);
    return math::fma(power, p, power - V(1.0));
}

/// x/(e^x - 1), 1 at 0.
template <class V> [[gnu::always_inline]] constexpr V exprel(V x) {
    return math::select(detail::equal(x, V(0.0)), V(1.0), math::at_most(x, V(709.0))/expm1<V>(x));
}
/// Its derivative.
template <class V> [[gnu::always_inline]] constexpr V exprel_slope(V x) {
    const V l = exprel<V>(x), z = x*x;
    const V series = math::fma(x, math::fma(z, math::fma(z, V(1.0/5040.0), V(-1.0/180.0)), V(1.0/6.0)), V(-0.5));
    return math::select(math::absolute(x) < V(0.05), series, l*(V(1.0) - l - x)/x);
}
/// (e^x - 1)/x, 1 at 0: of the way that a first-order process covers in a step.
template <class V> [[gnu::always_inline]] constexpr V phi(V x) {
    return math::select(detail::equal(x, V(0.0)), V(1.0), expm1<V>(x)/x);
}

template <class V> [[gnu::always_inline]] constexpr V log10(V x) { return arithmetic::log<V>(x)*V(0.43429448190325182765); }   ///< of base 10
/// ln(1 + x)
template <class V> [[gnu::always_inline]] constexpr V log1p(V x) {
    const V u = V(1.0) + x;
    const V lost = ((u - V(1.0)) - x)/u;
    const auto is_plain = math::absolute(lost) < V(1.0);
    return arithmetic::log<V>(u) - math::select(is_plain, lost, V(0.0));
}
template <class V> [[gnu::always_inline]] constexpr V tanh(V x) {
    const V limited = math::at_most(math::at_least(x, V(-40.0)), V(40.0));
    const V e = expm1<V>(limited + limited);
    return e/(e + V(2.0));
}
template <class V> [[gnu::always_inline]] constexpr V sinh(V x) {
    const V e = expm1<V>(math::absolute(x));
    const V s = V(0.5)*(e + e/(e + V(1.0)));
    return math::select(x < V(0.0), -s, s);
}
template <class V> [[gnu::always_inline]] constexpr V cosh(V x) {
    const V e = expm1<V>(math::absolute(x)) + V(1.0);
    return V(0.5)*(e + V(1.0)/e);
}
template <class V> [[gnu::always_inline]] constexpr V minimum(V a, V b) { return math::select(b < a, b, a); }
template <class V> [[gnu::always_inline]] constexpr V maximum(V a, V b) { return math::select(a < b, b, a); }

/// x^y; where x is not a positive normal number, by the library.
[[gnu::always_inline]] inline double pow(double x, double y) {
    return x > 1e-300 && x < 1e300 ? math::pow<double>(x, y) : std::pow(x, y);
}
template <int N> [[gnu::always_inline]] inline pack<N> pow(pack<N> x, pack<N> y) {
    pack<N> r = math::pow<pack<N>>(x, y);
    const pack<N> is_plain = number<pack<N>>((x > pack<N>(1e-300)) & (x < pack<N>(1e300)));
    if (math::any_positive(pack<N>(1.0) - is_plain))
        for (int lane = 0; lane < N; ++lane)
            if (is_plain[lane] == 0) r.set(lane, std::pow(x[lane], y[lane]));
    return r;
}

}  // namespace apical::nmodl::arithmetic
