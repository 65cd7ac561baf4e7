// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "morphology/read.hpp"

namespace apical {
namespace {

constexpr auto siemens_per_cm2 = dimensions::conductance_density;

section cable(section_type type, int parent, double parent_x, point from, point to) { return {type, parent, parent_x, {from, to}}; }

/// A soma of 20 um; a basal stem of 100 um with two daughters of 50 um; an apical trunk of 200 um, tapering from 4 to 2 um,
/// with an oblique of 60 um at its middle and two tuft branches of 300 um, one thicker than the other; a custom section.
morphology small_cell() {
    morphology m;
    m.add(cable(section_type::soma, -1, 0, {0, -10, 0, 20}, {0, 10, 0, 20}));           // 0
    m.add(cable(section_type::basal, 0, 0.5, {0, 0, 0, 1}, {100, 0, 0, 1}));            // 1 dend[0]
    m.add(cable(section_type::basal, 1, 1, {100, 0, 0, 0.5}, {150, 0, 0, 0.5}));        // 2 dend[1]
    m.add(cable(section_type::basal, 1, 1, {100, 0, 0, 0.5}, {100, 50, 0, 0.5}));       // 3 dend[2]
    m.add(cable(section_type::apical, 0, 0.5, {0, 0, 0, 4}, {0, 200, 0, 2}));           // 4 apic[0]
    m.add(cable(section_type::apical, 4, 0.5, {0, 100, 0, 1}, {60, 100, 0, 1}));        // 5 apic[1]
    m.add(cable(section_type::apical, 4, 1, {0, 200, 0, 1}, {300, 200, 0, 1}));         // 6 apic[2]
    m.add(cable(section_type::apical, 4, 1, {0, 200, 0, 1.5}, {-300, 200, 0, 1.5}));    // 7 apic[3]
    m.add(cable(section_type{5}, 0, 1, {0, 10, 0, 1}, {0, 10, 40, 1}));                 // 8 dend_5[0]
    return m;
}

bool holds(const std::string& text, const morphology& m, location l) { return parse_region(text).contains(at(m, l)); }

std::vector<location> found(const std::string& text, const morphology& m) { return parse_locations(text).on(m); }

double value(const std::string& text, dimension d, const morphology& m, location l) { return parse_value(text, d).at(at(m, l)); }

// ---- text

TEST(expression_text, canonical_spelling_is_returned_unchanged) {
    for (const std::string text : {
             "all", "soma", "axon", "basal", "apical", "type(5)", "type(0)", "terminal", "soma[0]", "apic[36]", "dend_5[2]",
             "sections(apic[36], dend[0])", "apic[36](0.2 .. 0.8)", "subtree(apic[36])", "subtree(soma)", "distance > 685 um",
             "685 um < distance < 885 um", "diameter <= 1 um", "order == 2", "order != 2", "x >= 0.5", "soma or axon",
             "(soma or axon) and not terminal", "soma or axon and terminal", "not (soma and terminal)",
             "not 685 um < distance < 885 um", "distance/50 um < order + 1", "distance > 0.5*max_distance(apical and not terminal)"})
        EXPECT_EQ(parse_region(text).text(), text);
    for (const std::string text : {"soma(0.5)", "apic[36](0.97)", "at(apical, 620 um)", "thickest(at(apical, 620 um))", "tips(apical)",
                                   "centre(soma)", "soma(0.5), apic[36](0.97), tips(basal or axon)",
                                   "thickest(at(apical, 620 um), soma(0.5))", "at(apical, 0.5*max_distance(apical))"})
        EXPECT_EQ(parse_locations(text).text(), text);
    for (const std::string text : {
             "2e-4 S/cm2*(-0.8696 + 2.0870*exp(3.6161*distance/max_distance(apical)))",
             "where(685 um < distance < 885 um, 0.0187 S/cm2, 0.000187 S/cm2)", "(2 um)^2*1 S/cm2/um^2", "-(1 S/cm2)^1",
             "min(1 S/cm2, 2 mS/cm2, 3 pS/um2)", "1 S/cm2/(1 + x^2)^-1 - 3 S/cm2*(order - 1)", "sqrt((1 S/cm2)^2)",
             "1 S/cm2*(1 - (2 - 3))/(4/(5*6))", "1 S/cm2*2^(1/3)*2^3^x*(2^3)^x", "1 S/cm2*max(log(2), sigmoid(x), abs(-x))"})
        EXPECT_EQ(parse_value(text, siemens_per_cm2).text(), text);
}

TEST(expression_text, other_spellings_mean_the_same) {
    const auto same = [](const char* a, const char* b) { EXPECT_EQ(parse_region(a), parse_region(b)) << a << " and " << b; };
    same("dend", "basal");
    same("apic", "apical");
    same("dend_5", "type(5)");
    same("type(4)", "apical");
    same("basal[3]", "dend[3]");
    same("apical[3](.2..0.80)", "apic[3](0.2 .. 0.8)");
    same("((soma))", "soma");
    same("not not soma", "soma");
    same("soma or (axon or dend)", "soma or axon or dend");
    same("\tdistance\n> (685um)", "distance > 685 um");
    EXPECT_EQ(parse_value("pow(x, 2)", dimensions::none), parse_value("x^2", dimensions::none));
    EXPECT_FALSE(parse_region("soma") == parse_region("axon"));
}

TEST(expression_text, units_extend_as_far_as_units_follow) {
    const auto coherent = [](const char* text, dimension d) { return parse_value(text, d).at({}); };
    EXPECT_DOUBLE_EQ(coherent("100 ohm cm", dimensions::resistivity), 1);
    EXPECT_DOUBLE_EQ(coherent("100 ohm*cm", dimensions::resistivity), 1);
    EXPECT_DOUBLE_EQ(coherent("6 /s", dimensions::rate), 6e-3);
    EXPECT_DOUBLE_EQ(coherent("6/s", dimensions::rate), 6e-3);
    EXPECT_DOUBLE_EQ(coherent("2 um^2 / 2", dimensions::area), 1);
    EXPECT_DOUBLE_EQ(coherent("2 um^-1*3", dimensions::length.power(-1)), 6);
    EXPECT_DOUBLE_EQ(coherent("1 min", dimensions::time), 60e3);
    EXPECT_DOUBLE_EQ(coherent("min(1 min, 1 s)", dimensions::time), 1e3);
    EXPECT_DOUBLE_EQ(coherent("1e-4 S / cm2 * 3", siemens_per_cm2), 3e-6);
    EXPECT_DOUBLE_EQ(coherent("100 um/50 um", dimensions::none), 2);
}

TEST(expression_text, units_to_boundless_powers_are_refused) {
    std::string power = "1 um", product = "(1 um)^9";
    for (int i = 0; i < 12; ++i) power = "(" + power + ")^9", product = "(" + product + "*" + product + ")";
    EXPECT_THROW(parse_region("distance < " + power), invalid_model);
    EXPECT_THROW(parse_region("distance < " + product), invalid_model);
    EXPECT_THROW(parse_value("1 um^2147483647", dimensions::length), invalid_model);
    EXPECT_EQ(parse_value("((1 um)^9)^9", dimensions::length.power(81)).at({}), 1);
}

// ---- errors

struct mistake {
    const char* text;
    std::size_t column;
    const char *what, *hint;
};

template <class Parse> void expect_refused(Parse parse, const mistake& m) {
    try {
        parse(m.text);
        ADD_FAILURE() << "accepted: " << m.text;
    } catch (const invalid_model& e) {
        EXPECT_EQ(e.where(), fmt::format("expression, column {}", m.column)) << m.text;
        EXPECT_NE(e.problems().front().what.find(m.what), std::string::npos) << e.what();
        EXPECT_NE(e.hint().find(m.hint), std::string::npos) << e.what();
        const std::string all = e.what();
        const auto last_line = all.substr(all.rfind('\n') + 1);
        EXPECT_EQ(last_line.find('^'), 4 + m.column - 1) << all;
    }
}

TEST(expression_errors, of_regions_name_place_and_remedy) {
    for (const mistake& m : {
             mistake{"distance > 685", 12, "[um] and a plain number", "did you mean 685 um?"},
             mistake{"685 < distance", 1, "a plain number and [um]", "did you mean 685 um?"},
             mistake{"distance > 685 mV", 12, "[um] and [mV]", "differ by"},
             mistake{"distance > 685 umm", 12, "unknown unit 'umm'", "write a number and a unit"},
             mistake{"distnce > 685 um", 1, "'distnce'", "did you mean 'distance'?"},
             mistake{"soma && axon", 6, "unexpected '&'", "write and"},
             mistake{"distance = 5 um", 10, "unexpected '='", "write =="},
             mistake{"soma axon", 6, "'axon' comes where the end", "operator"},
             mistake{"soma(0.5)", 1, "a region should be here, this is locations", "apic[3](0.2 .. 0.8)"},
             mistake{"distance", 1, "this is a value", "compare it"},
             mistake{"apic(0.5)", 1, "a kind of section, not one section", "apic[0](0.5)"},
             mistake{"apic[", 6, "the expression ends", "missing"},
             mistake{"apic[3.5]", 6, "the section's number", "missing"},
             mistake{"apic[36](0.8 .. 0.2)", 10, "does not end behind", "write 0.2 .. 0.8"},
             mistake{"apic[36](0.8 .. 1.2)", 17, "outside 0 to 1", "at(region, 100 um)"},
             mistake{"foo[3]", 1, "'foo' is no kind of section", "dend_5[3]"},
             mistake{"(soma", 6, "where ')' should be", "missing"},
             mistake{"soma)", 5, "')' comes where the end", "missing"},
             mistake{"", 1, "the expression ends", "missing"},
             mistake{"soma and 5", 10, "this is a value", "compare"},
             mistake{"type(soma)", 6, "the number of a section type", "missing"},
             mistake{"soma, axon", 1, "locations should be here", "centre(soma)"},
         })
        expect_refused(parse_region, m);
}

TEST(expression_errors, of_locations_name_place_and_remedy) {
    for (const mistake& m : {
             mistake{"soma", 1, "this is a region", "centre(soma), tips(soma) or at(soma, 100 um)"},
             mistake{"soma(0.5), apical", 12, "this is a region", "tips(apical)"},
             mistake{"at(apical, 620)", 12, "at needs [um], got a plain number", "did you mean 620 um?"},
             mistake{"at(apical, distance)", 12, "varies in space", "0.5*max_distance(apical)"},
             mistake{"soma(5 um)", 6, "needs a plain number, got [um]", "divide"},
             mistake{"5 um", 1, "this is a value", "soma(0.5)"},
         })
        expect_refused(parse_locations, m);
}

TEST(expression_errors, of_values_name_place_and_remedy) {
    for (const mistake& m : {
             mistake{"5", 1, "needs [S/cm2], got a plain number", "did you mean 5 S/cm2?"},
             mistake{"5 S", 1, "needs [S/cm2], got [uS]", "differ by"},
             mistake{"distance/1 um", 1, "needs [S/cm2], got a plain number", "multiply it by a quantity in [S/cm2]"},
             mistake{"exp(distance)*1 S/cm2", 5, "exp needs a plain number, got [um]", "divide it by a quantity in [um]"},
             mistake{"1 S/cm2 + 5", 11, "'+' needs two values of one dimension, got [S/cm2] and a plain number", "did you mean 5 S/cm2?"},
             mistake{"1 S/cm2 - soma", 11, "this is a region", "where(soma, inside, outside)"},
             mistake{"where(soma, 1 S/cm2, 0)", 22, "where needs two values of one dimension", "did you mean 0 S/cm2?"},
             mistake{"where(soma, 1 S/cm2)", 20, "where ',' should be", "missing"},
             mistake{"exp(1, 2)*1 S/cm2", 1, "exp has 2 arguments", "it takes 1"},
             mistake{"min(x)*1 S/cm2", 1, "min has 1 arguments", "2 or more"},
             mistake{"distance^0.5", 10, "must be an integer", "divide the base"},
             mistake{"2^distance", 3, "an exponent needs a plain number", "divide"},
             mistake{"sqrt(distance)", 6, "sqrt of [um]", "divide"},
             mistake{"1e400 S/cm2", 1, "not a finite number", "write a number"},
             mistake{"frobnicate(3)", 1, "'frobnicate' means nothing", "known: "},
             mistake{"sqrd(3)", 1, "'sqrd' means nothing", "did you mean 'sqrt'?"},
         })
        expect_refused([](std::string_view t) { return parse_value(t, siemens_per_cm2); }, m);
}

TEST(expression_errors, point_into_the_right_line_of_long_and_multibyte_text) {
    const std::string two_lines = "soma or\n   axn";
    try {
        parse_region(two_lines);
        FAIL();
    } catch (const invalid_model& e) {
        EXPECT_EQ(e.where(), "expression, column 4");
        EXPECT_NE(std::string(e.what()).find("\n       axn\n       ^^^"), std::string::npos) << e.what();
    }
    expect_refused(parse_region, {"diameter > 5 \xC2\xB5m and x > 2 mV", 25, "a plain number and [mV]", "divide"});
    std::string many = "soma";
    for (int i = 0; i < 200; ++i) many += " or soma";
    EXPECT_THROW(parse_region(many + " or sma"), invalid_model);
}

TEST(expression_errors, no_depth_of_nesting_exhausts_the_stack) {
    const auto repeated = [](const std::string& s, int n) {
        std::string all;
        for (int i = 0; i < n; ++i) all += s;
        return all;
    };
    constexpr int n = 100000;
    EXPECT_THROW(parse_region(repeated("(", n) + "soma" + repeated(")", n)), invalid_model);
    EXPECT_THROW(parse_region(repeated("not ", n) + "soma"), invalid_model);
    EXPECT_THROW(parse_value(repeated("-", n) + "x", dimensions::none), invalid_model);
    EXPECT_THROW(parse_value(repeated("x^", n) + "x", dimensions::none), invalid_model);
    EXPECT_THROW(parse_value(repeated("x+", n) + "x", dimensions::none), invalid_model);
    EXPECT_THROW(parse_value(repeated("abs(", n) + "x" + repeated(")", n), dimensions::none), invalid_model);
    auto chain = parse_region("soma");
    EXPECT_THROW(for (int i = 0; i < n; ++i) chain = (i % 2) ? chain || chain : chain && parse_region("axon"), invalid_model);
    // while long flat unions, as scripts write them, are fine
    EXPECT_EQ(found(repeated("soma(0.5), ", 1000) + "soma(0.5)", small_cell()).size(), 1u);
    EXPECT_TRUE(holds(repeated("axon or ", 1000) + "soma", small_cell(), {0, 0.5}));
}

// ---- regions

TEST(region, atoms_hold_where_they_say) {
    const auto m = small_cell();
    struct claim { const char* text; location l; bool holds; };
    for (const claim& c : {
             claim{"all", {8, 0.5}, true}, claim{"soma", {0, 0.5}, true}, claim{"soma", {1, 0.5}, false}, claim{"basal", {2, 0.5}, true},
             claim{"apical", {7, 0.5}, true}, claim{"axon", {7, 0.5}, false}, claim{"type(5)", {8, 0.5}, true},
             claim{"dend_5", {8, 0.5}, true}, claim{"terminal", {4, 0.5}, false}, claim{"terminal", {5, 0.5}, true},
             claim{"apic[2]", {6, 0.5}, true}, claim{"apic[2]", {7, 0.5}, false}, claim{"apic[2](0.2 .. 0.8)", {6, 0.2}, true},
             claim{"apic[2](0.2 .. 0.8)", {6, 0.81}, false}, claim{"apic[2](0.2 .. 0.8)", {7, 0.5}, false},
             claim{"sections(apic[2], dend[0])", {1, 0.5}, true}, claim{"sections(apic[2], dend[0])", {2, 0.5}, false},
             claim{"subtree(apic[0])", {7, 0.5}, true}, claim{"subtree(apic[0])", {1, 0.5}, false},
             claim{"subtree(soma)", {8, 0.5}, true}, claim{"subtree(dend[1])", {2, 0}, true}, claim{"subtree(dend[1])", {3, 0}, false},
             claim{"distance > 200 um", {6, 0.1}, true}, claim{"distance > 200 um", {6, 0}, false},
             claim{"200 um <= distance < 210 um", {6, 0}, true}, claim{"10 um < distance < 230 um < 1 mm", {6, 0.2}, false},
             claim{"diameter > 3 um", {4, 0.4}, true}, claim{"diameter > 3 um", {4, 0.6}, false}, claim{"order == 0", {4, 0.5}, true},
             claim{"order == 1", {5, 0.5}, true}, claim{"order >= 1", {0, 0.5}, false}, claim{"x < 0.5", {3, 0.4}, true},
             claim{"distance > 0.9*max_distance(apical)", {6, 0.9}, true},
             claim{"distance > 0.9*max_distance(apical)", {6, 0.5}, false}})
        EXPECT_EQ(holds(c.text, m, c.l), c.holds) << c.text << " at " << m.name(c.l.section) << '(' << c.l.x << ')';
}

/// Deterministic draws: the engine's sequence is fixed by the standard, its distributions are not.
struct dice {
    std::mt19937_64 engine{20110701};
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine() % n); }
    double unit() { return static_cast<double>(engine() >> 11)*0x1p-53; }
};

