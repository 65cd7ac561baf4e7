// SPDX-License-Identifier: BSD-3-Clause
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "analysis/reduction.hpp"
#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "models/model.hpp"

namespace apical {
namespace {

using namespace units;

/// Of a neuron that is of the kind fitted, the measured values are its own.
TEST(reduction, finds_a_point_neuron_again) {
    neuron known{"adex", {}};
    for (const auto& [name, value] : std::map<std::string, const char*>{{"c_m", "200 pF"}, {"g_leak", "10 nS"}, {"e_leak", "-70 mV"}, {"v_t", "-50 mV"},
                                                                        {"delta_t", "2 mV"}, {"a", "0 nS"}, {"tau_w", "100 ms"}, {"b", "40 pA"},
                                                                        {"v_reset", "-56 mV"}, {"v_peak", "20 mV"}, {"t_refractory", "1 ms"}})
        known.parameters[name] = parse_quantity(value);
    const auto r = reduce_to_point(cell(known), {.dt = 0.1*ms}, {.settle = 200*ms, .step = 400*ms});
    EXPECT_NEAR(r.rest, -70, 0.01);
    EXPECT_NEAR(r.resistance, 100, 0.5);
    EXPECT_NEAR(r.time_constant, 20, 0.3);
    EXPECT_NEAR(r.rheobase, 0.18, 0.02);
    EXPECT_LT(r.deviation, 1.0);
    EXPECT_NEAR(r.point.parameters.at("v_t").value, -50, 2);
    EXPECT_EQ(r.currents.size(), r.of_point.size());
}

/// A detailed cell's rates are followed within a few spikes per second.
TEST(reduction, follows_a_detailed_cell) {
    const auto basket = models::build("pv_basket", {{"compartments", "count(1)"}});
    const auto r = reduce_to_point(basket, {.dt = 0.05*ms, .temperature = celsius(36)}, {.settle = 100*ms, .step = 300*ms});
    EXPECT_NEAR(r.rest, -71.4, 1);
    EXPECT_GT(r.of_cell.back(), 30);
    EXPECT_LT(r.deviation, 0.1*r.of_cell.back());
}

TEST(reduction, what_cannot_be_reduced_is_refused) {
    EXPECT_THROW((void)reduce_to_point(cell(neuron{"lif", {}}), {.dt = 0.1*ms}, {.weakest = 1e-6*pA}), invalid_input);   // never spikes
    EXPECT_THROW((void)reduce_to_point(cell(neuron{"lif", {}}), {.dt = 0.1*ms}, {.step = 0*ms}), invalid_input);
    const neuron restless{"lif", {{"e_leak", parse_quantity("0 mV")}}};
    EXPECT_THROW((void)reduce_to_point(cell(restless), {.dt = 0.1*ms}), invalid_input);
}

}  // namespace
}  // namespace apical
