// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/run_forecast.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/plan.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;

TEST(forecast, processes_together_have_all_cells_and_connections) {
    const auto c = test::joined(64);
    const auto whole = compile(c);
    const forecaster f(c, {}, 100*ms, {});
    for (const int ranks : {1, 3, 8}) {
        const auto told = f.on(ranks);
        ASSERT_EQ(told.processes.size(), static_cast<std::size_t>(ranks));
        std::int64_t cells = 0;
        double connections = 0, ends = 0;
        for (const auto& p : told.processes) {
            cells += p.cells, connections += p.connections, ends += p.gap_ends;
            EXPECT_EQ(p.shared_bytes, told.processes[0].shared_bytes);
            EXPECT_GE(p.bytes(), p.shared_bytes + p.state_bytes);
        }
        EXPECT_NEAR(static_cast<double>(cells), 64*4, ranks);
        // some of the rules draw their number
        EXPECT_NEAR(connections/static_cast<double>(whole->network.connections), 1, 0.05);
        EXPECT_NEAR(ends, 2*63, 1e-9);
        EXPECT_NEAR(told.epoch_ms, whole->time_of(whole->network.epoch), 1e-12);
        EXPECT_EQ(told.exchange_bytes > 0, ranks > 1);
        EXPECT_GT(told.rounds, 0);
        EXPECT_GE(told.balance, 1);
        EXPECT_GT(told.seconds(), 0);
    }
}

/// Tables and states are those that compile() makes.
TEST(forecast, weighs_tables_and_states_as_they_are) {
    const auto c = test::mixed(64);
    const auto p = compile(c);
    const auto told = forecaster(c, {}, 100*ms, {}).on(1).processes[0];
    double tables = 0, states = 0;
    for (const auto& in : p->network.inlets) tables += static_cast<double>(in.bytes() + in.plastic.connections.size()*24);
    for (const auto& s : summary(*p).populations) states += static_cast<double>(s.bytes_per_cell)*s.cells;
    EXPECT_NEAR(told.connection_bytes/tables, 1, 0.2);
    EXPECT_GT(told.state_bytes, states);
    // sums that wait for their step: of two synapses of every point neuron, over the longest delay of 5 ms or so
    EXPECT_LT(told.state_bytes, states + 1.5*192*2*sizeof(double)*(5/0.025));
}

TEST(forecast, side_by_side_every_process_has_one) {
    const auto c = test::joined(64);
    const forecaster f(c, {}, 100*ms, {.cores = 64});
    const auto one = f.on(1), many = f.on(32, true);
    EXPECT_NEAR(many.cells, 32*one.cells, 1e-6);
    EXPECT_NEAR(many.connections, 32*one.connections, 1e-3);
    EXPECT_NEAR(many.compute_seconds, one.compute_seconds, 0.3*one.compute_seconds);
    EXPECT_GT(many.message_seconds, 0);
    EXPECT_EQ(one.message_seconds, 0);
    EXPECT_GT(many.largest().shared_bytes, one.largest().shared_bytes);
}

TEST(forecast, processes_without_a_core_of_their_own_share_one) {
    const auto c = test::mixed(64);
    const forecaster measured(c, {}, 100*ms, {.cores = 4});
    // of the same costs: two measurements on a busy machine may differ by more than the crowd costs
    const auto alone = measured.on(4), crowded = forecaster(c, {}, 100*ms, {.cores = 2, .on_machine = 4, .costs = measured.costs()}).on(4);
    EXPECT_EQ(alone.on_machine, 4);
    EXPECT_EQ(crowded.on_machine, 4);
    EXPECT_GT(crowded.compute_seconds, 1.2*alone.compute_seconds);
}

TEST(forecast, finds_how_few_processes_do) {
    const auto c = test::mixed(256);
    const forecaster f(c, {}, 100*ms, {});
    const double whole = f.on(1).largest().bytes(), four = f.on(4).largest().bytes();
    EXPECT_EQ(f.fewest(whole), 1);
    EXPECT_FALSE(f.fewest(f.on(1).processes[0].shared_bytes/2));
    const auto few = f.fewest(four);
    ASSERT_TRUE(few);
    EXPECT_LE(*few, 4);
    EXPECT_GT(*few, 1);
    EXPECT_LE(f.on(*few).largest().bytes(), four);
}

TEST(forecast, takes_rates_of_each_population) {
    const auto c = test::mixed(24);
    const auto quiet = forecaster(c, {}, 100*ms, {.rates = {0}}).on(2), loud = forecaster(c, {}, 100*ms, {.rates = {0.1, 0.1}}).on(2);
    EXPECT_GT(loud.exchange_bytes, quiet.exchange_bytes);
    EXPECT_GT(loud.processes[0].result_bytes, quiet.processes[0].result_bytes);
    EXPECT_THROW(forecaster(c, {}, 100*ms, {.rates = {0, 0, 0}}), invalid_model);
}

}  // namespace
}  // namespace apical
