// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

// Every statistical test below draws a fixed sequence, so it passes or fails for good. Its bound is one that a correct
// generator would break in fewer than one of 10^4 choices of seed.
constexpr double standard_errors = 4;       // two-sided normal: 6e-5
constexpr double kolmogorov = 2.23;         // P(sqrt(n) D > 2.23) = 1e-4

// ---- the generator

TEST(philox, gives_the_vectors_of_its_authors) {
    using words = std::array<std::uint32_t, 4>;
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t f = 0xffffffff;
    EXPECT_EQ(philox({f, f, f, f}, {f, f}), (words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// From an independent implementation in exact integers.
TEST(random_stream, gives_these_bits_on_every_platform) {
    random_stream s(1, 2, 3, 4);
    for (const std::uint64_t expected : {0x1ffabe5987106158, 0x30fd43b2bb6449b6}) EXPECT_EQ(s.bits(), expected);
    for (const std::uint64_t expected : {0x9dfb7a4bea0a2f15, 0xe7d6fe83ddcc1add}) EXPECT_EQ(s.bits(), expected);
    random_stream wide((1ull << 40) + 1, 1ull << 50, (1ull << 63) + 7, 1ull << 33);
    EXPECT_EQ(wide.bits(), 0xeba311f844c66718);
    EXPECT_EQ(wide.bits(), 0xc7d20c812c0c77c5);
    random_stream t(1, 2, 3, 4);
    EXPECT_EQ(t.uniform(), 0x1.ffabe59871068p-4);
    EXPECT_NEAR(t.normal(), -0x1.beea000bb50b1p-1, 1e-15);
    EXPECT_NEAR(t.normal(), 0x1.31125b7eb3d0cp-2, 1e-15);
}

TEST(random_stream, depends_on_each_identity_and_on_nothing_else) {
    std::set<std::uint64_t> first;
    int streams = 0;
    for (std::uint64_t seed : {0, 1})
        for (std::uint64_t a : {0, 1, 2})
            for (std::uint64_t b : {0, 1, 2})
                for (std::uint64_t c : {0, 1, 2}) {
                    for (const std::uint64_t shift : {0, 32}) {
                        if (shift > 0 && a + b + c + seed == 0) continue;
                        random_stream s(seed << shift, a << shift, b << shift, c << shift);
                        first.insert(s.bits());
                        ++streams;
                    }
                }
    EXPECT_EQ(static_cast<int>(first.size()), streams);
    random_stream a(7, 1), b(7, 2), a_again(7, 1), b_again(7, 2);
    std::vector<double> alone, between;
    for (int i = 0; i < 100; ++i) alone.push_back(a.gamma(0.7, 1));
    for (int i = 0; i < 100; ++i) {
        b_again.normal();
        between.push_back(a_again.gamma(0.7, 1));
    }
    EXPECT_EQ(alone, between);
    for (int i = 0; i < 100; ++i) b.normal();
    EXPECT_EQ(b.bits(), b_again.bits());
}

TEST(random_stream, continues_from_any_position) {
    random_stream s(3, 1, 4, 1);
    std::vector<std::uint64_t> all;
    for (int i = 0; i < 20; ++i) all.push_back(s.bits());
    EXPECT_EQ(s.position(), 20u);
    for (const std::uint64_t from : {0, 1, 6, 7, 19}) {
        random_stream t(3, 1, 4, 1);
        t.bits();
        t.seek(from);
        EXPECT_EQ(t.bits(), all[from]) << "from " << from;
        EXPECT_EQ(t.position(), from + 1);
    }
}

TEST(random_stream, neighbouring_streams_are_uncorrelated) {
    constexpr int n = 100000;
    for (const auto& [da, db] : {std::pair<std::uint64_t, std::uint64_t>{1, 0}, {0, 1}, {1u << 31, 0}}) {
        double sum = 0;
        for (std::uint64_t i = 0; i < n; ++i) {
            random_stream one(9, i, i/3), other(9, i + da, i/3 + db);
            sum += (one.uniform() - 0.5)*(other.uniform() - 0.5);
        }
        EXPECT_LT(std::abs(sum/n)*12*std::sqrt(n), standard_errors) << da << ' ' << db;
    }
}

TEST(identity, tells_names_apart) {
    static_assert(identity("") == 0xcbf29ce484222325);
    static_assert(identity("a") == 0xaf63dc4c8601ec8c);   // published FNV-1a value
    static_assert(identity("soma") != identity("axon"));
}

// ---- continuous distributions

/// sqrt(n) times the greatest distance between the sample's distribution and `cdf`.
double kolmogorov_distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
    std::sort(sample.begin(), sample.end());
    double distance = 0;
    const double n = static_cast<double>(sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double p = cdf(sample[i]), below = static_cast<double>(i)/n;
        distance = std::max({distance, p - below, below + 1/n - p});
    }
    return distance*std::sqrt(n);
}

template <class Draw> std::vector<double> sample(int n, std::uint64_t key, Draw draw) {
    random_stream s(2025, key);
    std::vector<double> all;
    for (int i = 0; i < n; ++i) all.push_back(draw(s));
    return all;
}

constexpr int many = 100000;

TEST(random_stream, uniform_is_uniform_open_and_symmetric) {
    const auto u = sample(many, 1, [](auto& s) { return s.uniform(); });
    EXPECT_LT(kolmogorov_distance(u, [](double x) { return x; }), kolmogorov);
    for (const double x : u) {
        ASSERT_GT(x, 0);
        ASSERT_LT(x, 1);
        ASSERT_EQ(std::fmod(x*0x1p53, 2), 1);
    }
    const auto scaled = sample(many, 2, [](auto& s) { return s.uniform(-3, 5); });
    EXPECT_LT(kolmogorov_distance(scaled, [](double x) { return (x + 3)/8; }), kolmogorov);
}

double normal_cdf(double x) { return 0.5*std::erfc(-x/std::numbers::sqrt2); }

TEST(normal_quantile, inverts_the_normal_distribution) {
    for (const double u : {0x1p-53, 1e-12, 1e-6, 0.001, 0.0749, 0.075, 0.0751, 0.2, 0.5, 0.6})
        EXPECT_NEAR(normal_cdf(normal_quantile(u))/u, 1, 4e-14) << u;   // condition: du/u is up to 70 times dx/x
    for (const double u : {0x1p-20, 0.0625, 0.25}) EXPECT_EQ(normal_quantile(u), -normal_quantile(1 - u));
    EXPECT_EQ(normal_quantile(0.5), 0);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
}

TEST(random_stream, normal_is_normal) {
    EXPECT_LT(kolmogorov_distance(sample(many, 3, [](auto& s) { return s.normal(); }), normal_cdf), kolmogorov);
    EXPECT_LT(kolmogorov_distance(sample(many, 4, [](auto& s) { return s.normal(5, 2); }), [](double x) { return normal_cdf((x - 5)/2); }),
              kolmogorov);
}

TEST(random_stream, exponential_is_the_exact_logarithm) {
    random_stream a(1, 5), b(1, 5);
    for (int i = 0; i < 10000; ++i) {
        const double expected = -std::log(a.uniform());
        EXPECT_NEAR(b.exponential(1), expected, 4e-16*std::max(1.0, expected));
    }
    EXPECT_LT(kolmogorov_distance(sample(many, 5, [](auto& s) { return s.exponential(3); }), [](double x) { return -std::expm1(-x/3); }),
              kolmogorov);
}

TEST(random_stream, gamma_follows_its_distribution) {
    const auto distance = [](double shape, auto cdf) {
        return kolmogorov_distance(sample(many, 6, [&](auto& s) { return s.gamma(shape, 2); }), [&](double x) { return cdf(x/2); });
    };
    EXPECT_LT(distance(0.5, [](double x) { return std::erf(std::sqrt(x)); }), kolmogorov);
    EXPECT_LT(distance(1, [](double x) { return -std::expm1(-x); }), kolmogorov);
    EXPECT_LT(distance(1.5, [](double x) { return std::erf(std::sqrt(x)) - 2*std::sqrt(x/std::numbers::pi)*std::exp(-x); }), kolmogorov);
    EXPECT_LT(distance(3, [](double x) { return 1 - std::exp(-x)*(1 + x + x*x/2); }), kolmogorov);
}

TEST(random_stream, beta_follows_its_distribution) {
    const auto distance = [](double a, double b, auto cdf) {
        return kolmogorov_distance(sample(many, 7, [&](auto& s) { return s.beta(a, b); }), cdf);
    };
    EXPECT_LT(distance(1, 1.35, [](double x) { return 1 - std::pow(1 - x, 1.35); }), kolmogorov);
    EXPECT_LT(distance(2, 3, [](double x) { return x*x*(6 - 8*x + 3*x*x); }), kolmogorov);
    EXPECT_LT(distance(0.5, 0.5, [](double x) { return 2/std::numbers::pi*std::asin(std::sqrt(x)); }), kolmogorov);
    const auto ends = sample(many, 8, [](auto& s) { return s.beta(1e-6, 3e-6); });
    const auto ones = std::count(ends.begin(), ends.end(), 1.0);
    EXPECT_LT(std::abs(static_cast<double>(ones)/many - 0.25), standard_errors*std::sqrt(0.25*0.75/many) + 1e-4);
}

// ---- discrete distributions

/// Chi-squared of the counts against probabilities, as standard errors above its expectation; cells under 10 are pooled.
double excess_chi_squared(const std::map<std::int64_t, int>& counts, int n, const std::function<double(std::int64_t)>& probability) {
    double chi = 0, pooled_expected = 0, pooled_seen = 0, explained = 0;
    int cells = 0;
    const auto close = [&](double seen, double expected) { chi += (seen - expected)*(seen - expected)/expected, ++cells; };
    for (auto k = counts.begin()->first; k <= counts.rbegin()->first; ++k) {
        const double expected = n*probability(k);
        const double seen = counts.contains(k) ? counts.at(k) : 0;
        explained += expected;
        if (expected >= 10) close(seen, expected);
        else pooled_expected += expected, pooled_seen += seen;
    }
    close(pooled_seen, pooled_expected + n - explained + 1e-3);
    return (chi - (cells - 1))/std::sqrt(2.0*cells);
}

template <class Draw> std::map<std::int64_t, int> tally(int n, std::uint64_t key, Draw draw) {
    random_stream s(2025, key);
    std::map<std::int64_t, int> counts;
    for (int i = 0; i < n; ++i) ++counts[draw(s)];
    return counts;
}

// Chi-squared leans to the right of a normal variable: 5 standard errors are exceeded with probability below 1e-4.
constexpr double chi_squared_errors = 5;

TEST(random_stream, below_is_fair) {
    for (const std::uint64_t n : {1, 6, 7, 100}) {
        const auto counts = tally(many, n, [&](auto& s) { return static_cast<std::int64_t>(s.below(n)); });
        EXPECT_LT(counts.rbegin()->first, static_cast<std::int64_t>(n));
        EXPECT_LT(excess_chi_squared(counts, many, [&](auto) { return 1.0/static_cast<double>(n); }), chi_squared_errors) << n;
    }
    random_stream s(1);
    for (int i = 0; i < 1000; ++i) EXPECT_LT(s.below((1ull << 63) + 1), (1ull << 63) + 1);
    EXPECT_THROW(s.below(0), invalid_model);
}

TEST(random_stream, binomial_follows_its_distribution_on_both_paths) {
    struct trial { std::int64_t n; double p; };
    for (const trial& t : {trial{1, 0.3}, {10, 0.5}, {22, 0.71}, {40, 0.01}, {70, 0.5}, {1000, 0.01}, {1000, 0.4}, {300, 0.97}, {5000, 0.02}}) {
        const auto counts = tally(many, 9, [&](auto& s) { return s.binomial(t.n, t.p); });
        EXPECT_GE(counts.begin()->first, 0);
        EXPECT_LE(counts.rbegin()->first, t.n);
        const auto probability = [&](std::int64_t k) {
            const double a = static_cast<double>(k), b = static_cast<double>(t.n - k);
            return std::exp(std::lgamma(a + b + 1) - std::lgamma(a + 1) - std::lgamma(b + 1) + a*std::log(t.p) + b*std::log1p(-t.p));
        };
        EXPECT_LT(excess_chi_squared(counts, many, probability), chi_squared_errors) << t.n << ' ' << t.p;
    }
    random_stream s(1);
    EXPECT_EQ(s.binomial(0, 0.5), 0);
    EXPECT_EQ(s.binomial(100, 0), 0);
    EXPECT_EQ(s.binomial(100, 1), 100);
    EXPECT_EQ(s.binomial(1000000, 1), 1000000);
    EXPECT_THROW(s.binomial(-1, 0.5), invalid_model);
    EXPECT_THROW(s.binomial(5, 1.1), invalid_model);
    EXPECT_THROW(s.binomial(5, std::nan("")), invalid_model);
}

TEST(random_stream, poisson_follows_its_distribution_on_both_paths) {
    for (const double mean : {0.01, 1.7, 12.0, 29.9, 30.1, 200.0, 4000.0}) {
        const auto counts = tally(many, 10, [&](auto& s) { return s.poisson(mean); });
        const auto probability = [&](std::int64_t k) {
            const double a = static_cast<double>(k);
            return std::exp(a*std::log(mean) - mean - std::lgamma(a + 1));
        };
        EXPECT_LT(excess_chi_squared(counts, many, probability), chi_squared_errors) << mean;
    }
    random_stream s(1);
    EXPECT_EQ(s.poisson(0), 0);
    EXPECT_THROW(s.poisson(-1), invalid_model);
    EXPECT_THROW(s.poisson(std::nan("")), invalid_model);
}

TEST(random_stream, large_counts_keep_mean_and_variance) {
    constexpr int n = 20000;
    const auto check = [&](const std::vector<double>& x, double mean, double variance) {
        double sum = 0, squares = 0;
        for (const double v : x) sum += v - mean, squares += (v - mean)*(v - mean);
        EXPECT_LT(std::abs(sum/n)/std::sqrt(variance/n), standard_errors);
        EXPECT_LT(std::abs(squares/n/variance - 1)/std::sqrt(2.0/n), standard_errors);
    };
    check(sample(n, 11, [](auto& s) { return static_cast<double>(s.poisson(1e9)); }), 1e9, 1e9);
    check(sample(n, 12, [](auto& s) { return static_cast<double>(s.binomial(1000000000, 0.3)); }), 3e8, 2.1e8);
    check(sample(n, 13, [](auto& s) { return s.gamma(1e8, 1); }), 1e8, 1e8);
}

}  // namespace
}  // namespace apical
