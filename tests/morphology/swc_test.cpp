// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/swc.hpp"

#include <cmath>
#include <numbers>
#include <ostream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/morphology/real_data.hpp"

namespace apical {
namespace {

using std::numbers::pi;

morphology read(std::string_view text) {
    const auto r = read_swc(text, "cell.swc");
    for (const auto& w : r.warnings) ADD_FAILURE() << "unexpected warning: " << w.text();
    return r.shape;
}

std::string warnings(std::string_view text) {
    std::string all;
    for (const auto& w : read_swc(text, "cell.swc").warnings) all += w.text() + "\n";
    return all;
}

std::string refusal(std::string_view text) {
    try {
        const auto r = read_swc(text, "cell.swc");
        ADD_FAILURE() << "accepted: " << text;
        return {};
    } catch (const invalid_input& e) {
        return e.what();
    }
}

void expect_contains(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in: " << text;
}

// The soma conventions: figures from NEURON 8.2's importer.

TEST(swc_soma, one_point_is_a_sphere) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n");
    ASSERT_EQ(m.size(), 2);
    EXPECT_DOUBLE_EQ(m.length(0), 20);
    EXPECT_DOUBLE_EQ(m.area(0), 4*pi*100);
    EXPECT_EQ(m[0].points, (std::vector<point>{{-10, 0, 0, 20}, {0, 0, 0, 20}, {10, 0, 0, 20}}));
    EXPECT_EQ(m[1].parent_x, 0.5);
    EXPECT_DOUBLE_EQ(m.length(1), 50);
    EXPECT_EQ(m[1].points.front(), (point{10, 0, 0, 2}));
}

TEST(swc_soma, a_gap_next_to_a_sphere_is_not_drawn) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 20 0 0 1 1\n3 3 60 0 0 1 2\n");
    EXPECT_DOUBLE_EQ(m.length(1), 40);
    EXPECT_EQ(m[1].parent_x, 0.5);
}

TEST(swc_soma, a_neurite_of_one_point_starts_at_the_centre_of_a_sphere) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 30 0 0 1 1\n");
    EXPECT_EQ(m[1].points, (std::vector<point>{{0, 0, 0, 2}, {30, 0, 0, 2}}));
    EXPECT_EQ(m[1].parent_x, 0.5);
}

TEST(swc_soma, three_points_of_NeuroMorpho_are_a_sphere) {
    const auto m = read("1 1 0 0 0 8 -1\n2 1 0 -8 0 8 1\n3 1 0 8 0 8 1\n4 3 0 9 0 1 1\n5 3 0 50 0 1 4\n");
    ASSERT_EQ(m.size(), 2);
    EXPECT_EQ(m[0].points, (std::vector<point>{{-8, 0, 0, 16}, {0, 0, 0, 16}, {8, 0, 0, 16}}));
    EXPECT_EQ(m[1].parent_x, 0.5);
    EXPECT_DOUBLE_EQ(m.length(1), 41);
}

TEST(swc_soma, three_points_that_do_not_fit_a_sphere_are_two_sections) {
    const auto m = read("1 1 0 0 0 8 -1\n2 1 0 -9 0 8 1\n3 1 0 9 0 8 1\n4 3 0 9 0 1 1\n5 3 0 50 0 1 4\n");
    ASSERT_EQ(m.size(), 3);
    EXPECT_EQ(m.name(1), "soma[1]");
    EXPECT_DOUBLE_EQ(m.length(0), 9);
    EXPECT_EQ(m[1].parent_x, 0);
    EXPECT_EQ(m[2].parent_x, 0);
    EXPECT_DOUBLE_EQ(m.length(2), 41) << "a neurite where the soma branches starts at its own first point";
}

TEST(swc_soma, a_chain_is_a_stack_of_frusta) {
    const auto m = read("1 1 0 -5 0 5 -1\n2 1 0 5 0 5 1\n3 3 5 5 0 1 2\n4 3 60 5 0 1 3\n");
    ASSERT_EQ(m.size(), 2);
    EXPECT_DOUBLE_EQ(m.length(0), 10);
    EXPECT_DOUBLE_EQ(m.area(0), pi*10*10);
    EXPECT_EQ(m[1].parent_x, 1);
    EXPECT_DOUBLE_EQ(m.length(1), 60) << "the piece from the soma point belongs to the neurite";
    for (const point& p : m[1].points) EXPECT_EQ(p.diameter, 2);
}

