// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>

#include "core/pack.hpp"

/// Elementary functions written once for double and pack, inlined, without branches, tables or calls, so that several run
/// interleaved in one kernel. A pack's lane has exactly the bits of the double. Errors are relative unless said.
namespace apical::math {
namespace detail {

/// y 2^n, where n is the integer in the low bits of `shifted` = n + 1.5 2^52.
[[gnu::always_inline]] constexpr double scaled(double y, double shifted) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(y) + (std::bit_cast<std::uint64_t>(shifted) << 52));
}
template <int N> [[gnu::always_inline]] inline pack<N> scaled(pack<N> y, pack<N> shifted) {
    using words = typename apical::detail::vector_of<N>::unsigned_words;
    return pack<N>((typename pack<N>::lanes)((words)y.v + ((words)shifted.v << 52)));
}
template <class P> [[gnu::always_inline]] inline twin<P> scaled(twin<P> y, twin<P> shifted) {
    return {scaled(y.low, shifted.low), scaled(y.high, shifted.high)};
}

/// x = mantissa 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)), for positive normal x.
template <class V> struct parts { V mantissa, exponent; };
inline constexpr std::uint64_t bias = std::uint64_t{1023} << 52, sqrt_half = 0x3fe6a09e667f3bcd, two_52 = 0x4330000000000000;
[[gnu::always_inline]] constexpr parts<double> split(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x), e = (bits - sqrt_half + bias) >> 52;
    return {std::bit_cast<double>(bits - (e << 52) + bias), std::bit_cast<double>(e | two_52) - (0x1p52 + 1023.0)};
}
template <int N> [[gnu::always_inline]] inline parts<pack<N>> split(pack<N> x) {
    using lanes = typename pack<N>::lanes;
    using words = typename apical::detail::vector_of<N>::unsigned_words;
    const words bits = (words)x.v, e = (bits - sqrt_half + bias) >> 52;
    return {pack<N>((lanes)(bits - (e << 52) + bias)), pack<N>((lanes)(e | two_52)) - pack<N>(0x1p52 + 1023.0)};
}
template <class P> [[gnu::always_inline]] inline parts<twin<P>> split(twin<P> x) {
    const auto low = split(x.low), high = split(x.high);
    return {{low.mantissa, high.mantissa}, {low.exponent, high.exponent}};
}

}  // namespace detail

/// 2^x for |x| <= 1022, which the caller promises; beyond, the result means nothing. Error below 2e-14 (a polynomial of degree
/// 9 on [-1/2, 1/2], exact at integers).
template <class V> [[gnu::always_inline]] constexpr V exp2_in_range(V x) {
    const V shifter(0x1.8p52);  // adding it rounds to an integer, which then sits in the low bits of the sum
    const V rounded = x + shifter;
    const V r = x - (rounded - shifter);
    // Horner's scheme: in kernels, registers are scarcer than time to wait
    V p(1.0148341435817392123e-7);
    p = fma(p, r, V(1.3258335387199805454e-6));
    p = fma(p, r, V(1.5252990010800343885e-5));
    p = fma(p, r, V(1.5403440884545279952e-4));
    p = fma(p, r, V(1.3333557625479893731e-3));
    p = fma(p, r, V(9.6181291811637888953e-3));
    p = fma(p, r, V(5.5504108668415669281e-2));
    p = fma(p, r, V(2.4022650695722819511e-1));
    p = fma(p, r, V(6.9314718055988516488e-1));
    p = fma(p, r, V(1.0));
    return detail::scaled(p, rounded);
}

/// 2^x with x limited to [-1022, 1023], error below 2e-14.
template <class V> [[gnu::always_inline]] constexpr V exp2(V x) {
    return exp2_in_range<V>(at_most(at_least(x, V(-1022.0)), V(1023.0)));
}

/// e^x, error below 2e-14 + 1.2e-16 |x|. x is limited to [-708, 709].
template <class V> [[gnu::always_inline]] constexpr V exp(V x) { return exp2<V>(x*V(1.4426950408889634074)); }

/// ln x, absolute error below 4e-16 + 2e-16 |ln x|; x below 2.3e-308 counts as that, inf and NaN give NaN.
template <class V> [[gnu::always_inline]] constexpr V log(V x) {
    const V not_finite = x - x;
    const auto [mantissa, exponent] = detail::split(at_least(x, V(0x1p-1022)));
    const V f = mantissa - V(1.0);
    const V s = f/(f + V(2.0)), z = s*s;
    V p(0.16838554986140344007);
    p = fma(p, z, V(0.18121855428626703354));
    p = fma(p, z, V(0.22223437162312489895));
    p = fma(p, z, V(0.28571415981225204842));
    p = fma(p, z, V(0.40000000062016518738));
    p = fma(p, z, V(0.66666666666552225266));
    p = fma(p, z, V(2.0000000000000003446));
    return fma(exponent, V(0.69314718055994530942), p*s) + not_finite;
}

/// x^y for x > 0, error below 2e-14 + 4e-16 |y ln x|.
template <class V> [[gnu::always_inline]] constexpr V pow(V x, V y) { return exp<V>(y*log<V>(x)); }

/// x/(e^x - 1), the rate function that is 0/0 as written at x = 0, where it is 1. Error below 2e-12 near |x| = 0.02, 3e-14
/// beyond |x| = 1.
template <class V> [[gnu::always_inline]] constexpr V linoid(V x) {
    const auto near = absolute(x) < V(0.02);
    const V direct = x/(exp<V>(x) - V(1.0));
    const V z = x*x;
    const V series = fma(z, fma(z, V(-1.0/720.0), V(1.0/12.0)), fma(x, V(-0.5), V(1.0)));
    return select(near, series, direct);
}

/// (e^x - 1)/x, 1 at x = 0: the reciprocal of linoid, with its error.
template <class V> [[gnu::always_inline]] constexpr V exprel(V x) { return V(1.0)/linoid<V>(x); }

/// 1 - e^-(rate dt) for rate dt >= 0, the fraction of the way to its target that a first-order process covers. Absolute error
/// below 2e-14; exactly 0 for dt = 0.
template <class V> [[gnu::always_inline]] constexpr V approach(V rate, double dt = 1) {
    const V exponent = rate*V(-1.4426950408889634074*dt);
    return V(1.0) - exp2_in_range<V>(at_least(exponent, V(-1022.0)));
}

/// 1/(1 + e^-x)
template <class V> [[gnu::always_inline]] constexpr V logistic(V x) { return V(1.0)/(V(1.0) + exp<V>(-x)); }

template <class V> [[gnu::always_inline]] constexpr V square(V x) { return x*x; }   ///< x^2

}  // namespace apical::math
