// SPDX-License-Identifier: BSD-3-Clause
#include "engine/random_trains.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace apical {
namespace {

random_source_plan source(double rate, std::uint32_t size, double start = 0, double stop = 1e9) {
    random_source_plan s{100, size, 7, rate, start, stop, std::vector<std::uint32_t>(size)};
    std::iota(s.heard.begin(), s.heard.end(), 0u);
    return s;
}
std::vector<sent_spike> emitted(const random_source_plan& s, std::vector<double> at) {
    random_trains trains;
    std::vector<sent_spike> all;
    for (std::size_t k = 0; k + 1 < at.size(); ++k) trains.emit(s, 3, at[k], at[k + 1], all);
    std::ranges::sort(all, {}, [](const sent_spike& x) { return std::pair(x.time, x.gid); });
    return all;
}

TEST(random_trains, are_the_same_however_time_is_cut) {
    for (const double rate : {1e-4, 0.013, 0.7, 30.0}) {
        const auto s = source(rate, 20);
        const auto whole = emitted(s, {0, 900});
        std::vector<double> cuts{0};
        while (cuts.back() < 900) cuts.push_back(std::min(900.0, cuts.back() + 0.35 + 0.1*static_cast<double>(cuts.size() % 7)));
        EXPECT_EQ(emitted(s, cuts), whole) << rate;
        auto late = whole;
        std::erase_if(late, [](const sent_spike& x) { return x.time < 333; });
        EXPECT_EQ(emitted(s, {333, 400.5, 900}), late) << rate;
    }
}

TEST(random_trains, belong_to_their_source_and_its_time) {
    auto few = source(0.05, 20);
    few.heard = {3, 17};
    auto expected = emitted(source(0.05, 20), {0, 500});
    std::erase_if(expected, [](const sent_spike& x) { return x.gid != 103 && x.gid != 117; });
    EXPECT_EQ(emitted(few, {0, 500}), expected);
    auto part = emitted(source(0.05, 20), {0, 1000});
    std::erase_if(part, [](const sent_spike& x) { return x.time < 123.4 || x.time >= 456.7; });
    EXPECT_EQ(emitted(source(0.05, 20, 123.4, 456.7), {0, 1000}), part);
    EXPECT_TRUE(emitted(source(0.05, 20, 150, 1e9), {0, 120}).empty());
}

/// Intervals are exponential, across the borders of windows too, and counts are Poisson distributed.
TEST(random_trains, are_poisson_trains) {
    for (const double rate : {0.002, 0.05, 1.0, 20.0}) {
        const std::uint32_t size = 200;
        const double until = 400/rate;
        const auto all = emitted(source(rate, size), {0, until});
        const double expected = rate*until*size;
        EXPECT_NEAR(static_cast<double>(all.size()), expected, 4*std::sqrt(expected)) << rate;
        std::vector<double> last(size, 0), intervals;
        for (const auto& x : all) intervals.push_back((x.time - last[x.gid - 100])*rate), last[x.gid - 100] = x.time;
        std::ranges::sort(intervals);
        const auto n = static_cast<double>(intervals.size());
        double furthest = 0;   // Kolmogorov and Smirnov
        for (std::size_t k = 0; k < intervals.size(); ++k) furthest = std::max(furthest, std::abs(1 - std::exp(-intervals[k]) - static_cast<double>(k)/n));
        EXPECT_LT(furthest, 1.95/std::sqrt(n)) << rate;   // exceeded in one of a thousand
        const double width = random_trains::window_of(rate);
        const auto bins = static_cast<std::size_t>(until/width*2);
        std::vector<double> counts(bins, 0.0);   // half of them end where a window ends
        for (const auto& x : all) ++counts[std::min(bins - 1, static_cast<std::size_t>(x.time/width*2))];
        const double mean = std::accumulate(counts.begin(), counts.end(), 0.0)/static_cast<double>(bins);
        double variance = 0, beside = 0;
        for (std::size_t k = 0; k < bins; ++k) variance += (counts[k] - mean)*(counts[k] - mean);
        for (std::size_t k = 0; k + 1 < bins; ++k) beside += (counts[k] - mean)*(counts[k + 1] - mean);
        const double wide = 4*std::sqrt(2/static_cast<double>(bins));
        EXPECT_NEAR(variance/static_cast<double>(bins)/mean, 1, wide) << rate;
        EXPECT_NEAR(beside/variance, 0, wide) << rate;
    }
}

}  // namespace
}  // namespace apical
