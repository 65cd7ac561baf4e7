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

/// How many steps there were to compare.
template <class C> int compare(const recording& r, const typename C::template parameters<double>& p) {
    const auto table = reference::read_neuron_table(r.file);
    if (!table) return 0;
    const auto column = [&](const std::string& name, std::size_t row) { return table->number(row, name); };
    const auto place = [&](std::size_t row) {
        const double c_in = table->columns.contains("cai") ? column("cai", row) : 0;
        return membrane<double>{column("v_mV", row), r.e_rev, c_in, 2, std::pow(C::info.q10, (r.celsius - C::info.q10_at)/10),
                                constants::thermal_voltage(r.celsius + 273.15)};
    };
    const auto state = [&](std::size_t row) {
        return make_record<typename C::template state<double>>(
            [&](std::size_t i) { return column(r.states[i] + "_" + r.suffix, row); });
    };
    int steps = 0;
    for (std::size_t row = 1; row < table->rows.size(); ++row) {
        if (column("step", row) != column("step", row - 1) + 1) continue;
        ++steps;
        const auto before = place(row - 1);
        const auto next = values_of(C::advance(state(row - 1), place(row), p, 0.025)), expected = values_of(state(row));
        for (std::size_t i = 0; i < next.size(); ++i)
            EXPECT_NEAR(next[i], expected[i], 1e-10*expected[i]) << r.file << " step " << row << " state " << r.states[i];
        if (r.current.empty()) continue;
        membrane<double> at = before;
        if (table->columns.contains("eca") && C::info.carries == ion::ca) at.e_rev = column("eca", row);
        const double i = C::current(state(row - 1), at, p, at.v), reference = column(r.current, row);
        EXPECT_NEAR(i, reference, 1e-9*std::abs(reference) + 1e-22) << r.file << " step " << row << " at " << at.v << " mV";
    }
    return steps;
}

template <class C> void expect_same(const recording& r, const typename C::template parameters<double>& p) {
    const int steps = compare<C>(r, p);
    if (steps == 0) GTEST_SKIP() << "tests/reference/neuron/" << r.file << " is MISSING: nothing was compared";
    EXPECT_GT(steps, 20) << r.file;
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

TEST(neuron_clamp, calcium_pool) {
    const auto table = reference::read_neuron_table("clamp_CaDynamics_E2.csv");
    if (!table) GTEST_SKIP() << "tests/reference/neuron/clamp_CaDynamics_E2.csv is MISSING: nothing was compared";
    const double rt_f = constants::thermal_voltage(6.3 + 273.15);
    int steps = 0;
    for (std::size_t row = 1; row < table->rows.size(); ++row) {
        if (table->number(row, "step") != table->number(row - 1, "step") + 1) continue;
        ++steps;
        const double before = table->number(row - 1, "cai"), after = table->number(row, "cai");
        const double density = 0.01*table->number(row, "ica");  // [nA/um2]
        EXPECT_NEAR(cadynamics_e2::advance(before, {0.000501, 460, 0.1, 1e-4}, density, 0.025), after, 1e-12*after);
        EXPECT_NEAR(nernst(before, 2.0, rt_f, 2), table->number(row, "eca"), 1e-8);
    }
    EXPECT_GT(steps, 20);
}

}  // namespace
}  // namespace apical::channels