std::string random_region(dice& d, int depth) {
    if (depth == 0) {
        const char* atoms[] = {"all", "soma", "basal", "apical", "terminal", "type(5)", "apic[1]", "apic[2](0.25 .. 0.5)", "subtree(dend[0])",
                               "distance > 120 um", "100 um <= distance < 300 um", "diameter < 1.2 um", "order == 1", "x != 0.5"};
        return atoms[d.below(std::size(atoms))];
    }
    const auto a = random_region(d, depth - 1), b = random_region(d, depth - 1);
    switch (d.below(3)) {
        case 0: return fmt::format("({}) and ({})", a, b);
        case 1: return fmt::format("({}) or ({})", a, b);
        default: return fmt::format("not ({})", a);
    }
}

TEST(region, obeys_boolean_algebra_everywhere) {
    const auto m = small_cell();
    dice d;
    for (int trial = 0; trial < 200; ++trial) {
        const auto a = parse_region(random_region(d, 2)), b = parse_region(random_region(d, 2)), c = parse_region(random_region(d, 1));
        EXPECT_EQ(!!a, a);
        EXPECT_EQ(parse_region(a.text()), a);
        for (int i = 0; i < 20; ++i) {
            const auto p = at(m, {static_cast<int>(d.below(9)), d.unit()});
            const auto says = [&](const region& r) { return r.bound_to(m).contains(p); };
            const auto context = fmt::format("{} | {} | {} at {}({})", a.text(), b.text(), c.text(), p.section, p.x);
            EXPECT_EQ(says(!(a && b)), says(!a || !b)) << context;
            EXPECT_EQ(says(!(a || b)), says(!a && !b)) << context;
            EXPECT_EQ(says(a && (b || c)), says((a && b) || (a && c))) << context;
            EXPECT_EQ(says(a && b), says(a) && says(b)) << context;
            EXPECT_EQ(says(a || b), says(a) || says(b)) << context;
            EXPECT_FALSE(says(a && !a)) << context;
            EXPECT_TRUE(says(a || !a)) << context;
            EXPECT_EQ(a.contains(p), says(a)) << context;   // bound or not
        }
    }
}

