// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/neurolucida.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "morphology/compartments.hpp"
#include "morphology/swc.hpp"
#include "tests/morphology/real_data.hpp"

namespace apical {
namespace {

using std::numbers::pi;

const std::string body = R"(("CellBody" (Color RGB (0, 255, 64)) (CellBody)
  (-10 -5 0 1 S1) (10 -5 0 1 S1) (10 5 0 1 S1) (-10 5 0 1 S1))
)";

morphology read(std::string_view text) {
    const auto r = read_neurolucida(text, "cell.asc");
    for (const auto& w : r.warnings) ADD_FAILURE() << "unexpected warning: " << w.text();
    return r.shape;
}

std::string warnings(std::string_view text) {
    std::string all;
    for (const auto& w : read_neurolucida(text, "cell.asc").warnings) all += w.text() + "\n";
    return all;
}

std::string refusal(std::string_view text) {
    try {
        const auto r = read_neurolucida(text, "cell.asc");
        ADD_FAILURE() << "accepted: " << text;
        return {};
    } catch (const invalid_input& e) {
        return e.what();
    }
}

void expect_contains(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in: " << text;
}

/// A contour of n points on an ellipse, the long axis turned by `angle`.
std::string ellipse(double a, double b, double angle, double z, int n = 60) {
    std::string text = "(\"CellBody\" (Closed)\n";
    for (int i = 0; i < n; ++i) {
        const double u = 2*pi*i/n, x = a*std::cos(u), y = b*std::sin(u);
        text += fmt::format("({:.9f} {:.9f} {} 0.1)\n", x*std::cos(angle) - y*std::sin(angle), x*std::sin(angle) + y*std::cos(angle), z);
    }
    return text + ")\n";
}

TEST(neurolucida, a_tree_hangs_on_the_middle_of_the_soma) {
    const auto m = read(body + "((Color Red) (Dendrite) (2 0 0 1.5) (20 0 0 1) (30 0 0 1) Normal)");
    ASSERT_EQ(m.size(), 2);
    EXPECT_EQ(m.name(1), "dend[0]");
    EXPECT_EQ(m[1].parent, 0);
    EXPECT_EQ(m[1].parent_x, 0.5);
    EXPECT_EQ(m[1].points.front(), (point{2, 0, 0, 1.5})) << "no piece from the centre of the soma";
    EXPECT_DOUBLE_EQ(m.length(1), 28);
}

TEST(neurolucida, a_branch_starts_where_its_parent_ends_with_its_own_diameter) {
    const auto m = read(body + "((Apical) (2 0 0 2) (20 0 0 2) ( (30 0 0 1) (40 0 0 1) | (20 10 0 0.5) ( (20 20 0 0.4) | (20 10 0 0.3) (20 10 9 0.3)) ) )");
    ASSERT_EQ(m.size(), 6);
    EXPECT_EQ(m[2].points, (std::vector<point>{{20, 0, 0, 1}, {30, 0, 0, 1}, {40, 0, 0, 1}}));
    EXPECT_EQ(m[3].points, (std::vector<point>{{20, 0, 0, 0.5}, {20, 10, 0, 0.5}})) << "one point is enough for a branch";
    EXPECT_EQ(m[4].parent, 3);
    EXPECT_EQ(m[5].points, (std::vector<point>{{20, 10, 0, 0.3}, {20, 10, 9, 0.3}})) << "the joint is not repeated";
    for (int i : {2, 3, 4, 5}) EXPECT_EQ(m[i].parent_x, 1);
}

TEST(neurolucida, types_follow_the_property_of_the_tree) {
    const auto m = read(body + "((Color Red) (Axon) (0 0 0 1) (0 -90 0 1)) ((Apical) (0 0 0 1) (0 90 0 1)) ((Dendrite) (0 0 0 1) (90 0 0 1))");
    EXPECT_EQ(m.name(1), "axon[0]");
    EXPECT_EQ(m.name(2), "apic[0]");
    EXPECT_EQ(m.name(3), "dend[0]");
    expect_contains(warnings(body + "((Color Red) (0 0 0 1) (0 9 0 1))"), "cell.asc:3: a tree that is neither");
}

