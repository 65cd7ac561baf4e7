// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/reference/cables.hpp"

namespace apical {
namespace {

using namespace units;

TEST(patch, follows_each_schemes_own_discrete_solution_to_rounding) {
    const double dt = 0.5, tau = 40, area = std::numbers::pi*20*20, resistance = 1/(2.5e-7*area);
    for (const auto s : {scheme::backward_euler, scheme::crank_nicolson}) {
        simulation sim(test::driven(test::passive(test::one_cable(20, 20), fixed_count{1}), "dend[0](0.5)", 0.01, {"dend[0](0.5)"}),
                       {.dt = dt*ms, .scheme = s});
        sim.run(100*ms);
        const bool euler = s == scheme::backward_euler;
        const double factor = euler ? 1/(1 + dt/tau) : (1 - dt/2/tau)/(1 + dt/2/tau);
        const double first = euler ? factor : 1/(1 + dt/2/tau)/(1 + dt/2/tau);   // the step that begins with a jump is two halves
        const auto& v = sim.recordings()[0];
        for (std::size_t n = 0; n < v.rows(); ++n) {
            const double left = n == 0 ? 1 : first*std::pow(factor, static_cast<double>(n) - 1);
            const double rise = 0.01*resistance*(1 - left);
            EXPECT_NEAR(v.samples[n] + 65, rise, 1e-12*0.01*resistance) << name_of(s) << " step " << n;
        }
    }
}

TEST(cable, steady_state_is_ralls_along_its_whole_length) {
    const double diameter = 2, length = 1.5*test::lambda(diameter), scale = 0.1*test::r_infinity(diameter);
    auto model = test::driven(test::passive(test::one_cable(length, diameter), fixed_count{501}), "dend[0](0)", 0.1, {"dend[0](0)", "dend[0](1)"});
    model.probes.push_back({"all", {"cell", "centre(all)", {}}, "v", 0*ms, 0*ms});
    simulation sim(model, {.dt = 400*ms, .scheme = scheme::backward_euler});
    sim.run(400*60*ms);
    const test::sealed_cylinder exact{1.5};
    EXPECT_NEAR((sim.voltage("cell", 0, "dend[0](0)") + 65)/scale, exact.steady(0, 0), 2e-6);
    EXPECT_NEAR((sim.voltage("cell", 0, "dend[0](1)") + 65)/scale, exact.steady(0, 1.5), 2e-6);
    EXPECT_NEAR((sim.voltage("cell", 0, "dend[0](0.5)") + 65)/scale, exact.steady(0, 0.75), 2e-6);
}

TEST(cable, step_response_is_ralls_series) {
    const double diameter = 1, scale = 0.1*test::r_infinity(diameter);
    simulation sim(test::driven(test::passive(test::one_cable(1000, diameter), fixed_count{501}), "dend[0](0.5)", 0.1,
                                {"dend[0](0.5)", "dend[0](1)"}),
                   {.dt = 0.0125*ms});
    const test::sealed_cylinder exact{1};
    for (const double t : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
        sim.run(t*ms);
        EXPECT_NEAR((sim.voltage("cell", 0, "dend[0](0.5)") + 65)/scale, exact.after(t/40, 0.5, 0.5), 1e-5) << t << " ms";
        EXPECT_NEAR((sim.voltage("cell", 0, "dend[0](1)") + 65)/scale, exact.after(t/40, 0.5, 1), 1e-5) << t << " ms";
    }
}

/// Two generations of branches that obey the 3/2 rule, cut into equal electrotonic steps.
morphology three_halves_tree() {
    morphology m;
    const double ratio = std::pow(2.0, -2.0/3.0);
    const auto piece = [](double diameter) { return 0.25*test::lambda(diameter); };
    m.add(test::straight(piece(4), 4));
    for (int i = 0; i < 2; ++i) {
        const int child = m.add(test::straight(piece(4*ratio), 4*ratio, 0));
        for (int k = 0; k < 2; ++k) m.add(test::straight(piece(4*ratio*ratio), 4*ratio*ratio, child));
    }
    return m;
}

TEST(tree, with_ralls_three_halves_rule_is_its_equivalent_cylinder) {
    const auto tree = test::passive(three_halves_tree(), fixed_count{5});
    const auto cylinder = test::passive(test::one_cable(0.75*test::lambda(4), 4), fixed_count{15});
    simulation a(test::driven(tree, "dend[0](0.1)", 0.2, {})), b(test::driven(cylinder, "dend[0](0.0333)", 0.2, {}));
    for (const double t : {0.1, 1.0, 10.0, 60.0}) {
        a.run(t*ms), b.run(t*ms);
        const double scale = b.voltage("cell", 0, "dend[0](0.0333)") + 65;
        for (const auto& [on_tree, on_cylinder] : {std::pair{"dend[0](0.1)", "dend[0](0.0333)"}, {"dend[1](0.5)", "dend[0](0.5)"},
                                                   {"dend[2](0.9)", "dend[0](0.9667)"}, {"dend[6](0.9)", "dend[0](0.9667)"}})
            EXPECT_NEAR(a.voltage("cell", 0, on_tree), b.voltage("cell", 0, on_cylinder), 1e-10*scale) << on_tree << " at " << t << " ms";
    }
}

morphology irregular() {
    morphology m;
    m.add({section_type::soma, -1, 1, {{0, 0, 0, 14}, {10, 0, 0, 18}, {20, 0, 0, 12}}});
    m.add({section_type::basal, 0, 0.5, {{0, 0, 0, 3}, {60, 0, 0, 1}, {130, 0, 0, 1.5}}});
    m.add({section_type::basal, 1, 1, {{0, 0, 0, 1.2}, {90, 0, 0, 0.4}}});
    m.add({section_type::basal, 1, 1, {{0, 0, 0, 0.8}, {40, 0, 0, 0.7}}});
    m.add({section_type::apical, 0, 1, {{0, 0, 0, 5}, {200, 0, 0, 2}}});
    m.add({section_type::apical, 4, 0.5, {{0, 0, 0, 1}, {80, 0, 0, 0.5}}});
    return m;
}

TEST(tree, transfer_impedances_are_reciprocal) {
    const auto shape = irregular();
    const char* const places[] = {"soma(0.5)", "dend[1](0.9)", "dend[2](0.5)", "apic[0](1)", "apic[1](0.7)", "dend[0](1)"};
    const auto response = [&](const char* from, const char* to) {
        simulation sim(test::driven(test::passive(shape, fixed_count{7}), from, 0.01, {}), {.dt = 400*ms, .scheme = scheme::backward_euler});
        sim.run(400*60*ms);
        return sim.voltage("cell", 0, to) + 65;
    };
    for (const auto* a : places)
        for (const auto* b : places) {
            const double z = response(a, b);
            EXPECT_NEAR(z, response(b, a), 1e-10*z) << a << " and " << b;
        }
}

TEST(tree, conserves_charge_step_by_step) {
    const auto shape = irregular();
    for (const auto s : {scheme::backward_euler, scheme::crank_nicolson}) {
        auto model = test::driven(test::passive(shape, fixed_count{7}), "dend[1](0.9)", 0.05, {});
        std::vector<std::string> centres;
        const std::vector<cable_properties> properties(static_cast<std::size_t>(shape.size()));
        const auto cut = discretise(shape, std::vector<int>(static_cast<std::size_t>(shape.size()), 7), properties);
        for (std::size_t n = 0; n < cut.nodes.size(); ++n) {
            if (!cut.nodes[n].is_compartment()) continue;
            centres.push_back(std::to_string(n));
            const auto place = shape.name(cut.nodes[n].section) + "(" + std::to_string(cut.nodes[n].x) + ")";
            model.probes.push_back({centres.back(), {"cell", place, {}}, "v", 0*ms, 0*ms});
        }
        simulation sim(model, {.scheme = s});
        sim.run(5*ms);
        for (std::size_t step = 2; step < 200; ++step) {   // the first one is done in halves
            double stored = 0, leaked = 0;
            for (const auto& name : centres) {
                const auto& v = sim[name].samples;
                const double area = cut.nodes[std::stoul(name)].area;
                stored += 1e-5*area*(v[step] - v[step - 1])/0.025;
                leaked += 2.5e-7*area*((s == scheme::backward_euler ? v[step] : (v[step] + v[step - 1])/2) + 65);
            }
            EXPECT_NEAR(stored + leaked, 0.05, 1e-12*(std::abs(stored) + std::abs(leaked))) << name_of(s) << " step " << step;
        }
    }
}

/// Conduction velocity [m/s] of a squid axon whose grid is scaled with the square root of its diameter.
double velocity(double diameter) {
    const double scale = std::sqrt(diameter), length = 6000*scale;
    cell c(test::one_cable(length, diameter), fixed_count{601});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 35.4*ohm*cm});
    for (const auto* name : {"hh_na", "hh_k", "hh_leak"}) c.paint("all", mechanism{name, {}});
    circuit model;
    model.populations.push_back({"axon", c, 1});
    model.injections.push_back({{"axon", "dend[0](0.001)", {}}, step_current{1*ms, 1*ms, 1.0*scale*diameter*nA}});
    model.detectors.push_back({{"axon", "dend[0](0.25)", {}}, 0*mV});
    model.detectors.push_back({{"axon", "dend[0](0.75)", {}}, 0*mV});
    simulation sim(model, {.dt = 0.0125*ms});
    sim.run(16*ms);
    if (sim.spikes().size() != 2) return 0;
    // compartments' centres lie half a compartment off the quarters
    const double distance = length*(450 - 150)/601;
    return distance/(sim.spikes()[1].time - sim.spikes()[0].time)*1e-3;
}

TEST(axon, conducts_at_the_published_velocity_and_scales_with_the_root_of_the_diameter) {
    const double of_1 = velocity(1);
    EXPECT_NEAR(of_1, 0.5649, 0.0006);
    for (const double diameter : {4.0, 100.0, 500.0}) EXPECT_NEAR(velocity(diameter)/std::sqrt(diameter)/of_1, 1, 1e-6) << diameter << " um";
}

}  // namespace
}  // namespace apical
