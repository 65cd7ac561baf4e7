// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <chrono>
#include <ctime>

#include <gtest/gtest.h>

#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;

TEST(statistics, account_for_the_time_and_the_spikes) {
    for (const int threads : {1, 2}) {
        const auto begin = std::chrono::steady_clock::now();
        simulation s(test::mixed(), {.threads = threads});
        EXPECT_EQ(s.statistics().wall, 0);
        const auto clock = std::clock();
        s.run(30*ms);
        s.run(60*ms);
        const double processor = static_cast<double>(std::clock() - clock)/CLOCKS_PER_SEC;
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        const auto& x = s.statistics();
        EXPECT_EQ(x.busy.size(), static_cast<std::size_t>(threads));
        EXPECT_GT(x.wall, 0);
        EXPECT_LT(x.wall, seconds);
        // what the processor did is in the account, however long others had it meanwhile; how long two look out for each other is theirs to tell
        if (threads == 1) EXPECT_GT(x.busy_sum() + x.exchange, 0.8*processor);
        for (const double busy : x.busy) EXPECT_GT(busy, 0);
        EXPECT_LT(x.busy_sum(), 1.01*threads*x.wall);
        EXPECT_GT(x.delivery, 0);
        EXPECT_EQ(x.wait, 0);
        EXPECT_EQ(x.spikes, static_cast<std::int64_t>(s.spikes().size()));
        EXPECT_GT(x.sent, 10);
        EXPECT_LE(x.sent, x.spikes);
        EXPECT_GT(x.arrived, x.sent);        // those of the sources, too
        EXPECT_EQ(x.exchanges, static_cast<std::int64_t>(60/0.25));
        const auto phases = phases_of(std::span(&x, 1));
        EXPECT_NEAR(phases.sum(), threads*x.wall, 0.02*threads*x.wall);
        EXPECT_GE(imbalance(std::span(&x, 1)), 1);
    }
}

TEST(statistics, imbalance_is_the_longest_over_the_mean) {
    run_statistics a, b;
    a.busy = {3, 1}, b.busy = {2, 2};
    EXPECT_EQ(imbalance(std::array{a, b}), 1.5);
    EXPECT_EQ(imbalance(std::span<const run_statistics>()), 1);
    EXPECT_EQ(gathered(a, nullptr).size(), 1u);
}

}  // namespace
}  // namespace apical