TEST(neurolucida, skips_what_is_not_the_cell) {
    const auto plain = read(body + "((Dendrite) (2 0 0 1) (20 0 0 1) ((30 0 0 1) | (20 9 0 1)))");
    const auto decorated = read(R"(; V3 text file
(Sections S1 "a (b" 0 0 0) (SSM "x" 1) (SSM2 1) (ImageCoords Filename "C:\x" Merge 65535 0 0 0 Coords 1 1 0 0 0)
(Thumbnail (Cols 2) (Rows 2) (00 FF A0 12 00))
(Description "text ; not a comment")
("Layer 1" (Color Yellow) (Resolution 0.8) (0 0 0 1) (1 1 0 1) (2 0 0 1))
(Dot (Color White) (Name "m") (9 9 9 1) (8 8 8 1))
( (Color Red) (5 5 0 0) "a label in the drawing" )
)" + body + R"(
( (Color RGB (1, 2,3)) (Name "tree ) 1") (Dendrite) (Set "axons") (GUID "ab12") (MBFObjectType 5)
  (2, 0, 0, 1, S1) ; Root
  (20 0 0 1 S1 (1 2 3 4)) <(21 1 0 0.2 S1)> <(Class 1 "thin") (21 1 0 0.2 S2)>
  (Cross (Color Red) (Name "Marker 3") (3 3 3 1) (4 4 4 1))
  ( (30 0 0 1)  High
  | (20 9 0 1) (OpenCircle (Color Red) (1 1 1 1)) Incomplete
  ) ; End of split
) ; End of tree
)");
    EXPECT_EQ(decorated, plain);
}

// Somata. The figures for ellipses are geometry: a section as long as the long axis, as wide as the outline.

TEST(neurolucida_soma, a_contour_becomes_a_stack_along_its_long_axis) {
    for (double angle : {0.0, 0.7, 2.1}) {
        const auto m = read(ellipse(12, 7, angle, 3) + "((Dendrite) (0 0 3 1) (90 0 3 1))");
        const auto& soma = m[0];
        ASSERT_EQ(soma.points.size(), 21u);
        EXPECT_LT(m.length(0), 24);
        EXPECT_GT(m.length(0), 23);
        for (const point& p : soma.points) {
            const double along = p.x*std::cos(angle) + p.y*std::sin(angle), across = p.y*std::cos(angle) - p.x*std::sin(angle);
            EXPECT_NEAR(across, 0, 0.25) << "the axis is the ellipse's, up to the gap left by the open outline";
            EXPECT_EQ(p.z, 3);
            if (std::abs(along) > 10) continue;  // the ends are rounded off
            EXPECT_NEAR(p.diameter, 14*std::sqrt(1 - along*along/144), 0.25);
        }
    }
}

TEST(neurolucida_soma, a_stack_of_contours_has_a_point_for_each) {
    const auto m = read(ellipse(4, 4, 0, 0, 200) + ellipse(8, 8, 0, 2, 200) + ellipse(6, 6, 0, 4, 200) + "((Dendrite) (0 0 2 1) (90 0 2 1))");
    ASSERT_EQ(m[0].points.size(), 3u);
    EXPECT_NEAR(m.length(0), 4, 0.02);
    const double expected[]{8, 16, 12};
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(m[0].points[i].diameter, expected[i], 0.02);
    const auto shuffled = ellipse(8, 8, 0, 2, 200) + ellipse(4, 4, 0, 0, 200) + ellipse(6, 6, 0, 4, 200) + "((Dendrite) (0 0 2 1) (90 0 2 1))";
    expect_contains(warnings(shuffled), "cell.asc:1: the cell body contours are not in order of depth");
    EXPECT_EQ(read_neurolucida(shuffled, "f").shape, m);
}

TEST(neurolucida_soma, an_outline_drawn_upright_keeps_its_width) {
    std::string text = "(\"Soma\"\n";
    for (int i = 0; i < 40; ++i) text += fmt::format("({:.9f} {:.9f} {:.9f} 1)\n", 10*std::cos(2*pi*i/40), 0.001*i, 5*std::sin(2*pi*i/40));
    const auto m = read(text + ") ((Dendrite) (0 0 0 1) (90 0 0 1))");
    const auto widest = std::max_element(m[0].points.begin(), m[0].points.end(), [](auto& a, auto& b) { return a.diameter < b.diameter; });
    EXPECT_NEAR(widest->diameter, 10, 0.2);
}