TEST(region, becomes_stretches_with_exact_ends) {
    const auto m = small_cell();
    const auto on = [&](const char* text) { return parse_region(text).on(m); };
    EXPECT_EQ(on("soma or dend_5"), (std::vector<stretch>{{0, 0, 1}, {8, 0, 1}}));
    EXPECT_EQ(on("axon"), std::vector<stretch>{});
    EXPECT_EQ(on("apic[2](0.2 .. 0.8)"), (std::vector<stretch>{{6, 0.2, 0.8}}));
    EXPECT_EQ(on("apic[2](0.2 .. 0.4) or apic[2](0.4 .. 0.8)"), (std::vector<stretch>{{6, 0.2, 0.8}}));
    EXPECT_EQ(on("apic[2](0.2 .. 0.2001)"), (std::vector<stretch>{{6, 0.2, 0.2001}}));
    EXPECT_EQ(on("apic[2] and x == 0.5"), std::vector<stretch>{});
    const auto band = on("apic[2] and 260 um < distance < 260.3 um");
    ASSERT_EQ(band.size(), 1u);
    EXPECT_NEAR(band[0].from, 0.2, 1e-12);
    EXPECT_NEAR(band[0].to, 0.201, 1e-12);
    const auto thick = on("apic[0] and diameter > 3.1 um");
    ASSERT_EQ(thick.size(), 1u);
    EXPECT_EQ(thick[0].from, 0);
    EXPECT_NEAR(thick[0].to, 0.45, 1e-12);
    const auto around_origin = on("soma and distance < 4 um");
    ASSERT_EQ(around_origin.size(), 1u);
    EXPECT_NEAR(around_origin[0].from, 0.3, 1e-12);
    EXPECT_NEAR(around_origin[0].to, 0.7, 1e-12);
    const auto outer = on("apic[2] and not apic[2](0.2 .. 0.8)");
    ASSERT_EQ(outer.size(), 2u);
    EXPECT_NEAR(outer[0].to, 0.2, 1e-12);
    EXPECT_NEAR(outer[1].from, 0.8, 1e-12);
}