TEST(swc_soma, neurites_join_the_start_the_middle_or_the_end_of_a_chain) {
    const auto m = read("1 1 0 0 0 5 -1\n2 1 0 5 0 6 1\n3 1 0 10 0 5 2\n"
                        "4 3 5 0 0 1 1\n5 3 60 0 0 1 4\n"
                        "6 3 5 5 0 1 2\n7 3 60 5 0 1 6\n"
                        "8 4 5 5 0 1 2\n"
                        "9 4 0 15 0 2 3\n10 4 0 90 0 1 9\n");
    ASSERT_EQ(m.size(), 5);
    EXPECT_EQ(m[1].parent_x, 0);
    EXPECT_DOUBLE_EQ(m.length(1), 60);
    EXPECT_EQ(m[2].parent_x, 0.5);
    EXPECT_DOUBLE_EQ(m.length(2), 55) << "inside the soma nothing is drawn";
    EXPECT_EQ(m[3].parent_x, 0.5);
    EXPECT_DOUBLE_EQ(m.length(3), 5) << "but for a neurite of one point";
    EXPECT_EQ(m[4].parent_x, 1);
    EXPECT_EQ(m[4].points.front(), (point{0, 10, 0, 4}));
}

TEST(swc_soma, an_outline_becomes_the_sphere_of_its_mean_radius) {
    std::string text;
    for (int i = 0; i < 16; ++i) {
        const double a = 2*pi*i/16;
        text += fmt::format("{} 1 {} {} 0 0.2 {}\n", i + 1, 9*std::cos(a), 9*std::sin(a), i == 0 ? -1 : i);
    }
    text += "17 3 10 0 0 1 1\n18 3 40 0 0 1 17\n19 3 -10 0 0 1 9\n20 3 -50 0 0 1 19\n";
    const auto m = read_swc(text, "cell.swc").shape;
    ASSERT_EQ(m.size(), 3);
    EXPECT_NEAR(m.area(0), 4*pi*81, 1e-9*m.area(0));
    for (int i : {1, 2}) EXPECT_EQ(m[i].parent_x, 0.5);
    EXPECT_DOUBLE_EQ(m.length(1), 30);
    EXPECT_DOUBLE_EQ(m.length(2), 40);
    expect_contains(warnings(text), "cell.swc:1: the soma is an outline");
}

TEST(swc_soma, a_thick_stack_is_no_outline) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += fmt::format("{} 1 {} {} 0 6 {}\n", i + 1, i*0.5, i%2*0.1, i == 0 ? -1 : i);
    EXPECT_EQ(read(text)[0].points.size(), 12u);
}

TEST(swc_soma, may_be_absent) {
    const std::string text = "1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n4 3 0 10 0 1 1\n5 3 0 20 0 1 4\n";
    const auto m = read_swc(text, "cell.swc").shape;
    ASSERT_EQ(m.size(), 2);
    EXPECT_EQ(m.name(0), "dend[0]");
    EXPECT_EQ(m[1].parent_x, 0) << "another branch at the root point joins dend[0](0)";
    expect_contains(warnings(text), "cell.swc:1: there is no soma");
}

// Sections.

TEST(swc, a_branch_starts_with_its_parents_point_and_diameter) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 10 0 0 1.5 1\n3 3 60 0 0 1.5 2\n4 3 90 0 0 0.5 3\n5 3 60 40 0 0.5 3\n");
    ASSERT_EQ(m.size(), 4);
    EXPECT_EQ(m[2].points, (std::vector<point>{{60, 0, 0, 3}, {90, 0, 0, 1}}));
    EXPECT_DOUBLE_EQ((m[2].points[0].diameter + m[2].points[1].diameter)/2, 2.0);
    EXPECT_EQ(m[3].parent, 1);
    EXPECT_EQ(m[3].parent_x, 1);
}

