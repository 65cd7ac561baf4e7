// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/spike_matching.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

using train = std::vector<double>;
using pairs = std::vector<std::pair<std::size_t, std::size_t>>;

double cost(const spike_matching& m, const train& a, const train& b, double limit) {
    double sum = 0.5*limit*static_cast<double>(m.only_first.size() + m.only_second.size());
    for (const auto& [i, j] : m.pairs) sum += std::abs(a[i] - b[j]);
    return sum;
}

/// The least cost of matching what is left of two trains, by trying everything.
double least(const train& a, const train& b, std::size_t i, std::size_t j, double limit) {
    if (i == a.size() || j == b.size()) return 0.5*limit*static_cast<double>(a.size() - i + b.size() - j);
    return std::min({std::abs(a[i] - b[j]) + least(a, b, i + 1, j + 1, limit), 0.5*limit + least(a, b, i + 1, j, limit),
                     0.5*limit + least(a, b, i, j + 1, limit)});
}

TEST(spike_matching, pairs_what_is_near_and_leaves_the_rest) {
    const train a{10, 20, 30, 100}, b{10.5, 29, 60, 101, 102};
    const auto m = match_spikes(a, b, 5);
    EXPECT_EQ(m.pairs, (pairs{{0, 0}, {2, 1}, {3, 3}}));
    EXPECT_EQ(m.only_first, std::vector<std::size_t>{1});
    EXPECT_EQ(m.only_second, (std::vector<std::size_t>{2, 4}));
}

TEST(spike_matching, of_empty_trains) {
    EXPECT_TRUE(match_spikes({}, {}, 1).pairs.empty());
    EXPECT_EQ(match_spikes(train{1, 2}, {}, 1).only_first.size(), 2u);
    EXPECT_EQ(match_spikes({}, train{1, 2}, 1).only_second.size(), 2u);
}

TEST(spike_matching, costs_no_more_than_the_best_of_all_matchings) {
    for (std::uint64_t n = 0; n < 200; ++n) {
        random_stream r(3, n);
        const auto made = [&](std::uint64_t most) {
            train t;
            for (auto k = r.below(most + 1); k > 0; --k) t.push_back(r.uniform(0, 20));
            std::sort(t.begin(), t.end());
            return t;
        };
        const auto a = made(6), b = made(6);
        const auto m = match_spikes(a, b, 3);
        EXPECT_NEAR(cost(m, a, b, 3), least(a, b, 0, 0, 3), 1e-12) << n;
        EXPECT_EQ(m.pairs.size() + m.only_first.size(), a.size());
        EXPECT_EQ(m.pairs.size() + m.only_second.size(), b.size());
        for (const auto& [i, j] : m.pairs) EXPECT_LE(std::abs(a[i] - b[j]), 3);
    }
}

TEST(spike_matching, a_long_train_takes_no_table_of_its_square) {
    train a, b;
    for (int k = 0; k < 200000; ++k) a.push_back(10.0*k), b.push_back(10.0*k + 0.25);
    EXPECT_EQ(match_spikes(a, b, 5).pairs.size(), a.size());
}

TEST(spike_matching, refuses_nonsense) {
    EXPECT_THROW(match_spikes(train{2, 1}, {}, 1), invalid_input);
    EXPECT_THROW(match_spikes({}, train{std::nan("")}, 1), invalid_input);
    EXPECT_THROW(match_spikes({}, {}, 0), invalid_input);
}

}  // namespace
}  // namespace apical