TEST(region, a_bound_copy_still_answers_for_other_morphologies) {
    const auto m = small_cell();
    morphology other;
    other.add(cable(section_type::apical, -1, 0, {0, 0, 0, 1}, {10, 0, 0, 1}));
    const auto r = parse_region("apic[0] and distance > 0.5*max_distance(all)").bound_to(m);
    EXPECT_TRUE(r.contains(at(other, {0, 0.9})));
    EXPECT_FALSE(r.contains(at(other, {0, 0.1})));
    EXPECT_FALSE(r.contains(at(m, {4, 0.9})));
}

TEST(region, missing_sections_are_named_with_those_that_exist) {
    const auto m = small_cell();
    const auto hint = [&](const char* text) {
        try {
            parse_region(text).bound_to(m);
        } catch (const invalid_model& e) {
            EXPECT_NE(std::string(e.what()).find("no such section"), std::string::npos);
            return e.hint();
        }
        return std::string("accepted");
    };
    EXPECT_EQ(hint("apic[36]"), "there are apic[0] to apic[3]");
    EXPECT_EQ(hint("not subtree(soma[1])"), "the only one of its kind is soma[0]");
    EXPECT_EQ(hint("all or sections(soma, axon[0])"), "its sections are of the kinds soma, dend, apic, dend_5");
    EXPECT_THROW(parse_region("distance > max_distance(axon)").bound_to(m), invalid_model);
    EXPECT_THROW(parse_region("apic[36]").contains(at(m, {0, 0.5})), invalid_model);
}