TEST(swc, a_change_of_type_ends_a_section) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n4 2 30 0 0 1 3\n5 2 40 0 0 1 4\n6 9 50 0 0 1 5\n7 0 60 0 0 1 6\n");
    ASSERT_EQ(m.size(), 5);
    EXPECT_EQ(m.name(2), "axon[0]");
    EXPECT_EQ(m.name(3), "dend_9[0]");
    EXPECT_EQ(m.name(4), "dend_0[0]");
    EXPECT_DOUBLE_EQ(m.length(2), 20);
}

TEST(swc, branches_at_the_first_point_of_a_neurite_join_its_start) {
    const auto m = read("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 20 0 1 2\n"
                        "4 3 10 0 0 1 1\n5 3 20 0 0 1 4\n6 3 10 10 0 1 4\n7 3 10 20 0 1 6\n");
    ASSERT_EQ(m.size(), 4);
    EXPECT_EQ(m[3].parent, 2);
    EXPECT_EQ(m[3].parent_x, 0);
    EXPECT_DOUBLE_EQ(m.length(3), 20);
}

TEST(swc, accepts_every_line_end_blank_lines_tabs_and_comments) {
    const auto expected = read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n");
    EXPECT_EQ(read("# a\r\n1 1 0 0 0 10 -1\r\n\r\n2 3 10 0 0 1 1 # stem\r\n3 3 60 0 0 1 2\r\n"), expected);
    EXPECT_EQ(read("#a\r1\t1 0 0 0 10 -1\r  2 3  1.0e1 +0 -0 1. 1\r3 3 60 0 0 1 2\r"), expected);
    EXPECT_EQ(read("  1.0 1 0 0 0 10 -1\n \t \n2 3.0 10 0 0 1 1\n3 3 60 0 0 1 2.0\n"), expected);
    EXPECT_EQ(read("# caf\xe9 in latin-1\n10 1 0 0 0 10 -5\n200 3 10 0 0 1 10\n3000 3 60 0 0 1 200\n"), expected) << "ids may have gaps";
}

// Defects that are repaired, each with a warning on its line.

