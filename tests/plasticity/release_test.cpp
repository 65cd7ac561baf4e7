// SPDX-License-Identifier: BSD-3-Clause
// Models of release against their equations: integrated in small steps where they are not solved on paper, closed forms where they are.
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/release_catalogue.hpp"
#include "plasticity/hennig.hpp"
#include "plasticity/tsodyks_markram.hpp"
#include "plasticity/tsodyks_uziel_markram.hpp"

namespace apical::plasticity {
namespace {

using tm = tsodyks_markram;
using tum = tsodyks_uziel_markram;

/// Bursts, pauses and two spikes at once.
const std::vector<double> spikes{3, 8, 8.5, 11, 40, 41, 42, 43, 200, 200, 260, 1500, 1502};

/// What spikes release, by a function of (parameters, spikes).
template <class M> std::vector<double> releases(const typename M::template parameters<double>& p, const std::vector<double>& at) {
    auto s = M::at_start(p);
    std::vector<double> all;
    for (const double t : at) all.push_back(M::release(s, p, t, nullptr));
    return all;
}

/// Runge-Kutta steps of about `step` from one time to another.
template <std::size_t N, class F> void integrate(std::array<double, N>& y, double from, double to, double step, const F& rates) {
    const auto n = static_cast<int>(std::ceil((to - from)/step));
    const double h = n > 0 ? (to - from)/n : 0;
    const auto at = [&](const std::array<double, N>& k, double part) {
        auto z = y;
        for (std::size_t i = 0; i < N; ++i) z[i] += part*h*k[i];
        return rates(z);
    };
    for (int i = 0; i < n; ++i) {
        const auto a = rates(y), b = at(a, 0.5), c = at(b, 0.5), d = at(c, 1);
        for (std::size_t j = 0; j < N; ++j) y[j] += h/6*(a[j] + 2*b[j] + 2*c[j] + d[j]);
    }
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], tolerance) << "spike " << k;
}

TEST(release, tsodyks_uziel_markram_solves_its_equations) {
    for (const double active : {3.0, 100.0, 800.0, 1000.0}) {
        const tum::parameters<double> p{0.3, 800, 530, active, 0.1, 0.7, 0.2};
        std::array<double, 3> y{0.1, 0.2, 0.1};      // u, y, z
        std::vector<double> expected;
        double now = 0;
        for (const double t : spikes) {
            integrate(y, now, t, 0.02, [&](const auto& s) { return std::array{-s[0]/530, -s[1]/active, s[1]/active - s[2]/800}; });
            now = t;
            y[0] += 0.3*(1 - y[0]);
            expected.push_back(y[0]*(1 - y[1] - y[2]));
            y[1] += expected.back();
        }
        expect_near(releases<tum>(p, spikes), expected, 1e-9);
    }
}

/// What is active for no time is inactive at once.
TEST(release, both_models_of_tsodyks_agree_where_activity_is_short) {
    for (const double facilitation : {0.0, 400.0})
        expect_near(releases<tum>({0.4, 150, facilitation, 1e-7, 0, 1, 0}, {3, 8, 20, 300, 310}), releases<tm>({0.4, 150, facilitation, 0, 0, 1}, {3, 8, 20, 300, 310}), 1e-8);
}

TEST(release, hennig_solves_its_equations) {
    for (const double facilitation : {10.0, 100.0, 250.0}) {          // 100: as long as the baseline's
        const hennig::parameters<double> p{0.4, 700, facilitation, 0.5, 900, 0.3, 0.25, 100, 0.6, 120};
        std::array<double, 5> y{1, 700, 0.4, 0.4, 1};                 // n, r, p, b, d
        std::vector<double> expected;
        double now = 0;
        for (const double t : spikes) {
            integrate(y, now, t, 0.02, [&](const auto& s) {
                return std::array{(1 - s[0])/s[1], (700 - s[1])/900, (s[3] - s[2])/facilitation, (0.4 - s[3])/100, (1 - s[4])/120};
            });
            now = t;
            auto& [n, r, q, b, d] = y;
            expected.push_back(n*q*d);
            n -= n*q, q += 0.3*(1 - q), r -= 0.5*r, d -= 0.6*q*n*d, b -= 0.25*b;
        }
        expect_near(releases<hennig>(p, spikes), expected, 1e-9);
    }
}

TEST(release, hennig_without_its_four_shares_is_plain_depression) {
    expect_near(releases<hennig>({0.35, 200, 10, 0, 1000, 0, 0, 100, 0, 100}, spikes), releases<tm>({0.35, 200, 0, 0, 0, 1}, spikes), 1e-12);
}

