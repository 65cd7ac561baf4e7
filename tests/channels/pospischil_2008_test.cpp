// SPDX-License-Identifier: BSD-3-Clause
#include "channels/pospischil_cal.hpp"
#include "channels/pospischil_cat.hpp"
#include "channels/pospischil_kd.hpp"
#include "channels/pospischil_m.hpp"
#include "channels/pospischil_na.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

TEST(pospischil_2008, sodium_and_potassium_have_the_published_rates) {
    expect_same("m", [](double u) { return pospischil_na::m(u); }, [](double u) {
        return from({0.32*vtrap(13 - u, 4), 0.28*vtrap(u - 40, 5)});
    }, {13, 40});
    expect_same("h", [](double u) { return pospischil_na::h(u); }, [](double u) {
        return from({0.128*std::exp((17 - u)/18), 4/(1 + std::exp((40 - u)/5))});
    });
    expect_same("n", [](double u) { return pospischil_kd::n(u); }, [](double u) {
        return from({0.032*vtrap(15 - u, 5), 0.5*std::exp((10 - u)/40)});
    }, {15});
}
TEST(pospischil_2008, potentials_count_from_v_t) {
    const membrane<double> at{-50, 50, 0, 0};
    EXPECT_EQ(channels::rest<pospischil_na>(at, {1, -56.2}).m, pospischil_na::m(-50 + 56.2).inf);
    EXPECT_EQ(channels::rest<pospischil_kd>(at, {1, -56.2}).n, pospischil_kd::n(-50 + 56.2).inf);
}
TEST(pospischil_2008, the_slow_potassium_current_has_the_published_rates) {
    expect_same("p", [](double v) { return pospischil_m::open(v, 608.0); }, [](double v) {
        return target{sigma((v + 35)/10), 608/(3.3*std::exp((v + 35)/20) + std::exp(-(v + 35)/20))};
    });
}
TEST(pospischil_2008, calcium_currents_have_the_published_rates) {
    expect_same("q", [](double v) { return pospischil_cal::q(v); }, [](double v) {
        return from({0.055*vtrap(-27 - v, 3.8), 0.94*std::exp((-75 - v)/17)});
    }, {-27});
    expect_same("r", [](double v) { return pospischil_cal::r(v); }, [](double v) {
        return from({0.000457*std::exp((-13 - v)/50), 0.0065/(std::exp((-15 - v)/28) + 1)});
    });
    expect_same("u", [](double y) { return pospischil_cat::u(y); }, [](double y) {
        const double fraction = (211.4 + std::exp((y + 113.2)/5))/(1 + std::exp((y + 84)/3.2));
        return target{sigma(-(y + 81)/4), (30.8 + fraction)/3.7};
    });
}
TEST(pospischil_2008, currents_have_the_published_powers) {
    const membrane<double> at{-50, 120, 0, 0};
    const double force = -50 - 120, m = 0.7, h = 0.3;
    EXPECT_NEAR(pospischil_na::current(pospischil_na::state<double>{m, h}, at, {2, -56.2}, -50.0), 2*m*m*m*h*force, 1e-12);
    EXPECT_NEAR(pospischil_kd::current(pospischil_kd::state<double>{m}, at, {2, -56.2}, -50.0), 2*m*m*m*m*force, 1e-12);
    EXPECT_NEAR(pospischil_m::current(pospischil_m::state<double>{m}, at, {2, 608}, -50.0), 2*m*force, 1e-12);
    EXPECT_NEAR(pospischil_cal::current(pospischil_cal::state<double>{m, h}, at, {2}, -50.0), 2*m*m*h*force, 1e-12);
    const double s_inf = sigma((-50 - 7 + 57)/6.2);
    EXPECT_NEAR(pospischil_cat::current(pospischil_cat::state<double>{m}, at, {2, -7}, -50.0), 2*s_inf*s_inf*m*force, 1e-12);
}

}  // namespace
}  // namespace apical::channels
