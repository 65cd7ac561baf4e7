// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/point_model.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/output_file.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using sonata::point_model;
using namespace units;

point_model model_of(const std::string& model_template, const std::string& json) {
    const testing::temporary_folder folder;
    const auto path = folder/"neuron.json";
    write_text(path, json);
    return sonata::read_point_model(model_template, path, "types.csv:2");
}

template <class Error> std::string refusal(const std::string& model_template, const std::string& json) {
    try {
        model_of(model_template, json);
    } catch (const Error& e) {
        return e.what();
    }
    return "nothing was refused";
}

TEST(point_model, has_the_defaults_of_nest) {
    const auto m = sonata::read_point_model("nest:iaf_psc_exp", {}, "here");
    EXPECT_EQ(m.model.name, "lif");
    EXPECT_NEAR(m.model.parameters.at("c_m").value, 0.25, 1e-15);
    EXPECT_NEAR(m.model.parameters.at("g_leak").value, 0.025, 1e-15);
    EXPECT_EQ(m.v_init, -70);
    ASSERT_EQ(m.ports.size(), 1u) << "both signs decay alike";
    EXPECT_EQ(m.ports.front().receptor, "psc_exp");
    EXPECT_NEAR(m.ports.front().weight_unit.value, 1e-3, 1e-18);
}
TEST(point_model, signs_choose_a_port_where_synapses_differ) {
    EXPECT_EQ(model_of("nest:iaf_psc_alpha", R"({"tau_syn_ex": 1.0, "tau_syn_in": 3.0})").ports.size(), 2u);
    const auto m = model_of("nestml:iaf_cond_alpha", R"({"E_in": -80, "I_e": 100})");
    EXPECT_TRUE(m.is_magnitude);
    EXPECT_EQ(m.ports.at(1).receptor, "alphasyn");
    EXPECT_EQ(m.ports.at(1).parameters.at("e_rev").value, -80);
    EXPECT_NEAR(m.current, 0.1, 1e-15);
    const auto g = model_of("nest:glif_psc", R"({"tau_syn": [1.0, 2.0, 3.0], "after_spike_currents": true})");
    EXPECT_TRUE(g.is_numbered);
    EXPECT_EQ(g.ports.size(), 3u);
    EXPECT_NEAR(g.model.parameters.at("di_2").value, -0.19894, 1e-12);
    EXPECT_EQ(g.model.parameters.at("dtheta_s").value, 0);
}
TEST(point_model, an_intfire_has_seconds_and_starts_at_nothing) {
    const auto m = model_of("nrn:IntFire1", R"({"tau": 0.024, "refrac": 0.003})");
    EXPECT_EQ(m.model.name, "intfire1");
    EXPECT_NEAR(m.model.parameters.at("tau").value, 24, 1e-12);
    EXPECT_NEAR(m.model.parameters.at("t_refractory").value, 3, 1e-12);
    EXPECT_EQ(m.v_init, 0);
    EXPECT_TRUE(m.has_signed_synapses);
}
TEST(point_model, names_what_it_cannot_do) {
    EXPECT_NE(refusal<unsupported>("nest:izhikevich", "{}").find("types.csv:2: point neurons of model_template 'nest:izhikevich'"), std::string::npos);
    EXPECT_NE(refusal<unsupported>("nest:iaf_psc_delta", R"({"V_min": -80})").find("neuron.json:1 /V_min: the parameter 'V_min' is not supported"), std::string::npos);
    EXPECT_NE(refusal<unsupported>("nest:iaf_psc_delta", R"({"refractory_input": true})").find("/refractory_input"), std::string::npos);
    EXPECT_NE(refusal<unsupported>("nest:glif_psc", R"({"asc_r": [0.5, 1], "after_spike_currents": true})").find("/asc_r"), std::string::npos);
    EXPECT_NE(refusal<invalid_input>("nest:iaf_psc_exp", R"({"C_m": 0})").find("/C_m: is 0, expected more than 0"), std::string::npos);
    EXPECT_NE(refusal<invalid_input>("nrn:IntFire1", R"({"tau": "slow"})").find("/tau: expected a number, got a text"), std::string::npos);
}

