// SPDX-License-Identifier: BSD-3-Clause
// Synapses whose events weigh a current, on leaky integrate-and-fire neurons.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;

/// A neuron that nothing but one synapse drives.
circuit listening(const char* receptor, double tau_ms, const models::option_values& options = {}) {
    circuit c;
    c.populations.push_back({"n", models::build("lif", options), 1});
    c.receptors.push_back({"s", {"n"}, receptor, {{"tau", {tau_ms, dimensions::time}}}});
    c.detectors.push_back({.on = {"n"}});
    return c;
}

/// Largest error of the potential after one event at 1 ms, by the closed form: C v' = -g (v - e) + w exp(-t/tau).
double error_of_response(double dt_ms) {
    auto c = listening("psc_exp", 0.5);
    c.spike_trains.push_back({"s", {1}, 0.8*nA});
    c.probes.push_back({.label = "v", .on = {"n"}});
    simulation s(c, {.dt = dt_ms*ms});
    s.run(15*ms);
    const auto& v = s["v"].samples;
    double error = 0;
    for (std::size_t k = 0; k < v.size(); ++k) {
        const double t = static_cast<double>(k)*dt_ms - 1;
        const double exact = t <= 0 ? 0 : 0.8/0.25*(10*0.5/(10 - 0.5))*(std::exp(-t/10) - std::exp(-t/0.5));
        error = std::max(error, std::abs(v[k] + 65 - exact));
    }
    return error;
}
TEST(lif, answers_to_a_current_as_the_closed_form_says_to_second_order) {
    const double coarse = error_of_response(0.1), fine = error_of_response(0.05);
    EXPECT_LT(coarse, 5e-3);
    EXPECT_NEAR(coarse/fine, 4, 0.3);
}

/// Trains of both signs onto one receptor, and what NEST 3.10 makes of them: iaf_psc_exp and iaf_psc_alpha with the parameters of lif,
/// events every 1.3 and 2.9 ms, a delay of 0.1 ms.
struct recorded {
    const char* receptor;
    double excitatory, inhibitory;                 // [nA]
    std::vector<double> on_grid, on_fine_grid;     // spikes at a resolution of 0.1 and of 0.001 ms
};
const recorded nest[] = {
    {"psc_exp", 2, -1, {10.4, 22.1, 33.8, 45.5, 57.2, 68.8, 80.7, 91.0}, {10.384, 22.023, 33.709, 45.4, 57.092, 68.784, 80.621, 90.956}},
    {"psc_alpha", 0.8, -0.4, {10.2, 21.1, 31.5, 42.1, 52.7, 63.0, 73.6, 84.6}, {10.107, 20.986, 31.427, 42.005, 52.533, 62.838, 73.371, 83.506}},
};
std::vector<double> ours(const recorded& r, const run_options& o) {
    auto c = listening(r.receptor, 0.5);
    std::vector<double> excitatory, inhibitory;
    for (int k = 0; k < 70; ++k) excitatory.push_back(1 + 1.3*k);
    for (int k = 0; k < 30; ++k) inhibitory.push_back(2 + 2.9*k);
    c.spike_trains.push_back({"s", excitatory, r.excitatory*nA, 0.1*ms});
    c.spike_trains.push_back({"s", inhibitory, r.inhibitory*nA, 0.1*ms});
    return test::spike_times(c, 100, o);
}
TEST(nest, neurons_with_synaptic_currents_agree_within_its_grid) {
    for (const auto& r : nest) {
        const auto exact = ours(r, test::adaptive()), fixed = ours(r, {.dt = 0.1*ms});
        ASSERT_EQ(exact.size(), r.on_grid.size()) << r.receptor;
        ASSERT_EQ(fixed.size(), r.on_grid.size()) << r.receptor;
        for (std::size_t k = 0; k < exact.size(); ++k) {
            const double steps = static_cast<double>(k + 1);   // each spike is late by up to a step more
            EXPECT_NEAR(exact[k], r.on_fine_grid[k], 1.5e-3*steps) << r.receptor << ", spike " << k;
            EXPECT_NEAR(fixed[k], exact[k], 0.1) << r.receptor << ", spike " << k;
            EXPECT_NEAR(fixed[k], r.on_grid[k], r.on_grid[k] - r.on_fine_grid[k] + 0.1) << r.receptor << ", spike " << k;
        }
    }
}