TEST(swc_defect, lines_out_of_order_are_sorted) {
    const std::string text = "3 3 60 0 0 1 2\n1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n";
    EXPECT_EQ(read_swc(text, "f").shape, read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n"));
    expect_contains(warnings(text), "cell.swc:2: the lines are not in order of id");
}

TEST(swc_defect, children_before_parents_are_put_in_order) {
    const std::string text = "1 3 60 0 0 1 2\n2 3 10 0 0 1 3\n3 1 0 0 0 10 -1\n";
    EXPECT_EQ(read_swc(text, "f").shape, read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n"));
    expect_contains(warnings(text), "a parent comes after its child");
}

TEST(swc_defect, bad_radii_are_taken_from_the_neighbours) {
    const std::string text = "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 0 2\n4 3 30 0 0 -2 3\n5 3 40 0 0 3 4\n6 3 50 0 0 0 5\n";
    const auto m = read_swc(text, "f").shape;
    std::vector<double> diameters;
    for (const point& p : m[1].points) diameters.push_back(p.diameter);
    EXPECT_EQ(diameters, (std::vector<double>{2, 4, 4, 6, 6}));
    expect_contains(warnings(text), "cell.swc:3: a radius that is not positive was taken from the neighbouring points (also at lines 4, 6)");
    expect_contains(warnings("1 1 0 0 0 10 -1\n2 3 10 0 0 0 1\n3 3 20 0 0 0 2\n"), "cell.swc:2: no radius on a whole neurite");
    expect_contains(refusal("1 1 0 0 0 0 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n"), "cell.swc:1: the soma has no radius");
}

TEST(swc_defect, a_neurite_that_forgot_its_parent_is_joined_to_a_soma_nearby) {
    const std::string text = "1 1 0 0 0 10 -1\n2 3 12 0 0 1 -1\n3 3 60 0 0 1 2\n";
    EXPECT_EQ(read_swc(text, "f").shape, read("1 1 0 0 0 10 -1\n2 3 12 0 0 1 1\n3 3 60 0 0 1 2\n"));
    expect_contains(warnings(text), "cell.swc:2: a neurite without parent was joined");
    const auto first = read_swc("1 3 12 0 0 1 -1\n2 3 60 0 0 1 1\n3 1 0 0 0 10 -1\n", "f").shape;
    EXPECT_EQ(first, read("1 1 0 0 0 10 -1\n2 3 12 0 0 1 1\n3 3 60 0 0 1 2\n")) << "whichever comes first";
    expect_contains(refusal("1 1 0 0 0 10 -1\n2 3 120 0 0 1 -1\n3 3 160 0 0 1 2\n"), "cell.swc:2: a second root");
    expect_contains(refusal("1 3 0 0 0 1 -1\n2 3 9 0 0 1 1\n3 3 20 0 0 1 -1\n"), "there is no soma to join it to");
    expect_contains(refusal("1 1 0 0 0 10 -1\n2 1 30 0 0 10 -1\n"), "cell.swc:2: a second soma; the first is on line 1");
}

TEST(swc_defect, a_branch_without_length_hands_its_children_on) {
    const std::string text = "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n4 3 20 0 0 1 3\n5 3 20 30 0 1 3\n6 3 30 0 0 1 4\n7 3 20 0 9 1 4\n";
    const auto m = read_swc(text, "f").shape;
    ASSERT_EQ(m.size(), 5);
    for (int i : {2, 3, 4}) EXPECT_EQ(m[i].parent, 1) << i;
    expect_contains(warnings(text), "cell.swc:4: a branch without length was left out");
}

TEST(swc_defect, repeated_and_padded_lines_are_tolerated) {
    const auto expected = read("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n", "cell.swc:3: a repeated line"},
        {"1 1 0 0 0 10 -1 7 8\n2 3 10 0 0 1 1 x\n3 3 60 0 0 1 2\n", "cell.swc:1: columns after the seventh were ignored (also at line 2)"},
        {"n,type,x,y,z,radius,parent\n1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n", "cell.swc:1: a header line"},
        {"id type x y z r pid\n1,1,0,0,0,10,-1\n2, 3, 10, 0, 0, 1, 1\n3,3,60,0,0,1,2\n", "cell.swc:2: columns separated by commas"},
        {"1 1 0,0 0,0 0,0 10,0 -1\n2 3 10,0 0 0 1,0 1\n3 3 60,0 0 0 1 2\n", "cell.swc:1: decimal commas were read as points"},
        {"1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2", "cell.swc:3: the last line does not end"},
        {"\xef\xbb\xbf" "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n", "cell.swc:1: starts with a byte order mark"},
    };
    for (const auto& [text, warning] : cases) {
        EXPECT_EQ(read_swc(text, "cell.swc").shape, expected) << text;
        expect_contains(warnings(text), warning);
    }
}

// Defects that are refused, all at once and with their lines.

TEST(swc_defect, every_problem_is_reported_with_its_line) {
    const auto message = refusal("1 1 0 0 0 10 -1\n2 3 ten 0 0 1 1\n3 3 60 0 0\n4 3 nan 0 0 1 1\n5 x 1 2 3 1 1\n");
    for (auto part : {"cell.swc:2: x 'ten' is not a number", "cell.swc:3: 5 columns instead of 7", "cell.swc:4: x is nan",
                      "cell.swc:5: type 'x' is not a whole number"}) {
        expect_contains(message, part);
    }
}

TEST(swc_defect, what_is_no_tree_is_refused) {
    const std::string soma = "1 1 0 0 0 10 -1\n";
    expect_contains(refusal(soma + "2 3 10 0 0 1 2\n"), "cell.swc:2: point 2 is its own parent");
    expect_contains(refusal(soma + "2 3 10 0 0 1 7\n"), "cell.swc:2: its parent, 7, does not exist");
    expect_contains(refusal(soma + "2 3 1 0 0 1 4\n3 3 2 0 0 1 2\n4 3 3 0 0 1 3\n"), "is its own ancestor");
    expect_contains(refusal(soma + "2 3 10 0 0 1 1\n2 3 11 0 0 1 1\n"), "cell.swc:3: id 2 was already given on line 2");
    expect_contains(refusal(soma + "2 3 10 0 0 1 1 3 3 60 0 0 1 2\n"), "cell.swc:2: 14 numbers in a line");
    expect_contains(refusal(soma + "-2 3 10 0 0 1 1\n"), "cell.swc:2: id -2 is negative");
    for (auto empty : {"", "\n\n", "# only comments\n"}) expect_contains(refusal(empty), "cell.swc:1: there are no points");
}

TEST(swc_defect, a_flood_of_problems_is_cut_short) {
    std::string text = "1 1 0 0 0 10 -1\n";
    for (int i = 0; i < 5000; ++i) text += "2 3 x 0 0 1 1\n";
    const auto message = refusal(text);
    expect_contains(message, "and 4900 more problems");
    EXPECT_LT(message.size(), 20000u);
}

// Writing.

TEST(write_swc, is_read_back_as_the_same_cell) {
    for (const std::string text : {
             "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n4 3 90 0 0 0.5 3\n5 3 60 40 0 0.5 3\n6 2 0 -9 0 1 1\n",
             "1 1 0 -5 0 5 -1\n2 1 0 0 0 6 1\n3 1 0 5 0 5 2\n4 3 5 5 0 1 3\n5 3 60 5 0 1 4\n6 4 0 7 0 1 2\n7 4 0 90 0 1 6\n8 2 0 -9 0 1 1\n",
             "1 1 0.1 0 0 8 -1\n2 1 0 -9 0 8 1\n3 1 0 9 0 8 1\n4 3 0 9 0 1 3\n5 3 0 50 0 1 4\n6 9 0 90 0 1 5\n",
         }) {
        const auto m = read(text);
        std::ostringstream out;
        write_swc(m, out);
        EXPECT_EQ(read_swc(out.str(), "written").shape, m) << out.str();
    }
}

// Published reconstructions (Allen Cell Types Database, as shipped with SONATA's examples). Figures from NEURON 9.

struct published_cell {
    const char* file;
    int sections;
    double length, area;
};
void PrintTo(const published_cell& c, std::ostream* out) { *out << c.file; }

class swc_published : public ::testing::TestWithParam<published_cell> {};

TEST_P(swc_published, gives_NEURONs_sections_lengths_and_areas) {
    const auto& cell = GetParam();
    const auto path = testing::published(std::string("sonata/examples/shared_components/morphologies/") + cell.file);
    if (!std::filesystem::exists(path)) GTEST_SKIP() << testing::missing(path);
    const auto r = read_morphology(path);
    const auto m = r.shape.rounded_like_neuron();
    EXPECT_TRUE(r.warnings.empty());
    double length = 0, area = 0;
    for (int i = 0; i < m.size(); ++i) length += m.length(i), area += m.area(i);
    EXPECT_EQ(m.size(), cell.sections);
    EXPECT_NEAR(length, cell.length, 1e-9*length);
    EXPECT_NEAR(area, cell.area, 1e-9*area);
}

INSTANTIATE_TEST_SUITE_P(allen, swc_published,
                         ::testing::Values(published_cell{"Nr5a1_471087815_m.swc", 38, 1902.47908835, 3725.57400955},
                                           published_cell{"Pvalb_469628681_m.swc", 42, 1515.36790082, 2642.56192694},
                                           published_cell{"Pvalb_470522102_m.swc", 38, 2420.36918183, 3205.15243931},
                                           published_cell{"Rorb_325404214_m.swc", 64, 2637.50425047, 4889.95763418},
                                           published_cell{"Scnn1a_473845048_m.swc", 123, 4725.88665973, 7114.84954252}),
                         [](const auto& info) { return std::string(info.param.file).substr(0, std::string(info.param.file).find('_')) +
                                                       std::to_string(info.index); });

}  // namespace
}  // namespace apical
