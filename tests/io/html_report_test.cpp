// SPDX-License-Identifier: BSD-3-Clause
#include "io/html_report.hpp"

#include <cmath>
#include <limits>
#include <regex>

#include <gtest/gtest.h>

#include "io/html_moving.hpp"
#include "io/svg.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/sample_circuit.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::says;

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

html::line sine(std::size_t n) {
    html::line l{.name = "v", .x = {}, .y = {}};
    for (std::size_t i = 0; i < n; ++i) {
        l.x.push_back(static_cast<double>(i));
        l.y.push_back(std::sin(0.01*static_cast<double>(i)));
    }
    return l;
}

/// The vertical extent of a path.
std::pair<double, double> extent(const std::string& path) {
    static const std::regex pair(R"(([-\d.]+) ([-\d.]+))");
    double low = 1e9, high = -1e9;
    for (auto it = std::sregex_iterator(path.begin(), path.end(), pair); it != std::sregex_iterator(); ++it) {
        low = std::min(low, std::stod((*it)[2]));
        high = std::max(high, std::stod((*it)[2]));
    }
    return {low, high};
}

TEST(curves, long_ones_are_thinned_but_keep_their_extremes) {
    auto l = sine(100000);
    l.y[54321] = 5;      // a spike of one sample
    l.y[777] = -4;
    const svg::axis x{0, 100000, 0, 300}, y{-5, 5, 200, 0};
    const auto path = svg::path_of(l, x, y);
    EXPECT_LT(path.size(), 60000u);
    EXPECT_NEAR(extent(path).first, y(5), 0.1);
    EXPECT_NEAR(extent(path).second, y(-4), 0.1);
}

TEST(curves, values_that_are_no_numbers_leave_gaps) {
    auto l = sine(100);
    l.y[50] = std::nan("");
    const auto path = svg::path_of(l, {0, 100, 0, 300}, {-1, 1, 200, 0});
    EXPECT_EQ(count_of(path, "M"), 2u);
    EXPECT_EQ(count_of(path, "nan"), 0u);
}

TEST(ticks, are_round_and_within) {
    EXPECT_EQ(svg::ticks(0, 100, 5), (std::vector<double>{0, 20, 40, 60, 80, 100}));
    EXPECT_EQ(svg::ticks(-0.13, 0.11, 5), (std::vector<double>{-0.1, -0.05, 0, 0.05, 0.1}));
    EXPECT_TRUE(svg::ticks(1, 1, 5).empty());
    EXPECT_TRUE(svg::ticks(0, std::numeric_limits<double>::infinity(), 5).empty());
    EXPECT_EQ(svg::tick_text(0.05, 0.05), "0.05");
    EXPECT_EQ(svg::tick_text(-20, 20), "\xE2\x88\x92" "20");
    EXPECT_EQ(svg::tick_text(0, 20), "0");
}

TEST(painted_cells, colour_every_compartment_by_its_value) {
    html::painted_cell c{.title = "t", .caption = "", .quantity = "v", .unit = "mV", .shape = testing::small_shape(), .places = {}, .values = {}};
    for (int s = 1; s < 4; ++s)
        for (const double x : {0.25, 0.75}) {
            c.places.push_back({s, x});
            c.values.push_back(s + x);
        }
    const auto drawing = svg::draw(c);
    EXPECT_GE(count_of(drawing, "<path"), 6u);
    EXPECT_EQ(count_of(drawing, "nan"), 0u);
    c.values.assign(6, 3.0);
    EXPECT_EQ(count_of(svg::draw(c), "nan"), 0u) << "equal values";
    c.values.assign(6, std::nan(""));
    EXPECT_EQ(count_of(svg::draw(c), "\"nan"), 0u) << "no values";
}

