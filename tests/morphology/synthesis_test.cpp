// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/synthesis.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/random.hpp"
#include "morphology/expression.hpp"
#include "morphology/swc.hpp"
#include "morphology/synthesis_plan.hpp"

namespace apical {
namespace {

using enum cell_family;

double length_of(const std::string& region, const morphology& m) { return total_length(m, parse_region(region).on(m)); }
double area_of(const std::string& region, const morphology& m) { return total_area(m, parse_region(region).on(m)); }
double sections_of(const std::string& region, const morphology& m) { return static_cast<double>(parse_region(region).on(m).size()); }

synthesis::cell_plan plan_of(cell_family f, std::uint64_t index) {
    random_stream shape(0, identity(name_of(f)), index, identity("shape"));
    return synthesis::plan_cell(synthesis::rules_of(f), shape);
}

// ---- identity

TEST(synthesise, gives_one_cell_for_each_family_index_and_seed) {
    std::set<double> lengths;
    for (const auto f : cell_families())
        for (const std::uint64_t index : {0, 1})
            for (const std::uint64_t seed : {0, 1}) {
                const auto m = synthesise(f, index, seed);
                EXPECT_EQ(m, synthesise(f, index, seed));
                lengths.insert(length_of("all", m));
            }
    EXPECT_EQ(lengths.size(), 16u);
}

TEST(synthesise, families_have_names) {
    for (const auto f : cell_families()) EXPECT_EQ(parse_cell_family(name_of(f)), f);
    try {
        parse_cell_family("pv_baskets");
        FAIL();
    } catch (const invalid_model& e) {
        EXPECT_EQ(e.hint(), "did you mean 'pv_basket'?");
    }
}

// ---- the plan and its placement

TEST(synthesise, placement_keeps_every_length_diameter_and_link) {
    for (const auto f : cell_families()) {
        const auto plan = plan_of(f, 7);
        const auto m = synthesise(f, 7);
        ASSERT_EQ(m.size(), 1 + static_cast<int>(plan.branches.size()));
        EXPECT_NEAR(m.area(0), M_PI*plan.soma_length*plan.soma_diameter, 0.5);
        for (int i = 1; i < m.size(); ++i) {
            const auto& b = plan.branches[static_cast<std::size_t>(i - 1)];
            const auto& s = m[i];
            EXPECT_EQ(s.parent, b.parent + 1);
            EXPECT_EQ(s.parent_x, b.parent < 0 ? 0.5 : 1);
            EXPECT_NEAR(m.length(i), b.length, 2e-3*static_cast<double>(s.points.size())) << m.name(i);
            EXPECT_NEAR(m.distance({i, 0}), b.start, 0.2) << m.name(i);
            EXPECT_NEAR(s.points.front().diameter, b.first_diameter, 6e-4);
            EXPECT_NEAR(s.points.back().diameter, b.last_diameter, 6e-4);
            if (b.parent >= 0) { EXPECT_EQ(distance_between(s.points.front(), m[s.parent].points.back()), 0); }
            for (std::size_t k = 1; k < s.points.size(); ++k) EXPECT_LE(distance_between(s.points[k - 1], s.points[k]), 10);
        }
    }
}

TEST(synthesise, tips_of_each_tree_are_those_planned) {
    for (const auto f : {l5_tufted_pyramidal, pv_basket})
        for (std::uint64_t i = 0; i < 20; ++i) {
            const auto m = synthesise(f, i);
            const auto& rules = synthesis::rules_of(f);
            const double tips = sections_of("basal and terminal", m);
            EXPECT_GE(tips, rules.tips.least);
            EXPECT_LE(tips, rules.tips.most);
            double stems = 0, sections = sections_of("basal", m);
            for (int s = 1; s < m.size(); ++s) stems += m[s].parent == 0 && m[s].type == section_type::basal;
            EXPECT_GE(stems, rules.stems.least);
            EXPECT_LE(stems, rules.stems.most);
            EXPECT_EQ(sections, 2*tips - stems);   // every fork has two daughters
        }
}

TEST(synthesise, the_trunk_flares_at_the_soma_and_is_level_beyond) {
    const synthesis::trunk_profile trunk{.length = 660, .plateau = 2.65, .flare = 3.2, .flare_length = 30, .bulge = 0.25};
    EXPECT_NEAR(trunk.diameter(0), 5.85, 1e-12);
    EXPECT_NEAR(trunk.diameter(30), 2.65 + 3.2/std::exp(1), 1e-6);
    EXPECT_NEAR(trunk.diameter(300), 2.65, 1e-3);
    EXPECT_NEAR(trunk.diameter(660), 2.9, 1e-6);
    const auto m = synthesise(l5_tufted_pyramidal, 0);
    EXPECT_GT(m.at({m.find("apic[0]"), 0}).diameter, 5);
    EXPECT_LT(m.at(parse_locations("thickest(at(apical, 300 um))").on(m).front()).diameter, 3.4);
}

double tortuosity(const morphology& m, const std::string& region) {
    double along = 0, across = 0;
    for (const auto& s : parse_region(region).on(m)) {
        if (m.length(s.section) < 40) continue;
        along += m.length(s.section);
        across += distance_between(m[s.section].points.front(), m[s.section].points.back());
    }
    return along/across;
}

TEST(synthesise, dendrites_take_their_places_in_space) {
    double trunk_tortuosity = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
        const auto m = synthesise(l5_tufted_pyramidal, i);
        const auto plan = plan_of(l5_tufted_pyramidal, i);
        const double pia = 0.93*(plan.trunk.length + 480);
        int trunk_end = 0;
        for (int s = 1; s < m.size(); ++s) {
            for (const auto& p : m[s].points) EXPECT_LT(p.y, pia) << m.name(s);
            if (plan.branches[static_cast<std::size_t>(s - 1)].where == synthesis::part::trunk) trunk_end = s;
        }
        const auto top = m[trunk_end].points.back(), bottom = m[m.find("apic[0]")].points.front();
        const double straight = distance_between(bottom, top);
        EXPECT_GT((top.y - bottom.y)/straight, 0.9) << "the trunk leans";
        trunk_tortuosity += plan.trunk.length/straight/20;
        EXPECT_NEAR(tortuosity(m, "basal"), 1.15, 0.06);
        double lowest = 0;
        for (const auto& s : m.sections())
            for (const auto& p : s.points) lowest = std::min(lowest, p.y);
        EXPECT_LT(lowest, -50) << "no basal dendrite goes down";
    }
    EXPECT_NEAR(trunk_tortuosity, 1.05, 0.02);
    for (std::uint64_t i = 0; i < 20; ++i) {
        const auto m = synthesise(sst_martinotti, i);
        for (int s = 1; s < m.size(); ++s)
            if (m[s].parent == 0) {
                const auto &from = m[s].points[0], &to = m[s].points[1];
                EXPECT_GT(std::abs(to.y - from.y)/distance_between(from, to), 0.8) << "not bitufted";
            }
    }
}

// ---- statistics

struct measure { double sum = 0, squares = 0; int n = 0; };

struct target {
    const char* what;
    double least, most;   ///< of the mean over cells
};

/// Means over many cells lie within the ranges given for populations; a margin is in the ranges, not in the sample.
void expect_means(cell_family f, const std::map<std::string, measure>& found, std::initializer_list<target> targets) {
    for (const auto& t : targets) {
        ASSERT_TRUE(found.contains(t.what)) << t.what;
        const auto& m = found.at(t.what);
        EXPECT_GE(m.sum/m.n, t.least) << name_of(f) << ' ' << t.what;
        EXPECT_LE(m.sum/m.n, t.most) << name_of(f) << ' ' << t.what;
    }
}

constexpr int cells = 100;

std::map<std::string, measure> measured(cell_family f) {
    std::map<std::string, measure> all;
    const auto note = [&](const std::string& what, double x) {
        auto& m = all[what];
        m.sum += x, m.squares += x*x, ++m.n;
    };
    for (std::uint64_t i = 0; i < cells; ++i) {
        const auto m = synthesise(f, i);
        note("soma length", m.length(0));
        note("soma diameter", m[0].points[0].diameter);
        note("dendritic area", area_of("basal or apical", m));
        note("accepted", acceptance(m, f).empty());
        for (const std::string type : {"basal", "apical"}) {
            const double tips = sections_of(type + " and terminal", m), length = length_of(type, m), last = length_of(type + " and terminal", m);
            if (tips == 0) continue;
            note(type + " tips", tips);
            note(type + " length", length);
            note(type + " mean diameter", area_of(type, m)/length/M_PI);
            note(type + " last length", last/tips);
            note(type + " inner length", (length - last)/(sections_of(type, m) - tips));
            double path = 0, reach = 0, stems = 0;
            for (const auto& s : parse_region(type + " and terminal").on(m)) {
                path += m.distance({s.section, 1})/tips;
                reach = std::max(reach, m.distance({s.section, 1}));
            }
            for (int s = 1; s < m.size(); ++s) stems += m[s].parent == 0 && m.name(s).starts_with(type == "basal" ? "dend" : "apic");
            note(type + " tip path", path);
            note(type + " reach", reach);
            note(type + " stems", stems);
        }
    }
    return all;
}

TEST(synthesis_statistics, l5_tufted_pyramidal_cells_resemble_those_of_hay_2011) {
    expect_means(l5_tufted_pyramidal, measured(l5_tufted_pyramidal),
                 {{"soma length", 22.5, 25.5}, {"soma diameter", 13.3, 15.3}, {"basal stems", 5.5, 7.5}, {"basal tips", 37, 47},
                  {"basal length", 4900, 6100}, {"basal mean diameter", 0.55, 0.8}, {"basal tip path", 155, 198}, {"basal last length", 90, 135},
                  {"basal inner length", 24, 32}, {"apical length", 7400, 8900}, {"apical tips", 45, 57}, {"apical reach", 1187, 1395},
                  {"dendritic area", 29000, 36000}, {"accepted", 0.5, 1}});
}

TEST(synthesis_statistics, l23_pyramidal_cells_keep_to_reported_ranges) {
    expect_means(l23_pyramidal, measured(l23_pyramidal),
                 {{"soma length", 14, 18}, {"soma diameter", 11.5, 14.5}, {"basal stems", 4.5, 6.5}, {"basal tips", 22, 32},
                  {"basal length", 2200, 3000}, {"basal mean diameter", 0.6, 0.72}, {"basal tip path", 80, 160}, {"basal last length", 65, 95},
                  {"basal inner length", 17, 27}, {"apical length", 2000, 2500}, {"apical tips", 15, 22}, {"apical reach", 300, 480},
                  {"apical mean diameter", 0.65, 0.8}, {"dendritic area", 8000, 14000}, {"accepted", 0.5, 1}});
}

TEST(synthesis_statistics, pv_basket_cells_keep_to_reported_ranges) {
    expect_means(pv_basket, measured(pv_basket),
                 {{"soma length", 13, 17}, {"soma diameter", 11, 15}, {"basal stems", 5, 8}, {"basal tips", 12, 20}, {"basal length", 2000, 5000},
                  {"basal mean diameter", 0.7, 0.8}, {"basal tip path", 90, 210}, {"basal inner length", 25, 45}, {"dendritic area", 4000, 12000},
                  {"accepted", 0.5, 1}});
}

TEST(synthesis_statistics, sst_martinotti_cells_keep_to_reported_ranges) {
    expect_means(sst_martinotti, measured(sst_martinotti),
                 {{"soma length", 12, 16}, {"soma diameter", 9.5, 12.5}, {"basal stems", 3, 5}, {"basal tips", 10, 18}, {"basal length", 2900, 4500},
                  {"basal mean diameter", 0.63, 0.77}, {"basal tip path", 110, 250}, {"basal inner length", 30, 50}, {"dendritic area", 5000, 11000},
                  {"accepted", 0.5, 1}});
}

TEST(synthesis_statistics, parts_of_apical_dendrites_resemble_those_measured) {
    const auto measure_parts = [](cell_family f) {
        std::map<std::string, measure> all;
        for (std::uint64_t i = 0; i < cells; ++i) {
            const auto plan = plan_of(f, i);
            std::vector<int> daughters(plan.branches.size(), 0);
            for (const auto& b : plan.branches)
                if (b.parent >= 0) ++daughters[static_cast<std::size_t>(b.parent)];
            std::map<std::string, double> cell;
            for (std::size_t k = 0; k < plan.branches.size(); ++k) {
                const auto& b = plan.branches[k];
                const auto part = std::string(b.where == synthesis::part::trunk ? "trunk" : b.where == synthesis::part::oblique ? "oblique" : "tuft");
                if (b.where == synthesis::part::stem) continue;
                cell[part + " length"] += b.length;
                cell[part + " area"] += M_PI*b.length*plan.diameter(b, b.length/2);
                cell[part + " tips"] += daughters[k] == 0;
                cell[part + (daughters[k] == 0 ? " last length" : " inner length")] += b.length;
                if (daughters[k] == 0) cell[part + " path"] += b.start + b.length;
                const bool starts = b.parent >= 0 && plan.branches[static_cast<std::size_t>(b.parent)].where != b.where;
                cell[part + " trees"] += starts;
            }
            for (const std::string part : {"oblique", "tuft"}) {
                cell[part + " path"] /= cell[part + " tips"];
                cell[part + " last length"] /= cell[part + " tips"];
                cell[part + " inner length"] /= cell[part + " tips"] - cell[part + " trees"];
            }
            for (const auto& [what, x] : cell) all[what].sum += x, ++all[what].n;
        }
        return all;
    };
    expect_means(l5_tufted_pyramidal, measure_parts(l5_tufted_pyramidal),
                 {{"trunk length", 627, 731}, {"trunk area", 5400, 6600}, {"oblique trees", 9, 12}, {"oblique length", 3246, 3713},
                  {"oblique area", 6000, 7357}, {"oblique tips", 24, 33}, {"oblique last length", 80, 130}, {"oblique inner length", 25, 50},
                  {"oblique path", 300, 360}, {"tuft length", 3568, 4415}, {"tuft area", 8267, 10600}, {"tuft tips", 22, 25},
                  {"tuft last length", 62, 111}, {"tuft inner length", 65, 106}, {"tuft path", 1096, 1253}});
    expect_means(l23_pyramidal, measure_parts(l23_pyramidal),
                 {{"trunk length", 130, 250}, {"oblique trees", 4, 6}, {"oblique length", 800, 1000}, {"oblique tips", 8, 12}, {"tuft tips", 8, 12},
                  {"tuft length", 1100, 1500}});
}

// ---- acceptance

morphology with_change(morphology m, int changed_section, void (*change)(section&)) {
    morphology copy;
    for (int i = 0; i < m.size(); ++i) {
        auto s = m[i];
        if (i == changed_section) change(s);
        copy.add(std::move(s));
    }
    return copy;
}

std::string first_complaint(const morphology& m, cell_family f) {
    const auto found = acceptance(m, f);
    return found.empty() ? "" : found.front().text();
}

TEST(acceptance, names_what_is_wrong_with_a_tree) {
    const auto good = synthesise(pv_basket, accepted_indices(pv_basket, 1).front());
    const int last = good.size() - 1;
    ASSERT_EQ(first_complaint(good, pv_basket), "");
    const auto complaint = [&](int section, void (*change)(apical::section&)) { return first_complaint(with_change(good, section, change), pv_basket); };
    EXPECT_EQ(complaint(last, [](section& s) { s.points.back().diameter = 0.15; }), good.name(last) + ": diameter 0.15 um; expected 0.2 um or more");
    EXPECT_NE(complaint(last, [](section& s) { s.points.front().diameter = 5; }).find("um thick on a parent of"), std::string::npos);
    EXPECT_NE(complaint(last, [](section& s) { s.points = {s.points[0], s.points[1]}, s.points[1].x = s.points[0].x + 0.01,
                                                   s.points[1].y = s.points[0].y, s.points[1].z = s.points[0].z; }).find("expected 1 um or more"),
              std::string::npos);
    EXPECT_NE(complaint(last, [](section& s) { s.parent = -1; }).find("not connected"), std::string::npos);
    EXPECT_NE(complaint(0, [](section& s) { s.type = section_type::axon; }).find("does not begin with a soma"), std::string::npos);
    EXPECT_NE(first_complaint(morphology{}, pv_basket), "");
}

TEST(acceptance, names_what_a_cell_has_too_much_or_too_little_of) {
    const auto says = [](const morphology& m, cell_family f, const char* what) {
        for (const auto& p : acceptance(m, f))
            if (p.where.find(what) != std::string::npos) return true;
        return false;
    };
    const auto small = synthesise(pv_basket, 0), large = synthesise(l5_tufted_pyramidal, 0);
    for (const char* what : {"total length", "membrane area", "apical length", "apical tips", "longest apical path", "calcium zone"})
        EXPECT_TRUE(says(small, l5_tufted_pyramidal, what)) << what;
    for (const char* what : {"total length", "membrane area", "apical length", "apical tips", "longest apical path"})
        EXPECT_TRUE(says(large, l23_pyramidal, what)) << what;
    EXPECT_FALSE(says(small, pv_basket, "apical"));
    auto stretched = with_change(small, 1, [](section& s) { for (auto& p : s.points) p.x *= 2000; });
    EXPECT_TRUE(says(stretched, pv_basket, "morphology")) << "too many compartments";
}

TEST(acceptance, of_indices_takes_the_first_that_pass) {
    for (const auto f : cell_families()) {
        const auto chosen = accepted_indices(f, 3, 5);
        std::vector<std::uint64_t> expected;
        for (std::uint64_t i = 5; expected.size() < 3; ++i)
            if (acceptance(synthesise(f, i), f).empty()) expected.push_back(i);
        EXPECT_EQ(chosen, expected);
    }
}

// ---- the cells shipped

struct shipped { const char* file; cell_family family; std::uint64_t index; };

// The first accepted ones. Those of the first family may later be chosen by their electrical behaviour, too.
const shipped cells_shipped[] = {
    {"l5_tufted_pyramidal_a", l5_tufted_pyramidal, 0}, {"l5_tufted_pyramidal_b", l5_tufted_pyramidal, 1},
    {"l5_tufted_pyramidal_c", l5_tufted_pyramidal, 2}, {"l23_pyramidal_a", l23_pyramidal, 2},
    {"pv_basket_a", pv_basket, 0},                     {"sst_martinotti_a", sst_martinotti, 1},
};

TEST(shipped_cells, are_the_first_accepted) {
    std::map<cell_family, std::vector<std::uint64_t>> shipped_of;
    for (const auto& s : cells_shipped) shipped_of[s.family].push_back(s.index);
    for (const auto& [family, indices] : shipped_of) EXPECT_EQ(indices, accepted_indices(family, static_cast<int>(indices.size()))) << name_of(family);
}

std::string file_text(const shipped& s) {
    std::ostringstream out;
    out << fmt::format("# Synthetic cell made by Apical: family {}, index {}, seed 0.\n", name_of(s.family), s.index);
    write_swc(synthesise(s.family, s.index), out);
    return out.str();
}

std::filesystem::path file_of(const shipped& s) {
    return std::filesystem::path(APICAL_SOURCE_DIR)/"models/morphologies"/(std::string(s.file) + ".swc");
}

TEST(shipped_cells, are_what_the_generator_makes) {
    for (const auto& s : cells_shipped) {
        const auto expected = file_text(s);
        if (std::getenv("APICAL_REWRITE_MORPHOLOGIES")) std::ofstream(file_of(s)) << expected;
        std::ifstream in(file_of(s));
        std::stringstream found;
        found << in.rdbuf();
        EXPECT_TRUE(found.str() == expected) << file_of(s) << " differs; APICAL_REWRITE_MORPHOLOGIES=1 writes it anew";
    }
}

TEST(shipped_cells, are_accepted_as_read_from_their_files) {
    for (const auto& s : cells_shipped) {
        const auto r = read_morphology(file_of(s));
        EXPECT_TRUE(r.warnings.empty()) << s.file << ": " << r.warnings.front().text();
        EXPECT_EQ(first_complaint(r.shape, s.family), "") << s.file;
    }
}

TEST(shipped_cells, lose_nothing_in_the_file_but_a_step_in_diameter) {
    for (const auto& s : cells_shipped) {
        const auto made = synthesise(s.family, s.index), read = read_morphology(file_of(s)).shape;
        ASSERT_EQ(read.size(), made.size());
        for (int i = 0; i < made.size(); ++i) {
            EXPECT_EQ(read.name(i), made.name(i));
            EXPECT_EQ(read[i].parent, made[i].parent);
            EXPECT_NEAR(read.length(i), made.length(i), 1e-6);
            // The step from the parent's diameter to the branch's own becomes a ring of membrane and half a um of taper.
            const double own = made[i].points.front().diameter, parents = i == 0 ? own : made.at({made[i].parent, made[i].parent_x}).diameter;
            const bool on_soma = made[i].parent <= 0;
            EXPECT_GE(read.area(i), made.area(i) - 1e-3) << read.name(i);
            EXPECT_LE(read.area(i), made.area(i) + (on_soma ? 1e-3 : M_PI/4*(parents*parents - own*own) + parents + 0.5)) << read.name(i);
            EXPECT_NEAR(read.distance({i, 1}), made.distance({i, 1}), 1e-6);
        }
        EXPECT_NEAR(area_of("all", read)/area_of("all", made), 1, 5e-3);
    }
}

}  // namespace
}  // namespace apical