// ---- locations

TEST(locations, follow_the_tree) {
    const auto m = small_cell();
    EXPECT_EQ(found("soma(0.5), apic[2](0.25), soma(0.5)", m), (std::vector<location>{{0, 0.5}, {6, 0.25}}));
    EXPECT_EQ(found("at(apical, 350 um)", m), (std::vector<location>{{6, 0.5}, {7, 0.5}}));
    EXPECT_EQ(found("thickest(at(apical, 350 um))", m), (std::vector<location>{{7, 0.5}}));
    EXPECT_EQ(found("at(apical, 150 um)", m), (std::vector<location>{{4, 0.75}, {5, 50.0/60}}));
    EXPECT_EQ(found("at(apical, 0.5*max_distance(apical))", m), (std::vector<location>{{6, 1.0/6}, {7, 1.0/6}}));
    EXPECT_EQ(found("tips(apical)", m), (std::vector<location>{{5, 1}, {6, 1}, {7, 1}}));
    EXPECT_EQ(found("tips(distance > 150 um and apical)", m), (std::vector<location>{{5, 1}, {6, 1}, {7, 1}}));
    EXPECT_EQ(found("centre(soma)", m), (std::vector<location>{{0, 0.5}}));
    EXPECT_EQ(found("centre(basal)", m), (std::vector<location>{{1, 0.5}, {2, 0.5}, {3, 0.5}}));
    EXPECT_EQ(found("at(soma, 5 um)", m), (std::vector<location>{{0, 0.25}, {0, 0.75}}));
}

