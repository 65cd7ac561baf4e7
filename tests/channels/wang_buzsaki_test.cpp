// SPDX-License-Identifier: BSD-3-Clause
#include "channels/wb_k.hpp"
#include "channels/wb_na.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

rates published_m(double v) { return {0.1*vtrap(-(v + 35), 10), 4*std::exp(-(v + 60)/18)}; }

TEST(wang_buzsaki, rates_are_the_published_ones) {
    expect_same("h", [](double v) { return wb_na::h(v); }, [](double v) {
        return from({0.07*std::exp(-(v + 58)/20), 1/(std::exp(-0.1*(v + 28)) + 1)});
    });
    expect_same("n", [](double v) { return wb_k::n(v); }, [](double v) {
        return from({0.01*vtrap(-(v + 34), 10), 0.125*std::exp(-(v + 44)/80)});
    }, {-34});
}
TEST(wang_buzsaki, activation_of_sodium_is_instantaneous) {
    for (double v = -150; v <= 100; v += 0.37)
        EXPECT_NEAR(wb_na::m_inf<double>(v)/from(published_m(v)).inf, 1, std::abs(v + 35) < 1 ? 4e-12 : 1e-12) << v << " mV";
    EXPECT_NEAR(wb_na::m_inf<double>(-35.0), from(published_m(-35.0)).inf, 1e-13);

    const double m = from(published_m(-45)).inf;
    EXPECT_NEAR(wb_na::current(wb_na::state<double>{0.5}, {-45, 55, 0, 0}, wb_na::parameters<double>{35, 5}, -45.0),
                35*m*m*m*0.5*(-45 - 55), 1e-9);
}
TEST(wang_buzsaki, phi_speeds_the_gates_up) {
    const membrane<double> at{-40, 55, 0, 0};
    EXPECT_DOUBLE_EQ(channels::advance<wb_na>(wb_na::state<double>{0.9}, at, wb_na::parameters<double>{1, 5}, 0.1).h,
                     channels::advance<wb_na>(wb_na::state<double>{0.9}, at, wb_na::parameters<double>{1, 1}, 0.5).h);
    EXPECT_DOUBLE_EQ(channels::advance<wb_k>(wb_k::state<double>{0.9}, at, wb_k::parameters<double>{1, 5}, 0.1).n,
                     channels::advance<wb_k>(wb_k::state<double>{0.9}, at, wb_k::parameters<double>{1, 1}, 0.5).n);
}
/// With a leak of 0.1 mS/cm2 to -65 mV the published cell rests near -64 mV.
TEST(wang_buzsaki, the_published_cell_rests_near_minus_64) {
    const auto total = [](double v) {
        const membrane<double> na{v, 55, 0, 0}, k{v, -90, 0, 0};
        const wb_na::parameters<double> pn{35, 5};
        const wb_k::parameters<double> pk{9, 5};
        return wb_na::current(channels::rest<wb_na>(na, pn), na, pn, v) + wb_k::current(channels::rest<wb_k>(k, pk), k, pk, v) + 0.1*(v + 65);
    };
    EXPECT_LT(total(-64.5), 0);
    EXPECT_GT(total(-63.5), 0);
}

}  // namespace
}  // namespace apical::channels
