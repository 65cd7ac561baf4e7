// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "core/pack.hpp"

/// Elementary functions written once for double and pack, inlined, without branches, tables or calls, so that several run
/// interleaved in one kernel. A pack's lane has exactly the bits of the double. Errors are relative unless said.
namespace apical::math {
namespace detail {

template <class V> struct bits { using words = typename V::words; };
template <> struct bits<double> { using words = std::int64_t; };
template <class V> using words_of = typename bits<V>::words;

template <class V> [[gnu::always_inline]] constexpr words_of<V> to_words(V x) {
    if constexpr (std::is_same_v<V, double>) return std::bit_cast<std::int64_t>(x);
    else return (words_of<V>)x.v;
}
template <class V> [[gnu::always_inline]] constexpr V from_words(words_of<V> w) {
    if constexpr (std::is_same_v<V, double>) return std::bit_cast<double>(w);
    else return V((typename V::lanes)w);
}
/// Shifts through unsigned: a negative word has a defined result, and the vector form is one instruction.
template <class V> [[gnu::always_inline]] constexpr words_of<V> shifted_left(words_of<V> w, int n) {
    if constexpr (std::is_same_v<V, double>) return static_cast<std::int64_t>(static_cast<std::uint64_t>(w) << n);
    else return w << n;
}
template <class V> [[gnu::always_inline]] constexpr words_of<V> shifted_right(words_of<V> w, int n) {
    if constexpr (std::is_same_v<V, double>) return static_cast<std::int64_t>(static_cast<std::uint64_t>(w) >> n);
    else {
        using unsigned_words = typename apical::detail::vector_of<V::width>::unsigned_words;
        return (words_of<V>)((unsigned_words)w >> n);
    }
}

}  // namespace detail

/// 2^x, error below 2e-14 (a polynomial of degree 9 on [-1/2, 1/2], exact at integers). x is limited to [-1022, 1023].
template <class V> [[gnu::always_inline]] constexpr V exp2(V x) {
    x = at_most(at_least(x, V(-1022.0)), V(1023.0));
    const V shifter(0x1.8p52);  // adding it rounds to an integer, which then sits in the low bits of the sum
    const V rounded = x + shifter;
    const V r = x - (rounded - shifter);
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
    using namespace detail;
    return from_words<V>(to_words<V>(p) + shifted_left<V>(to_words<V>(rounded), 52));
}

/// e^x, error below 2e-14 + 1.2e-16 |x|. x is limited to [-708, 709].
template <class V> [[gnu::always_inline]] constexpr V exp(V x) { return exp2<V>(x*V(1.4426950408889634074)); }

/// ln x, absolute error below 4e-16 + 2e-16 |ln x|; x below 2.3e-308 counts as that, inf and NaN give NaN.
template <class V> [[gnu::always_inline]] constexpr V log(V x) {
    using namespace detail;
    const V not_finite = x - x;
    x = at_least(x, V(0x1p-1022));
    constexpr std::int64_t sqrt_half = 0x3fe6a09e667f3bcd, bias = std::int64_t{1023} << 52;
    const auto e = shifted_right<V>(to_words<V>(x) - sqrt_half + bias, 52);                  // exponent + 1023
    const V exponent = from_words<V>(e | 0x4330000000000000) - V(0x1p52 + 1023.0);
    const V f = from_words<V>(to_words<V>(x) - shifted_left<V>(e, 52) + bias) - V(1.0);      // mantissa - 1
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

/// 1 - e^-x, the fraction of the way to its target that a first-order process covers in x time constants. Absolute error
/// below 2e-14; exactly 0 at x = 0.
template <class V> [[gnu::always_inline]] constexpr V approach(V x) { return V(1.0) - exp<V>(-x); }

/// 1/(1 + e^-x)
template <class V> [[gnu::always_inline]] constexpr V logistic(V x) { return V(1.0)/(V(1.0) + exp<V>(-x)); }

template <class V> [[gnu::always_inline]] constexpr V square(V x) { return x*x; }

}  // namespace apical::math