TEST(locations, a_fork_is_one_place) {
    const auto m = small_cell();
    EXPECT_EQ(found("at(apical, 200 um)", m), (std::vector<location>{{4, 1}}));
    EXPECT_EQ(found("at(all, 0 um)", m), (std::vector<location>{{0, 0.5}}));
    EXPECT_EQ(found("at(apical, 0 um)", m), (std::vector<location>{{4, 0}}));   // the soma is not in the region
    EXPECT_EQ(found("at(order >= 1, 200 um)", m), (std::vector<location>{{6, 0}, {7, 0}}));
    EXPECT_EQ(found("at(basal, 150 um)", m), (std::vector<location>{{2, 1}, {3, 1}}));
}

TEST(locations, none_at_all_is_an_error_naming_the_text) {
    const auto m = small_cell();
    for (const std::string text : {"at(apical, 5000 um)", "thickest(at(apical, 5000 um))", "tips(axon)", "centre(axon)",
                                   "at(apical, max_distance(axon))"}) {
        try {
            parse_locations(text).on(m);
            ADD_FAILURE() << text;
        } catch (const invalid_model& e) {
            EXPECT_EQ(e.where(), "expression '" + text + "'");
        }
    }
    EXPECT_THROW(parse_locations("apic[7](0.5)").on(m), invalid_model);
}

