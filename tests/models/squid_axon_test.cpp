// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/squid_axon.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "models/cylinder.hpp"

namespace apical::models {
namespace {

using namespace units;

/// Spikes per second in the last interval at a current density [uA/cm2], from rest near -65 mV; 0 if firing stopped.
struct known_rate { double density, hertz; };

circuit patches(const std::vector<known_rate>& rates) {
    // 10000 um2, so that 1 uA/cm2 is 0.1 nA
    cell c(one_cylinder({section_type::soma, 100*um, (100/std::numbers::pi)*um}), fixed_count{1});
    paint_hodgkin_huxley(c, "all");
    circuit model;
    model.populations.push_back({.name = "patch", .cell = c, .size = static_cast<int>(rates.size())});
    for (int i = 0; const auto& r : rates) {
        model.injections.push_back({{"patch", "soma(0.5)", {i++}}, step_current{0*ms, 1e6*ms, r.density*0.1*nA}});
    }
    model.detectors = {{.on = {"patch"}, .threshold = 0*mV}};
    return model;
}

TEST(squid_axon, fires_at_the_known_rates) {
    const std::vector<known_rate> cold{{6.5, 55.288}, {7, 58.460}, {8, 62.561}, {10, 68.389}, {15, 78.695}, {20, 86.507}, {50, 117.056}};
    simulation s(patches(cold), {.dt = 0.0125*ms});
    s.run(600*ms);
    for (int i = 0; i < static_cast<int>(cold.size()); ++i) {
        std::vector<double> times;
        for (const auto& spike : s.spikes()) {
            if (spike.cell == i) times.push_back(spike.time);
        }
        ASSERT_GT(times.size(), 20u) << cold[static_cast<std::size_t>(i)].density;
        const auto& known = cold[static_cast<std::size_t>(i)];
        EXPECT_NEAR(1000/(times.back() - times[times.size() - 2]), known.hertz, 5e-4*known.hertz) << known.density << " uA/cm2";
    }
}

TEST(squid_axon, stays_silent_below_and_above_its_range) {
    simulation s(patches({{4, 0}, {100, 0}}));
    s.run(300*ms);
    for (const auto& spike : s.spikes()) EXPECT_LT(spike.time, 20) << "cell " << spike.cell;
}

/// Velocity [m/s] between the compartments at a quarter and three quarters of the cable.
double velocity(const squid_axon_options& o, temperature t, duration dt) {
    circuit model;
    model.populations.push_back({.name = "axon", .cell = squid_axon(o)});
    const double thick = o.diameter/(500*um);
    model.injections.push_back({{"axon", "axon[0](0)"}, step_current{0.5*ms, 0.5*ms, 20*std::pow(thick, 1.5)*uA}});
    model.detectors = {{.on = {"axon", "axon[0](0.25)"}, .threshold = 0*mV}, {.on = {"axon", "axon[0](0.75)"}, .threshold = 0*mV}};
    model.probes = {{.label = "electrodes", .on = {"axon", "axon[0](0.25), axon[0](0.75)"}, .interval = 1*ms}};
    simulation s(model, {.dt = dt, .temperature = t});
    s.run(25*ms);
    if (s.spikes().size() != 2) return 0;
    const auto& at = s["electrodes"].places;
    return (at[1].where.x - at[0].where.x)*o.length.in(mm)/(s.spikes()[1].time - s.spikes()[0].time);
}

TEST(squid_axon, conducts_as_fast_as_hodgkin_and_huxley_computed) {
    squid_axon_options o{.length = 120*mm, .compartment = 200*um};
    EXPECT_NEAR(velocity(o, celsius(18.5), 0.005*ms), 18.74, 0.03);
    o.diameter = 500*um;
    EXPECT_NEAR(velocity(o, celsius(6.3), 0.01*ms), 12.631, 0.01);
}

/// The equations are the same for all diameters if lengths scale with the square root of the diameter.
TEST(squid_axon, conducts_in_proportion_to_the_square_root_of_its_diameter) {
    const auto of = [](double scale) {
        return velocity({.diameter = 500*scale*scale*um, .length = 100*scale*mm, .compartment = 400*scale*um}, celsius(6.3), 0.025*ms);
    };
    const double thick = of(1);
    EXPECT_GT(thick, 10);
    EXPECT_NEAR(of(0.5)/thick, 0.5, 1e-6);
    EXPECT_NEAR(of(0.25)/thick, 0.25, 1e-6);
}

}  // namespace
}  // namespace apical::models
