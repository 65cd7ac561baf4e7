// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/engine/cells.hpp"
#include "tests/reference/cables.hpp"

/// Orders of convergence, asserted from both sides: a scheme that is better than it should be is as suspicious as a worse one.
namespace apical {
namespace {

using namespace units;

/// Least-squares slope of log(error) against log(h).
double slope(const std::vector<double>& h, const std::vector<double>& error) {
    double x = 0, y = 0, xx = 0, xy = 0;
    const auto n = static_cast<double>(h.size());
    for (std::size_t i = 0; i < h.size(); ++i) {
        const double a = std::log(h[i]), b = std::log(error[i]);
        x += a, y += b, xx += a*a, xy += a*b;
    }
    return (n*xy - x*y)/(n*xx - x*x);
}

/// Largest difference of two runs at whole milliseconds.
double difference(const recording& a, const recording& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.samples.size(); ++i) largest = std::max(largest, std::abs(a.samples[i] - b.samples[i]));
    return largest;
}

/// Order in dt of a model, against a run of the second-order scheme with a far smaller step.
double order_in_time(circuit model, duration until, scheme s, std::initializer_list<double> steps, double finest) {
    const auto run = [&](scheme which, double dt) {
        simulation sim(model, {.dt = dt*ms, .scheme = which});
        sim.run(until);
        return sim.recordings()[0];
    };
    const auto reference = run(scheme::crank_nicolson, finest);
    std::vector<double> h, error;
    for (const double dt : steps) h.push_back(dt), error.push_back(difference(run(s, dt), reference));
    return slope(h, error);
}

circuit squid_patch() {
    cell c(test::one_cable(100, 31.830988618379067), fixed_count{1});
    for (const auto* name : {"hh_na", "hh_k", "hh_leak"}) c.paint("all", mechanism{name, {}});
    circuit model;
    model.populations.push_back({"patch", c, 1});
    model.injections.push_back({{"patch", "dend[0](0.5)", {}}, step_current{1*ms, 1*ms, 2*nA}});
    model.probes.push_back({"v", {"patch", "dend[0](0.5)", {}}, "v", 0.5*ms, 0*ms});
    return model;
}

TEST(squid_patch, has_the_published_action_potential) {
    simulation sim(squid_patch(), {.dt = 0.0003125*ms});
    sim.run(30*ms);
    const auto& v = sim["v"];
    for (const auto& [t, expected] : {std::pair{1.0, -64.97554748}, {1.5, -55.89607990}, {2.0, -40.90550670}, {2.5, 40.22394580},
                                      {3.0, 24.01728511}, {4.0, -24.64346039}, {5.0, -74.79281259}, {8.0, -74.67780462},
                                      {12.0, -70.41924277}, {20.0, -64.67800487}, {30.0, -65.07425850}})
        EXPECT_NEAR(v.samples[static_cast<std::size_t>(2*t)], expected, 2e-5) << t << " ms";
}

TEST(order_in_time, of_crank_nicolson_is_2) {
    EXPECT_NEAR(order_in_time(squid_patch(), 10*ms, scheme::crank_nicolson, {0.025, 0.0125, 0.00625, 0.003125}, 0.0003125), 2, 0.15);
}
TEST(order_in_time, of_backward_euler_is_1) {
    EXPECT_NEAR(order_in_time(squid_patch(), 10*ms, scheme::backward_euler, {0.0125, 0.00625, 0.003125, 0.0015625}, 0.0003125), 1, 0.15);
}

circuit calcium_cell() {
    circuit model;
    model.populations.push_back({"cell", test::active(fixed_count{3}), 1});
    model.injections.push_back({{"cell", "soma(0.5)", {}}, step_current{1*ms, 5*ms, 0.5*nA}});
    model.receptors.push_back({"synapse", {"cell", "apic[1](0.5)", {}}, "exp2syn", {{"tau_rise", {0.5, dimensions::time}}}});
    model.spike_trains.push_back({"synapse", {2}, 0.002*uS});
    model.probes.push_back({"ca", {"cell", "centre(apical)", {}}, "v", 0.5*ms, 0*ms});
    return model;
}

TEST(order_in_time, of_crank_nicolson_is_2_with_calcium_synapses_and_branches) {
    EXPECT_NEAR(order_in_time(calcium_cell(), 12*ms, scheme::crank_nicolson, {0.025, 0.0125, 0.00625, 0.003125}, 0.00078125/2), 2, 0.2);
}
TEST(order_in_time, of_backward_euler_is_1_with_calcium_synapses_and_branches) {
    EXPECT_NEAR(order_in_time(calcium_cell(), 12*ms, scheme::backward_euler, {0.0125, 0.00625, 0.003125, 0.0015625}, 0.00078125/2), 1, 0.15);
}

TEST(order_in_space, is_2_for_a_cable_in_steady_state) {
    const double scale = 0.1*test::r_infinity(1);
    const test::sealed_cylinder exact{1.2};
    std::vector<double> h, error;
    for (const int n : {5, 9, 17, 33, 65}) {
        simulation sim(test::driven(test::passive(test::one_cable(1200, 1), fixed_count{n}), "dend[0](0)", 0.1, {}),
                       {.dt = 400*ms, .scheme = scheme::backward_euler});
        sim.run(400*60*ms);
        h.push_back(1.0/n), error.push_back(std::abs((sim.voltage("cell", 0, "dend[0](1)") + 65)/scale - exact.steady(0, 1.2)));
    }
    EXPECT_NEAR(slope(h, error), 2, 0.1);
}

}  // namespace
}  // namespace apical