/// The same with jumps of the potential, 5 and -3 mV, and what NEST's iaf_psc_delta makes of them at 0.1 ms.
TEST(nest, neurons_whose_potential_jumps_fire_in_the_same_steps) {
    circuit c;
    c.populations.push_back({"n", models::build("lif", {}), 1});
    c.receptors.push_back({"s", {"n"}, "psp_delta", {}});
    c.detectors.push_back({.on = {"n"}});
    std::vector<double> up, down;
    for (int k = 0; k < 70; ++k) up.push_back(1 + 1.3*k);
    for (int k = 0; k < 30; ++k) down.push_back(2 + 2.9*k);
    c.spike_trains.push_back({"s", up, 5*mV, 0.1*ms});
    c.spike_trains.push_back({"s", down, -3*mV, 0.1*ms});
    // an event that arrives when the refractory time ends is still lost there
    c.populations[0].cell = cell(neuron{"lif", {{"t_refractory", parse_quantity("2.000001 ms")}}});
    const auto times = test::spike_times(c, 100, {.dt = 0.1*ms});
    const std::vector<double> of_nest{7.6, 15.4, 24.5, 33.6, 41.4, 50.5, 59.6, 67.4, 76.5, 85.6};
    ASSERT_EQ(times.size(), of_nest.size());
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], of_nest[k], 1e-9);
}
TEST(psp_delta, is_for_point_neurons_that_reset_and_fixed_steps) {
    circuit c;
    c.populations.push_back({"n", models::build("lif", {}), 1});
    c.receptors.push_back({"s", {"n"}, "psp_delta", {}});
    EXPECT_NO_THROW(compile(c));
    EXPECT_THROW(compile(c, {.neurons = neuron_method::adaptive}), invalid_model);
    c.populations[0].cell = cell(neuron{"pinsky_rinzel", {}}, 2);
    EXPECT_THROW(compile(c), invalid_model);
}

/// Potentials at the start are drawn for each neuron, whichever block and thread it is of; both ways to advance see the same.
TEST(population, starts_at_potentials_of_its_own) {
    circuit c;
    c.populations.push_back({.name = "n", .cell = cell(neuron{"lif", {}}), .size = 3000, .start = random_value::normal(parse_quantity("-60 mV"), parse_quantity("3 mV")).within(parse_quantity("-80 mV"), parse_quantity("-51 mV"))});
    simulation s(c, {.dt = 0.1*ms, .seed = 3}), again(c, {.dt = 0.1*ms, .seed = 3, .threads = 2, .neurons = neuron_method::adaptive}), other(c, {.dt = 0.1*ms, .seed = 4});
    double sum = 0, squares = 0, alike = 0;
    for (int k = 0; k < 3000; ++k) {
        const double v = s.voltage("n", k);
        EXPECT_EQ(v, again.voltage("n", k));
        alike += v == other.voltage("n", k);
        EXPECT_LT(v, -51);
        sum += v, squares += (v + 60)*(v + 60);
    }
    EXPECT_NEAR(sum/3000, -60, 5*3/std::sqrt(3000.0));
    EXPECT_NEAR(std::sqrt(squares/3000), 3, 0.2);
    EXPECT_EQ(alike, 0);
    c.populations[0].start = random_value(1*nA);
    EXPECT_THROW(compile(c), invalid_model);
    c.populations[0].cell = cell(neuron{"rate_unit", {}}), c.populations[0].start = random_value(-60*mV);
    EXPECT_THROW(compile(c), invalid_model);
}

}  // namespace
}  // namespace apical
