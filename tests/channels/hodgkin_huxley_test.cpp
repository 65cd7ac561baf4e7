// SPDX-License-Identifier: BSD-3-Clause
#include "channels/hh_k.hpp"
#include "channels/hh_leak.hpp"
#include "channels/hh_na.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

constexpr bool near(double a, double b, double tolerance) { return math::absolute(a - b) <= tolerance; }

// the published rest of the squid axon, computed by the compiler
static_assert(near(hh_na::m(-65.0).inf, 0.052932485257250, 1e-13));
static_assert(near(hh_na::h(-65.0).inf, 0.596120753508460, 1e-13));
static_assert(near(hh_k::n(-65.0).inf, 0.317676914060697, 1e-13));

TEST(hodgkin_huxley, rates_are_the_published_ones) {
    expect_same("m", [](double v) { return hh_na::m(v); }, [](double v) {
        return from({0.1*vtrap(-(v + 40), 10), 4*std::exp(-(v + 65)/18)});
    }, {-40});
    expect_same("h", [](double v) { return hh_na::h(v); }, [](double v) {
        return from({0.07*std::exp(-(v + 65)/20), 1/(std::exp(-(v + 35)/10) + 1)});
    });
    expect_same("n", [](double v) { return hh_k::n(v); }, [](double v) {
        return from({0.01*vtrap(-(v + 55), 10), 0.125*std::exp(-(v + 65)/80)});
    }, {-55});
}

TEST(hodgkin_huxley, opening_rates_have_their_limits_at_the_singular_points) {
    EXPECT_NEAR(hh_na::m(-40.0).inf*hh_na::m(-40.0).rate, 1.0, 1e-13);
    EXPECT_NEAR(hh_k::n(-55.0).inf*hh_k::n(-55.0).rate, 0.1, 1e-14);
}

TEST(hodgkin_huxley, currents_are_conductances_times_driving_force) {
    const membrane<double> at{-30, 50, 0, 0};
    EXPECT_NEAR(hh_na::current(hh_na::state<double>{0.4, 0.3}, at, hh_na::parameters<double>{2}, -30.0),
                2*0.4*0.4*0.4*0.3*(-30 - 50), 1e-14);
    EXPECT_NEAR(hh_k::current(hh_k::state<double>{0.4}, {-30, -77, 0, 0}, hh_k::parameters<double>{2}, -30.0),
                2*0.4*0.4*0.4*0.4*(-30 + 77), 1e-14);
    const hh_leak::parameters<double> leak{2, -54.3};
    EXPECT_NEAR(hh_leak::current(hh_leak::state<double>{}, at, leak, -30.0), 2*(-30 + 54.3), 1e-13);
}

TEST(hodgkin_huxley, rates_follow_the_temperature_and_conductances_do_not) {
    membrane<double> cold{-30, 50, 0, 0}, warm = cold;
    warm.q = 3;
    const hh_na::parameters<double> p{1};
    const auto s = channels::rest<hh_na>(membrane<double>{-65, 50, 0, 0}, p);
    const auto a = channels::advance<hh_na>(s, warm, p, 0.01), b = channels::advance<hh_na>(s, cold, p, 0.03);
    EXPECT_DOUBLE_EQ(a.m, b.m);
    EXPECT_DOUBLE_EQ(a.h, b.h);
    EXPECT_EQ(hh_na::current(s, warm, p, -30.0), hh_na::current(s, cold, p, -30.0));
}

}  // namespace
}  // namespace apical::channels
