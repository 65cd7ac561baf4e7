// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "generated/channels.hpp"
#include "tests/channels/neuron_table.hpp"

namespace apical::channels {
namespace {

using any_gate = std::function<gate<double>(double)>;

double factor(double q10, double q10_at, double celsius) { return std::pow(q10, (celsius - q10_at)/10); }

template <class C> any_gate scaled(gate<double> (*rates)(double), double celsius) {
    const double q = factor(C::info.q10, C::info.q10_at, celsius);
    return [=](double x) { const auto g = rates(x); return gate<double>{g.inf, q*g.rate}; };
}

/// The gates of the table by its names, at the temperature of its rows.
std::map<std::string, any_gate> gates_at(double celsius) {
    const auto shifted = [](any_gate f, double by) { return [=](double v) { return f(v + by); }; };
    const auto faster = [](any_gate f, double by) { return [=](double v) { return gate<double>{f(v).inf, by*f(v).rate}; }; };
    const auto instant = [](double (*inf)(double)) { return [=](double v) { return gate<double>{inf(v), NAN}; }; };
    return {
        {"hh,m", scaled<hh_na>(hh_na::m<double>, celsius)},
        {"hh,h", scaled<hh_na>(hh_na::h<double>, celsius)},
        {"hh,n", scaled<hh_k>(hh_k::n<double>, celsius)},
        {"NaTa_t,m", nata_t::m<double>}, {"NaTa_t,h", nata_t::h<double>},
        {"NaTs2_t,m", nats2_t::m<double>}, {"NaTs2_t,h", nats2_t::h<double>},
        {"Nap_Et2,m", nap_et2::m<double>}, {"Nap_Et2,h", nap_et2::h<double>},
        {"K_Pst,m", k_pst::m<double>}, {"K_Pst,h", k_pst::h<double>},
        {"K_Tst,m", k_tst::m<double>}, {"K_Tst,h", k_tst::h<double>},
        {"SKv3_1,m", skv3_1::m<double>},
        {"SK_E2,z", [](double c) { return gate<double>{sk_e2::z(c).inf, sk_e2::z(c).rate}; }},
        {"Im,m", im::m<double>}, {"Ih,m", ih::m<double>},
        {"Ca_HVA,m", ca_hva::m<double>}, {"Ca_HVA,h", ca_hva::h<double>},
        {"Ca_LVAst,m", ca_lvast::m<double>}, {"Ca_LVAst,h", ca_lvast::h<double>},
        {"na_mainen,m", shifted(scaled<mainen_na>(mainen_na::m<double>, celsius), -10)},
        {"na_mainen,h", shifted(scaled<mainen_na>(mainen_na::h<double>, celsius), -10)},
        {"kv_mainen,n", scaled<mainen_kv>(mainen_kv::n<double>, celsius)},
        {"km_mainen,n", scaled<mainen_km>(mainen_km::n<double>, celsius)},
        {"kca_mainen,n", faster([](double c) { return mainen_kca::n(c, 10.0); }, factor(2.3, 23, celsius))},
        {"ca_mainen,m", scaled<mainen_ca>(mainen_ca::m<double>, celsius)},
        {"ca_mainen,h", scaled<mainen_ca>(mainen_ca::h<double>, celsius)},
        {"wb,m", instant([](double v) { return wb_na::m_inf<double>(v); })},
        {"wb,h", faster(wb_na::h<double>, 5)}, {"wb,n", faster(wb_k::n<double>, 5)},
        {"nak_posp,m", shifted(scaled<pospischil_na>(pospischil_na::m<double>, celsius), 56.2)},
        {"nak_posp,h", shifted(scaled<pospischil_na>(pospischil_na::h<double>, celsius), 56.2)},
        {"nak_posp,n", shifted(scaled<pospischil_kd>(pospischil_kd::n<double>, celsius), 56.2)},
        {"im_posp,p", [](double v) { return pospischil_m::open(v, 608.0); }},
        {"cal_posp,q", pospischil_cal::q<double>}, {"cal_posp,r", pospischil_cal::r<double>},
        {"cat_posp,s", instant([](double v) { return math::logistic((v - 7 + 57)*(1/6.2)); })},
        {"cat_posp,u", shifted(pospischil_cat::u<double>, -7)},
    };
}

/// Every gate of every mechanism that NEURON was asked about, at voltages that contain the singular ones.
TEST(neuron, has_the_same_steady_states_and_time_constants) {
    const auto table = reference::read_neuron_table("channels_steady.csv");
    if (!table) GTEST_SKIP() << "tests/reference/neuron/channels_steady.csv is MISSING: nothing was compared";
    std::set<std::string> compared;
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
        const auto name = table->text(row, "mechanism") + "," + table->text(row, "gate");
        const auto gates = gates_at(table->number(row, "celsius"));
        ASSERT_TRUE(gates.contains(name)) << name;
        const double x = table->number(row, "x"), inf = table->number(row, "inf"), tau = table->number(row, "tau_ms");
        const auto g = gates.at(name)(x);
        EXPECT_NEAR(g.inf, inf, name == "SK_E2,z" ? 1e-9*inf + 1.1e-16 : 1e-9*inf) << name << " at " << x;
        EXPECT_EQ(std::isnan(g.rate), std::isnan(tau)) << name;
        if (!std::isnan(tau)) {
            EXPECT_NEAR(g.rate*tau, 1, 1e-9) << name << " at " << x;
        }
        compared.insert(name);
    }
    EXPECT_EQ(compared.size(), gates_at(6.3).size());
}

}  // namespace
}  // namespace apical::channels