TEST(neurolucida_soma, odd_somata_are_reported) {
    const std::string tree = "((Dendrite) (0 0 0 1) (90 0 0 1))";
    expect_contains(warnings("(\"CellBody\" (0 0 0 1) (1 0 0 1))" + tree), "cell.asc:1: a cell body of fewer than three points");
    expect_contains(warnings(tree), "cell.asc:1: there is no cell body");
    expect_contains(warnings("(\"My soma\" (CellBody) (0 0 0 1) (9 0 0 1) (9 9 0 1) (0 9 0 1))" + tree), "another name was taken for the soma");
    expect_contains(warnings(body + "((Dendrite) (50 0 0 1) (90 0 0 1))"), "cell.asc:3: a tree that begins outside the cell body");
    expect_contains(warnings(body + body + tree), "two cell body contours at one depth");
    expect_contains(refusal(body + "(\"CellBody\" (50 0 0 1) (60 0 0 1) (55 9 0 1))" + tree), "cell.asc:3: a cell body apart from the one on line 1");
    expect_contains(refusal("(\"CellBody\" (0 0 0 1) (5 0 0 1) (9 0 0 1))" + tree), "cell.asc:1: the cell body's outline encloses nothing");
    expect_contains(refusal("(\"CellBody\" (1 1 0 1) (1 1 0 1) (1 1 0 1))" + tree), "encloses nothing");
    expect_contains(refusal(tree + "\n" + tree), "cell.asc:2: a second tree, and no cell body");
}

// Defects.

TEST(neurolucida_defect, missing_diameters_and_depths_are_filled_in) {
    const auto text = body + "((Dendrite)\n(0 0 0 2)\n(10 0 0)\n(20 0 0 4)\n(30 0) ( (40 0 0) | (30 9 0 1) ))";
    const auto m = read_neurolucida(text, "cell.asc").shape;
    EXPECT_EQ(m[1].points[1].diameter, 3);
    EXPECT_EQ(m[1].points[3].diameter, (4 + 1)/2.0) << "between the points before and after the split";
    EXPECT_EQ(m[2].points[1].diameter, 4);
    expect_contains(warnings(text), "cell.asc:5: a missing diameter was taken from the neighbouring points (also at lines 7, 7)");
    expect_contains(warnings(text), "cell.asc:7: a point without depth was put at z = 0");
    expect_contains(refusal(body + "((Dendrite)\n(0 0 0)\n(10 0 0))"), "cell.asc:4: no point of this tree has a diameter");
}

TEST(neurolucida_defect, empty_branches_are_left_out) {
    const auto expected = read(body + "((Dendrite) (0 0 0 1) (20 0 0 1) ((30 0 0 1) | (20 9 0 1)))");
    const auto with_empty = body + "((Dendrite) (0 0 0 1) (20 0 0 1)\n(|(30 0 0 1)|\n(20 9 0 1)|))";
    EXPECT_EQ(read_neurolucida(with_empty, "f").shape, expected);
    expect_contains(warnings(with_empty), "cell.asc:4: a branch without points was left out");
    const auto nested = body + "((Dendrite) (0 0 0 1) (20 0 0 1) ( ((30 0 0 1) | (20 9 0 1)) | ))";
    EXPECT_EQ(read_neurolucida(nested, "f").shape, expected) << "what splits off an empty branch hangs on the one before";
    expect_contains(warnings(body + "((Dendrite) (0 0 0 1) ((30 0 0 1) | (20 9 0 1)))"), "a branch without length was left out");
    expect_contains(warnings(body + "((Dendrite)) ()"), "cell.asc:3: an empty list was skipped");
}

TEST(neurolucida_defect, changes_of_meaning_are_reported) {
    const auto tree = [](const std::string& inside) { return body + "((Dendrite) (0 0 0 1)\n(20 0 0 1) " + inside + ")"; };
    expect_contains(warnings(tree("((Axon) (30 0 0 1) | (20 9 0 1))")), "cell.asc:4: a change of type inside a tree was ignored");
    expect_contains(warnings(tree("Strange")), "'Strange' is no known ending");
    expect_contains(warnings(tree("(\"note\" (1 2 3 4))")), "a text inside a tree was skipped");
    expect_contains(warnings(body + "(Set \"x\" ((Dendrite) (0 0 0 1) (20 0 0 1)))"), "cell.asc:3: a Set was skipped with all it contains");
}

