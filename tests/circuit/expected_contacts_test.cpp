// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/expected_contacts.hpp"

#include <gtest/gtest.h>

#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;

/// What the rules say against what is drawn.
TEST(expected_contacts, are_those_that_are_drawn) {
    const std::vector<std::pair<connection_rule, double>> rules{{all_to_all{}, 1e-9}, {all_to_all{.self = true}, 1e-9}, {one_to_one{}, 1e-9}, {pairwise_probability{0.2}, 0.02},
                                                                 {fixed_indegree{17}, 1e-9}, {fixed_outdegree{9}, 1e-9}, {fixed_total{5000}, 1e-9},
                                                                 {spatial_probability::gaussian(0.5, 100), 0.03}};
    for (const auto& [rule, tolerance] : rules) {
        circuit c;
        c.populations.push_back({"cells", cell(neuron{"lif", {}}), 300});
        for (int k = 0; k < 300; ++k) c.populations[0].positions.push_back({7.0*(k % 20), 11.0*(k/20), 0});
        c.projections.push_back({.name = "p", .source = "cells", .target = "cells", .rule = rule, .receptor = "psc_exp", .weight = 1*nA, .delay = 1*ms, .contacts = 3});
        const auto p = compile(c, {.dt = 0.1*ms});
        EXPECT_NEAR(300*expected_contacts(c, c.projections[0])/static_cast<double>(p->network.connections), 1, tolerance) << rule.index();
    }
}

TEST(expected_contacts, of_a_list_are_read) {
    const auto c = test::ring(10);
    EXPECT_EQ(expected_contacts(c, c.projections[0]), 1);
}

TEST(expected_contacts, of_nobody_are_none) {
    auto c = test::ring(10);
    c.projections[0].target = "nobody";
    EXPECT_EQ(expected_contacts(c, c.projections[0]), 0);
}

}  // namespace
}  // namespace apical
