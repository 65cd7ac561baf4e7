// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/compartments.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

using std::numbers::pi;

constexpr cable_properties usual{.resistivity = 1.5, .capacitance = 1e-5};

section cable(int parent, double parent_x, std::vector<point> points, section_type type = section_type::basal) {
    return {type, parent, parent_x, std::move(points)};
}

morphology lone(std::vector<point> points) {
    morphology m;
    m.add(cable(-1, 0, std::move(points)));
    return m;
}

compartments cut(const morphology& m, std::vector<int> counts) {
    return discretise(m, counts, std::vector<cable_properties>(counts.size(), usual));
}

double total_area(const compartments& c) {
    return std::accumulate(c.nodes.begin(), c.nodes.end(), 0.0, [](double sum, const node& n) { return sum + n.area; });
}

double total_resistance(const compartments& c) {
    return std::accumulate(c.nodes.begin(), c.nodes.end(), 0.0, [](double sum, const node& n) { return sum + n.resistance; });
}

TEST(discretise, gives_a_cylinder_equal_slices) {
    const double length = 100, d = 3;
    const auto c = cut(lone({{0, 0, 0, d}, {length, 0, 0, d}}), {5});
    ASSERT_EQ(c.size(), 7);
    const double slice = length/5, half = usual.resistivity*(slice/2)/(pi*d*d/4);
    EXPECT_EQ(c.nodes[0].parent, -1);
    EXPECT_EQ(c.nodes[0].area, 0);
    EXPECT_EQ(c.nodes[0].resistance, 0);
    for (int i = 1; i <= 5; ++i) {
        const node& n = c.nodes[static_cast<std::size_t>(i)];
        EXPECT_TRUE(n.is_compartment());
        EXPECT_EQ(n.parent, i - 1);
        EXPECT_NEAR(n.area, pi*d*slice, 1e-12*n.area);
        EXPECT_NEAR(n.diameter, d, 1e-12*d);
        EXPECT_NEAR(n.resistance, i == 1 ? half : 2*half, 1e-12*half);
        EXPECT_NEAR(n.distance, (i - 0.5)*slice, 1e-12*length);
    }
    EXPECT_FALSE(c.nodes[6].is_compartment());
    EXPECT_NEAR(c.nodes[6].resistance, half, 1e-12*half);
    EXPECT_NEAR(c.nodes[6].distance, length, 1e-12*length);
}

TEST(discretise, integrates_a_frustum_exactly) {
    const double length = 60, d1 = 4, d2 = 1;
    const auto m = lone({{0, 0, 0, d1}, {0, length, 0, d2}});
    for (int n : {1, 2, 7}) {
        const auto c = cut(m, {n});
        const double slant = std::hypot(1, (d1 - d2)/2/length), step = length/n;
        const auto d = [&](double s) { return d1 + (d2 - d1)*s/length; };
        for (int j = 0; j < n; ++j) {
            const node& at = c.nodes[static_cast<std::size_t>(j) + 1];
            const double from = j*step, to = from + step, before = std::max(0.0, from - step/2), centre = from + step/2;
            EXPECT_NEAR(at.area, pi*(d(from) + d(to))/2*step*slant, 1e-12*at.area);
            EXPECT_NEAR(at.diameter, d(centre), 1e-12*d1);
            EXPECT_NEAR(at.resistance, 4*usual.resistivity/pi*(centre - before)/(d(before)*d(centre)), 1e-12*at.resistance);
        }
    }
}

TEST(discretise, keeps_total_area_and_resistance_whatever_the_cut) {
    const std::vector<std::vector<point>> shapes{
        {{0, 0, 0, 2}, {50, 0, 0, 2}},
        {{0, 0, 0, 3}, {10, 0, 0, 2}, {10, 0.5, 0, 5}, {40, 30, 7, 0.4}, {41, 30, 7, 0.4}},
        {{0, 0, 0, 1}, {5, 0, 0, 2}, {5, 0, 0, 2}, {11, 0, 0, 1}},
    };
    for (const auto& points : shapes) {
        const auto m = lone(points);
        double resistance = 0;
        for (std::size_t i = 1; i < points.size(); ++i) {
            resistance += 4*usual.resistivity/pi*distance_between(points[i - 1], points[i])/(points[i - 1].diameter*points[i].diameter);
        }
        for (int n : {1, 2, 3, 10, 101, 1000}) {
            const auto c = cut(m, {n});
            EXPECT_NEAR(total_area(c), m.area(0), 1e-11*m.area(0)) << n;
            EXPECT_NEAR(total_resistance(c), resistance, 1e-11*resistance) << n;
        }
    }
}

