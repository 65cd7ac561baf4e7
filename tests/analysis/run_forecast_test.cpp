// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/run_forecast.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/plan.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;

TEST(forecast, processes_together_have_all_cells_and_connections) {
    const auto c = test::joined();
    const auto whole = compile(c);
    const auto f = forecast(c, {}, 100*ms, {.ranks = 3, .most_ranks = 3});
    ASSERT_EQ(f.ranks.size(), 3u);
    int cells = 0;
    std::int64_t connections = 0;
    double seconds = 0;
    for (const auto& r : f.ranks) {
        cells += r.cells, connections += r.connections, seconds += r.seconds;
        EXPECT_GT(r.state_bytes, 0u);
        EXPECT_GT(r.connection_bytes, 16u*static_cast<std::size_t>(r.connections));
        EXPECT_EQ(r.shared_bytes, f.ranks[0].shared_bytes);
    }
    EXPECT_EQ(cells, 24*4);
    EXPECT_EQ(connections, whole->network.connections);
    EXPECT_NEAR(f.balance, f.seconds*3/seconds, 1e-9);
    EXPECT_NEAR(f.epoch_ms, whole->time_of(whole->network.epoch), 1e-12);
    EXPECT_GT(f.exchange_bytes, 0);
    EXPECT_EQ(f.joint_bytes, 16*2*23);
    for (const auto& p : f.populations) EXPECT_GT(p.microseconds, 0) << p.name;
}

TEST(forecast, looks_at_the_busiest_and_the_idlest_of_many) {
    const auto f = forecast(test::mixed(6), {}, 10*ms, {.ranks = 50, .most_ranks = 2});
    ASSERT_EQ(f.ranks.size(), 2u);
    EXPECT_EQ(std::max(f.ranks[0].seconds, f.ranks[1].seconds), f.seconds);
    EXPECT_EQ(std::min(f.ranks[0].cells, f.ranks[1].cells), 0);
}

}  // namespace
}  // namespace apical
