// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/morphology.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

section cable(section_type type, int parent, double parent_x, std::vector<point> points) {
    return {type, parent, parent_x, std::move(points)};
}

/// soma[0] - dend[0] (100 um) - dend[1], dend[2] (50 um each); apic[0] from soma(0.5), its side branch apic[1] at 0.25.
morphology small_cell() {
    morphology m;
    m.add(cable(section_type::soma, -1, 0, {{-10, 0, 0, 20}, {0, 0, 0, 20}, {10, 0, 0, 20}}));
    m.add(cable(section_type::basal, 0, 1, {{10, 0, 0, 2}, {110, 0, 0, 1}}));
    m.add(cable(section_type::basal, 1, 1, {{110, 0, 0, 1}, {160, 0, 0, 1}}));
    m.add(cable(section_type::basal, 1, 1, {{110, 0, 0, 1}, {110, 50, 0, 1}}));
    m.add(cable(section_type::apical, 0, 0.5, {{0, 5, 0, 4}, {0, 205, 0, 2}}));
    m.add(cable(section_type::apical, 4, 0.25, {{0, 55, 0, 1}, {0, 55, 30, 1}}));
    return m;
}

section two_points(int parent, double x) { return cable(section_type::basal, parent, x, {{0, 0, 0, 1}, {1, 0, 0, 1}}); }

TEST(morphology, numbers_sections_of_one_type_in_order_of_appearance) {
    const auto m = small_cell();
    EXPECT_EQ(m.name(0), "soma[0]");
    EXPECT_EQ(m.name(3), "dend[2]");
    EXPECT_EQ(m.name(5), "apic[1]");
    for (int i = 0; i < m.size(); ++i) EXPECT_EQ(m.find(m.name(i)), i);
    EXPECT_EQ(m.find("soma"), 0);
    for (auto absent : {"dend[3]", "axon[0]", "", "dend[", "dend[x]", "dend[1", "dend[1]x", "dend[-1]", "[0]"}) {
        EXPECT_EQ(m.find(absent), -1) << absent;
    }
}

TEST(morphology, names_custom_types_as_NEURON_does) {
    EXPECT_EQ(type_name(section_type{5}), "dend_5");
    EXPECT_EQ(type_name(section_type::undefined), "dend_0");
    EXPECT_EQ(type_name(section_type{-2}), "minus_2");
    EXPECT_EQ(type_name(section_type{std::numeric_limits<int>::min()}), "minus_2147483648");
}

TEST(morphology, measures_frusta) {
    morphology m;
    m.add(cable(section_type::basal, -1, 0, {{0, 0, 0, 2}, {3, 4, 0, 2}, {3, 4, 12, 4}}));
    EXPECT_DOUBLE_EQ(m.length(0), 17);
    const double cylinder = std::numbers::pi*2*5, frustum = std::numbers::pi*(1 + 2)*std::hypot(12, 1);
    EXPECT_DOUBLE_EQ(m.area(0), cylinder + frustum);
    EXPECT_EQ(m.at({0, 5.0/17}), (point{3, 4, 0, 2}));
    EXPECT_DOUBLE_EQ(m.at({0, 11.0/17}).z, 6);
    EXPECT_DOUBLE_EQ(m.at({0, 11.0/17}).diameter, 3);
    EXPECT_EQ(m.at({0, 0}), m[0].points.front());
    EXPECT_EQ(m.at({0, 1}), m[0].points.back());
}

TEST(morphology, measures_paths_along_the_tree) {
    const auto m = small_cell();
    EXPECT_EQ(m.origin(), (location{0, 0.5}));
    EXPECT_DOUBLE_EQ(m.distance({0, 0.5}), 0);
    EXPECT_DOUBLE_EQ(m.distance({0, 0}), 10);
    EXPECT_DOUBLE_EQ(m.distance({3, 1}), 10 + 100 + 50);
    EXPECT_DOUBLE_EQ(m.distance({4, 1}), 200) << "a link to soma(0.5) starts at the middle, whatever the gap";
    EXPECT_DOUBLE_EQ(m.distance({5, 0.5}), 50 + 15);
    EXPECT_DOUBLE_EQ(m.distance({2, 1}, {3, 0.5}), 50 + 25);
    EXPECT_DOUBLE_EQ(m.distance({5, 1}, {4, 1}), 30 + 150);
    for (int i = 0; i < m.size(); ++i) {
        EXPECT_DOUBLE_EQ(m.distance({i, 0.3}, {5, 0.7}), m.distance({5, 0.7}, {i, 0.3})) << m.name(i);
    }
}

TEST(morphology, has_no_path_between_separate_trees) {
    auto m = small_cell();
    const int other = m.add(two_points(-1, 0));
    EXPECT_TRUE(std::isinf(m.distance({other, 0})));
}

TEST(morphology, counts_branch_points_but_not_the_soma) {
    const auto m = small_cell();
    EXPECT_EQ(m.order(0), 0);
    EXPECT_EQ(m.order(1), 0);
    EXPECT_EQ(m.order(2), 1);
    EXPECT_EQ(m.order(5), 1) << "a side branch leaves at a branch point even though the trunk is one section";
}

TEST(morphology, knows_children) {
    const auto m = small_cell();
    EXPECT_EQ(std::vector<int>(m.children(1).begin(), m.children(1).end()), (std::vector<int>{2, 3}));
    EXPECT_TRUE(m.children(5).empty());
}