TEST(discretise, counts_the_disc_where_the_diameter_jumps) {
    const auto c = cut(lone({{0, 0, 0, 2}, {10, 0, 0, 2}, {10, 0, 0, 6}, {20, 0, 0, 6}}), {1});
    EXPECT_NEAR(total_area(c), pi*2*10 + pi*6*10 + pi/4*(36 - 4), 1e-9);
}

TEST(discretise, attaches_children_where_NEURON_does) {
    morphology m;
    m.add(cable(-1, 0, {{0, 0, 0, 1}, {30, 0, 0, 1}}));
    m.add(cable(0, 0, {{0, 0, 0, 1}, {0, 10, 0, 1}}));
    m.add(cable(0, 1, {{30, 0, 0, 1}, {30, 10, 0, 1}}));
    m.add(cable(0, 0.4, {{12, 0, 0, 1}, {12, 10, 0, 1}}));
    m.add(cable(3, 0, {{12, 0, 0, 1}, {12, 0, 10, 1}}));
    const auto c = cut(m, {3, 1, 1, 2, 1});
    const auto parent_of_first = [&](int s) { return c.nodes[static_cast<std::size_t>(c.first[static_cast<std::size_t>(s)])].parent; };
    EXPECT_EQ(parent_of_first(1), 0) << "x = 0 of a root is a node of its own";
    EXPECT_EQ(parent_of_first(2), c.node_of({0, 1}));
    EXPECT_EQ(parent_of_first(3), c.compartment_of({0, 0.5})) << "0.4 lies in the middle one of three";
    EXPECT_EQ(parent_of_first(4), c.compartment_of({0, 0.5})) << "x = 0 of a child is the node its parent is attached to";
    for (int i = 0; i < c.size(); ++i) EXPECT_LT(c.nodes[static_cast<std::size_t>(i)].parent, i);
}

TEST(discretise, finds_nodes_of_places) {
    morphology m = lone({{0, 0, 0, 1}, {30, 0, 0, 1}});
    m.add(cable(0, 1, {{30, 0, 0, 1}, {60, 0, 0, 1}}));
    const auto c = cut(m, {3, 5});
    EXPECT_EQ(c.node_of({0, 0}), 0);
    EXPECT_EQ(c.compartment_of({0, 0}), 1);
    EXPECT_EQ(c.node_of({0, 0.5}), 2);
    EXPECT_EQ(c.compartment_of({0, 1}), 3);
    EXPECT_EQ(c.node_of({0, 1}), 4);
    EXPECT_EQ(c.node_of({1, 0}), 4);
    EXPECT_EQ(c.compartment_of({1, 0}), 5);
    EXPECT_EQ(c.compartment_of({1, 0.2}), 6) << "a border belongs to the compartment after it";
    EXPECT_EQ(c.size(), (3 + 2) + (5 + 1));
}

TEST(discretise, measures_distance_from_the_origin_both_ways) {
    morphology m;
    m.add(cable(-1, 0, {{0, 0, 0, 1}, {30, 0, 0, 1}}));
    m.add(cable(0, 1, {{30, 0, 0, 9}, {40, 0, 0, 9}}, section_type::soma));
    m.add(cable(1, 1, {{40, 0, 0, 1}, {100, 0, 0, 1}}));
    m.add(cable(-1, 0, {{0, 0, 50, 1}, {0, 9, 50, 1}}));
    const auto c = cut(m, {3, 1, 3, 1});
    for (const node& n : c.nodes) {
        if (n.section == 3) EXPECT_TRUE(std::isinf(n.distance));
        else EXPECT_NEAR(n.distance, m.distance({n.section, n.x}), 1e-12) << m.name(n.section) << "(" << n.x << ")";
    }
}

TEST(discretise, refuses_what_does_not_fit) {
    const auto m = lone({{0, 0, 0, 1}, {30, 0, 0, 1}});
    EXPECT_THROW(cut(m, {0}), invalid_model);
    EXPECT_THROW(cut(m, {1, 1}), invalid_model);
    const std::vector<int> one{1};
    EXPECT_THROW(discretise(m, one, {}), invalid_model);
    for (double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        const std::vector<cable_properties> properties{{bad, 1e-5}};
        EXPECT_THROW(discretise(m, one, properties), invalid_model);
    }
    EXPECT_TRUE(discretise({}, {}, {}).nodes.empty());
}

int count(const morphology& m, const compartment_rule& rule) {
    const std::vector<cable_properties> properties(static_cast<std::size_t>(m.size()), usual);
    return compartment_counts(m, rule, properties).at(0);
}

morphology rod(double length) { return lone({{0, 0, 0, 2}, {length, 0, 0, 2}}); }

