// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/spike_statistics.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

TEST(spike_statistics, of_a_train_worked_out_by_hand) {
    // intervals 10, 20, 30: mean 20, sd 10, adaptation ((20 - 10)/30 + (30 - 20)/50)/2
    const std::vector<double> times{60, 0, 10, 30, 500};
    const auto s = describe_spikes(times, 0, 200);
    EXPECT_EQ(s.count, 4);
    EXPECT_DOUBLE_EQ(s.rate, 20);
    EXPECT_EQ(s.first, 0);
    EXPECT_EQ(s.last, 60);
    EXPECT_DOUBLE_EQ(s.mean_interval, 20);
    EXPECT_DOUBLE_EQ(s.interval_cv, 0.5);
    EXPECT_NEAR(s.adaptation, (1.0/3 + 1.0/5)/2, 1e-15);
}

TEST(spike_statistics, of_short_trains_leave_out_what_is_not_defined) {
    const std::vector<double> two{1, 3};
    EXPECT_EQ(describe_spikes({}, 0, 10).count, 0);
    EXPECT_TRUE(std::isnan(describe_spikes({}, 0, 10).first));
    const auto s = describe_spikes(two, 0, 10);
    EXPECT_EQ(s.mean_interval, 2);
    EXPECT_TRUE(std::isnan(s.interval_cv));
    EXPECT_TRUE(std::isnan(s.adaptation));
    EXPECT_EQ(describe_spikes(two, 1, 3).count, 1) << "the window is half open";
}

TEST(spike_statistics, of_nonsense_are_refused) {
    EXPECT_THROW(describe_spikes({}, 5, 5), invalid_input);
    const std::vector<double> bad{1, std::nan("")};
    EXPECT_THROW(describe_spikes(bad, 0, 5), invalid_input);
}

}  // namespace
}  // namespace apical
