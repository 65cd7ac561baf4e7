// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace apical {

/// Philox4x32-10, the counter-based generator below everything random here: a bijection of the counter for each key.
/// Salmon, Moraes, Dror & Shaw (2011) Parallel random numbers: as easy as 1, 2, 3. SC'11.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// What a random_stream of these identities works with: the key, and the upper half of its counters. Draw n is half n%2, low words
/// first, of philox({low and high word of n/2, upper}, key).
struct stream_words {
    std::array<std::uint32_t, 2> key, upper;
};
stream_words words_of_stream(std::uint64_t seed, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0);

/// A number for a name, to key streams with: FNV-1a, 64 bit.
constexpr std::uint64_t identity(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c))*0x100000001b3;
    return hash;
}

/// The x below which a standard normal variable lies with probability u, 0 < u < 1; relative error about 1e-15.
/// Wichura (1988) Appl Stat 37:477, algorithm AS 241.
double normal_quantile(double u);

/// A sequence of random numbers that belongs to four identities, such as (seed, cell, synapse, purpose), and to nothing
/// else: no rank, thread or order of calls. Sequences of different identities are independent.
///
/// All methods are written here and use only operations that IEEE 754 defines exactly, so that results have the same bits
/// on every platform (given -ffp-contract=off). Those that reject use a varying number of draws; one draw is 64 bits.
class random_stream {
public:
    explicit random_stream(std::uint64_t seed, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0);

    std::uint64_t bits();

    /// An odd multiple of 2^-53 in (0, 1): never 0, never 1, symmetric about 1/2. One draw.
    double uniform();
    double uniform(double low, double high) { return low + (high - low)*uniform(); }
    /// 0, ..., n - 1 with equal probability; n > 0.
    std::uint64_t below(std::uint64_t n);

    /// By inversion: one draw.
    double normal() { return normal_quantile(uniform()); }
    double normal(double mean, double sd) { return mean + sd*normal(); }
    /// By inversion: one draw.
    double exponential(double mean);
    /// shape > 0; mean shape*scale. Marsaglia & Tsang (2000) ACM TOMS 26:363.
    double gamma(double shape, double scale);
    /// a, b > 0.
    double beta(double a, double b);
    /// Successes of n >= 0 trials of probability 0 <= p <= 1. By inversion where n p is small; else by the median of the
    /// trials' uniforms, which is beta distributed (Relles 1972 J Am Stat Assoc 67:612).
    std::int64_t binomial(std::int64_t n, double p);
    /// mean from 0 to 1e15. By inversion where it is small; else by a gamma waiting time (Ahrens & Dieter 1974 Computing 12:223).
    std::int64_t poisson(double mean);

    /// Draws taken so far. A checkpoint needs the identities and this.
    std::uint64_t position() const { return position_; }
    /// Continues after this many draws.
    void seek(std::uint64_t position);

private:
    void refill();

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 2> upper_;     ///< upper half of the counter; the lower is the index of the block of two draws
    std::array<std::uint64_t, 2> block_{};
    std::uint64_t position_ = 0;
};

}  // namespace apical