TEST(compartment_rules, count_as_they_say) {
    EXPECT_EQ(count(rod(100), fixed_count{4}), 4);
    EXPECT_EQ(count(rod(39.9), per_length{40}), 1);
    EXPECT_EQ(count(rod(40), per_length{40}), 3);
    EXPECT_EQ(count(rod(245.3), per_length{40}), 13);
    EXPECT_EQ(count(rod(40), max_length{40}), 1);
    EXPECT_EQ(count(rod(40.1), max_length{40}), 3);
    EXPECT_EQ(count(rod(130), max_length{40}), 5);
    EXPECT_EQ(count(rod(130), max_length{40, false}), 4);
    EXPECT_EQ(count(rod(1), explicit_counts{{7}}), 7);
}

/// lambda_f = 1/2 sqrt(d/(pi f Ra cm)); for 2 um, 100 Hz, 150 ohm cm, 1 uF/cm2: 325.735 um.
TEST(compartment_rules, d_lambda_is_a_fraction_of_the_AC_length_constant) {
    const double ra = 150, cm = 1, d = 2, f = 100;
    const double lambda = 1e5*std::sqrt(d/(4*pi*f*ra*cm));
    const auto m = rod(1000);
    EXPECT_NEAR(ac_length_constant(m, 0, usual, f), lambda, 1e-12*lambda);
    EXPECT_EQ(count(m, d_lambda{}), 2*static_cast<int>((1000/(0.1*lambda) + 0.9)/2) + 1);
    EXPECT_EQ(count(m, d_lambda{0.01, 100}), 2*static_cast<int>((1000/(0.01*lambda) + 0.9)/2) + 1);
    EXPECT_GT(count(m, d_lambda{0.1, 1000}), count(m, d_lambda{0.1, 100}));
}

TEST(compartment_rules, d_lambda_sees_the_taper) {
    const auto tapered = lone({{0, 0, 0, 4}, {60, 0, 0, 1}, {100, 0, 0, 0.5}});
    const double lengths = 1e-5*std::sqrt(2.0)*std::sqrt(4*pi*100*150*1.0)*(60/std::sqrt(5) + 40/std::sqrt(1.5));
    EXPECT_NEAR(ac_length_constant(tapered, 0, usual, 100), 100/lengths, 1e-12*100/lengths);
}

TEST(compartment_rules, read_their_own_text) {
    const std::vector<compartment_rule> rules{fixed_count{3}, max_length{25}, max_length{12.5, false}, per_length{40},
                                              d_lambda{0.05, 500}, d_lambda{}};
    for (const auto& rule : rules) EXPECT_EQ(parse_compartment_rule(to_text(rule)), rule) << to_text(rule);
    EXPECT_EQ(parse_compartment_rule("  d_lambda( 0.1 ,0.1 kHz ) "), (compartment_rule{d_lambda{0.1, 100}}));
    EXPECT_EQ(parse_compartment_rule("d_lambda(0.1)"), (compartment_rule{d_lambda{}}));
    EXPECT_EQ(parse_compartment_rule("per_length(0.04 mm)"), (compartment_rule{per_length{40}}));
}

TEST(compartment_rules, say_what_is_wrong_with_a_text) {
    for (auto text : {"", "d_lambda", "lambda(0.1)", "d_lambda()", "d_lambda(0.1, 40 um)", "d_lambda(-0.1)", "d_lambda(0.1, 100 Hz, 3)",
                      "max_length(40)", "max_length(40 ms)", "max_length(40 um, odd)", "per_length(0 um)", "count(1.5)", "count(0)",
                      "count(1e9)", "count(1", "count(nan)", "per_length(inf um)"}) {
        try {
            parse_compartment_rule(text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const invalid_model& e) {
            EXPECT_FALSE(e.problems().front().what.empty()) << text;
        }
    }
    try {
        parse_compartment_rule("d_lamda(0.1)");
        ADD_FAILURE();
    } catch (const invalid_model& e) {
        EXPECT_NE(std::string(e.what()).find("did you mean 'd_lambda'"), std::string::npos) << e.what();
    }
}

TEST(compartment_rules, refuse_nonsense_and_excess) {
    EXPECT_THROW(count(rod(1e6), max_length{1}), invalid_model);
    EXPECT_THROW(count(rod(10), max_length{0}), invalid_model);
    EXPECT_THROW(count(rod(10), per_length{-1}), invalid_model);
    EXPECT_THROW(count(rod(10), d_lambda{0.1, 0}), invalid_model);
    EXPECT_THROW(count(rod(10), d_lambda{1e-12, 100}), invalid_model);
    EXPECT_THROW(count(rod(10), fixed_count{0}), invalid_model);
    EXPECT_THROW(count(rod(10), explicit_counts{{1, 1}}), invalid_model);
    EXPECT_THROW(compartment_counts(rod(10), d_lambda{}, {}), invalid_model);
    EXPECT_EQ(compartment_counts(rod(10), fixed_count{2}, {}), std::vector<int>{2}) << "only d_lambda needs properties";
}

}  // namespace
}  // namespace apical
