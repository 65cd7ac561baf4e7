// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "generated/channels.hpp"
#include "tests/channels/neuron_table.hpp"

/// NEURON held a compartment at a sequence of potentials and wrote every state and current. Between two rows that are one step
/// apart our functions must make the same step: states advance with the new potential, currents are those of the old state.
/// Densities are in S/cm2 here, so that currents come out in mA/cm2.
namespace apical::channels {
namespace {

/// One channel in one recording.
struct recording {
    std::string file, suffix;               ///< columns are <state>_<suffix>
    std::vector<std::string> states;        ///< as NEURON calls them
    std::string current;                    ///< column, or empty where other channels share it
    double e_rev, celsius;
};

template <class R> std::vector<double> values_of(const R& record) {
    std::vector<double> values;
    for_each_member(record, [&](double x) { values.push_back(x); });
    return values;
}

/// What the comparison found.
struct outcome {
    int steps = 0;
    reference::deviation state, current;
};

template <class C> membrane<double> place(const recording& r, const reference::neuron_table& table, std::size_t row) {
    const double c_in = table.columns.contains("cai") ? table.number(row, "cai") : 0;
    return {table.number(row, "v_mV"), r.e_rev, c_in, 2, std::pow(C::info.q10, (r.celsius - C::info.q10_at)/10),
            constants::thermal_voltage(r.celsius + 273.15)};
}

template <class C> outcome compare(const recording& r, const typename C::template parameters<double>& p, double dt = 0.025) {
    const auto table = reference::read_neuron_table(r.file);
    outcome found;
    if (!table) return found;
    const auto state = [&](std::size_t row) {
        return make_record<typename C::template state<double>>(
            [&](std::size_t i) { return table->number(row, r.states[i] + "_" + r.suffix); });
    };
    for (std::size_t row = 1; row < table->rows.size(); ++row) {
        if (table->number(row, "step") != table->number(row - 1, "step") + 1) continue;
        ++found.steps;
        const std::string where = r.file + " step " + table->text(row, "step") + " ";
        const auto next = values_of(channels::advance<C>(state(row - 1), place<C>(r, *table, row), p, dt)), expected = values_of(state(row));
        for (std::size_t i = 0; i < next.size(); ++i) found.state.take(next[i], expected[i], 0, where + r.states[i]);
        if (r.current.empty()) continue;
        membrane<double> at = place<C>(r, *table, row - 1);
        if (table->columns.contains("eca") && C::info.carries == ion::ca) at.e_rev = table->number(row, "eca");
        found.current.take(C::current(state(row - 1), at, p, at.v), table->number(row, r.current), 1e-22, where + r.current);
    }
    return found;
}

/// Other parameters in the sixth digit and another step in the fourth are noticed.
template <class C> void expect_to_notice(const recording& r, typename C::template parameters<double> p) {
    const auto other_step = compare<C>(r, p, 0.0250025);
    EXPECT_TRUE(r.states.empty() || other_step.state.largest > 1e-10) << r.file << " does not notice the step";
    for_each_member(p, [](double& x) { x *= 1 + 1e-6; });
    const auto other_parameters = compare<C>(r, p);
    EXPECT_TRUE(r.current.empty() || other_parameters.current.largest > 1e-9) << r.file << " does not notice the parameters";
}
template <class C> void expect_same(const recording& r, const typename C::template parameters<double>& p) {
    const outcome found = compare<C>(r, p);
    if (found.steps == 0) GTEST_SKIP() << "tests/reference/neuron/" << r.file << " is MISSING: nothing was compared";
    EXPECT_GT(found.steps, 20) << r.file;
    EXPECT_LE(found.state.largest, 1e-10) << found.state.where;
    EXPECT_LE(found.current.largest, 1e-9) << found.current.where;
    expect_to_notice<C>(r, p);
}

TEST(neuron_clamp, passive) { expect_same<pas>({"clamp_pas.csv", "", {}, "i_pas", 0, 6.3}, {1e-4, -70}); }
TEST(neuron_clamp, squid) {
    expect_same<hh_na>({"clamp_hh.csv", "hh", {"m", "h"}, "ina", 50, 6.3}, {0.12});
    expect_same<hh_k>({"clamp_hh.csv", "hh", {"n"}, "ik", -77, 6.3}, {0.036});
    expect_same<hh_leak>({"clamp_hh.csv", "hh", {}, "il_hh", 0, 6.3}, {0.0003, -54.3});
}
TEST(neuron_clamp, hay_2011_sodium) {
    expect_same<nata_t>({"clamp_NaTa_t.csv", "NaTa_t", {"m", "h"}, "ina", 50, 6.3}, {2.04});
    expect_same<nats2_t>({"clamp_NaTs2_t.csv", "NaTs2_t", {"m", "h"}, "ina", 50, 6.3}, {0.998912});
    expect_same<nap_et2>({"clamp_Nap_Et2.csv", "Nap_Et2", {"m", "h"}, "ina", 50, 6.3}, {0.00172});
}
TEST(neuron_clamp, hay_2011_potassium) {
    expect_same<k_pst>({"clamp_K_Pst.csv", "K_Pst", {"m", "h"}, "ik", -85, 6.3}, {0.00223});
    expect_same<k_tst>({"clamp_K_Tst.csv", "K_Tst", {"m", "h"}, "ik", -85, 6.3}, {0.0812});
    expect_same<skv3_1>({"clamp_SKv3_1.csv", "SKv3_1", {"m"}, "ik", -85, 6.3}, {0.693});
    expect_same<sk_e2>({"clamp_SK_E2.csv", "SK_E2", {"z"}, "ik", -85, 6.3}, {0.0441});
    expect_same<im>({"clamp_Im.csv", "Im", {"m"}, "ik", -85, 6.3}, {6.75e-5});
}
TEST(neuron_clamp, hay_2011_others) {
    expect_same<ih>({"clamp_Ih.csv", "Ih", {"m"}, "ihcn_Ih", 0, 6.3}, {2e-4, -45});
    expect_same<ca_hva>({"clamp_Ca_HVA.csv", "Ca_HVA", {"m", "h"}, "ica", 132, 6.3}, {0.000992});
    expect_same<ca_hva>({"clamp_CaDynamics_E2.csv", "Ca_HVA", {"m", "h"}, "ica", 0, 6.3}, {0.000992});
    expect_same<ca_lvast>({"clamp_Ca_LVAst.csv", "Ca_LVAst", {"m", "h"}, "ica", 132, 6.3}, {0.00343});
}
TEST(neuron_clamp, calcium_by_permeability) {
    const double permeability = 1e-5*10/0.01;  // cm/s in um/ms, and nA/um2 in mA/cm2
    expect_same<ca_ghk>({"clamp_ca_ghk.csv", "ca_ghk", {"m"}, "ica", 0, 34}, {permeability});
}
TEST(neuron_clamp, mainen_1996) {
    expect_same<mainen_na>({"clamp_na_mainen.csv", "na_mainen", {"m", "h"}, "ina", 60, 37}, {0.1, -10});
    expect_same<mainen_kv>({"clamp_kv_mainen.csv", "kv_mainen", {"n"}, "ik", -90, 37}, {5e-4});
    expect_same<mainen_km>({"clamp_km_mainen.csv", "km_mainen", {"n"}, "ik", -90, 37}, {1e-3});
    expect_same<mainen_kca>({"clamp_kca_mainen.csv", "kca_mainen", {"n"}, "ik", -90, 37}, {1e-3, 10});
    expect_same<mainen_ca>({"clamp_ca_mainen.csv", "ca_mainen", {"m", "h"}, "ica", 140, 37}, {1e-5});
}
TEST(neuron_clamp, wang_buzsaki) {
    expect_same<wb_na>({"clamp_wb.csv", "wb", {"h"}, "ina", 55, 6.3}, {0.035, 5});
    expect_same<wb_k>({"clamp_wb.csv", "wb", {"n"}, "ik", -90, 6.3}, {0.009, 5});
}
TEST(neuron_clamp, pospischil_2008) {
    expect_same<pospischil_na>({"clamp_nak_posp.csv", "nak_posp", {"m", "h"}, "ina", 50, 36}, {0.056, -56.2});
    expect_same<pospischil_kd>({"clamp_nak_posp.csv", "nak_posp", {"n"}, "ik", -90, 36}, {0.006, -56.2});
    expect_same<pospischil_m>({"clamp_im_posp.csv", "im_posp", {"p"}, "ik", -90, 36}, {7.5e-5, 608});
    expect_same<pospischil_cal>({"clamp_cal_posp.csv", "cal_posp", {"q", "r"}, "ica", 120, 36}, {1e-4});
    expect_same<pospischil_cat>({"clamp_cat_posp.csv", "cat_posp", {"u"}, "ica", 120, 36}, {4e-4, -7});
}
TEST(neuron_clamp, migliore_1999) {
    expect_same<migliore_kap>({"clamp_kap_ca1.csv", "kap_ca1", {"n", "l"}, "ik", -90, 34}, {0.008});
    expect_same<migliore_kad>({"clamp_kad_ca1.csv", "kad_ca1", {"n", "l"}, "ik", -90, 34}, {0.008});
    expect_same<migliore_kdr>({"clamp_kdr_ca1.csv", "kdr_ca1", {"n"}, "ik", -90, 34}, {0.003});
    expect_same<migliore_na>({"clamp_na_ca1.csv", "na_ca1", {"m", "h", "s"}, "ina", 55, 34}, {0.01, 0.7});
    expect_same<migliore_hd>({"clamp_hd_ca1.csv", "hd_ca1", {"l"}, "i_hd_ca1", 0, 34}, {1e-4, -73, -30});
}

/// What a pool makes of the recorded concentration and current in one step, against what NEURON made.
/// `step` takes the concentration [mM] and the outward current density [nA/um2].
template <class F> reference::deviation compare_pool(const reference::neuron_table& table, F&& step) {
    reference::deviation found;
    int steps = 0;
    for (std::size_t row = 1; row < table.rows.size(); ++row) {
        if (table.number(row, "step") != table.number(row - 1, "step") + 1) continue;
        ++steps;
        found.take(step(table.number(row - 1, "cai"), 0.01*table.number(row, "ica")), table.number(row, "cai"), 0,
                   "step " + table.text(row, "step"));
    }
    EXPECT_GT(steps, 20);
    return found;
}
/// The pool's own step, and the pool with one parameter changed in the sixth digit, which must be noticed.
template <class P> void expect_same_pool(const reference::neuron_table& table, const typename P::template parameters<double>& p) {
    const auto found = compare_pool(table, [&](double c, double i) { return P::advance(c, p, i, 0.025); });
    EXPECT_LE(found.largest, 1e-12) << P::info.name << " at " << found.where;
    for (std::size_t k = 0; k < member_count<typename P::template parameters<double>>(); ++k) {
        auto other = p;
        std::size_t j = 0;
        for_each_member(other, [&](double& x) { if (j++ == k) x *= 1 + 1e-6; });
        const auto wrong = compare_pool(table, [&](double c, double i) { return P::advance(c, other, i, 0.025); });
        EXPECT_GT(wrong.largest, 1e-12) << P::info.name << " does not notice parameter " << k;
    }
}

TEST(neuron_clamp, calcium_pool) {
    const auto table = reference::read_neuron_table("clamp_CaDynamics_E2.csv");
    if (!table) GTEST_SKIP() << "tests/reference/neuron/clamp_CaDynamics_E2.csv is MISSING: nothing was compared";
    expect_same_pool<cadynamics_e2>(*table, {0.000501, 460, 0.1, 1e-4});
    const double rt_f = constants::thermal_voltage(6.3 + 273.15);
    for (std::size_t row = 1; row < table->rows.size(); ++row) {
        if (table->number(row, "step") != table->number(row - 1, "step") + 1) continue;
        EXPECT_NEAR(nernst(table->number(row - 1, "cai"), 2.0, rt_f, 2), table->number(row, "eca"), 1e-8);
    }
}
/// Fed by a current that is inward at some potentials and outward at others.
TEST(neuron_clamp, calcium_pool_of_mainen) {
    const auto table = reference::read_neuron_table("clamp_cad_exact.csv");
    if (!table) GTEST_SKIP() << "tests/reference/neuron/clamp_cad_exact.csv is MISSING: nothing was compared";
    expect_same_pool<mainen_cad>(*table, {200, 0.1, 1e-4});
}
/// The published mechanism takes a step of backward Euler, c + (target - c) dt/(tau + dt), towards where our pool tends.
TEST(neuron_clamp, calcium_pool_of_mainen_as_it_was_published) {
    const auto table = reference::read_neuron_table("clamp_cad_mainen.csv");
    if (!table) GTEST_SKIP() << "tests/reference/neuron/clamp_cad_mainen.csv is MISSING: nothing was compared";
    const auto backward_euler = [](double tau) {
        return [tau](double c, double i) {
            const double target = mainen_cad::advance(c, {tau, 0.1, 1e-4}, i, 1e9);
            return c + (target - c)*0.025/(tau + 0.025);
        };
    };
    const auto found = compare_pool(*table, backward_euler(200));
    EXPECT_LE(found.largest, 1e-12) << found.where;
    EXPECT_GT(compare_pool(*table, backward_euler(200.0002)).largest, 1e-12);
}

}  // namespace
}  // namespace apical::channels
