// SPDX-License-Identifier: BSD-3-Clause
#include "channels/migliore_hd.hpp"
#include "channels/migliore_kad.hpp"
#include "channels/migliore_kap.hpp"
#include "channels/migliore_kdr.hpp"
#include "channels/migliore_na.hpp"

#include "tests/channels/literal.hpp"

namespace apical::channels {
namespace {

using namespace literal;

constexpr double celsius = 34, kelvin = celsius + 273.15;
/// z K with charge z, as the published files have it.
double k(double z) { return 1e-3*z*9.648e4/(8.315*kelvin); }
/// trap0(v, th, a, q)/a
double trap0(double v, double th, double q) { return vtrap(-(v - th), q); }

template <class C> membrane<double> at(double v) {
    return {v, -90, 0, 0, std::pow(C::info.q10, (celsius - C::info.q10_at)/10), constants::thermal_voltage(kelvin)};
}
template <class C> auto gates_at(double v, const typename C::template parameters<double>& p = {}) { return C::gates(at<C>(v), p); }

target transient(double v, double zeta, double half, double gamma, double a0, double least) {
    const double x = k(zeta - sigma(-(v + 40)/5))*(v - half);
    return {1/(1 + std::exp(x)), std::max(least, std::exp(gamma*x)/(std::pow(5, (celsius - 24)/10)*a0*(1 + std::exp(x))))};
}
target inactivation(double v) { return {1/(1 + std::exp(k(3)*(v + 56))), std::max(2.0, 0.26*(v + 50))}; }

TEST(migliore_1999, transient_potassium_has_the_published_rates) {
    expect_same("kap n", [](double v) { return gates_at<migliore_kap>(v).n; }, [](double v) { return transient(v, -1.5, 11, 0.55, 0.05, 0.1); });
    expect_same("kad n", [](double v) { return gates_at<migliore_kad>(v).n; }, [](double v) { return transient(v, -1.8, -1, 0.39, 0.1, 0.2); });
    expect_same("kap l", [](double v) { return gates_at<migliore_kap>(v).l; }, inactivation);
    expect_same("kad l", [](double v) { return gates_at<migliore_kad>(v).l; }, inactivation);
}
TEST(migliore_1999, delayed_rectifier_has_the_published_rates) {
    expect_same("n", [](double v) { return gates_at<migliore_kdr>(v).n; }, [](double v) {
        const double x = k(-3)*(v - 13);
        return target{1/(1 + std::exp(x)), std::max(2.0, std::exp(0.7*x)/(0.02*(1 + std::exp(x))))};
    });
}
TEST(migliore_1999, sodium_has_the_published_rates) {
    const double q = std::pow(2, (celsius - 24)/10);
    expect_same("m", [](double v) { return gates_at<migliore_na>(v).m; }, [q](double v) {
        const auto t = from({0.4*trap0(v, -30, 7.2), 0.124*trap0(-v, 30, 7.2)}, q);
        return target{t.inf, std::max(0.02, t.tau)};
    }, {-30});
    expect_same("h", [](double v) { return gates_at<migliore_na>(v).h; }, [q](double v) {
        const auto t = from({0.03*trap0(v, -45, 1.5), 0.01*trap0(-v, 45, 1.5)}, q);
        return target{1/(1 + std::exp((v + 50)/4)), std::max(0.5, t.tau)};
    }, {-45});
    for (const double unslowed : {0.0, 0.3, 1.0})
        expect_same("s", [=](double v) { return gates_at<migliore_na>(v, {0, unslowed}).s; }, [=](double v) {
            const double open = sigma(-(v + 58)/2), x = k(12)*(v + 60);
            return target{open + unslowed*(1 - open), std::max(10.0, std::exp(0.2*x)/(3e-4*(1 + std::exp(x))))};
        });
}
TEST(migliore_1999, hyperpolarisation_activated_has_the_published_rates) {
    for (const double half : {-73.0, -81.0})
        expect_same("l", [=](double v) { return gates_at<migliore_hd>(v, {0, half, -30}).l; }, [=](double v) {
            const double x = 0.0378*2.2*(v + 75);
            return target{1/(1 + std::exp((v - half)/8)), std::exp(0.4*x)/(std::pow(4.5, (celsius - 33)/10)*0.011*(1 + std::exp(x)))};
        });
}
/// Depolarised by 20 mV for 10 ms, as by an EPSP, the far dendrite has lost most of its transient current.
TEST(migliore_1999, a_depolarisation_takes_the_transient_current_away) {
    const migliore_kad::parameters<double> p{1};
    auto s = channels::rest<migliore_kad>(at<migliore_kad>(-65), p);
    const double before = s.l;
    s = channels::advance<migliore_kad>(s, at<migliore_kad>(-45), p, 10);
    EXPECT_LT(s.l, 0.35*before);
}

}  // namespace
}  // namespace apical::channels
