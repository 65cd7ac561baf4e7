// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "core/math.hpp"

namespace apical {

namespace detail {
template <int N> struct singles_of {
    typedef float lanes __attribute__((vector_size(4*N)));
    typedef std::int32_t words __attribute__((vector_size(4*N)));
};
}  // namespace detail

/// N floats that are computed with as one: as many as two packs of doubles have, in one register. Arithmetic is IEEE single in every lane,
/// never contracted.
template <int N> struct single_pack {
    using lanes = typename detail::singles_of<N>::lanes;
    using words = typename detail::singles_of<N>::words;
    using half = pack<N/2>;
    static constexpr int width = N;

    lanes v;

    single_pack() = default;
    [[gnu::always_inline]] single_pack(double x) : v(static_cast<float>(x) - lanes{}) {}
    [[gnu::always_inline]] explicit single_pack(lanes x) : v(x) {}
    /// Rounded.
    [[gnu::always_inline]] explicit single_pack(const twin<half>& x)
        : v(joined(__builtin_convertvector(x.low.v, narrow), __builtin_convertvector(x.high.v, narrow), std::make_integer_sequence<int, N>())) {}
    /// The first half of the lanes is one, the second the other.
    [[gnu::always_inline]] static single_pack of_two(float low, float high) {
#if defined(__AVX512F__)
        if constexpr (N == 16) return single_pack(lanes(_mm512_mask_broadcastss_ps(_mm512_set1_ps(low), 0xff00, _mm_set_ss(high))));
#endif
        return single_pack(joined(low - narrow{}, high - narrow{}, std::make_integer_sequence<int, N>()));
    }
    /// The first half of the lanes from one place, the second from another.
    [[gnu::always_inline]] static single_pack of_halves(const float* low, const float* high) {
#if defined(__AVX512F__)
        if constexpr (N == 16)
            return single_pack(lanes(_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_castps_pd(_mm256_loadu_ps(low))), _mm256_castps_pd(_mm256_loadu_ps(high)), 1)));
#endif
        narrow a, b;
        std::memcpy(&a, low, sizeof a), std::memcpy(&b, high, sizeof b);
        return single_pack(joined(a, b, std::make_integer_sequence<int, N>()));
    }
    [[gnu::always_inline]] explicit operator twin<half>() const {
        return split(std::make_integer_sequence<int, N/2>());
    }

    [[gnu::always_inline]] static single_pack load(const float* p) { single_pack r; std::memcpy(&r.v, p, sizeof r.v); return r; }
    [[gnu::always_inline]] void store(float* p) const { std::memcpy(p, &v, sizeof v); }
    float operator[](int lane) const { return v[lane]; }

    [[gnu::always_inline]] single_pack operator-() const { return single_pack(-v); }
    [[gnu::always_inline]] single_pack& operator+=(single_pack o) { v += o.v; return *this; }
    [[gnu::always_inline]] single_pack& operator-=(single_pack o) { v -= o.v; return *this; }
    [[gnu::always_inline]] single_pack& operator*=(single_pack o) { v *= o.v; return *this; }
    [[gnu::always_inline]] friend single_pack operator+(single_pack a, single_pack b) { return single_pack(a.v + b.v); }
    [[gnu::always_inline]] friend single_pack operator-(single_pack a, single_pack b) { return single_pack(a.v - b.v); }
    [[gnu::always_inline]] friend single_pack operator*(single_pack a, single_pack b) { return single_pack(a.v*b.v); }
    [[gnu::always_inline]] friend single_pack operator/(single_pack a, single_pack b) { return single_pack(a.v/b.v); }
    [[gnu::always_inline]] friend words operator<(single_pack a, single_pack b) { return words(a.v < b.v); }
    [[gnu::always_inline]] friend words operator>(single_pack a, single_pack b) { return words(a.v > b.v); }

