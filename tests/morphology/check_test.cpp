// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include <gtest/gtest.h>

#include "morphology/neurolucida.hpp"
#include "morphology/swc.hpp"
#include "tests/morphology/real_data.hpp"

namespace apical {
namespace {

using std::numbers::pi;

section cable(section_type type, int parent, double parent_x, std::vector<point> points) {
    return {type, parent, parent_x, std::move(points)};
}

/// A sphere of 20 um; a basal stem of 100 um, 2 to 1 um wide, with two daughters of 150 um, 1 um wide.
morphology small_cell() {
    morphology m;
    m.add(cable(section_type::soma, -1, 0, {{-10, 0, 0, 20}, {0, 0, 0, 20}, {10, 0, 0, 20}}));
    m.add(cable(section_type::basal, 0, 0.5, {{0, 10, 0, 2}, {0, 60, 0, 1.5}, {0, 110, 0, 1}}));
    for (double side : {-1.0, 1.0}) {
        std::vector<point> points{{0, 110, 0, 1}};
        for (int i = 1; i <= 5; ++i) points.push_back({side*30*i, 110, 1.0*i, 1});
        m.add(cable(section_type::basal, 1, 1, points));
    }
    return m;
}

const size_summary& of_type(const morphology_report& r, std::string_view name) {
    return *std::find_if(r.types.begin(), r.types.end(), [&](const auto& t) { return t.name == name; });
}

int count(const std::vector<suspicious_place>& places, suspicion kind) {
    return static_cast<int>(std::count_if(places.begin(), places.end(), [&](const auto& p) { return p.kind == kind; }));
}

TEST(check, measures_each_type) {
    const auto m = small_cell();
    const auto r = check(m);
    ASSERT_EQ(r.types.size(), 2u);
    const auto& dend = of_type(r, "dend");
    const double daughter = 5*std::hypot(30, 1);
    EXPECT_EQ(dend.sections, 3);
    EXPECT_EQ(dend.points, 15);
    EXPECT_EQ(dend.stems, 1);
    EXPECT_EQ(dend.tips, 2);
    EXPECT_EQ(dend.bifurcations, 1);
    EXPECT_EQ(dend.max_order, 1);
    EXPECT_DOUBLE_EQ(dend.mean_tip_order, 1);
    EXPECT_NEAR(dend.length, 100 + 2*daughter, 1e-9);
    EXPECT_NEAR(dend.volume, pi*100*(4 + 2 + 1)/12 + 2*pi/4*daughter, 1e-9);
    EXPECT_NEAR(dend.mean_diameter, (1.5*100 + 2*daughter)/(100 + 2*daughter), 1e-12);
    EXPECT_NEAR(dend.taper, 100*1/dend.length, 1e-12) << "one um is lost over the whole length";
    EXPECT_NEAR(dend.longest_path, 100 + daughter, 1e-9);
    EXPECT_NEAR(of_type(r, "soma").area, 4*pi*100, 1e-9);
    EXPECT_EQ(r.all.sections, 4);
    EXPECT_NEAR(r.all.area, m.area(0) + m.area(1) + m.area(2) + m.area(3), 1e-9);
    EXPECT_TRUE(r.suspicious.empty()) << r.text();
}

TEST(check, gives_the_profile_of_diameters_by_path) {
    const auto r = check(small_cell());
    ASSERT_EQ(r.diameters.size(), 3u);
    EXPECT_EQ(r.diameters[0].from, 0);
    EXPECT_NEAR(r.diameters[0].length, 100, 1e-9);
    EXPECT_NEAR(r.diameters[0].mean_diameter, 1.5, 1e-12);
    EXPECT_NEAR(r.diameters[1].length, 200, 1e-9);
    EXPECT_NEAR(r.diameters[1].mean_diameter, 1, 1e-12);
    double length = 0;
    for (const auto& bin : r.diameters) length += bin.length;
    EXPECT_NEAR(length, of_type(r, "dend").length, 1e-9);
}

TEST(check, tells_the_forms_of_a_soma) {
    const std::string neurite = "9 3 30 0 0 1 1\n10 3 60 0 0 1 9\n";
    const auto form = [](const std::string& swc) { return check(read_swc(swc, "f").shape).soma; };
    EXPECT_EQ(form("1 1 0 0 0 8 -1\n" + neurite), soma_form::sphere);
    EXPECT_EQ(form("1 1 0 0 0 8 -1\n2 1 0 9 0 8 1\n" + neurite), soma_form::frusta);
    EXPECT_EQ(form("1 1 0 0 0 8 -1\n2 1 0 9 0 8 1\n3 1 0 -9 0 8 1\n" + neurite), soma_form::several_sections);
    EXPECT_EQ(form("1 3 0 0 0 1 -1\n" + neurite), soma_form::none);
    std::string outline = "(\"CellBody\"";
    for (int i = 0; i < 30; ++i) outline += " (" + std::to_string(9*std::cos(i*0.2)) + " " + std::to_string(6*std::sin(i*0.2)) + " 0 1)";
    EXPECT_EQ(check(read_neurolucida(outline + ")", "f").shape).soma, soma_form::contour);
    EXPECT_EQ(check(morphology{}).soma, soma_form::none);
}

/// A cell with one flaw; `place` is where it should be found, section and point.
struct flaw {
    suspicion kind;
    int section, point;
    morphology cell;
};

morphology with(section s) {
    auto m = small_cell();
    m.add(std::move(s));
    return m;
}

std::vector<point> run(int n, const std::function<point(int)>& at) {
    std::vector<point> points;
    for (int i = 0; i < n; ++i) points.push_back(at(i));
    return points;
}

std::vector<flaw> flaws() {
    const auto axon = section_type::axon, dend = section_type::basal, apic = section_type::apical;
    std::vector<flaw> all{
        {suspicion::several_trees, -1, -1, with(cable(dend, -1, 0, {{0, 0, 9, 1}, {9, 0, 9, 1}}))},
        {suspicion::constant_diameter, -1, -1, with(cable(axon, 0, 0.5, run(30, [](int i) { return point{0, -10.0*i, 0, 0.5}; })))},
        {suspicion::thick_dendrites, -1, -1, with(cable(apic, 0, 0.5, run(30, [](int i) { return point{0, -9.0*i, 0, 4 + i*0.01}; })))},
        {suspicion::untyped, -1, -1, with(cable(section_type::undefined, 0, 0.5, {{0, 0, 0, 1}, {9, 0, 0, 1}}))},
        {suspicion::extent, -1, -1, with(cable(dend, 0, 0.5, run(200, [](int i) { return point{0, -40.0*i, 0, 0.5}; })))},
        {suspicion::long_jump, 4, 1, with(cable(axon, 0, 0.5, {{0, -10, 0, 1}, {0, -70, 0, 1}}))},
        {suspicion::depth_jump, 4, 1, with(cable(axon, 0, 0.5, {{0, -10, 0, 1}, {1, -10, 12, 1}}))},
        {suspicion::diameter_jump, 4, 2, with(cable(axon, 0, 0.5, {{0, -10, 0, 1}, {0, -20, 0, 1}, {0, -30, 0, 4}}))},
        {suspicion::repeated_point, 4, 1, with(cable(axon, 0, 0.5, {{0, -10, 0, 1}, {0, -10, 0, 2}, {0, -30, 0, 2}}))},
        {suspicion::thick_daughter, 4, -1, with(cable(dend, 1, 1, {{0, 110, 0, 1}, {0, 120, 0, 1.3}}))},
        {suspicion::thin, 4, 1, with(cable(axon, 0, 0.5, {{0, -10, 0, 0.15}, {0, -30, 0, 0.05}}))},
        {suspicion::gap, 4, -1, with(cable(axon, 0, 0.5, {{0, -40, 0, 1}, {0, -60, 0, 1}}))},
        {suspicion::gap, 4, -1, with(cable(dend, 1, 1, {{0, 115, 0, 1}, {0, 125, 0, 1}}))},
        {suspicion::odd_parent, 4, -1, with(cable(section_type::soma, 1, 1, {{0, 110, 0, 1}, {0, 125, 0, 1}}))},
    };
    auto on_axon = with(cable(axon, 0, 0.5, {{0, -10, 0, 1}, {0, -30, 0, 1}}));
    on_axon.add(cable(dend, 4, 1, {{0, -30, 0, 1}, {0, -50, 0, 1}}));
    all.push_back({suspicion::odd_parent, 5, -1, on_axon});
    for (double radius : {1.0, 25.0}) {
        morphology m;
        m.add(cable(section_type::soma, -1, 0, {{-radius, 0, 0, 2*radius}, {radius, 0, 0, 2*radius}}));
        all.push_back({suspicion::soma_size, 0, -1, m});
    }
    morphology bare;
    bare.add(cable(dend, -1, 0, run(30, [](int i) { return point{9.0*i, 0, 5, 0.5 + i*0.01}; })));
    all.push_back({suspicion::no_soma, -1, -1, bare});
    all.push_back({suspicion::flat, -1, -1, bare});
    return all;
}

TEST(check, finds_each_flaw_where_it_is) {
    for (const auto& f : flaws()) {
        SCOPED_TRACE(static_cast<int>(f.kind));
        const auto found = find_suspicious(f.cell);
        const auto place = std::find_if(found.begin(), found.end(), [&](const auto& p) { return p.kind == f.kind; });
        ASSERT_NE(place, found.end());
        EXPECT_EQ(place->section, f.section);
        EXPECT_EQ(place->point, f.point);
        EXPECT_FALSE(place->what.empty());
        EXPECT_FALSE(place->hint.empty());
        EXPECT_EQ(place->where.starts_with(f.section < 0 ? "morphology" : f.cell.name(f.section)), true) << place->where;
        EXPECT_NE(check(f.cell).text().find(place->where + ": " + place->what), std::string::npos) << check(f.cell).text();
    }
}

TEST(check, text_shows_few_of_a_kind_and_counts_the_rest) {
    auto m = small_cell();
    m.add(cable(section_type::axon, 0, 0.5, run(40, [](int i) { return point{0, -10 - 60.0*i, 0, 1 + i*0.01}; })));
    const auto r = check(m);
    EXPECT_EQ(count(r.suspicious, suspicion::long_jump), 39);
    EXPECT_NE(r.text().find("and 34 more like these"), std::string::npos) << r.text();
}

TEST(check, counts_points_drawn_twice) {
    EXPECT_EQ(check(with(cable(section_type::axon, 0, 0.5, {{0, -10, 0, 1}, {0, -10, 0, 1}, {0, -30, 0, 1}}))).harmless_repeats, 1);
}

TEST(check, takes_an_empty_morphology) {
    const auto r = check({});
    EXPECT_EQ(r.all.sections, 0);
    EXPECT_EQ(r.all.mean_diameter, 0);
    EXPECT_FALSE(r.text().empty());
}

/// Hay et al. (2011) cell 1; bifurcations and tips are those of the published reconstruction.
TEST(check, agrees_with_the_published_layer_5_cell) {
    const auto path = testing::published("morphologies/hay2011_cell1.asc");
    if (!std::filesystem::exists(path)) GTEST_SKIP() << testing::missing(path);
    const auto r = check(read_morphology(path).shape);
    const auto& basal = of_type(r, "dend");
    EXPECT_EQ(basal.stems, 8);
    EXPECT_EQ(basal.tips, 46);
    EXPECT_EQ(basal.bifurcations, 38);
    EXPECT_EQ(basal.max_order + 1, 7) << "the publication counts the soma as a branch point";
    EXPECT_NEAR(basal.mean_tip_order + 1, 4.1, 0.05);
    EXPECT_EQ(of_type(r, "apic").tips, 33 + 22);
    EXPECT_EQ(r.soma, soma_form::contour);
}

}  // namespace
}  // namespace apical
