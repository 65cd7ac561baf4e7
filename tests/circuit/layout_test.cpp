// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/layout.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

using namespace units;

TEST(layout, random_positions_fill_their_shape_evenly) {
    const int n = 20000;
    const auto box = lay_out(box_layout{{-1, 0, 5}, {1, 10, 5}}, n, 1, "a");
    double x = 0, y = 0;
    for (const auto& p : box) {
        ASSERT_TRUE(std::abs(p.x) <= 1 && p.y >= 0 && p.y <= 10 && p.z == 5);
        x += p.x, y += p.y;
    }
    EXPECT_NEAR(x/n, 0, 5*2/std::sqrt(12.0*n));
    EXPECT_NEAR(y/n, 5, 5*10/std::sqrt(12.0*n));
    int inner = 0;
    for (const auto& p : lay_out(cylinder_layout{{1, 2, 3}, 100, 40}, n, 1, "a")) {
        const double r = std::hypot(p.x - 1, p.y - 2);
        ASSERT_TRUE(r <= 100 && std::abs(p.z - 3) <= 20);
        inner += r < 50;
    }
    EXPECT_NEAR(inner, n/4.0, 5*std::sqrt(n*0.25*0.75)) << "a quarter of the area";
    for (const auto& p : lay_out(cylinder_layout{{0, 0, 7}, 10}, 100, 1, "a")) EXPECT_EQ(p.z, 7);
}

TEST(layout, positions_belong_to_seed_name_and_cell) {
    const box_layout box{{0, 0, 0}, {1, 1, 1}};
    const auto ten = lay_out(box, 10, 3, "a"), twenty = lay_out(box, 20, 3, "a");
    EXPECT_TRUE(std::equal(ten.begin(), ten.end(), twenty.begin()));
    EXPECT_NE(lay_out(box, 10, 4, "a"), ten);
    EXPECT_NE(lay_out(box, 10, 3, "b"), ten);
}

TEST(layout, a_grid_goes_along_x_then_y_then_z) {
    const auto all = lay_out(grid_layout{{1, 0, 0}, {10, 20, 30}, 2, 2}, 5, 0, "a");
    EXPECT_EQ(all[1], (position{11, 0, 0}));
    EXPECT_EQ(all[2], (position{1, 20, 0}));
    EXPECT_EQ(all[4], (position{1, 0, 30}));
}

TEST(layout, what_is_none_is_refused) {
    EXPECT_THROW(lay_out(cylinder_layout{{}, -1}, 1, 0, "a"), invalid_model);
    EXPECT_THROW(lay_out(grid_layout{{}, {1, 1, 1}, 0}, 1, 0, "a"), invalid_model);
    EXPECT_THROW(lay_out(box_layout{{}, {HUGE_VAL, 0, 0}}, 1, 0, "a"), invalid_model);
}

circuit line(int cells) {
    morphology ball;
    ball.add(section{section_type::soma, -1, 1, {{0, 0, 0, 10}, {10, 0, 0, 10}}});
    circuit c;
    population p{.name = "a", .cell = cell(ball), .size = cells};
    for (int k = 0; k < cells; ++k) p.positions.push_back({10.0*((7*k) % cells), 0, 0});   // not in order
    c.populations.push_back(p);
    p.name = "b";
    c.populations.push_back(p);
    return c;
}

TEST(gap_junction_rule, joins_each_pair_at_most_once_and_only_near_ones) {
    const auto c = line(200);
    const gap_junction_rule near{.name = "g", .a = "a", .b = "a", .probability = 0.3, .within = 50*um, .conductance = 1*nS};
    std::set<std::pair<int, int>> pairs;
    for (const auto& g : draw_gap_junctions(c, near, 1)) {
        EXPECT_LT(g.a.cell, g.b.cell);
        EXPECT_LE(distance(c.populations[0].positions[static_cast<std::size_t>(g.a.cell)], c.populations[0].positions[static_cast<std::size_t>(g.b.cell)]), 50);
        EXPECT_TRUE(pairs.emplace(g.a.cell, g.b.cell).second);
    }
    const double possible = 5*200 - 15;   // of neighbours up to five places apart
    EXPECT_NEAR(static_cast<double>(pairs.size()), 0.3*possible, 5*std::sqrt(possible*0.21));
    auto all = near;
    all.within = length::coherent(HUGE_VAL), all.b = "b", all.probability = 1;
    EXPECT_EQ(draw_gap_junctions(c, all, 1).size(), 200u*200u);
    // what is near does not depend on how it is found
    all.b = "a", all.probability = 0.3;
    std::set<std::pair<int, int>> filtered;
    for (const auto& g : draw_gap_junctions(c, all, 1))
        if (distance(c.populations[0].positions[static_cast<std::size_t>(g.a.cell)], c.populations[0].positions[static_cast<std::size_t>(g.b.cell)]) <= 50) filtered.emplace(g.a.cell, g.b.cell);
    EXPECT_EQ(filtered, pairs);
}

TEST(gap_junction_rule, what_cannot_be_is_refused) {
    auto c = line(4);
    const gap_junction_rule rule{.name = "g", .a = "a", .b = "b", .probability = 0.5, .within = 50*um, .conductance = 1*nS};
    auto wrong = rule;
    wrong.b = "bb";
    EXPECT_THROW(draw_gap_junctions(c, wrong, 1), invalid_model);
    wrong = rule, wrong.probability = 1.5;
    EXPECT_THROW(draw_gap_junctions(c, wrong, 1), invalid_model);
    c.populations[1].positions.clear();
    EXPECT_THROW(draw_gap_junctions(c, rule, 1), invalid_model);
}

}  // namespace
}  // namespace apical
