// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "channels/traub_ka.hpp"
#include "engine/kernels/mechanism.hpp"
#include "engine/simulation.hpp"
#include "models/cells/squid_axon.hpp"
#include "tests/laws/channel_laws.hpp"

/// The channel that CONTRIBUTING.md walks through, as it stands there.
namespace apical {
namespace {

using shown = channels::traub_ka;

TEST(contributing, the_channel_it_shows_breaks_no_law) {
    for (const auto& found : {laws::schema_is_complete<shown>(), laws::states_stay_in_range<shown>(),
                              laws::rest_is_the_fixed_point<shown>(), laws::a_step_of_zero_changes_nothing<shown>(),
                              laws::two_half_steps_make_a_whole<shown>(), laws::current_reverses_where_it_should<shown>(),
                              laws::slope_is_the_derivative<shown>(), laws::current_is_proportional_to_densities<shown>(),
                              laws::everything_is_finite<shown>(), laws::packs_equal_doubles<shown>()})
        EXPECT_TRUE(found.empty()) << laws::listed(found);
}

TEST(contributing, the_channel_it_shows_runs_and_can_be_probed) {
    auto mechanisms = catalogue::built_in();
    if (!mechanisms.find("traub_ka")) add<shown>(mechanisms);   // it is there once somebody has followed the walk
    circuit model;
    model.populations.push_back({.name = "axon", .cell = models::squid_axon()});
    model.populations[0].cell.paint("all", mechanism{"traub_ka", {}});
    model.probes.push_back({.label = "m", .on = {"axon", "axon[0](0.5)"}, .variable = "traub_ka.m"});
    simulation run(compile(model, {}, mechanisms));
    run.run(1*units::ms);
    const auto m = run["m"].column(0);
    ASSERT_FALSE(m.empty());
    EXPECT_NEAR(m.front(), shown::m(-65.0).inf, 1e-12);
}

}  // namespace
}  // namespace apical
