// SPDX-License-Identifier: BSD-3-Clause
#include "channels/allen_ca_lva.hpp"
#include "channels/allen_im.hpp"
#include "channels/allen_im_v2.hpp"
#include "channels/allen_k_p.hpp"
#include "channels/allen_k_t.hpp"
#include "channels/allen_kd.hpp"
#include "channels/allen_kv2like.hpp"
#include "channels/allen_nap.hpp"
#include "channels/allen_nata.hpp"
#include "channels/allen_nats.hpp"
#include "channels/allen_nav.hpp"
#include "channels/ca_hva.hpp"
#include "channels/ca_lvast.hpp"
#include "channels/ih.hpp"
#include "channels/im.hpp"
#include "channels/sk_e2.hpp"
#include "channels/skv3_1.hpp"

#include <array>
#include <numeric>

#include "tests/channels/literal.hpp"

/// The channels of the Allen Cell Types Database against NEURON 8.2.2 at 34 degC, ten digits.
namespace apical::channels {
namespace {

constexpr std::array voltages{-80.0, -40.0, 10.0};

template <class C> membrane<double> place(double v, double celsius = 34) {
    return {v, 0, 0, 0, std::pow(C::info.q10, (celsius - C::info.q10_at)/10), 0};
}

struct row { double inf[3], tau[3]; };

/// Gate number `which` of a channel has these steady states and time constants.
template <class C> void expect_gate(std::size_t which, const row& published) {
    for (std::size_t i = 0; i < voltages.size(); ++i) {
        const auto gates = as_array<gate<double>>(C::gates(place<C>(voltages[i]), typename C::template parameters<double>{}));
        EXPECT_NEAR(gates[which].inf/published.inf[i], 1, 1e-9) << C::info.name << " " << which << " at " << voltages[i] << " mV";
        EXPECT_NEAR(1/gates[which].rate/published.tau[i], 1, 1e-9) << C::info.name << " " << which << " at " << voltages[i] << " mV";
    }
}

TEST(allen, calcium_channels_are_neurons) {
    expect_gate<ca_hva>(0, {{2.025402739e-06, 0.1676181848, 0.9968974708}, {0.792752455, 6.939535922, 0.4898469717}});
    expect_gate<ca_hva>(1, {{0.7502912527, 0.2934279296, 0.05887550531}, {429.8917171, 374.1676437, 204.0769285}});
    expect_gate<allen_ca_lva>(0, {{0.001271016263, 0.5, 0.9997596883}, {8.465467526, 6.644751572, 1.694096413}});
    expect_gate<allen_ca_lva>(1, {{0.1732882059, 0.0004044814978, 1.637376862e-07}, {23.4757566, 10.04647732, 6.776249762}});
}
TEST(allen, cation_and_muscarinic_channels_are_neurons) {
    expect_gate<ih>(0, {{0.04922330043, 0.0008206504119, 3.895700619e-06}, {55.23006546, 17.33457943, 3.830312493}});
    expect_gate<allen_im>(0, {{0.000123394576, 0.2689414214, 0.9998766054}, {1.139885192, 45.50350078, 1.139885192}});
    expect_gate<allen_im_v2>(0, {{0.0006417375935, 0.8626731796, 0.9999983638}, {11.9929157, 53.09660833, 11.24609602}});
}
TEST(allen, potassium_channels_are_neurons) {
    expect_gate<allen_k_p>(0, {{0.01098694263, 0.14675603, 0.8408255668}, {7.82846386, 12.87888, 3.817852582}});
    expect_gate<allen_k_p>(1, {{0.9140120326, 0.2187907454, 0.002964193136}, {259.263695, 394.5405597, 159.7419749}});
    expect_gate<allen_k_t>(0, {{0.242700428, 0.5600535306, 0.8771288051}, {0.4195356394, 0.3515408807, 0.1624548899}});
    expect_gate<allen_k_t>(1, {{0.8021838886, 0.06913842034, 0.0005002011071}, {17.83515234, 4.827143042, 2.709253717}});
    expect_gate<allen_kd>(0, {{0.009708476481, 0.5926666, 0.9986749776}, {1, 1, 1}});
    expect_gate<allen_kd>(1, {{0.8557983264, 0.02415929575, 2.624666952e-05}, {1500, 1500, 1500}});
    expect_gate<allen_kv2like>(0, {{0.005304169593, 0.1601549237, 0.9193281083}, {21.84845605, 25.74509286, 3.751228825}});
    expect_gate<allen_kv2like>(1, {{0.880797078, 0.1629604707, 0.002062404557}, {253.8367373, 388.9288463, 159.1061246}});
    expect_gate<allen_kv2like>(2, {{0.880797078, 0.1629604707, 0.002062404557}, {1138.607579, 1285.358028, 1161.80685}});
    expect_gate<skv3_1>(0, {{3.810001688e-05, 0.002348689318, 0.2896864798}, {1.276679372, 2.148345089, 3.130736621}});
}
TEST(allen, sodium_channels_are_neurons) {
    expect_gate<allen_nata>(0, {{0.007036323977, 0.8477495586, 0.999956833}, {0.09962291581, 0.1715224792, 0.03789254135}});
    expect_gate<allen_nata>(1, {{0.862158343, 0.007897083507, 1.913323874e-06}, {1.756078502, 0.9050989436, 0.3375820671}});
    expect_gate<allen_nats>(0, {{0.001864415461, 0.5947712418, 0.9998362586}, {0.08039965644, 0.2178846843, 0.04394226781}});
    expect_gate<allen_nats>(1, {{0.9116003228, 0.01295372753, 3.154533854e-06}, {1.568143449, 0.9991598932, 0.3509068039}});
    expect_gate<allen_nap>(0, {{0.9577102282, 0.2931777789, 0.002786996219}, {1863.507354, 1434.625732, 655.5850118}});
    constexpr std::array published{0.002582216101, 0.9392965343, 0.9999987702};
    for (std::size_t i = 0; i < voltages.size(); ++i)
        EXPECT_NEAR((allen_nap::m_inf<double, double>(voltages[i])/published[i]), 1, 1e-9) << voltages[i] << " mV";
}
TEST(allen, calcium_activated_channels_are_neurons) {
    for (const auto& [c, published] : {std::pair{5e-5, 3.2688367917e-05}, {1e-4, 9.0982130633e-04}, {5e-4, 0.67347621180}})
        EXPECT_NEAR(sk_e2::z(c).inf/published, 1, 1e-9) << c << " mM";
}

/// Its slope has a part from the activation, which follows the potential at once.
TEST(allen, the_slope_of_nap_is_that_of_its_activation_too) {
    const auto at = place<allen_nap>(-50);
    const auto i = allen_nap::current<double>({0.5}, at, {2}, variable(-50.0));
    const double m = allen_nap::m_inf<double, double>(-50.0);
    EXPECT_NEAR(i.slope, 2*0.5*(m + m*(1 - m)/4.6*(-50 - at.e_rev)), 1e-12);
    EXPECT_LT(i.slope, 0);
}

TEST(allen, channels_that_hay_has_at_34_degrees_are_the_same_there_and_follow_the_temperature) {
    for (double v = -120; v < 60; v += 7.3) {
        const auto same = [&](gate<double> a, gate<double> b) {
            EXPECT_NEAR(a.inf/b.inf, 1, 1e-12) << v << " mV";
            EXPECT_NEAR(a.rate/b.rate, 1, 1e-12) << v << " mV";
        };
        const double q = place<allen_im>(v).q;
        same(q*allen_im::m(v), im::m(v));
        same(q*allen_ca_lva::m(v), ca_lvast::m(v));
        same(q*allen_ca_lva::h(v), ca_lvast::h(v));
    }
    EXPECT_NEAR(allen_im::gates(place<allen_im>(-40, 24), {1}).m.rate*2.3, allen_im::gates(place<allen_im>(-40), {1}).m.rate, 1e-12);
    EXPECT_NEAR(allen_kd::gates(place<allen_kd>(-40, 24), {1}).h.rate, 1/1500.0, 1e-15);
}

using occupancies = std::array<double, allen_nav::states>;   ///< c1, i1, c2, i2, ..., o, i6

occupancies start_of_nav(double v) { return as_array<double>(start<allen_nav>(place<allen_nav>(v), {1})); }

TEST(allen_nav, starts_where_the_published_file_does) {
    const occupancies published{0.7943030506, 1.358029838e-4, 0.1347883859, 2.67995391e-4, 0.008582578752, 1.970372455e-4,
                                2.468256045e-4, 0.007056573802, 4.33128497e-6, 0.006243194282, 5.130833868e-5, 0.04812291576};
    const auto s = start_of_nav(-80);
    for (std::size_t n = 0; n < s.size(); ++n) EXPECT_NEAR(s[n]/published[n], 1, 1e-9) << n;
    const auto high = start_of_nav(-40);
    for (const auto& [n, x] : {std::pair{0, 8.731621233e-4}, {10, 0.006852399214}, {7, 0.03765637796}, {9, 0.1767951208}, {11, 0.7585263709}})
        EXPECT_NEAR(high[static_cast<std::size_t>(n)]/x, 1, 1e-9) << n;
}
TEST(allen_nav, that_start_is_not_its_rest) {
    const auto rest = as_array<double>(channels::rest<allen_nav>(place<allen_nav>(-80), {1}));
    EXPECT_NEAR(rest[0], 0.8457160315, 1e-9);
    EXPECT_GT(rest[0] - start_of_nav(-80)[0], 0.05);
}

/// x - dt (what flows in - what flows out) of every state is what it was, with the rates of the paper written out.
TEST(allen_nav, a_step_is_the_implicit_euler_step_of_its_scheme) {
    const double dt = 0.1, v = -30, q = place<allen_nav>(v).q, f = std::exp(v/24), b = std::exp(-v/24);
    const auto before = start_of_nav(-80);
    const auto after = as_array<double>(channels::advance<allen_nav>(start<allen_nav>(place<allen_nav>(-80), {1}), place<allen_nav>(v), {1}, dt));
    occupancies flow{};
    const auto exchange = [&](std::size_t from, std::size_t to, double there, double back) {
        const double net = q*(there*after[from] - back*after[to]);
        flow[from] -= net, flow[to] += net;
    };
    const auto c = [](int k) { return static_cast<std::size_t>(2*k - 2); };   // c1 to c5, and o as c6
    const auto i = [](int k) { return static_cast<std::size_t>(2*k - 1); };
    for (int k = 1; k <= 4; ++k) {
        exchange(c(k), c(k + 1), (5 - k)*400*f, k*12*b);
        exchange(i(k), i(k + 1), (5 - k)*400*2.51*f, k*12*b/5.32);
    }
    exchange(c(5), c(6), 250, 60), exchange(i(5), i(6), 250, 60), exchange(c(6), i(6), 8, 0.05);
    for (int k = 1; k <= 5; ++k) exchange(c(k), i(k), 0.01*std::pow(2.51, k - 1), 40/std::pow(5.32, k - 1));
    for (std::size_t n = 0; n < after.size(); ++n) EXPECT_NEAR(after[n] - dt*flow[n], before[n], 1e-12) << n;
    EXPECT_NEAR(std::accumulate(after.begin(), after.end(), 0.0), 1, 1e-14);
}

TEST(physical_constants, give_the_published_reversal_potentials_of_calcium) {
    const double kelvin = 34 + 273.15;
    EXPECT_NEAR(nernst(1e-4, 2.0, constants::thermal_voltage(kelvin), 2)/131.063443130509, 1, 1e-12);
    EXPECT_NEAR(nernst(1e-4, 2.0, constants::thermal_voltage(kelvin, physical_constants::legacy), 2)/131.046724158410, 1, 1e-12);
}

}  // namespace
}  // namespace apical::channels
