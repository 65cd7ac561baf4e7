// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/verification.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/spike_matching.hpp"
#include "models/model.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

circuit one(const std::string& model, const std::string& at = "soma(0.5)", int size = 1) {
    circuit c;
    c.populations.push_back({.name = "cell", .cell = models::build(model), .size = size});
    c.probes = {{.label = "v", .on = {"cell", at}}};
    c.detectors = {{.on = {"cell", at}}};
    return c;
}
circuit stepped(const std::string& model, current amplitude, const std::string& at = "soma(0.5)") {
    auto c = one(model, at);
    c.injections.push_back({{"cell", at}, step_current{2*ms, 100*ms, amplitude}});
    return c;
}
circuit noisy(const std::string& model, current mean, current sd) {
    auto c = one(model);
    c.injections.push_back({{"cell", "soma(0.5)"}, noise_current{0*ms, 100*ms, mean, sd, 3*ms}});
    return c;
}
circuit with_synapses(const std::string& model, const std::string& receptor, conductance weight) {
    auto c = one(model);
    c.receptors.push_back({"synapse", {"cell", "soma(0.5)"}, receptor, {}});
    c.spike_trains.push_back({"synapse", {3.01, 7.333, 7.9, 20, 31.257}, weight, 0.5*ms});
    return c;
}
circuit ramped() {
    auto c = one("ball_and_stick");
    c.injections.push_back({{"cell", "dend[0](0.5)"}, ramp_current{0*ms, 40*ms, 0*nA, 2*nA}});
    return c;
}

circuit neuron(const std::string& model, current amplitude) { return stepped(model, amplitude); }

struct experiment_case {
    const char* name;
    circuit model;
    run_options options = {};
};

std::vector<experiment_case> cases() {
    const auto be = scheme::backward_euler;
    const run_options warm{.temperature = celsius(36)};
    return {{"squid_step", stepped("squid_axon", 1000*nA, "axon[0](0.5)"), {}},
            {"squid_step_be", stepped("squid_axon", 1000*nA, "axon[0](0.5)"), {.scheme = be}},
            {"ball_and_stick", stepped("ball_and_stick", 0.3*nA), {}},
            {"ball_and_stick_be", stepped("ball_and_stick", 0.3*nA), {.scheme = be}},
            {"ball_and_stick_small_step", stepped("ball_and_stick", 0.3*nA), {.dt = 0.0125*ms}},
            {"ball_and_stick_noise", noisy("ball_and_stick", 0.2*nA, 0.2*nA), {}},
            {"ball_and_stick_noise_be", noisy("ball_and_stick", 0.2*nA, 0.2*nA), {.scheme = be}},
            {"ball_and_stick_ramp", ramped(), {}},
            {"ball_and_stick_synapses", with_synapses("ball_and_stick", "ampa_nmda", 0.01*uS), {}},
            {"pv_basket", stepped("pv_basket", 0.5*nA), warm},
            {"sst_martinotti", stepped("sst_martinotti", 0.3*nA), warm},
            {"adex", neuron("adex", 1*nA), {}},
            {"adex_noise", [] { auto c = neuron("adex", 0.8*nA); c.injections.push_back({{"cell"}, noise_current{0*ms, 100*ms, 0.2*nA, 0.2*nA, 3*ms}}); return c; }(), {}},
            {"izhikevich_2007", neuron("izhikevich_2007", 0.3*nA), {}},
            {"active_cell", [] { auto c = test::busy(1); c.clamps.clear(); return c; }(), {}}};
}

/// The run in steps so small that what is left of its error does not matter here.
simulation converged(const circuit& c, run_options o, duration until, int divisor) {
    o.dt = o.dt/static_cast<double>(divisor), o.steps_per_input = divisor;
    simulation s(c, o);
    s.run(until);
    return s;
}

std::vector<double> times_of(const simulation& s) {
    std::vector<double> t;
    for (const auto& x : s.spikes()) t.push_back(x.time);
    return t;
}

