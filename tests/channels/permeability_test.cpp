// SPDX-License-Identifier: BSD-3-Clause
#include "channels/ca_ghk.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

const double cold = constants::thermal_voltage(6.3 + 273.15), warm = constants::thermal_voltage(34 + 273.15);

TEST(nernst, gives_the_reversal_potentials_of_calcium) {
    EXPECT_NEAR(cold/2, 12.04057, 5e-6);
    EXPECT_NEAR(nernst(5e-5, 2.0, cold, 2), 127.58951061761749, 1e-8);  // NEURON 9.0.2 at 6.3 degC
    EXPECT_NEAR(nernst(5e-5, 2.0, warm, 2), 140.24, 5e-3);
    for (double c = 1e-9; c < 10; c *= 3)
        EXPECT_NEAR(nernst(c, 2.0, cold, 2), cold/2*std::log(2.0/c), 1e-12) << c << " mM";
}
TEST(nernst, follows_the_valence) {
    EXPECT_NEAR(nernst(140.0, 5.0, warm, 1), warm*std::log(5.0/140), 1e-12);
    EXPECT_NEAR(nernst(10.0, 130.0, warm, -1), -warm*std::log(13.0), 1e-12);
}
TEST(nernst, of_an_empty_pool_is_large_and_finite) {
    EXPECT_GT(nernst(0.0, 2.0, cold, 2), 500);
    EXPECT_TRUE(std::isfinite(nernst(0.0, 2.0, cold, 2)));
}

/// The printed constant-field equation [mA/cm2] for a permeability of 1 cm/s, with its limit at 0 mV.
double published_ghk(double v, double c_in, double c_out, double rt_f, int z) {
    const double u = z*v/rt_f, faraday = 96485.33212331001;
    return 1e-3*z*faraday*(c_in*vtrap(-u, 1) - c_out*vtrap(u, 1));
}
TEST(ghk, is_the_published_equation) {
    const double cm_per_s = 10, mA_per_cm2 = 0.01;  // in um/ms and nA/um2
    for (double v = -150; v <= 100; v += 0.5) {
        const double expected = published_ghk(v, 1e-4, 2, warm, 2), i = ghk(v, 1e-4, 2.0, warm, 2)*cm_per_s/mA_per_cm2;
        EXPECT_NEAR(i/expected, 1, 4e-12) << v << " mV";
    }
}
TEST(ghk, vanishes_at_the_nernst_potential_and_is_outward_above) {
    for (const double c_in : {1e-5, 1e-4, 1e-2, 2.0}) {
        const double e = nernst(c_in, 2.0, warm, 2), above = ghk(e + 1, c_in, 2.0, warm, 2);
        EXPECT_NEAR(ghk(e, c_in, 2.0, warm, 2), 0, 1e-11*above);
        EXPECT_GT(above, 0);
        EXPECT_LT(ghk(e - 1, c_in, 2.0, warm, 2), 0);
    }
}
TEST(ghk, is_ohmic_between_equal_concentrations) {
    for (const double v : {-100.0, -30.0, 30.0})
        EXPECT_NEAR(ghk(v, 3.0, 3.0, warm, 1), constants::faraday*3*v/warm, 1e-12*std::abs(v));
}

TEST(ca_ghk, has_the_published_rates) {
    expect_same("m", [](double v) { return ca_ghk::m(v); }, [](double v) {
        return from({15.69*(81.5 - v == 0 ? 10 : (81.5 - v)/std::expm1((81.5 - v)/10)), 0.29*std::exp(-v/10.86)});
    }, {81.5});
}
TEST(ca_ghk, is_blocked_by_half_at_one_micromolar) {
    const ca_ghk::parameters<double> p{1};
    const auto i = [&](double c_in) {
        return ca_ghk::current(ca_ghk::state<double>{0.5}, {-20, 0, c_in, 2, 1, warm}, p, -20.0)/ghk(-20.0, c_in, 2.0, warm, 2);
    };
    EXPECT_NEAR(i(1e-3), 0.5*0.5*0.5, 1e-14);
    EXPECT_NEAR(i(1e-3)/i(0.0), 0.5, 1e-14);
}

}  // namespace
}  // namespace apical::channels
