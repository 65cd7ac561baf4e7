// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace apical {

/// The widest vector of doubles of the machine this is compiled for.
#if defined(__AVX512F__)
inline constexpr int native_width = 8;
#elif defined(__AVX__)
inline constexpr int native_width = 4;
#else
inline constexpr int native_width = 2;
#endif

namespace detail {
template <int N> struct vector_of;
template <> struct vector_of<2> {
    typedef double lanes __attribute__((vector_size(16)));
    typedef std::int64_t words __attribute__((vector_size(16)));
    typedef std::uint64_t unsigned_words __attribute__((vector_size(16)));
};
template <> struct vector_of<4> {
    typedef double lanes __attribute__((vector_size(32)));
    typedef std::int64_t words __attribute__((vector_size(32)));
    typedef std::uint64_t unsigned_words __attribute__((vector_size(32)));
};
template <> struct vector_of<8> {
    typedef double lanes __attribute__((vector_size(64)));
    typedef std::int64_t words __attribute__((vector_size(64)));
    typedef std::uint64_t unsigned_words __attribute__((vector_size(64)));
};
}  // namespace detail

/// N doubles that are computed with as one (a SIMD register). Arithmetic is IEEE double in every lane, never contracted, so a
/// lane's bits equal those of the same computation on a plain double.
template <int N> struct pack {
    using lanes = typename detail::vector_of<N>::lanes;
    using words = typename detail::vector_of<N>::words;
    static constexpr int width = N;

    lanes v;

    pack() = default;
    [[gnu::always_inline]] pack(double x) : v(x - lanes{}) {}
    [[gnu::always_inline]] explicit pack(lanes x) : v(x) {}

    [[gnu::always_inline]] static pack load(const double* p) { pack r; std::memcpy(&r.v, p, sizeof r.v); return r; }
    [[gnu::always_inline]] void store(double* p) const { std::memcpy(p, &v, sizeof v); }
    double operator[](int lane) const { return v[lane]; }
    void set(int lane, double x) { v[lane] = x; }

    [[gnu::always_inline]] pack operator-() const { return pack(-v); }
    [[gnu::always_inline]] pack& operator+=(pack o) { v += o.v; return *this; }
    [[gnu::always_inline]] pack& operator-=(pack o) { v -= o.v; return *this; }
    [[gnu::always_inline]] pack& operator*=(pack o) { v *= o.v; return *this; }
    [[gnu::always_inline]] friend pack operator+(pack a, pack b) { return pack(a.v + b.v); }
    [[gnu::always_inline]] friend pack operator-(pack a, pack b) { return pack(a.v - b.v); }
    [[gnu::always_inline]] friend pack operator*(pack a, pack b) { return pack(a.v*b.v); }
    [[gnu::always_inline]] friend pack operator/(pack a, pack b) { return pack(a.v/b.v); }

    /// Comparisons give a mask of all-ones and all-zeros words, for select().
    [[gnu::always_inline]] friend words operator<(pack a, pack b) { return words(a.v < b.v); }
    [[gnu::always_inline]] friend words operator>(pack a, pack b) { return words(a.v > b.v); }
};

using native_pack = pack<native_width>;

/// Two packs computed with as one: two independent chains of instructions, and every constant is loaded once for both.
template <class P> struct twin {
    static constexpr int width = 2*P::width;
    struct words { typename P::words low, high; };

    P low, high;

    twin() = default;
    [[gnu::always_inline]] twin(double x) : low(x), high(low) {}
    [[gnu::always_inline]] twin(P a, P b) : low(a), high(b) {}

    [[gnu::always_inline]] static twin load(const double* p) { return {P::load(p), P::load(p + P::width)}; }
    [[gnu::always_inline]] void store(double* p) const { low.store(p), high.store(p + P::width); }
    double operator[](int lane) const { return lane < P::width ? low[lane] : high[lane - P::width]; }
    void set(int lane, double x) { lane < P::width ? low.set(lane, x) : high.set(lane - P::width, x); }

    [[gnu::always_inline]] twin operator-() const { return {-low, -high}; }
    [[gnu::always_inline]] twin& operator+=(twin o) { return *this = *this + o; }
    [[gnu::always_inline]] twin& operator-=(twin o) { return *this = *this - o; }
    [[gnu::always_inline]] twin& operator*=(twin o) { return *this = *this*o; }
    [[gnu::always_inline]] friend twin operator+(twin a, twin b) { return {a.low + b.low, a.high + b.high}; }
    [[gnu::always_inline]] friend twin operator-(twin a, twin b) { return {a.low - b.low, a.high - b.high}; }
    [[gnu::always_inline]] friend twin operator*(twin a, twin b) { return {a.low*b.low, a.high*b.high}; }
    [[gnu::always_inline]] friend twin operator/(twin a, twin b) { return {a.low/b.low, a.high/b.high}; }
    [[gnu::always_inline]] friend words operator<(twin a, twin b) { return {a.low < b.low, a.high < b.high}; }
    [[gnu::always_inline]] friend words operator>(twin a, twin b) { return {a.low > b.low, a.high > b.high}; }
};

