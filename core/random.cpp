// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <Random123/philox.h>

#include "core/error.hpp"

namespace apical {
namespace {

constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }
constexpr std::uint64_t joined(std::uint32_t low, std::uint32_t high) { return low | std::uint64_t{high} << 32; }

void require(bool fine, const char* method, double argument) {
    if (!fine) throw invalid_model(fmt::format("random_stream::{}", method), fmt::format("argument {} is outside the domain", argument),
                                   "the ranges allowed are with the declaration");
}

// The logarithm and exponential of this file, because those of C libraries differ in the last bit. Both are Taylor series
// on reduced arguments, exact to a few units in the last place.

constexpr double ln2_high = 0x1.62e42feep-1;   // few bits, so that small integers times it are exact
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

/// x > 0
double log_of(double x) {
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0x1.6a09e667f3bcdp-1) m *= 2, --exponent;   // [sqrt(1/2), sqrt(2))
    const double s = (m - 1)/(m + 1), z = s*s;
    double series = 0;
    for (int n = 21; n >= 3; n -= 2) series = (series + 1.0/n)*z;
    return exponent*ln2_high + (2*s + (2*s*series + exponent*ln2_low));
}

/// x from -700 to 700
double exp_of(double x) {
    const double k = std::floor(x*1.4426950408889634 + 0.5);
    const double r = (x - k*ln2_high) - k*ln2_low;
    double series = 1;
    for (int n = 14; n >= 1; --n) series = 1 + series*r/n;
    return std::ldexp(series, static_cast<int>(k));
}

template <std::size_t N> double polynomial(const std::array<double, N>& coefficients, double x) {
    double p = 0;
    for (std::size_t i = N; i-- > 0;) p = p*x + coefficients[i];
    return p;
}

constexpr double smallest_mean_for_splitting = 30;

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
    const philox4x32_ctr_t c{{counter[0], counter[1], counter[2], counter[3]}};
    const philox4x32_key_t k{{key[0], key[1]}};
    const auto r = philox4x32(c, k);
    return {r.v[0], r.v[1], r.v[2], r.v[3]};
}

double normal_quantile(double u) {
    constexpr std::array near_top{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
                                  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
    constexpr std::array near_bottom{1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                                     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
    constexpr std::array middle_top{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
                                    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
    constexpr std::array middle_bottom{1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                                       1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
    constexpr std::array far_top{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
                                 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
    constexpr std::array far_bottom{1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                                    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
    const double q = u - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q*q;
        return q*polynomial(near_top, r)/polynomial(near_bottom, r);
    }
    const double r = std::sqrt(-log_of(q < 0 ? u : 1 - u));
    const double x = r <= 5 ? polynomial(middle_top, r - 1.6)/polynomial(middle_bottom, r - 1.6)
                            : polynomial(far_top, r - 5)/polynomial(far_bottom, r - 5);
    return q < 0 ? -x : x;
}

// Two rounds of Philox mix the identities into 128 bits: the stream's key and the upper half of its counters. The first is
// a bijection of (a, b), the second of its result for a given c, so streams that differ in a or b only cannot coincide.
stream_words words_of_stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const auto first = philox({low(a), high(a), low(b), high(b)}, {low(seed), high(seed)});
    constexpr std::uint32_t other_round = 0x9e3779b9;
    const auto second = philox({first[0] ^ low(c), first[1] ^ high(c), first[2], first[3]}, {low(seed) ^ other_round, high(seed)});
    return {{second[0], second[1]}, {second[2], second[3]}};
}

random_stream::random_stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const auto words = words_of_stream(seed, a, b, c);
    key_ = words.key;
    upper_ = words.upper;
}

void random_stream::refill() {
    const std::uint64_t index = position_/2;
    const auto r = philox({low(index), high(index), upper_[0], upper_[1]}, key_);
    block_ = {joined(r[0], r[1]), joined(r[2], r[3])};
}

void random_stream::seek(std::uint64_t position) {
    position_ = position;
    if (position_ % 2 == 1) refill();
}

std::uint64_t random_stream::bits() {
    if (position_ % 2 == 0) refill();
    return block_[position_++ % 2];
}

double random_stream::uniform() { return (static_cast<double>(bits() >> 12) + 0.5)*0x1p-52; }

std::uint64_t random_stream::below(std::uint64_t n) {
    require(n > 0, "below", 0);
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    auto b = bits();
    if (b > most - n) {                            // perhaps above the largest value that leaves every remainder equally often
        const auto fair = most - (most % n + 1) % n;
        while (b > fair) b = bits();
    }
    return b % n;
}

double random_stream::exponential(double mean) { return -mean*log_of(uniform()); }

double random_stream::gamma(double shape, double scale) {
    require(shape > 0 && std::isfinite(shape), "gamma", shape);
    if (shape < 1) {
        const double exponent = log_of(uniform())/shape;
        return exponent < -700 ? 0 : gamma(shape + 1, scale)*exp_of(exponent);
    }
    const double d = shape - 1.0/3, c = 1/std::sqrt(9*d);
    for (;;) {
        const double x = normal(), root = 1 + c*x;
        if (root <= 0) continue;
        const double v = root*root*root;
        if (log_of(uniform()) < 0.5*x*x + d*(1 - v + log_of(v))) return d*v*scale;
    }
}

double random_stream::beta(double a, double b) {
    const double x = gamma(a, 1), y = gamma(b, 1);
    if (x + y > 0) return x/(x + y);
    return uniform() < a/(a + b) ? 1 : 0;   // both underflowed: a and b are so small that only the ends have weight
}

std::int64_t random_stream::binomial(std::int64_t n, double p) {
    require(n >= 0, "binomial", static_cast<double>(n));
    require(p >= 0 && p <= 1, "binomial", p);
    if (p > 0.5) return n - binomial(n, 1 - p);
    std::int64_t successes = 0;
    while (n*p >= smallest_mean_for_splitting) {
        const std::int64_t rank = n/2 + 1;   // of the n uniforms, in ascending order
        const double x = beta(static_cast<double>(rank), static_cast<double>(n + 1 - rank));
        if (x <= p) {                        // that one and all below it succeed
            successes += rank;
            n -= rank;
            p = (p - x)/(1 - x);
        } else {
            n = rank - 1;
            p /= x;
        }
        p = std::clamp(p, 0.0, 1.0);
        if (p > 0.5) return successes + n - binomial(n, 1 - p);
    }
    if (n == 0 || p == 0) return successes;
    double weight = exp_of(static_cast<double>(n)*log_of(1 - p)), u = uniform();
    std::int64_t k = 0;
    for (; k < n && u > weight; ++k) {
        u -= weight;
        weight *= p/(1 - p)*static_cast<double>(n - k)/static_cast<double>(k + 1);
    }
    return successes + k;
}

std::int64_t random_stream::poisson(double mean) {
    require(mean >= 0 && mean <= 1e15, "poisson", mean);
    std::int64_t events = 0;
    while (mean >= smallest_mean_for_splitting) {
        const auto several = static_cast<std::int64_t>(mean*0.875);
        const double time = gamma(static_cast<double>(several), 1);   // of that many events at unit rate
        if (time > mean) return events + binomial(several - 1, mean/time);
        events += several;
        mean -= time;
    }
    constexpr int most = 1000;               // of which the weight is far below the resolution of u
    double weight = exp_of(-mean), u = uniform();
    int k = 0;
    for (; k < most && u > weight; ++k) {
        u -= weight;
        weight *= mean/(k + 1);
    }
    return events + k;
}

}  // namespace apical
