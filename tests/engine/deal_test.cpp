// SPDX-License-Identifier: BSD-3-Clause
#include "engine/deal.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

TEST(deal, gives_the_costliest_first_to_whom_has_least) {
    EXPECT_EQ(deal(std::vector{3.0, 5.0, 2.0, 4.0}, 2), (std::vector{1, 0, 0, 1}));
    EXPECT_EQ(deal(std::vector{1.0, 1.0, 1.0}, 5), (std::vector{0, 1, 2}));
    EXPECT_TRUE(deal({}, 3).empty());
}

TEST(deal, is_within_four_thirds_of_even) {
    std::vector<double> costs;
    for (int k = 0; k < 97; ++k) costs.push_back(1 + (k*37) % 11);
    for (const int n : {2, 7, 30}) {
        std::vector<double> load(static_cast<std::size_t>(n), 0.0);
        const auto ranks = deal(costs, n);
        for (std::size_t k = 0; k < costs.size(); ++k) load[static_cast<std::size_t>(ranks[k])] += costs[k];
        EXPECT_LE(std::ranges::max(load), 4.0/3*std::max(std::reduce(costs.begin(), costs.end())/n, std::ranges::max(costs)));
    }
}

TEST(deal, costs_are_measured_for_every_population) {
    const auto p = compile(test::joined(48));
    const auto measured = measured_costs(*p), counted = counted_costs(*p);
    ASSERT_EQ(measured.size(), 2u);
    ASSERT_EQ(counted.size(), 2u);
    for (const double s : measured) {
        EXPECT_GT(s, 1e-9);
        EXPECT_LT(s, 1);
    }
    EXPECT_TRUE(p->costs.empty());   // there is one process
}

}  // namespace
}  // namespace apical