TEST(place, refuses_what_is_not_on_the_cell) {
    const auto m = small_cell();
    EXPECT_THROW(at(m, {9, 0.5}), invalid_model);
    EXPECT_THROW(at(m, {-1, 0.5}), invalid_model);
    EXPECT_THROW(at(m, {0, 1.5}), invalid_model);
    EXPECT_THROW(at(m, {0, std::nan("")}), invalid_model);
    const auto p = at(m, {7, 0.5});
    EXPECT_DOUBLE_EQ(p.distance, 350);
    EXPECT_DOUBLE_EQ(p.diameter, 1.5);
    EXPECT_EQ(p.order, 1);
}

// ---- values

TEST(value_expression, computes_what_it_says) {
    const auto m = small_cell();
    const location l{6, 0.5};   // 350 um from the soma, 1 um thick
    const auto plain = [&](const char* text) { return value(text, dimensions::none, m, l); };
    EXPECT_DOUBLE_EQ(plain("1 + 2*3^2 - 4/8"), 18.5);
    EXPECT_DOUBLE_EQ(plain("-2^2"), -4);
    EXPECT_DOUBLE_EQ(plain("2^3^2"), 512);
    EXPECT_DOUBLE_EQ(plain("8/4/2"), 1);
    EXPECT_DOUBLE_EQ(plain("8 - 4 - 2"), 2);
    EXPECT_DOUBLE_EQ(plain("2^-1"), 0.5);
    EXPECT_DOUBLE_EQ(plain("exp(1) + log(2) + sqrt(9)"), std::exp(1) + std::log(2) + 3);
    EXPECT_DOUBLE_EQ(plain("sigmoid(0.3)"), 1/(1 + std::exp(-0.3)));
    EXPECT_DOUBLE_EQ(plain("min(3, 1, 2) + 10*max(3, 1, 2) + abs(-100)"), 131);
    EXPECT_DOUBLE_EQ(plain("distance/1 um + diameter/1 mm + 1000*order + x"), 350 + 0.001 + 1000 + 0.5);
    EXPECT_DOUBLE_EQ(plain("max_distance(apical)/max_distance(basal)"), 500.0/150);
    EXPECT_DOUBLE_EQ(plain("max_distance(apic[2](0.1 .. 0.4))/1 um"), 320);
    EXPECT_DOUBLE_EQ(plain("max_distance(distance < 77 um)/1 um"), 77);
    EXPECT_DOUBLE_EQ(plain("where(apical, 1, 2) + where(soma, 10, 20)"), 21);
    EXPECT_DOUBLE_EQ(value("sqrt(4 um2)", dimensions::length, m, l), 2);
    EXPECT_DOUBLE_EQ(value("(2 um)^3", dimensions::volume, m, l), 8);
    EXPECT_DOUBLE_EQ(value("(2 um)^-1", dimensions::length.power(-1), m, l), 0.5);
}