void expect_holds(const verification::estimate& e, double truth, double slack, const char* what) {
    EXPECT_LE(e.low, truth + slack) << what;
    EXPECT_GE(e.high, truth - slack) << what;
    EXPECT_LE(e.low, e.value) << what;
    EXPECT_LE(e.value, e.high) << what;
}

/// What the reported errors must hold: those against the converged run.
TEST(verification, bounds_hold_the_true_error) {
    for (const auto& [name, model, options] : cases()) {
        SCOPED_TRACE(name);
        const auto until = 30*ms;
        const auto v = verify(model, options, until);
        simulation run(model, options);
        run.run(until);
        const bool first_order = options.scheme == scheme::backward_euler;
        const auto truth = converged(model, options, until, first_order ? 128 : 32);
        const auto a = times_of(run), b = times_of(truth);
        const auto found = match_spikes(a, b, 5);
        ASSERT_GT(a.size(), 0u) << "the case is too quiet";
        EXPECT_EQ(v.populations[0].spikes, static_cast<int>(a.size()));
        EXPECT_EQ(v.populations[0].missed, static_cast<int>(found.only_second.size()));
        EXPECT_EQ(v.populations[0].extra, static_cast<int>(found.only_first.size()));
        double largest = 0;
        for (const auto& [i, j] : found.pairs) largest = std::max(largest, std::abs(a[i] - b[j]));
        // what is left of the converged run's own error: 1/128 for first order, 1/1024 for second
        expect_holds(v.populations[0].largest, largest, 0.01*largest + 1e-9, "largest");
        EXPECT_GT(largest, 1e-8) << "no error to tell";
    }
}

TEST(verification, backward_euler_is_told_from_crank_nicolson) {
    const auto c = stepped("ball_and_stick", 0.3*nA);
    const auto be = verify(c, {.scheme = scheme::backward_euler}, 40*ms), cn = verify(c, {}, 40*ms);
    EXPECT_GT(be.populations[0].median.low, 5*cn.populations[0].median.high);
    EXPECT_GT(be.probes[0].rms.low, cn.probes[0].rms.high);
    EXPECT_EQ(be.probes[0].unit, "mV");
}

TEST(verification, a_run_without_spikes_has_errors_of_voltage_only) {
    const auto v = verify(stepped("ball_and_stick", 0.01*nA), {}, 20*ms);
    EXPECT_EQ(v.populations[0].spikes, 0);
    EXPECT_TRUE(std::isnan(v.populations[0].median.value));
    EXPECT_GT(v.probes[0].largest.value, 0);
    EXPECT_LT(v.probes[0].largest.high, 0.01);
}

TEST(verification, draws_as_many_cells_as_asked_and_always_the_same) {
    auto c = one("ball_and_stick", "soma(0.5)", 9);
    for (int i = 0; i < 9; ++i) c.injections.push_back({{"cell", "soma(0.5)", {i}}, step_current{1*ms, 50*ms, (0.2 + 0.02*i)*nA}});
    const auto some = verify(c, {}, 20*ms, {.cells_per_population = 3}), again = verify(c, {}, 20*ms, {.cells_per_population = 3});
    const auto others = verify(c, {}, 20*ms, {.cells_per_population = 3, .seed = 5}), all = verify(c, {.lanes = 1}, 20*ms, {.cells_per_population = 100});
    EXPECT_EQ(some.populations[0].cells, 3);
    EXPECT_EQ(all.populations[0].cells, 9);
    EXPECT_EQ(some.populations[0].largest.value, again.populations[0].largest.value);
    EXPECT_NE(some.populations[0].largest.value, others.populations[0].largest.value);
    EXPECT_GE(all.populations[0].largest.value, some.populations[0].largest.value);
}

TEST(verification, refuses_options_that_are_none) {
    EXPECT_THROW(verify(one("ball_and_stick"), {}, 1*ms, {.cells_per_population = 0}), invalid_model);
    EXPECT_THROW(verify(one("ball_and_stick"), {}, 1*ms, {.limit = 0*ms}), invalid_model);
    EXPECT_THROW(verify(one("ball_and_stick"), {}, 1.01*ms), invalid_model) << "not a whole number of steps";
}

}  // namespace
}  // namespace apical
