// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;
using test::driven, test::spike_times;

/// Spikes of a leaky integrate-and-fire neuron under a constant current: first after tau ln(u/(u - threshold)), where u is where v
/// would go, then every t_ref + tau ln((u - reset)/(u - threshold)); all above rest.
void expect_lif(const run_options& options, double tolerance_ms) {
    const double tau = 10, u = 20, threshold = 15, refractory = 2, first = tau*std::log(u/(u - threshold));
    const auto times = spike_times(driven("lif", {}, {0.5}), 400, options);
    ASSERT_EQ(times.size(), 25u);
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], first + static_cast<double>(k)*(refractory + first), tolerance_ms) << "spike " << k;
}
TEST(lif, spikes_of_fixed_steps_are_those_of_the_closed_form) {
    expect_lif({.dt = 0.1*ms}, 1e-9);
    expect_lif({.dt = 1*ms}, 1e-9);       // a step as long as the refractory time does no harm
    expect_lif({.dt = 0.1*ms, .lanes = 1}, 1e-9);
}
TEST(lif, spikes_of_adaptive_steps_are_those_of_the_closed_form) { expect_lif(test::adaptive(), 1e-6); }
TEST(lif, a_looser_tolerance_errs_more) {
    auto loose = test::adaptive();
    loose.tolerance = 1e-3;
    const auto exact = spike_times(driven("lif", {}, {0.5}), 400), times = spike_times(driven("lif", {}, {0.5}), 400, loose);
    ASSERT_EQ(times.size(), exact.size());
    EXPECT_GT(std::abs(times.back() - exact.back()), 1e-7);
    EXPECT_LT(std::abs(times.back() - exact.back()), 0.5);
}

/// f-I curve: silent up to 0.375 nA, then 1/(t_ref + tau ln(u/(u - threshold))).
TEST(lif, has_the_rate_of_the_textbook) {
    for (const double i : {0.3, 0.37, 0.38, 0.5, 1.0, 3.0}) {
        const double u = i/0.025;
        const auto isi = test::intervals(spike_times(driven("lif", {}, {i}), 500));
        if (u < 15) EXPECT_TRUE(isi.empty()) << i;
        else {
            ASSERT_FALSE(isi.empty()) << i;
            EXPECT_NEAR(isi.back(), 2 + 10*std::log(u/(u - 15)), 1e-8) << i;
        }
    }
}

/// An exponential conductance on a passive membrane, in fixed and adaptive steps, against each other and on refinement.
TEST(lif, answers_to_a_conductance_alike_in_both_ways) {
    auto c = driven("lif", {{"v_threshold", "100 mV"}}, {});
    c.receptors.push_back({"e", {"n", "soma(0.5)", {}}, "expsyn", {{"tau", {3, dimensions::time}}}});
    c.spike_trains.push_back({"e", {5, 9, 9.5, 30}, 20*nS});
    c.probes.push_back({.label = "v", .on = {"n"}});
    const auto trace = [&](const run_options& o) {
        simulation s(c, o);
        s.run(60*ms);
        return s["v"].samples;
    };
    const auto exact = trace(test::adaptive(0.1)), coarse = trace({.dt = 0.1*ms}), fine = trace({.dt = 0.05*ms});
    ASSERT_EQ(exact.size(), coarse.size());
    double error = 0, fine_error = 0, rise = 0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
        error = std::max(error, std::abs(coarse[k] - exact[k]));
        fine_error = std::max(fine_error, std::abs(fine[2*k] - exact[k]));
        rise = std::max(rise, exact[k] + 65);
    }
    EXPECT_GT(rise, 5);
    EXPECT_LT(error, 2e-3);
    EXPECT_NEAR(error/fine_error, 4, 0.4) << "second order";
}

TEST(rate_unit, approaches_its_rate_exponentially) {
    auto c = driven("rate_unit", {}, {});
    c.detectors.clear();
    c.injections.push_back({{"n", "soma(0.5)", {}}, step_current{10*ms, 1000*ms, 0.3*nA}});
    c.probes.push_back({.label = "r", .on = {"n"}, .variable = "rate_unit.r"});
    for (const auto& o : {run_options{.dt = 0.1*ms}, test::adaptive()}) {
        simulation s(c, o);
        s.run(60*ms);
        EXPECT_EQ(s["r"].unit, "Hz");
        EXPECT_NEAR(s["r"].samples[100], 0, 1e-9);
        EXPECT_NEAR(s["r"].samples[300], 20*(1 - std::exp(-2.0)), 1e-6);
    }
}

TEST(glif, level_one_is_a_leaky_integrator) {
    const double tau = 58.72/9.12, u = 0.5/9.12e-3, threshold = 78.85 - 37.88, refractory = 3.75;
    const auto times = spike_times(driven("glif", {}, {0.5}), 200);
    ASSERT_GT(times.size(), 12u);
    const double first = tau*std::log(u/(u - threshold));
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], first + static_cast<double>(k)*(refractory + first), 1e-8);
}

/// f-I curve of level 1: silent up to g (theta - e) = 373.6 pA, then 1/(t_ref + tau ln(u/(u - threshold))).
TEST(glif, level_one_has_the_rate_of_its_closed_form) {
    for (const double i : {0.3, 0.373, 0.375, 0.5, 1.0, 3.0}) {
        const double tau = 58.72/9.12, u = i/9.12e-3, threshold = 78.85 - 37.88;
        const auto isi = test::intervals(spike_times(driven("glif", {}, {i}), 300));
        if (u < threshold) EXPECT_TRUE(isi.empty()) << i;
        else {
            ASSERT_FALSE(isi.empty()) << i;
            EXPECT_NEAR(isi.back(), 3.75 + tau*std::log(u/(u - threshold)), 1e-8) << i;
        }
    }
}

/// Level 3 in its periodic state: each current is di/(1 - exp(-k T)) after a spike, if spikes come every T, and T is when the potential that
/// these and the input drive has met the threshold.
TEST(glif, level_three_settles_to_the_period_of_its_after_spike_currents) {
    const double c = 0.05872, g = 9.43e-3, threshold = 78.85 - 50.19, refractory = 3.75, k[] = {0.003, 0.1}, di[] = {-9.18e-3, -198.94e-3};
    for (const double i : {0.4, 0.5, 1.0}) {
        const auto excess = [&](double period) {
            const double s = period - refractory;
            double v = i/g*(1 - std::exp(-s*g/c));
            for (int j = 0; j < 2; ++j) v += di[j]/(1 - std::exp(-k[j]*period))/c*(std::exp(-k[j]*s) - std::exp(-s*g/c))/(g/c - k[j]);
            return v - threshold;
        };
        double low = refractory, high = 1000;
        for (int n = 0; n < 100; ++n) (excess((low + high)/2) < 0 ? low : high) = (low + high)/2;
        const auto isi = test::intervals(spike_times(driven("glif", {{"set", "glif3"}}, {i}), 10000));
        ASSERT_FALSE(isi.empty()) << i;
        EXPECT_NEAR(isi.back(), low, 1e-7) << i;
        EXPECT_LT(isi.front(), isi.back()) << "it adapts to it";
    }
}

}  // namespace
}  // namespace apical
