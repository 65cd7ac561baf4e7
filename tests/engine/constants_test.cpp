// SPDX-License-Identifier: BSD-3-Clause
#include <numbers>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/simulation.hpp"
#include "models/cylinder.hpp"

/// The physical constants of a run.
namespace apical {
namespace {

using namespace units;

/// A soma with a pool and a calcium channel, at 34 degC, from 100 nM.
simulation calcium(physical_constants constants, scheme by) {
    cell c(models::one_cylinder({section_type::soma, 20*um, 20*um}), fixed_count{1});
    auto ion = default_ion(ion::ca);
    ion.c_in = 1e-4*mM;
    c.paint("all", ion).paint("all", mechanism{"ca_hva", {{"g_max", 1e-3*S/cm2}}}).paint("all", mechanism{"cadynamics_e2", {}});
    circuit model;
    model.populations.push_back({.name = "cell", .cell = c.start_at(-30*mV)});
    model.probes = {{.label = "e", .on = {"cell"}, .variable = "ca.e_rev"}, {.label = "c", .on = {"cell"}, .variable = "ca.c_in"},
                    {.label = "i", .on = {"cell"}, .variable = "ca.i"}};
    simulation s(model, {.dt = 1e-3*ms, .scheme = by, .temperature = celsius(34), .constants = constants});
    s.run(0.004*ms);
    return s;
}

TEST(constants, set_the_reversal_potential) {
    EXPECT_NEAR(calcium(physical_constants::modern, scheme::backward_euler)["e"].samples[0], 131.063443130509, 1e-9);
    EXPECT_NEAR(calcium(physical_constants::legacy, scheme::backward_euler)["e"].samples[0], 131.046724158410, 1e-9);
}

/// The first step's influx over the current that flows in it is gamma/(2 F depth), to the part that is pumped out.
TEST(constants, set_what_a_current_does_to_a_pool) {
    for (const auto& [constants, faraday] : {std::pair{physical_constants::modern, 96485.33212331001e-6}, {physical_constants::legacy, 96485.3e-6}}) {
        const auto s = calcium(constants, scheme::backward_euler);
        const double influx = (s["c"].samples[1] - s["c"].samples[0])/1e-3, area = std::numbers::pi*20*20;
        const double exact = -s["i"].samples[0]/area*0.05/(2*faraday*0.1);
        EXPECT_NEAR(influx/exact, 1 - 1e-3/80/2, 1e-10);
    }
}
TEST(constants, are_the_same_for_coupled_equations) {
    const auto end = [](physical_constants k, scheme by) { return calcium(k, by)["e"].samples.back(); };
    const double difference = end(physical_constants::modern, scheme::precise) - end(physical_constants::legacy, scheme::precise);
    EXPECT_NEAR(difference, end(physical_constants::modern, scheme::crank_nicolson) - end(physical_constants::legacy, scheme::crank_nicolson), 1e-6);
    EXPECT_GT(difference, 0.01);
}
TEST(constants, have_names) {
    EXPECT_EQ(name_of(parse_constants("legacy")), "legacy");
    EXPECT_EQ(name_of(parse_constants("modern")), "modern");
    EXPECT_THROW(parse_constants("ancient"), invalid_model);
}

}  // namespace
}  // namespace apical