private:
    typedef float narrow __attribute__((vector_size(2*N)));

    template <int... lane> [[gnu::always_inline]] static lanes joined(narrow low, narrow high, std::integer_sequence<int, lane...>) {
        return __builtin_shufflevector(low, high, lane...);
    }
    template <int... lane> [[gnu::always_inline]] twin<half> split(std::integer_sequence<int, lane...>) const {
#if defined(__AVX512F__)
        if constexpr (N == 16) {   // which the compiler makes of four conversions
            const auto high = _mm256_castpd_ps(_mm512_extractf64x4_pd((__m512d)v, 1));
            return {half(typename half::lanes(_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)v)))), half(typename half::lanes(_mm512_cvtps_pd(high)))};
        }
#endif
        const narrow low = __builtin_shufflevector(v, v, lane...), high = __builtin_shufflevector(v, v, (lane + N/2)...);
        return {half(typename half::lanes(__builtin_convertvector(low, typename half::lanes))), half(typename half::lanes(__builtin_convertvector(high, typename half::lanes)))};
    }
};

template <class> inline constexpr bool is_single = false;
template <int N> inline constexpr bool is_single<single_pack<N>> = true;

/// What core/pack.hpp and core/math.hpp have for doubles; errors are below 3e-7 relative where nothing is said.
namespace math {

template <class S> concept single = is_single<S>;

/// a where the mask is set, else b.
template <int N> [[gnu::always_inline]] inline single_pack<N> select(typename single_pack<N>::words mask, single_pack<N> a, single_pack<N> b) {
    return single_pack<N>(mask ? a.v : b.v);
}
/// a b + c, rounded once where the machine has such an instruction.
template <int N> [[gnu::always_inline]] inline single_pack<N> fma(single_pack<N> a, single_pack<N> b, single_pack<N> c) {
    using lanes [[maybe_unused]] = typename single_pack<N>::lanes;
#if defined(__AVX512F__)
    if constexpr (N == 16) return single_pack<N>((lanes)_mm512_fmadd_ps((__m512)a.v, (__m512)b.v, (__m512)c.v));
#endif
#if defined(__FMA__)
    if constexpr (N == 8) return single_pack<N>((lanes)_mm256_fmadd_ps((__m256)a.v, (__m256)b.v, (__m256)c.v));
#endif
    return a*b + c;
}
/// Limits from below; a NaN passes through.
template <int N> [[gnu::always_inline]] inline single_pack<N> at_least(single_pack<N> x, single_pack<N> low) {
#if defined(__AVX512F__)
    if constexpr (N == 16) return single_pack<N>((typename single_pack<N>::lanes)_mm512_max_ps((__m512)low.v, (__m512)x.v));
#endif
    return select(x < low, low, x);
}
/// Limits from above; a NaN passes through.
template <int N> [[gnu::always_inline]] inline single_pack<N> at_most(single_pack<N> x, single_pack<N> high) {
#if defined(__AVX512F__)
    if constexpr (N == 16) return single_pack<N>((typename single_pack<N>::lanes)_mm512_min_ps((__m512)high.v, (__m512)x.v));
#endif
    return select(x > high, high, x);
}
/// |x|
template <int N> [[gnu::always_inline]] inline single_pack<N> absolute(single_pack<N> x) {
    return single_pack<N>((typename single_pack<N>::lanes)((typename single_pack<N>::words)x.v & 0x7fffffff));
}
/// The square root.
template <int N> [[gnu::always_inline]] inline single_pack<N> sqrt(single_pack<N> x) {
    typename single_pack<N>::lanes root;
    for (int lane = 0; lane < N; ++lane) root[lane] = __builtin_sqrtf(x[lane]);
    return single_pack<N>(root);
}
namespace detail {

/// 2^x = scale (1 + rest) with the rest in [-0.3, 0.42] and right to the last digits however small it is. |x| <= 126.
template <class S> struct power { S scale, rest; };
template <single S> [[gnu::always_inline]] inline power<S> power_of_two(S x) {
    using lanes = typename S::lanes;
    using words = typename S::words;
    const S shifter(0x1.8p23);  // adding it rounds to an integer, which then sits in the low bits of the sum
    const S rounded = x + shifter, r = x - (rounded - shifter);
    S p(1.54531629451e-4);
    p = fma(p, r, S(1.33908633647e-3));
    p = fma(p, r, S(9.61808255728e-3));
    p = fma(p, r, S(5.55035711422e-2));
    p = fma(p, r, S(2.40226507606e-1));
    p = fma(p, r, S(6.93147188026e-1));
    return {S(lanes((((words)rounded.v) << 23) + 0x3f800000)), p*r};
}
template <single S> [[gnu::always_inline]] inline S limited(S x) { return at_most(at_least(x, S(-126.0)), S(126.0)); }

}  // namespace detail

/// 2^x with x limited to [-126, 126].
template <single S> [[gnu::always_inline]] inline S exp2(S x) {
    const auto [scale, rest] = detail::power_of_two(detail::limited(x));
    return fma(scale, rest, scale);
}
/// The same.
template <single S> [[gnu::always_inline]] inline S exp2_in_range(S x) { return exp2(x); }
/// e^x, error below 3e-7 + 1e-7 |x|.
template <single S> [[gnu::always_inline]] inline S exp(S x) { return exp2(x*S(1.4426950408889634074)); }
/// ln x; x below 1.2e-38 counts as that, inf and NaN give NaN.
template <single S> [[gnu::always_inline]] inline S log(S x) {
    using lanes = typename S::lanes;
    using words = typename S::words;
    const S not_finite = x - x;
    const words bits = (words)at_least(x, S(0x1p-126)).v, e = (bits - 0x3f3504f3 + 0x3f800000) >> 23;   // 0x3f3504f3: sqrt(1/2)
    const S f = S(lanes(bits - ((e - 127) << 23))) - S(1.0), exponent(lanes(__builtin_convertvector(e - 127, lanes)));
    S p(-7.90274377239e-2);
    p = fma(p, f, S(0.126223198492));
    p = fma(p, f, S(-0.129981837637));
    p = fma(p, f, S(0.142144959239));
    p = fma(p, f, S(-0.166412814631));
    p = fma(p, f, S(0.200010450942));
    p = fma(p, f, S(-0.250003064226));
    p = fma(p, f, S(0.333333307282));
    const S z = f*f;
    return fma(exponent, S(0.69314718055994530942), fma(p*f, z, fma(z, S(-0.5), f))) + not_finite;
}
/// x^y for x > 0, error below 3e-7 (1 + |y ln x|).
template <single S> [[gnu::always_inline]] inline S pow(S x, S y) { return exp(y*log(x)); }
/// 1 - e^-(rate dt), right to the last digits however slow.
template <single S> [[gnu::always_inline]] inline S approach(S rate, double dt = 1) {
    const auto [scale, rest] = detail::power_of_two(detail::limited(rate*S(-1.4426950408889634074*dt)));
    return (S(1.0) - scale) - scale*rest;
}
/// x/(e^x - 1), 1 at x = 0; error below 5e-7 + 1e-7 |x|.
template <single S> [[gnu::always_inline]] inline S linoid(S x) {
    const auto near = absolute(x) < S(1e-6);
    const auto [scale, rest] = detail::power_of_two(detail::limited(x*S(1.4426950408889634074)));
    const S below = fma(scale, rest, scale - S(1.0));
    return select(near, fma(x, S(-0.5), S(1.0)), x/select(near, S(1.0), below));
}
/// (e^x - 1)/x
template <single S> [[gnu::always_inline]] inline S exprel(S x) { return S(1.0)/linoid(x); }
/// 1/(1 + e^-x), error below 5e-7 + 1e-7 |x|.
template <single S> [[gnu::always_inline]] inline S logistic(S x) { return S(1.0)/(S(1.0) + exp(-x)); }
/// Is there a lane above zero?
template <int N> [[gnu::always_inline]] inline bool any_positive(single_pack<N> x) {
    bool found = false;
    for (int lane = 0; lane < N; ++lane) found = found || x[lane] > 0;
    return found;
}

}  // namespace math
}  // namespace apical
