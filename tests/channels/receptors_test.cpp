// SPDX-License-Identifier: BSD-3-Clause
#include "channels/alphasyn.hpp"
#include "channels/ampa_nmda.hpp"
#include "channels/exp2syn.hpp"
#include "channels/expsyn.hpp"
#include "channels/gaba_a.hpp"
#include "channels/gaba_b.hpp"
#include "channels/psc_alpha.hpp"
#include "channels/psc_exp.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace apical::channels {
namespace {

TEST(double_exponential, has_the_published_scale_factors) {
    EXPECT_NEAR(double_exponential::unit_jump(0.2, 1.74), 1.4964, 5e-5);
    EXPECT_NEAR(double_exponential::unit_jump(0.3, 3), 1.4351, 5e-5);
    EXPECT_NEAR(double_exponential::unit_jump(0.5, 3), 1.7172, 5e-5);
    EXPECT_NEAR(double_exponential::unit_jump(2, 65), 1.1523, 5e-5);
    EXPECT_NEAR(double_exponential::unit_jump(0.29, 43), 1.0416, 5e-5);
    EXPECT_NEAR(double_exponential::unit_jump(1, 20), 1.2324, 5e-5);
}
TEST(double_exponential, nearly_equal_time_constants_give_an_alpha_function) {
    const exp2syn::parameters<double> p{3, 3, 0};
    const auto s = exp2syn::on_event({0, 0}, p, 1);
    for (const double t : {0.3, 1.0, 3.0, 10.0})
        EXPECT_NEAR(exp2syn::current(exp2syn::advance(s, p, t), p, 1.0), t/3*std::exp(1 - t/3), 1e-4) << t << " ms";
}
TEST(double_exponential, an_instantaneous_rise_gives_one_exponential) {
    const exp2syn::parameters<double> p{1e-6, 3, 0};
    const auto s = exp2syn::on_event({0, 0}, p, 1);
    EXPECT_NEAR(exp2syn::current(exp2syn::advance(s, p, 1.5), p, 1.0), std::exp(-0.5), 1e-5);
}

TEST(expsyn, jumps_by_the_weight_and_decays) {
    const expsyn::parameters<double> p{2, -80};
    const auto s = expsyn::on_event(expsyn::on_event({0}, p, 1e-3), p, 2e-3);
    EXPECT_NEAR(expsyn::current(expsyn::advance(s, p, 1), p, -60.0), 3e-3*std::exp(-0.5)*20, 1e-15);
}
TEST(exp2syn, follows_the_closed_form) {
    const exp2syn::parameters<double> p{0.5, 3, 0};
    const double peak = 0.5*3/(3 - 0.5)*std::log(3/0.5), f = 1/(std::exp(-peak/3) - std::exp(-peak/0.5));
    const auto s = exp2syn::on_event({0, 0}, p, 0.004);
    for (const double t : {0.1, 1.0, 5.0})
        EXPECT_NEAR(exp2syn::current(exp2syn::advance(s, p, t), p, -65.0),
                    -65*0.004*f*(std::exp(-t/3) - std::exp(-t/0.5)), 1e-14) << t << " ms";
}
TEST(alphasyn, follows_the_alpha_function) {
    const alphasyn::parameters<double> p{2, 0};
    const auto s = alphasyn::on_event({0, 0}, p, 0.003);
    for (const double t : {0.1, 1.0, 2.0, 7.0})
        EXPECT_NEAR(alphasyn::current(alphasyn::advance(s, p, t), p, -65.0), -65*0.003*t/2*std::exp(1 - t/2), 1e-13);
}
TEST(psc_exp, takes_both_signs_and_decays) {
    const psc_exp::parameters<double> p{0.5};
    const auto s = psc_exp::on_event(psc_exp::on_event({0}, p, 0.3), p, -0.1);
    for (const double v : {-90.0, 0.0}) EXPECT_NEAR(psc_exp::current(psc_exp::advance(s, p, 0.7), p, v), -0.2*std::exp(-1.4), 1e-15);
    EXPECT_EQ(psc_exp::current(s, p, variable(-65.0)).slope, 0);
}
TEST(psc_alpha, follows_the_alpha_function) {
    const psc_alpha::parameters<double> p{2};
    const auto s = psc_alpha::on_event({0, 0}, p, 0.3);
    for (const double t : {0.1, 1.0, 2.0, 7.0}) EXPECT_NEAR(psc_alpha::current(psc_alpha::advance(s, p, t), p, -65.0), -0.3*t/2*std::exp(1 - t/2), 1e-14);
}
TEST(gaba_a, inhibits_towards_minus_80) {
    const auto fields = gaba_a::defaults;
    EXPECT_EQ(fields.e_rev.value, -80);
    const gaba_a::parameters<double> p{1, 20, -80};
    const auto s = gaba_a::advance(gaba_a::on_event({0, 0}, p, 1e-3), p, 3.154);
    EXPECT_NEAR(gaba_a::current(s, p, -60.0), 1e-3*20, 1e-8);
}

const ampa_nmda::parameters<double> excitation{0.3, 3, 2, 65, 1, 1, 0};

TEST(ampa_nmda, has_the_block_of_jahr_and_stevens) {
    const auto b = [](double v) { return ampa_nmda::unblocked<double>(v, 1.0); };
    EXPECT_NEAR(b(-70), 0.0445, 5e-5);
    EXPECT_NEAR(b(-40), 0.2302, 5e-5);
    EXPECT_NEAR(b(-20), 0.5081, 5e-5);
    EXPECT_NEAR(b(0), 0.7812, 5e-5);
    EXPECT_NEAR(b(40), 0.9771, 5e-5);
    for (double v = -150; v <= 100; v += 3)
        EXPECT_NEAR(b(v)*(1 + 1/3.57*std::exp(-0.062*v)), 1, 1e-12) << v << " mV";
    EXPECT_EQ(ampa_nmda::unblocked<double>(-80.0, 0.0), 1);
}
TEST(ampa_nmda, the_slope_contains_that_of_the_block) {
    const ampa_nmda::state<double> s{0, 0, 0, 1e-3};  // NMDA only
    for (double v = -120; v <= 60; v += 2.5) {
        const double b = 1/(1 + 1/3.57*std::exp(-0.062*v)), slope_of_b = 0.062/3.57*std::exp(-0.062*v)*b*b;
        EXPECT_NEAR(ampa_nmda::current(s, excitation, variable(v)).slope, 1e-3*(b + v*slope_of_b), 1e-14) << v << " mV";
    }
}
TEST(ampa_nmda, nmda_has_negative_slope_conductance_below_threshold) {
    const ampa_nmda::state<double> nmda{0, 0, 0, 1e-3};
    for (double v = -65; v <= -30; v += 5) EXPECT_LT(ampa_nmda::current(nmda, excitation, variable(v)).slope, 0) << v << " mV";
    EXPECT_GT(ampa_nmda::current(nmda, excitation, variable(0.0)).slope, 0);
}
TEST(ampa_nmda, the_ratio_sets_the_nmda_peak) {
    auto p = excitation;
    p.nmda_ratio = 0.7;
    const auto s = ampa_nmda::on_event({0, 0, 0, 0}, p, 1e-3);
    double peak = 0;
    for (double t = 6; t < 9; t += 1e-3) {
        const auto later = ampa_nmda::advance(s, p, t);
        peak = std::max(peak, later.nmda_b - later.nmda_a);
    }
    EXPECT_NEAR(peak, 0.7e-3, 1e-10);
}

/// The default parameters in coherent units: G protein in mM.
const gaba_b::parameters<double> slow{0.09, 0.0012, 1.8e-4, 0.034, 3.1622776601683795e-3, 1, 1, -95};

/// r and s of the published equations by the classical Runge-Kutta scheme; the transmitter is on until `pulse`.
gaba_b::state<double> integrated(double pulse, double until) {
    double r = 0, s = 0;
    const double h = 1e-3;
    const auto steps = static_cast<int>(std::lround(until/h));
    for (int k = 0; k < steps; ++k) {
        const double t = k*h < pulse - h/2 ? slow.transmitter : 0;
        const auto dr = [&](double x) { return slow.k1*t*(1 - x) - slow.k2*x; };
        const auto ds = [&](double x, double y) { return slow.k3*x - slow.k4*y; };
        const double r1 = dr(r), s1 = ds(r, s), r2 = dr(r + h/2*r1), s2 = ds(r + h/2*r1, s + h/2*s1);
        const double r3 = dr(r + h/2*r2), s3 = ds(r + h/2*r2, s + h/2*s2), r4 = dr(r + h*r3), s4 = ds(r + h*r3, s + h*s3);
        r += h/6*(r1 + 2*r2 + 2*r3 + r4);
        s += h/6*(s1 + 2*s2 + 2*s3 + s4);
    }
    return {r, s, 0, 0};
}
TEST(gaba_b, solves_the_published_equations_through_the_end_of_the_pulse) {
    for (const double until : {0.5, 1.0, 1.7, 30.0, 300.0}) {
        const auto s = gaba_b::advance(gaba_b::on_event({0, 0, 0, 0}, slow, 1e-3), slow, until);
        const auto reference = integrated(1, until);
        EXPECT_NEAR(s.r, reference.r, 1e-13) << until << " ms";
        EXPECT_NEAR(s.s, reference.s, 1e-13*std::max(1.0, until)) << until << " ms";
        EXPECT_EQ(s.pulse, std::max(0.0, 1 - until));
    }
}
TEST(gaba_b, an_event_during_a_pulse_starts_it_anew) {
    auto s = gaba_b::advance(gaba_b::on_event({0, 0, 0, 0}, slow, 1e-3), slow, 0.6);
    s = gaba_b::advance(gaba_b::on_event(s, slow, 1e-3), slow, 5);
    EXPECT_NEAR(s.r, integrated(1.6, 5.6).r, 1e-13);
}
TEST(gaba_b, conductance_is_a_fourth_power_that_needs_many_spikes) {
    const auto conductance = [](int spikes) {
        gaba_b::state<double> s{0, 0, 0, 0};
        double peak = 0;
        for (int k = 0; k < spikes; ++k) s = gaba_b::advance(gaba_b::on_event(s, slow, 1), slow, 5);
        for (int k = 0; k < 500; ++k) {
            s = gaba_b::advance(s, slow, 1);
            peak = std::max(peak, gaba_b::current(s, slow, -94.0));
        }
        return peak;
    };
    EXPECT_LT(conductance(1), 0.02);
    EXPECT_GT(conductance(10), 20*conductance(1));
    EXPECT_NEAR(gaba_b::current(gaba_b::state<double>{0, slow.s_half, 0, 1}, slow, -94.0), 0.5, 1e-14);
}
TEST(gaba_b, equal_rates_are_no_special_case) {
    EXPECT_NEAR(gaba_b::difference_quotient(0.3, 0.3, 2.0), 2*std::exp(-0.6), 1e-13);
    EXPECT_NEAR(gaba_b::difference_quotient(0.3, 0.3 + 1e-9, 2.0), 2*std::exp(-0.6), 1e-8);
    EXPECT_NEAR(gaba_b::difference_quotient(0.3, 0.8, 2.0), (std::exp(-0.6) - std::exp(-1.6))/0.5, 1e-13);
    EXPECT_NEAR(gaba_b::difference_quotient(0.8, 0.3, 2.0), (std::exp(-0.6) - std::exp(-1.6))/0.5, 1e-13);
}

}  // namespace
}  // namespace apical::channels