TEST(page, stands_alone_and_escapes_what_people_write) {
    html::page p{"<script>alert(1)</script>", "a & b", {{"fact", "\"quoted\""}}, {}, "footer"};
    p.figures.push_back(html::panel{.title = "one", .caption = "", .lines = {sine(100)}});
    p.figures.push_back(html::raster{"two", "", {{"cells", 3, {1, 2, 3}, {0, 1, 2}}}, 10});
    p.figures.push_back(html::table{"three", "", {"name", "n"}, {{"a<b", "-1.5"}, {"c", "2"}}});
    const auto text = html::render(p);
    EXPECT_EQ(count_of(text, "<script"), 0u);
    says(text, "&lt;script&gt;alert(1)");
    says(text, "a &amp; b");
    says(text, "a&lt;b");
    says(text, "<td class=\"number\">\xE2\x88\x92" "1.5</td>");
    EXPECT_EQ(count_of(text, "http"), 0u) << "nothing to fetch";
    EXPECT_EQ(count_of(text, "<svg"), count_of(text, "</svg>"));
    EXPECT_EQ(count_of(text, "<figure"), 3u);
    says(text, "prefers-color-scheme: dark");
}

html::raster two_populations(int cells, int spikes_each) {
    html::raster r{"Spikes", "", {{"e", cells, {}, {}}, {"i", cells/4, {}, {}}}, 1000};
    for (auto& p : r.populations)
        for (int c = 0; c < p.cells; ++c)
            for (int k = 0; k < spikes_each; ++k) p.times.push_back(k + 0.5), p.of_cell.push_back(static_cast<std::uint64_t>(c));
    return r;
}

TEST(raster, draws_each_population_in_its_colour_and_names_it) {
    html::page p{"t", "", {}, {two_populations(40, 3)}, ""};
    const auto text = html::render(p);
    EXPECT_EQ(count_of(text, "<path class=\"curve c0\""), 1u);
    EXPECT_EQ(count_of(text, "<path class=\"curve c1\""), 1u);
    says(text, "<span class=\"c1\">i</span>");
    EXPECT_EQ(count_of(svg::draw(two_populations(40, 3)), "M"), 3u*50u) << "a stroke a spike";
    EXPECT_EQ(count_of(text, "One cell in"), 0u);
}

TEST(raster, of_thousands_of_cells_stays_small_and_says_what_it_leaves_out) {
    const auto r = two_populations(8000, 100);
    const auto text = html::render({"t", "", {}, {r}, ""});
    EXPECT_LT(text.size(), 600000u);
    says(text, "One cell in 50 is drawn.");
    html::raster few_and_busy{"Spikes", "", {{"e", 2, std::vector<double>(100000, 1.0), std::vector<std::uint64_t>(100000, 0)}}, 1000};
    const auto cut = html::render({"t", "", {}, {few_and_busy}, ""});
    EXPECT_LT(cut.size(), 600000u);
    says(cut, "the first 20000 spikes");
}

html::film small_film() {
    html::film f{.cell = {.title = "a cell", .caption = "", .quantity = "potential", .unit = "mV", .shape = testing::small_shape(), .places = {}, .values = {}}, .times = {}, .frames = {}};
    for (int s = 1; s < 4; ++s) f.cell.places.push_back({s, 0.5}), f.cell.values.push_back(10*s);
    for (int k = 0; k < 5; ++k) {
        f.times.push_back(k);
        for (int s = 1; s < 4; ++s) f.frames.push_back(-80 + 10*s + k);
    }
    f.trace = {.name = "soma", .x = {0, 1, 2, 3, 4}, .y = {-70, -60, -50, -60, -70}};
    f.at = 2;
    return f;
}

html::scene small_scene(int cells) {
    html::scene s{.title = "circuit", .caption = "", .populations = {{"e</script>", testing::small_shape(), {}, {1, 2}, {0, 1}}, {"dots", {}, {}}}, .until = 10};
    for (int c = 0; c < cells; ++c) {
        s.populations[0].at.push_back({c*20.0, c*3.0, 0});
        s.populations[1].at.push_back({c*20.0, 50, 10});
    }
    return s;
}