TEST(neurolucida_defect, broken_structure_is_refused_with_its_line) {
    const std::string tree = body + "((Dendrite) (0 0 0 1)\n(20 0 0 1)";
    expect_contains(refusal(tree), "cell.asc:3: the tree that begins here is never closed");
    expect_contains(refusal(tree + "((30 0 0 1) |\n(20 9 0 1)"), "never closed");
    expect_contains(refusal(tree + "))"), "cell.asc:4: ')' outside of any list");
    expect_contains(refusal(tree + "| (30 0 0 1))"), "cell.asc:4: '|' outside of a split");
    expect_contains(refusal(tree + "((30 0 0 1)|(20 9 0 1)) (40 0 0 1))"), "a point after the end of its branch");
    expect_contains(refusal(tree + "((30 0 0 1)|(20 9 0 1)) ((40 0 0 1)|(50 0 0 1)))"), "a second split of one branch");
    expect_contains(refusal(tree + "Normal (30 0 0 1))"), "a point after the end of its branch");
    expect_contains(refusal(tree + "<(1 2 3 4)"), "the spine that begins here is never closed");
    expect_contains(refusal(tree + "7)"), "'7' is not expected in a tree");
    expect_contains(refusal(tree + "(Cross (1 2 3 4)"), "never closed");
    expect_contains(refusal("(Color \"red)\n"), "cell.asc:1: a string without closing quote");
    expect_contains(refusal("(1 2 3 4)"), "cell.asc:1: '1' at the start of an object");
    for (auto empty : {"", "; V3\n", "(Sections)"}) expect_contains(refusal(empty), "neither trees nor a cell body");
}

TEST(neurolucida_defect, broken_numbers_are_refused_with_their_line) {
    const auto tree = [](const std::string& second) { return body + "((Dendrite) (0 0 0 1)\n(" + second + "))"; };
    expect_contains(refusal(tree("nan 0 0 1")), "cell.asc:4: nan in a point");
    expect_contains(refusal(tree("20 -inf 0 1")), "cell.asc:4: -inf in a point");
    expect_contains(refusal(tree("1e300 0 0 1")), "cell.asc:4: 1e+300 in a point");
    expect_contains(refusal(tree("20 0 0 1 5")), "cell.asc:4: a point with 5 numbers");
    expect_contains(refusal(tree("20")), "cell.asc:4: a point with 1 numbers");
    expect_contains(refusal(tree("2o 0 0 1")), "cell.asc:4: '2o' is not a number");
    expect_contains(refusal(tree("20,5 0 0")), "cell.asc:4: a comma inside a number");
    expect_contains(refusal(tree("20,, 0 0 1")), "cell.asc:4: a point with 4 numbers");
    for (auto form : {"20,0,0,1", "20,0,0,1,S1", "20, 0, 0, 1, S1", "20 ,0 0 ,1"}) EXPECT_EQ(read(tree(form)), read(tree("20 0 0 1"))) << form;
}

// The thick-tufted layer 5 cell of Hay et al. (2011), ModelDB 139653.

class hay_cell : public ::testing::Test {
protected:
    void SetUp() override {
        const auto path = testing::published("morphologies/hay2011_cell1.asc");
        if (!std::filesystem::exists(path)) GTEST_SKIP() << testing::missing(path);
        whole = read_morphology(path);
        shape = with_stub_axon(whole.shape.rounded_like_neuron());
    }

    std::map<section_type, double> totals(auto&& measure) const {
        std::map<section_type, double> sum;
        for (int i = 0; i < shape.size(); ++i) sum[shape[i].type] += measure(i);
        return sum;
    }

    reading whole;
    morphology shape;
};

TEST_F(hay_cell, is_read_without_a_warning_about_the_cell) {
    for (const auto& w : whole.warnings) ADD_FAILURE() << w.text();
    for (int i = 1; i < whole.shape.size(); ++i) {
        EXPECT_EQ(whole.shape[i].parent_x, whole.shape[i].parent == 0 ? 0.5 : 1) << whole.shape.name(i);
    }
}

TEST_F(hay_cell, has_the_published_sections_lengths_and_areas) {
    const auto count = totals([](int) { return 1.0; });
    const auto length = totals([&](int i) { return shape.length(i); });
    const auto area = totals([&](int i) { return shape.area(i); });
    EXPECT_EQ(count.at(section_type::basal), 84);
    EXPECT_EQ(count.at(section_type::apical), 109);
    EXPECT_EQ(shape.size(), 196);
    EXPECT_NEAR(length.at(section_type::basal), 5133.5, 0.05);
    EXPECT_NEAR(length.at(section_type::apical), 7440.9, 0.05);
    EXPECT_NEAR(area.at(section_type::basal), 8863, 0.5);
    EXPECT_NEAR(area.at(section_type::apical), 21009, 0.5);
    EXPECT_NEAR(shape.length(0), 23.17, 0.005);
    EXPECT_NEAR(area.at(section_type::soma), 1131.389, 0.001);
}

