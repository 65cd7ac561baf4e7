// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/work_precision.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/model.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

circuit spiking() {
    circuit c;
    c.populations.push_back({"cells", test::active(), 3});
    c.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.3*nA}});
    c.injections.push_back({{"cells", "soma(0.5)", {}}, noise_current{0*ms, 50*ms, 0*nA, 0.02*nA, 3*ms}});
    c.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return c;
}

const work_precision::point& of(const work_precision& w, const std::string& setting) {
    for (const auto& p : w.points)
        if (p.setting == setting) return p;
    throw std::runtime_error("no point " + setting);
}

TEST(work_precision, finer_ways_are_more_exact_and_the_cheapest_is_exact_enough) {
    const auto w = measure_work_precision(spiking(), {}, 40*ms);
    EXPECT_EQ(w.cells, 2);
    EXPECT_EQ(w.reference_setting, "precise, 1e-06 mV");
    for (const auto& p : w.points) {
        EXPECT_EQ(p.failure, "") << p.setting;
        EXPECT_GT(p.seconds, 0) << p.setting;
        EXPECT_GT(p.spikes, 2) << p.setting;
    }
    const double be = of(w, "backward_euler, 0.025 ms").p95, cn = of(w, "crank_nicolson, 0.025 ms").p95, fine = of(w, "crank_nicolson, 0.00625 ms").p95,
                 precise = of(w, "precise, 0.001 mV").p95, cvode = of(w, "cvode, 0.001 mV").p95;
    EXPECT_GT(be, 5*cn);
    EXPECT_NEAR(cn/fine, 16, 4);   // second order, on the same noise
    EXPECT_LT(precise, 0.1*cn);
    EXPECT_LT(cvode, 0.02);   // noise jumps in every dt, and a method with a past pays for each
    for (const double limit : {1.0, 0.003}) {
        const auto best = w.cheapest(limit*ms);
        ASSERT_TRUE(best) << limit;
        EXPECT_LE(w.points[*best].p95, limit);
        for (const auto& p : w.points)
            if (p.p95 <= limit && p.missed == 0 && p.extra == 0) { EXPECT_LE(w.points[*best].seconds, p.seconds) << p.setting; }
    }
    EXPECT_FALSE(w.cheapest(1e-15*ms));
}

TEST(work_precision, voltages_count_where_there_are_no_spikes) {
    auto c = spiking();
    c.injections = {{{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.01*nA}}};
    c.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v", 0.1*ms, 0*ms});
    const auto w = measure_work_precision(c, {}, 40*ms, {.cells_per_population = 1, .candidates = {}});
    for (const auto& p : w.points) {
        EXPECT_EQ(p.spikes, 0) << p.setting;
        EXPECT_TRUE(std::isnan(p.p95)) << p.setting;
        EXPECT_LT(p.voltage, 1) << p.setting;
        EXPECT_GT(p.voltage, 0) << p.setting;
    }
    EXPECT_TRUE(w.cheapest(0.1*ms));
}

TEST(work_precision, point_neurons_are_compared_with_their_own_reference) {
    circuit c;
    c.populations.push_back({"adex", models::build("adex"), 2});
    c.injections.push_back({{"adex", "soma(0.5)", {}}, step_current{5*ms, 200*ms, 1*nA}});
    c.detectors.push_back({{"adex", "soma(0.5)", {}}, -20*mV});
    const auto w = measure_work_precision(c, {.dt = 0.1*ms}, 200*ms);
    EXPECT_EQ(w.reference_setting, "adaptive, 1e-11");
    EXPECT_GT(of(w, "fixed_step, 0.1 ms").spikes, 4);
    EXPECT_LT(of(w, "fixed_step, 0.025 ms").largest, 0.2*of(w, "fixed_step, 0.1 ms").largest);
    EXPECT_LT(of(w, "adaptive, 1e-08").largest, 1e-3);
}

TEST(work_precision, refuses_what_is_no_sample) {
    EXPECT_THROW(measure_work_precision(spiking(), {}, 40*ms, {.cells_per_population = 0, .candidates = {}}), invalid_model);
    EXPECT_THROW(measure_work_precision(spiking(), {}, 40*ms, {.limit = 0*ms, .candidates = {}}), invalid_model);
}

}  // namespace
}  // namespace apical
