// SPDX-License-Identifier: BSD-3-Clause
#include "channels/mainen_ca.hpp"
#include "channels/mainen_kca.hpp"
#include "channels/mainen_km.hpp"
#include "channels/mainen_kv.hpp"
#include "channels/mainen_na.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

/// z/(e^z - 1), the function the published rates are written with.
double efun(double z) { return vtrap(z, 1); }

TEST(mainen_1996, sodium_has_the_published_rates) {
    expect_same("m", [](double u) { return mainen_na::m(u); }, [](double u) {
        return from({0.182*9*efun((-35 - u)/9), 0.124*9*efun((u + 35)/9)});
    }, {-35});
    expect_same("h", [](double u) { return mainen_na::h(u); }, [](double u) {
        const rates r{0.024*5*efun((-50 - u)/5), 0.0091*5*efun((u + 75)/5)};
        return target{1/(1 + std::exp((u + 65)/6.2)), from(r).tau};
    }, {-50, -75});
}
TEST(mainen_1996, potassium_has_the_published_rates) {
    expect_same("kv", [](double v) { return mainen_kv::n(v); }, [](double v) {
        return from({0.02*9*efun(-(v - 25)/9), 0.002*9*efun((v - 25)/9)});
    }, {25});
    expect_same("km", [](double v) { return mainen_km::n(v); }, [](double v) {
        return from({0.001*9*efun(-(v + 30)/9), 0.001*9*efun((v + 30)/9)});
    }, {-30});
}
TEST(mainen_1996, calcium_has_the_published_rates) {
    expect_same("m", [](double v) { return mainen_ca::m(v); }, [](double v) {
        return from({0.209*efun(-(27 + v)/3.8), 0.94*std::exp((-75 - v)/17)});
    }, {-27});
    expect_same("h", [](double v) { return mainen_ca::h(v); }, [](double v) {
        return from({0.000457*std::exp((-13 - v)/50), 0.0065/(std::exp((-v - 15)/28) + 1)});
    });
}
TEST(mainen_1996, calcium_opens_potassium_channels_in_proportion) {
    const double per_mM = 10;  // 0.01 per ms and uM
    for (const double c : {0.0, 1e-5, 1e-4, 1e-2}) {
        const auto n = mainen_kca::n(c, per_mM);
        EXPECT_NEAR(n.inf, 0.01*(1e3*c)/(0.01*(1e3*c) + 0.02), 1e-15);
        EXPECT_NEAR(n.rate, 0.01*(1e3*c) + 0.02, 1e-15);
    }
}

TEST(mainen_1996, temperature_scales_rates_and_conductances) {
    membrane<double> cold{-30, 50, 1e-4, 2}, warm = cold;
    warm.q = 3.2;
    const auto check = [&]<class C>(auto p) {
        typename C::template state<double> s = channels::rest<C>(membrane<double>{-60, 50, 1e-4, 2}, p);
        EXPECT_DOUBLE_EQ(C::current(s, warm, p, -30.0), 3.2*C::current(s, cold, p, -30.0)) << C::info.name;
        const auto a = channels::advance<C>(s, warm, p, 0.01), b = channels::advance<C>(s, cold, p, 0.032);
        EXPECT_DOUBLE_EQ(C::current(a, cold, p, -30.0), C::current(b, cold, p, -30.0)) << C::info.name;
        EXPECT_EQ(C::info.q10, 2.3);
        EXPECT_EQ(C::info.q10_at, 23);
    };
    check.template operator()<mainen_na>(mainen_na::parameters<double>{1, -10});
    check.template operator()<mainen_kv>(mainen_kv::parameters<double>{1});
    check.template operator()<mainen_km>(mainen_km::parameters<double>{1});
    check.template operator()<mainen_kca>(mainen_kca::parameters<double>{1, 10});
    check.template operator()<mainen_ca>(mainen_ca::parameters<double>{1});
}

TEST(mainen_1996, the_sodium_shift_is_added_to_the_potential) {
    const auto shifted = channels::rest<mainen_na>(membrane<double>{-50, 50, 0, 0}, mainen_na::parameters<double>{1, -10});
    EXPECT_EQ(shifted.m, mainen_na::m(-60.0).inf);
    EXPECT_EQ(shifted.h, mainen_na::h(-60.0).inf);
}

}  // namespace
}  // namespace apical::channels