/// What the mathematics below needs of a value type; overloads for double and pack keep both bit-identical.
namespace math {
/// a where the mask is set, else b.
[[gnu::always_inline]] constexpr double select(bool mask, double a, double b) { return mask ? a : b; }
template <int N> [[gnu::always_inline]] inline pack<N> select(typename pack<N>::words mask, pack<N> a, pack<N> b) {
    return pack<N>(mask ? a.v : b.v);
}

/// a*b + c, rounded once where the machine has such an instruction, else twice; the same for double and pack.
[[gnu::always_inline]] constexpr double fma(double a, double b, double c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    if (!__builtin_is_constant_evaluated()) return __builtin_fma(a, b, c);
    return a*b + c;
#else
    return a*b + c;
#endif
}
template <int N> [[gnu::always_inline]] inline pack<N> fma(pack<N> a, pack<N> b, pack<N> c) {
#if defined(__AVX512F__)
    if constexpr (N == 8) return pack<N>((typename pack<N>::lanes)_mm512_fmadd_pd((__m512d)a.v, (__m512d)b.v, (__m512d)c.v));
#endif
#if defined(__FMA__)
    if constexpr (N == 4) return pack<N>((typename pack<N>::lanes)_mm256_fmadd_pd((__m256d)a.v, (__m256d)b.v, (__m256d)c.v));
    if constexpr (N == 2) return pack<N>((typename pack<N>::lanes)_mm_fmadd_pd((__m128d)a.v, (__m128d)b.v, (__m128d)c.v));
#endif
    pack<N> r;
    for (int i = 0; i < N; ++i) r.v[i] = fma(a.v[i], b.v[i], c.v[i]);
    return r;
}

/// Limits from below and above; a NaN passes through.
[[gnu::always_inline]] constexpr double at_least(double x, double low) { return x < low ? low : x; }
[[gnu::always_inline]] constexpr double at_most(double x, double high) { return x > high ? high : x; }
template <int N> [[gnu::always_inline]] inline pack<N> at_least(pack<N> x, pack<N> low) {
#if defined(__AVX512F__)
    if constexpr (N == 8) return pack<N>((typename pack<N>::lanes)_mm512_max_pd((__m512d)low.v, (__m512d)x.v));
#endif
#if defined(__AVX__)
    if constexpr (N == 4) return pack<N>((typename pack<N>::lanes)_mm256_max_pd((__m256d)low.v, (__m256d)x.v));
#endif
    return select<N>(x < low, low, x);
}
template <int N> [[gnu::always_inline]] inline pack<N> at_most(pack<N> x, pack<N> high) {
#if defined(__AVX512F__)
    if constexpr (N == 8) return pack<N>((typename pack<N>::lanes)_mm512_min_pd((__m512d)high.v, (__m512d)x.v));
#endif
#if defined(__AVX__)
    if constexpr (N == 4) return pack<N>((typename pack<N>::lanes)_mm256_min_pd((__m256d)high.v, (__m256d)x.v));
#endif
    return select<N>(x > high, high, x);
}

/// |x|
[[gnu::always_inline]] constexpr double absolute(double x) { return x < 0 ? -x : x; }
template <int N> [[gnu::always_inline]] inline pack<N> absolute(pack<N> x) {
    typename pack<N>::words w = (typename pack<N>::words)x.v & 0x7fffffffffffffffLL;
    return pack<N>((typename pack<N>::lanes)w);
}

template <class P> [[gnu::always_inline]] inline twin<P> select(typename twin<P>::words mask, twin<P> a, twin<P> b) {
    return {select(mask.low, a.low, b.low), select(mask.high, a.high, b.high)};
}
template <class P> [[gnu::always_inline]] inline twin<P> fma(twin<P> a, twin<P> b, twin<P> c) {
    return {fma(a.low, b.low, c.low), fma(a.high, b.high, c.high)};
}
template <class P> [[gnu::always_inline]] inline twin<P> at_least(twin<P> x, twin<P> low) {
    return {at_least(x.low, low.low), at_least(x.high, low.high)};
}
template <class P> [[gnu::always_inline]] inline twin<P> at_most(twin<P> x, twin<P> high) {
    return {at_most(x.low, high.low), at_most(x.high, high.high)};
}
template <class P> [[gnu::always_inline]] inline twin<P> absolute(twin<P> x) { return {absolute(x.low), absolute(x.high)}; }

/// The square root, rounded as IEEE 754 says.
[[gnu::always_inline]] constexpr double sqrt(double x) { return __builtin_sqrt(x); }
/// The same of every lane.
template <int N> [[gnu::always_inline]] inline pack<N> sqrt(pack<N> x) {
    pack<N> root;
    for (int lane = 0; lane < N; ++lane) root.set(lane, __builtin_sqrt(x[lane]));
    return root;
}
/// Is there a lane above zero?
[[gnu::always_inline]] constexpr bool any_positive(double x) { return x > 0; }
template <int N> [[gnu::always_inline]] inline bool any_positive(pack<N> x) {
#if defined(__AVX512F__)
    if constexpr (N == 8) return _mm512_cmp_pd_mask((__m512d)x.v, _mm512_setzero_pd(), _CMP_GT_OQ) != 0;
#endif
    const auto mask = x > pack<N>(0.0);
#if defined(__AVX__)
    if constexpr (N == 4) return _mm256_movemask_pd((__m256d)mask) != 0;
#endif
    bool found = false;
    for (int i = 0; i < N; ++i) found = found || mask[i];
    return found;
}
template <class P> [[gnu::always_inline]] inline bool any_positive(twin<P> x) { return any_positive(x.low) || any_positive(x.high); }

/// Products of the lower 32 bits of each lane, whole.
template <int N> using unsigned_words = typename apical::detail::vector_of<N>::unsigned_words;
template <int N> [[gnu::always_inline]] inline unsigned_words<N> product_of_halves(unsigned_words<N> a, unsigned_words<N> b) {
#if defined(__AVX512F__)
    if constexpr (N == 8) return (unsigned_words<N>)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#endif
#if defined(__AVX2__)
    if constexpr (N == 4) return (unsigned_words<N>)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#endif
    return (a & 0xffffffffu)*(b & 0xffffffffu);
}

}  // namespace math
}  // namespace apical