/// By hand from the equations of BMTK's conversion: SI units of differences to a reference potential, times coefficients.
TEST(point_model, a_glif_neuron_of_the_allen_institute_is_converted_as_bmtk_does) {
    const std::string file = R"({"type": "GLIF", "El": 0.001, "El_reference": -0.075, "R_input": 2e8, "C": 1e-10, "th_inf": 0.025, "spike_cut_length": 60, "dt": 5e-05,
        "init_AScurrents": [0, 0], "asc_tau_array": [0.1, 0.01], "asc_amp_array": [-8e-12, -6e-11], "coeffs": {"th_inf": 1.1, "G": 1.05, "C": 0.95, "a": 2, "b": 3, "asc_amp_array": [1, 0.5]},
        "threshold_dynamics_method": {"params": {"a_spike": 0.003, "b_spike": 30, "a_voltage": 4, "b_voltage": 25}}, "voltage_reset_method": {"params": {"a": 0.25, "b": 0.012}}})";
    const auto value = [](const point_model& m, const char* name) { return m.model.parameters.at(name).value; };
    const auto asc = model_of("nest:glif_lif_asc_psc", file);
    EXPECT_EQ(asc.model.name, "glif");
    EXPECT_NEAR(asc.v_init, -74, 1e-12);
    EXPECT_NEAR(value(asc, "theta"), -75 + 27.5, 1e-12);
    EXPECT_NEAR(value(asc, "g_leak"), 1.05*5e-3, 1e-15);
    EXPECT_NEAR(value(asc, "c_m"), 0.095, 1e-15);
    EXPECT_NEAR(value(asc, "t_refractory"), 3, 1e-12);
    EXPECT_NEAR(value(asc, "k_2"), 0.1, 1e-15);
    EXPECT_NEAR(value(asc, "di_2"), -0.03, 1e-15);
    EXPECT_NEAR(value(asc, "v_add"), -1, 1e-12) << "from E_L to the reference";
    EXPECT_EQ(value(asc, "dtheta_s"), 0);
    EXPECT_EQ(asc.ports.size(), 4u);
    const auto all = model_of("nest:glif_lif_r_asc_a_psc", file);
    EXPECT_NEAR(value(all, "dtheta_s"), 3, 1e-12);
    EXPECT_NEAR(value(all, "b_s"), 0.03, 1e-15);
    EXPECT_NEAR(value(all, "f_v"), 0.25, 1e-15);
    EXPECT_NEAR(value(all, "v_add"), 12, 1e-12);
    EXPECT_NEAR(value(all, "a_v"), 0.008, 1e-15);
    EXPECT_NEAR(value(all, "b_v"), 0.075, 1e-15);
    EXPECT_EQ(value(model_of("nest:glif_lif_psc", file), "di_1"), 0);
    EXPECT_NE(refusal<unsupported>("nest:glif_psc", file).find("as 'nest:glif_psc'"), std::string::npos);
    EXPECT_NE(refusal<invalid_input>("nest:glif_lif_psc", R"({"type": "GLIF", "El": 0, "El_reference": -0.07})").find("has no 'coeffs'"), std::string::npos);
}
TEST(point_model, parameters_of_a_node_take_the_place_of_the_files) {
    const testing::temporary_folder folder;
    write_text(folder/"neuron.json", R"({"C_m": 200, "tau_m": 10})");
    const auto m = sonata::read_point_model("nest:iaf_psc_exp", folder/"neuron.json", "here", {{"C_m", 100}, {"V_th", -52}});
    EXPECT_NEAR(m.model.parameters.at("c_m").value, 0.1, 1e-15);
    EXPECT_NEAR(m.model.parameters.at("g_leak").value, 0.01, 1e-15);
    EXPECT_NEAR(m.model.parameters.at("v_threshold").value, -52, 1e-12);
    EXPECT_THROW(sonata::read_point_model("nest:iaf_psc_exp", {}, "here", {{"C_mm", 100}}), unsupported);
}

/// IntFire1 by hand, with events at steps: the first to lift the sum above 1 fires, and nothing counts for 3 ms.
TEST(point_model, an_intfire_fires_at_the_event_that_lifts_it) {
    const auto m = model_of("nrn:IntFire1", R"({"tau": 0.024, "refrac": 0.003})");
    circuit c;
    cell made(m.model);
    made.start_at(0*mV);
    c.populations = {{"n", made, 1}};
    const std::vector<double> times{1, 2.5, 3, 3.9, 6, 6.1, 7.4, 10, 14.2, 14.3};
    spike_source outside{.name = "outside", .size = 1};
    for (const double t : times) outside.spikes.emplace_back(0, t);
    c.spike_sources = {outside};
    c.detectors.push_back({.on = {"n"}});
    c.projections.push_back({.name = "in", .source = "outside", .target = "n", .rule = all_to_all{}, .receptor = "psp_delta", .weight = 0.45*mV, .delay = 2*ms});
    simulation s(c, {.dt = 0.1*ms, .scheme = scheme::backward_euler});
    s.run(30*ms);
    std::vector<double> expected;
    double sum = 0, last = 0, silent_until = 0;
    for (const double sent : times) {
        const double t = sent + 2;
        if (t < silent_until - 1e-9) continue;
        sum = sum*std::exp(-(t - last)/24) + 0.45, last = t;
        if (sum > 1) expected.push_back(t), silent_until = t + 3, sum = 0, last = t + 3;
    }
    ASSERT_GE(expected.size(), 2u);
    ASSERT_EQ(s.spikes().size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(s.spikes()[k].time, expected[k], 1e-9);
}

}  // namespace
}  // namespace apical