TEST(value_expression, gives_the_published_distributions) {
    const auto m = small_cell();
    const auto ih = parse_value("2e-4 S/cm2*(-0.8696 + 2.0870*exp(3.6161*distance/max_distance(apical)))", siemens_per_cm2).bound_to(m);
    const auto zone = parse_value("where(300 um < distance < 400 um, 0.0187 S/cm2, 0.000187 S/cm2)", siemens_per_cm2);
    dice d;
    for (int i = 0; i < 200; ++i) {
        const auto p = at(m, {static_cast<int>(d.below(9)), d.unit()});
        EXPECT_DOUBLE_EQ(ih.at(p), 2e-6*(-0.8696 + 2.0870*std::exp(3.6161*p.distance/500)));
        EXPECT_DOUBLE_EQ(zone.at(p), p.distance > 300 && p.distance < 400 ? 1.87e-4 : 1.87e-6);
    }
    EXPECT_EQ(ih.text(), "2e-4 S/cm2*(-0.8696 + 2.0870*exp(3.6161*distance/max_distance(apical)))");
}

TEST(value_expression, is_never_silently_not_a_number) {
    const auto m = small_cell();
    const auto p = at(m, {1, 0.5});
    for (const std::string text : {"1/(x - 0.5)", "log(-x)", "sqrt(-x)", "exp(1000)", "(-1)^x", "distance/max_distance(axon)"}) {
        try {
            parse_value(text, dimensions::none).at(p);
            ADD_FAILURE() << text;
        } catch (const invalid_model& e) {
            EXPECT_NE(std::string(e.what()).find("dend[0](0.5)"), std::string::npos) << e.what();
        }
    }
    // a longest distance of nothing does no harm where it is not used
    EXPECT_EQ(parse_value("where(axon, distance/max_distance(axon), 3)", dimensions::none).at(p), 3);
}

TEST(value_expression, knows_its_dimension_and_constancy) {
    EXPECT_EQ(parse_value("3 mV", dimensions::voltage).dimension(), dimensions::voltage);
    EXPECT_TRUE(parse_value("2*3 mV", dimensions::voltage).is_constant());
    EXPECT_FALSE(parse_value("2*distance", dimensions::length).is_constant());
    EXPECT_FALSE(parse_value("max_distance(all)", dimensions::length).is_constant());
    EXPECT_FALSE(parse_value("where(soma, 1, 1)", dimensions::none).is_constant());
}

// ---- the published sites and densities, on the published reconstruction

class hay2011 : public testing::Test {
protected:
    void SetUp() override {
        const char* named = std::getenv("APICAL_DATA");
        const auto data = named ? std::filesystem::path(named) : std::filesystem::path(APICAL_SOURCE_DIR)/"../shared/data";
        const auto file = data/"morphologies/hay2011_cell1.asc";
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "hay2011_cell1.asc is not there: set APICAL_DATA to the folder of morphologies/";
        shape = read_morphology(file).shape;
    }
    morphology shape;
};

TEST_F(hay2011, sites_are_those_of_the_authors) {
    struct site { const char* distance; const char* section; double x; };
    for (const site& s : {site{"620 um", "apic[36]", 0.97233}, {"400 um", "apic[36]", 0.07534}, {"830 um", "apic[51]", 0.65568}}) {
        const auto l = found(fmt::format("thickest(at(apical, {}))", s.distance), shape);
        ASSERT_EQ(l.size(), 1u);
        EXPECT_EQ(shape.name(l[0].section), s.section);
        EXPECT_NEAR(l[0].x, s.x, 6e-6);
    }
}

TEST_F(hay2011, densities_are_those_of_the_authors) {
    EXPECT_NEAR(value("max_distance(apical)", dimensions::length, shape, {0, 0.5}), 1300.5335, 1e-3);
    const auto ih = parse_value("2e-4 S/cm2*(-0.8696 + 2.0870*exp(3.6161*distance/max_distance(apical)))", siemens_per_cm2);
    EXPECT_NEAR(ih.at(at(shape, {shape.find("apic[36]"), 1})), 0.0022107397e-2, 2e-12);   // they print ten digits
    EXPECT_NEAR(ih.at(at(shape, {shape.find("apic[36]"), 12.5/13})), 0.0021490056e-2, 2e-12);
}

}  // namespace
}  // namespace apical
