// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "models/cells/ball_and_stick.hpp"
#include "models/cylinder.hpp"
#include "tests/models/reference.hpp"

/// Two small cells against NEURON 9 at fixed steps, row by row (tests/reference/neuron/golden_*.csv; how they are made is
/// written on top of those files).
namespace apical {
namespace {

using namespace units;

std::size_t row_of(const reference::table& t, std::size_t i) { return static_cast<std::size_t>(t.number(i, "step")); }

circuit spiking_ball_and_stick() {
    circuit c;
    c.populations.push_back({.name = "cell", .cell = models::ball_and_stick()});
    c.injections.push_back({{"cell"}, step_current{1*ms, 10*ms, 0.3*nA}});
    c.receptors.push_back({.label = "synapse", .on = {"cell", "dend[0](0.7)"}, .name = "exp2syn",
                           .parameters = {{"tau_rise", parse_quantity("0.5 ms")}, {"tau_decay", parse_quantity("3 ms")}}});
    c.spike_trains.push_back({.receptor = "synapse", .times_ms = {3.01, 7.31}, .weight = 0.004*uS, .delay = 1*ms});
    c.probes = {{.label = "soma", .on = {"cell"}}, {.label = "dendrite", .on = {"cell", "dend[0](0.9)"}}};
    return c;
}

TEST(golden_g1, backward_euler_is_neurons_to_a_nanovolt) {
    simulation s(spiking_ball_and_stick(), {.dt = 0.025*ms, .scheme = scheme::backward_euler});
    s.run(20*ms);
    const reference::table expected("golden_g1.csv");
    int rows = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected.text(i, "secondorder") != "0" || expected.text(i, "tables") != "0" || expected.text(i, "step") == "peak") continue;
        const auto at = row_of(expected, i);
        EXPECT_NEAR(s["soma"].samples.at(at), expected.number(i, "v_soma_mV"), 1e-6) << "step " << at;
        EXPECT_NEAR(s["dendrite"].samples.at(at), expected.number(i, "v_dend_0.9_mV"), 1e-6) << "step " << at;
        ++rows;
    }
    EXPECT_GE(rows, 12);
    EXPECT_NEAR(std::ranges::max(s["soma"].samples), 33.277238048686, 1e-6);
}

/// The zero-area node between soma and dendrite is implicit here and not in NEURON, which is all that differs.
TEST(golden_g1, crank_nicolson_peaks_where_neurons_second_order_does) {
    simulation s(spiking_ball_and_stick(), {.dt = 0.025*ms});
    s.run(20*ms);
    EXPECT_NEAR(std::ranges::max(s["soma"].samples), 33.629950953287, 0.01);
}

mechanism channel(const char* name, double siemens_per_cm2) { return {name, {{"g_max", siemens_per_cm2*(S/cm2)}}}; }
mechanism leak(double siemens_per_cm2) { return {"pas", {{"g", siemens_per_cm2*(S/cm2)}, {"e_rev", -90*mV}}}; }
mechanism pool(double gamma, duration decay) { return {"cadynamics_e2", {{"gamma", any_quantity{gamma, {}}}, {"decay", decay}}}; }

cell calcium_cell() {
    auto shape = models::one_cylinder({section_type::soma, 20*um, 20*um});
    models::add_cylinder(shape, {section_type::basal, 600*um, 3*um}, {0, 1});
    cell c(shape, explicit_counts{{1, 15}});
    c.paint("soma", cable{1*uF/cm2, 100*ohm*cm}).paint("basal", cable{2*uF/cm2, 100*ohm*cm});
    c.paint("soma", leak(3.38e-5)).paint("basal", leak(5.89e-5));
    for (const auto& [name, soma, dendrite] : {std::tuple{"nata_t", 2.04, 0.0213}, {"skv3_1", 0.693, 0.000261},
                                               {"sk_e2", 0.0441, 0.0012}, {"ca_hva", 0.000992, 0.000555},
                                               {"ca_lvast", 0.00343, 0.0187}, {"ih", 2e-4, 0.002}}) {
        c.paint("soma", channel(name, soma)).paint("basal", channel(name, dendrite));
    }
    c.paint("soma", channel("nap_et2", 0.00172)).paint("soma", channel("k_tst", 0.0812)).paint("soma", channel("k_pst", 0.00223));
    c.paint("soma", pool(0.000501, 460*ms)).paint("basal", pool(0.000509, 122*ms));
    auto potassium = default_ion(ion::k);
    potassium.e_rev = -85*mV;
    return c.paint("all", potassium).start_at(-80*mV);
}

class golden_g2 : public testing::TestWithParam<double> {};

TEST_P(golden_g2, calcium_and_its_channels_are_neurons_to_a_nanovolt) {
    circuit c;
    c.populations.push_back({.name = "cell", .cell = calcium_cell()});
    c.injections.push_back({{"cell"}, step_current{20*ms, 60*ms, 0.6*nA}});
    c.probes = {{.label = "soma", .on = {"cell"}},
                {.label = "dendrite", .on = {"cell", "dend[0](0.966666)"}},
                {.label = "calcium", .on = {"cell"}, .variable = "ca.c_in"},
                {.label = "reversal", .on = {"cell"}, .variable = "ca.e_rev"}};
    simulation s(c, {.dt = 0.025*ms, .scheme = scheme::backward_euler, .temperature = celsius(GetParam())});
    s.run(100*ms);
    const reference::table expected("golden_g2.csv");
    int rows = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (std::abs(expected.number(i, "celsius") - GetParam()) > 1e-6) continue;
        const auto at = row_of(expected, i);
        EXPECT_NEAR(s["soma"].samples.at(at), expected.number(i, "v_soma_mV"), 1e-6) << "step " << at;
        EXPECT_NEAR(s["dendrite"].samples.at(at), expected.number(i, "v_dend_mV"), 1e-6) << "step " << at;
        EXPECT_NEAR(s["calcium"].samples.at(at), expected.number(i, "cai_soma_mM"), 1e-12) << "step " << at;
        // NEURON computes the reversal potential when it computes currents, so what it records is that of the step before
        EXPECT_NEAR(s["reversal"].samples.at(at > 0 ? at - 1 : 0), expected.number(i, "eca_soma_mV"), 1e-6) << "step " << at;
        ++rows;
    }
    EXPECT_GE(rows, 9);
}

INSTANTIATE_TEST_SUITE_P(temperatures, golden_g2, testing::Values(6.3, 34.0));

}  // namespace
}  // namespace apical
