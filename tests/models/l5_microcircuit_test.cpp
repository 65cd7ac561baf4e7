// SPDX-License-Identifier: BSD-3-Clause
#include <map>
#include <ranges>
#include <set>

#include <gtest/gtest.h>

#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "models/circuits/l5_microcircuit.hpp"

namespace apical {
namespace {

using namespace units;

TEST(l5_microcircuit, has_the_published_composition) {
    const auto c = models::l5_microcircuit({.cells = 1000});
    std::map<std::string, int> cells;
    for (const auto& p : c.populations) {
        cells[p.name] = p.size;
        EXPECT_EQ(p.positions.size(), static_cast<std::size_t>(p.size));
    }
    EXPECT_EQ(cells["pyramidal"], 830);
    EXPECT_EQ(cells["pv_basket"], 90);
    EXPECT_EQ(cells["sst_martinotti"], 80);
    // neighbours are joined with their probability, cells further apart are not
    for (const auto& g : c.gap_junctions) {
        EXPECT_EQ(g.a.population, g.b.population);
        const auto& p = *std::ranges::find(c.populations, g.a.population, &population::name);
        EXPECT_LE(distance(p.positions[static_cast<std::size_t>(g.a.cell)], p.positions[static_cast<std::size_t>(g.b.cell)]), 80.0);
    }
    EXPECT_GT(c.gap_junctions.size(), 50u);
    EXPECT_THROW(models::l5_microcircuit({.cells = 11}), invalid_model);
}

/// Numbers of connections are those that the probabilities and numbers of contacts make likely.
TEST(l5_microcircuit, is_connected_as_its_table_says) {
    const auto c = models::l5_microcircuit({.cells = 100});
    const auto p = compile(c, {.temperature = celsius(34)});
    const double pc = 83, pv = 9, sst = 8;
    const double recurrent = 0.075*pc*(pc - 1)*6 + 0.055*pc*pv*6 + 0.05*pc*sst*9 + 0.076*pv*pc*23 + 0.064*pv*(pv - 1)*15 + 0.056*pv*sst*15 +
                             0.085*sst*pc*14 + 0.041*sst*pv*12 + 0.038*sst*(sst - 1)*12;
    std::size_t plastic = 0;
    for (const auto& in : p->network.inlets) plastic += in.plastic.connections.size();
    EXPECT_NEAR(static_cast<double>(plastic), recurrent, 0.1*recurrent);
}

TEST(l5_microcircuit, runs_the_same_on_any_number_of_threads) {
    const auto c = models::l5_microcircuit({.cells = 24});
    simulation one(c, {.temperature = celsius(34)}), two(c, {.temperature = celsius(34), .threads = 2});
    one.run(40*ms), two.run(40*ms);
    EXPECT_TRUE(std::ranges::equal(one.spikes(), two.spikes()));
    EXPECT_FALSE(one.spikes().empty());
    EXPECT_LT(one.gap_residual(), 1e-9);
}

/// Every spike of a pyramidal cell releases dopamine, which turns marks of synapses into changes.
TEST(l5_microcircuit, learns_if_it_is_told_to) {
    const auto c = models::l5_microcircuit({.cells = 24, .thalamic_rate = 80, .background_rate = 10, .learns = true});
    simulation s(c, {.temperature = celsius(34)});
    s.run(40*ms);
    const auto& w = s.weight_recordings().front();
    ASSERT_EQ(w.rows(), 3u);
    const auto n = w.samples.size()/3;
    EXPECT_EQ(n, 20u*30*5);   // 20 pyramidal cells, 30 axons each, 5 contacts of an axon
    EXPECT_GT(std::ranges::count_if(std::views::iota(std::size_t{0}, n), [&](std::size_t k) { return w.samples[k] != w.samples[2*n + k]; }), 100);
    EXPECT_TRUE(models::l5_microcircuit({.cells = 24}).weight_probes.empty());
}

}  // namespace
}  // namespace apical