/// Without facilitation: R = (1 - e)/(1 - (1 - U) e), e = e^(-1/(rate D)); with it, u = U/(1 - (1 - U) f).
TEST(release, tsodyks_markram_is_stationary_where_it_should_be) {
    const double use = 0.15, recovery = 130, facilitation = 530, interval = 40;
    const double f = std::exp(-interval/facilitation), e = std::exp(-interval/recovery), u = use/(1 - (1 - use)*f);
    const tm::parameters<double> p{use, recovery, facilitation, 0, 0, 1};
    auto s = tm::at_start(p);
    double last = 0;
    for (int k = 0; k < 300; ++k) last = tm::release(s, p, interval*k, nullptr);
    EXPECT_NEAR(last, u*(1 - e)/(1 - (1 - u)*e), 1e-12);
}

TEST(release, starts_are_as_if_spikes_had_been_before) {
    const tm::parameters<double> rested{0.4, 300, 200, 0, 0, 1};
    auto s = tm::at_start(rested);
    tm::release(s, rested, 0, nullptr);
    const double second = tm::release(s, rested, 25, nullptr);
    EXPECT_NEAR(releases<tm>({0.4, 300, 200, 0, 0.4, 0.6}, {25}).front(), second, 1e-13);
    // depleted terminals recover
    EXPECT_NEAR(releases<tm>({0.4, 300, 0, 0, 0, 0}, {60}).front(), 0.4*(1 - std::exp(-60.0/300)), 1e-13);
}

/// Vesicles are independent: each is released at a spike with the probability that the equations of the mean give. So the share that is released
/// has this mean m, and the variance m (1 - m)/N.
TEST(release, vesicles_have_the_mean_and_the_variance_of_independent_ones) {
    constexpr int trials = 40000;
    const std::vector<double> at{5, 15, 25, 60, 61, 200};
    for (const int vesicles : {1, 2, 6}) {
        const tm::parameters<double> chance{0.45, 120, 60, static_cast<double>(vesicles), 0, 1}, mean{0.45, 120, 60, 0, 0, 1};
        const auto expected = releases<tm>(mean, at);
        std::vector<double> sum(at.size()), squares(at.size()), fourth(at.size());
        for (int t = 0; t < trials; ++t) {
            auto s = tm::at_start(chance);
            for (std::size_t k = 0; k < at.size(); ++k) {
                random_stream draws(11, static_cast<std::uint64_t>(t), k);
                const double off = tm::release(s, chance, at[k], &draws) - expected[k];
                sum[k] += off, squares[k] += off*off, fourth[k] += off*off*off*off;
            }
        }
        for (std::size_t k = 0; k < at.size(); ++k) {
            const double m = expected[k], variance = m*(1 - m)/vesicles, average = sum[k]/trials, spread = squares[k]/trials;
            EXPECT_NEAR(average, 0, 5*std::sqrt(variance/trials)) << vesicles << " vesicles, spike " << k;
            EXPECT_NEAR(spread, variance, 5*std::sqrt((fourth[k]/trials - spread*spread)/trials)) << vesicles << " vesicles, spike " << k;
        }
    }
}

/// Every model as the engine calls it: a share, which the identity of who releases and the time decide.
TEST(release, every_model_gives_shares_and_the_same_ones_again) {
    ASSERT_GE(release_models().size(), 3u);
    for (const auto& e : release_models()) {
        std::vector<double> p;
        for (const auto& f : e.schema.parameters) {
            EXPECT_LE(f.low, f.value) << e.schema.name << " " << f.name;
            EXPECT_GE(f.high, f.value) << e.schema.name << " " << f.name;
            EXPECT_FALSE(f.meaning.empty());
            p.push_back(f.name == "vesicles" ? 3 : f.value);
        }
        EXPECT_EQ(&release_model_at(e.schema.name, "here"), &e);
        std::vector<double> once(e.table.states), again(e.table.states), other(e.table.states);
        e.table.at_start(p.data(), once.data()), e.table.at_start(p.data(), again.data()), e.table.at_start(p.data(), other.data());
        for (const double t : spikes) {
            const double x = e.table.release(once.data(), p.data(), t, {1, 2, 3});
            EXPECT_TRUE(x >= 0 && x <= 1) << e.schema.name << " " << x;
            EXPECT_EQ(x, e.table.release(again.data(), p.data(), t, {1, 2, 3})) << e.schema.name;
            e.table.release(other.data(), p.data(), t, {1, 2, 4});
        }
        EXPECT_EQ(once, again);
    }
    EXPECT_THROW(release_model_at("tsodyks", "here"), invalid_model);
}

}  // namespace
}  // namespace apical::plasticity