TEST(morphology, drops_a_type_with_all_that_hangs_on_it) {
    auto m = small_cell();
    const int axon = m.add(cable(section_type::axon, 0, 0.5, {{0, 0, 0, 1}, {0, -9, 0, 1}}));
    m.add(two_points(axon, 1));
    const auto kept = m.without(section_type::axon);
    EXPECT_EQ(kept, small_cell());
    EXPECT_EQ(small_cell().without(section_type::basal).size(), 3);
    EXPECT_TRUE(small_cell().without(section_type::soma).empty());
}

TEST(morphology, replaces_the_axon_by_a_stub_at_the_middle_of_the_soma) {
    auto m = small_cell();
    m.add(cable(section_type::axon, 0, 0.5, {{0, 0, 0, 1}, {0, -900, 0, 1}}));
    const auto stub = with_stub_axon(m);
    const int first = stub.find("axon[0]"), second = stub.find("axon[1]");
    ASSERT_EQ(second, first + 1);
    EXPECT_EQ(stub.size(), small_cell().size() + 2);
    EXPECT_EQ(stub[first].parent, 0);
    EXPECT_EQ(stub[first].parent_x, 0.5);
    EXPECT_EQ(stub[second].parent, first);
    EXPECT_EQ(stub[second].parent_x, 1);
    EXPECT_DOUBLE_EQ(stub.length(first), 30);
    EXPECT_DOUBLE_EQ(stub.area(second), std::numbers::pi*30);
    EXPECT_THROW(with_stub_axon(m, 0), invalid_model);
    EXPECT_THROW(with_stub_axon(m, 1, 0), invalid_model);
    EXPECT_THROW(with_stub_axon(m, 1, 30, -1), invalid_model);
    EXPECT_THROW(with_stub_axon(morphology{}), invalid_model);
}

TEST(morphology, refuses_what_is_no_tree_of_cables) {
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<section> wrong{
        two_points(0, 1),
        two_points(-2, 1),
        two_points(7, 1),
        cable(section_type::basal, -1, 0, {}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}}),
        cable(section_type::basal, -1, 0, {{1, 2, 3, 1}, {1, 2, 3, 2}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {nan, 0, 0, 1}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1, 0, 0, nan}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1, 0, 0, 0}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, -1}, {1, 0, 0, 1}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1e200, 0, 0, 1}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1e10, 0, 0, 1}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {0, 0, -1e10, 1}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1, 0, 0, 1e10}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1, 0, 0, 1e-200}}),
        cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {1e-200, 0, 0, 1}}),
    };
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        morphology m;
        EXPECT_THROW(m.add(wrong[i]), invalid_model) << "case " << i;
        EXPECT_TRUE(m.empty()) << "case " << i;
    }
    morphology m;
    m.add(two_points(-1, 0));
    for (double x : {-0.1, 1.1, nan}) EXPECT_THROW(m.add(two_points(0, x)), invalid_model) << x;
}

TEST(morphology, rounds_like_NEURON_on_request) {
    morphology m;
    m.add(cable(section_type::basal, -1, 0, {{0.1, 0, 0, 1}, {1234.5678, 0, 0, 1.23456789}}));
    const auto eight = m.rounded_like(import_rounding::neuron8), nine = m.rounded_like_neuron();
    const auto hoc = m.rounded_like(import_rounding::neuron9_hoc);
    EXPECT_EQ(eight[0].points[1].x, static_cast<double>(1234.57f));
    EXPECT_EQ(eight[0].points[1].diameter, static_cast<double>(1.23457f));
    EXPECT_EQ(hoc[0].points[1].diameter, static_cast<double>(1.2345679f));
    EXPECT_EQ(nine[0].points[1].diameter, static_cast<double>(1.23456789f));
    EXPECT_EQ(nine[0].points[1].x, static_cast<double>(1234.5678f));
    EXPECT_EQ(nine.length(0), static_cast<double>(1234.5678f - 0.1f)) << "the difference is rounded, too";
    EXPECT_NE(m, nine);
    morphology tie;
    tie.add(cable(section_type::basal, -1, 0, {{0, 0, 0, 1}, {115.3545, 0, 0, 1}}));   // in 32 bits it is 115.35449...
    EXPECT_NE(tie.rounded_like(import_rounding::bmtk)[0].points[1].x, tie.rounded_like(import_rounding::neuron8)[0].points[1].x);
    EXPECT_EQ(tie.rounded_like(import_rounding::bmtk)[0].points[1].x, static_cast<double>(115.354f));
    morphology tiny;
    tiny.add(cable(section_type::basal, -1, 0, {{1000, 0, 0, 1}, {1000 + 1e-7, 0, 0, 1}}));
    EXPECT_THROW(tiny.rounded_like_neuron(), invalid_model);
}

TEST(morphology, holds_a_deep_chain) {
    morphology m;
    constexpr int depth = 20000;
    for (int i = 0; i < depth; ++i) m.add(cable(section_type::basal, i - 1, 1, {{i*1.0, 0, 0, 1}, {i + 1.0, 0, 0, 1}}));
    EXPECT_DOUBLE_EQ(m.distance({depth - 1, 1}), depth);
    EXPECT_EQ(m.order(depth - 1), 0);
}

}  // namespace
}  // namespace apical