TEST_F(hay_cell, has_the_published_paths) {
    double longest = 0;
    for (int i = 0; i < shape.size(); ++i) {
        if (shape[i].type == section_type::apical) longest = std::max(longest, shape.distance({i, 1}));
    }
    EXPECT_NEAR(longest, 1300.5335, 5e-5);
    EXPECT_NEAR(shape.distance({shape.find("apic[36]"), 1}), 626.8, 0.05);
}

TEST_F(hay_cell, is_cut_into_NEURONs_compartments) {
    const auto sections = testing::reference_rows("hay_cell1_sections.csv"), rows = testing::reference_rows("hay_cell1_geometry.csv"),
               ends = testing::reference_rows("hay_cell1_ends.csv");
    ASSERT_EQ(sections.size(), 196u);
    const std::vector<cable_properties> properties(196, cable_properties{.resistivity = 1, .capacitance = 1e-5});
    const auto cut = discretise(shape, compartment_counts(shape, per_length{40}, properties), properties);
    const auto near = [](double ours, const std::string& theirs) { return std::abs(ours - std::stod(theirs)) <= 1e-9*std::stod(theirs); };

    for (const auto& row : sections) {
        const int s = shape.find(row.at("section"));
        ASSERT_GE(s, 0) << row.at("section");
        EXPECT_PRED2(near, shape.length(s), row.at("L_um")) << row.at("section");
        if (shape[s].type == section_type::axon) continue;  // drawn as cylinders there: no points
        EXPECT_EQ(std::to_string(shape[s].points.size()), row.at("n_points")) << row.at("section");
        EXPECT_EQ(std::to_string(cut.count[static_cast<std::size_t>(s)]), row.at("nseg")) << row.at("section");
        EXPECT_EQ(s == 0 ? "" : shape.name(shape[s].parent), row.at("parent"));
    }
    EXPECT_EQ(rows.size(), 642u);
    for (const auto& row : rows) {
        const int s = shape.find(row.at("section"));
        ASSERT_GE(s, 0);
        const node& n = cut.nodes[static_cast<std::size_t>(cut.first[static_cast<std::size_t>(s)] + std::stoi(row.at("segment")))];
        EXPECT_PRED2(near, n.area, row.at("area_um2")) << row.at("section") << ' ' << n.x;
        EXPECT_PRED2(near, n.diameter, row.at("diam_um")) << row.at("section") << ' ' << n.x;
        EXPECT_PRED2(near, n.resistance, row.at("ri_MOhm")) << row.at("section") << ' ' << n.x;
        EXPECT_PRED2(near, n.distance, row.at("path_um")) << row.at("section") << ' ' << n.x;
        EXPECT_DOUBLE_EQ(n.x, std::stod(row.at("x")));
    }
    EXPECT_EQ(ends.size(), 196u);
    for (const auto& row : ends) {
        const node& n = cut.nodes[static_cast<std::size_t>(cut.node_of({shape.find(row.at("section")), 1}))];
        EXPECT_PRED2(near, n.resistance, row.at("ri_MOhm")) << row.at("section");
        EXPECT_PRED2(near, n.distance, row.at("path_um")) << row.at("section");
    }
}

TEST_F(hay_cell, survives_the_way_through_SWC) {
    std::ostringstream out;
    write_swc(whole.shape, out);
    const auto back = read_swc(out.str(), "written");
    EXPECT_TRUE(back.warnings.empty());
    ASSERT_EQ(back.shape.size(), whole.shape.size());
    for (int i = 0; i < back.shape.size(); ++i) {
        const int same = back.shape.find(whole.shape.name(i));
        ASSERT_GE(same, 0);
        EXPECT_NEAR(back.shape.length(same), whole.shape.length(i), 1e-9*whole.shape.length(i)) << whole.shape.name(i);
        EXPECT_EQ(back.shape[same].parent_x, whole.shape[i].parent_x);
    }
}

}  // namespace
}  // namespace apical