TEST(film, has_a_frame_for_each_time_and_colours_for_each_place) {
    const auto text = html::render({"t", "", {}, {small_film()}, ""});
    says(text, "\"places\":3,\"at\":2.000,\"times\":[0.000,1.000,2.000,3.000,4.000]");
    const auto begin = text.find("\"frames\":\"") + 10;
    EXPECT_EQ(text.find('"', begin) - begin, 20u) << "15 bytes in base 64";
    for (const char* i : {"data-i=\"0\"", "data-i=\"1\"", "data-i=\"2\""}) EXPECT_GE(count_of(text, i), 1u) << i;
    says(text, "<line class=\"cursor\"");
    EXPECT_EQ(count_of(text, "http"), 0u) << "nothing to fetch";
    EXPECT_EQ(count_of(text, "<script"), count_of(text, "</script>"));
    EXPECT_EQ(count_of(text, "nan"), 0u);
    auto f = small_film();
    f.frames[4] = std::nan("");
    EXPECT_EQ(count_of(html::render({"t", "", {}, {f}, ""}), "nan"), 0u);
}

TEST(scene, holds_every_cell_and_what_people_write_cannot_end_the_script) {
    const auto text = html::render({"t", "", {}, {small_scene(3)}, ""});
    says(text, "\"at\":[0,0,0,20,3,0,40,6,0]");
    says(text, "\\u003c/script\\u003e");
    EXPECT_EQ(count_of(text, "<script"), count_of(text, "</script>"));
    says(text, "aria-label=\"circuit: 3 e&lt;/script&gt;, 3 dots in space.");
    says(text, "\"t\":[1.0,2.0],\"c\":[0,1]");
    says(html::render({"t", "", {}, {html::scene{}}, ""}), "\"until\":0");
}

TEST(scene, of_many_cells_stays_small_and_says_what_it_leaves_out) {
    const auto text = html::render({"t", "", {}, {small_scene(100000)}, ""});
    EXPECT_LT(text.size(), 2000000u);
    says(text, "28572 of 200000 cells are drawn.");
    says(text, "have their dendrites, the others are dots.");
}

TEST(bars, have_a_rectangle_for_each_part) {
    const html::bars b{"load", "", "s", {"compute", "wait", "idle"}, {{"p 0", {1, 2, 0}}, {"p 1", {2, std::nan(""), 0.5}}}};
    const auto drawing = svg::draw(b);
    EXPECT_EQ(count_of(drawing, "<rect class=\"bar"), 4u) << "none of no length";
    says(drawing, "<title>wait: 2 s</title>");
    EXPECT_EQ(count_of(drawing, "nan"), 0u);
    says(html::render({"t", "", {}, {b}, ""}), "<span class=\"c2\">idle</span>");
}

TEST(simplified, lines_keep_what_sticks_out) {
    const std::vector<point> line{{0, 0, 0, 1}, {2, 0.1, 0, 1}, {4, 0, 0, 1}, {4, 5, 0, 1}};
    const auto few = html::simplified(line, 0.5);
    EXPECT_EQ(few, (std::vector<point>{line[0], line[2], line[3]}));
    EXPECT_EQ(html::simplified(line, 0.01), line);
}

TEST(page, empty_figures_do_no_harm) {
    html::page p{"t", "", {}, {html::panel{.title = "", .caption = "", .lines = {}}, html::panel{.title = "", .caption = "", .lines = {html::line{}}}, html::raster{}, html::table{},
                               html::painted_cell{.title = "", .caption = "", .quantity = "", .unit = "", .shape = {}, .places = {}, .values = {}}, html::film{}, html::scene{}, html::bars{}}, ""};
    EXPECT_EQ(count_of(html::render(p), "nan"), 0u);
}

TEST(page, is_written_whole_or_not_at_all) {
    const testing::temporary_folder folder;
    html::write_page(folder / "a.html", {"t", "", {}, {}, ""});
    EXPECT_EQ(folder.entries(), 1);
    EXPECT_THROW(html::write_page(folder / "a.html", {"t", "", {}, {}, ""}), invalid_input);
}

}  // namespace
}  // namespace apical
