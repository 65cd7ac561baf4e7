// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/l5pc.hpp"

#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/simulation.hpp"
#include "models/cylinder.hpp"
#include "tests/models/reference.hpp"

namespace apical::models {
namespace {

using namespace units;
using reference::hay_cell1;

/// A soma, one basal and two apical cylinders: trunk of 700 um, tuft branch of 500 um.
morphology small_pyramidal_cell() {
    auto shape = one_cylinder({section_type::soma, 23*um, 14*um});
    add_cylinder(shape, {section_type::basal, 150*um, 1*um}, {0, 0.5});
    add_cylinder(shape, {section_type::apical, 700*um, 3*um}, {0, 0.5});
    add_cylinder(shape, {section_type::apical, 500*um, 1.5*um}, {2, 1});
    return shape;
}

/// What a cell paints: region/mechanism.parameter -> its value where it does not vary, else at the middle of apic[0].
std::map<std::string, double> painted(const cell& c) {
    std::map<std::string, double> values;
    for (const auto& p : c.paintings()) {
        const auto* m = std::get_if<mechanism>(&p.what);
        if (!m) continue;
        for (const auto& [parameter, value] : m->parameters) {
            const auto* q = std::get_if<any_quantity>(&value.value());
            const auto* f = std::get_if<spatial_value::function>(&value.value());
            values[p.region + "/" + m->name + "." + parameter] = q ? q->value : (*f)(at(c.shape(), {c.shape().find("apic[0]"), 0.5}));
        }
    }
    return values;
}

std::size_t count_in(const std::map<std::string, double>& values, const std::string& region) {
    std::size_t n = 0;
    for (const auto& [name, value] : values) n += name.starts_with(region + "/") && !name.ends_with("e_rev");
    return n;
}

TEST(l5pc, sets_have_the_published_number_of_parameters) {
    for (const auto set : {hay_set::biophys1, hay_set::biophys2, hay_set::biophys3}) {
        const auto values = painted(l5pc(small_pyramidal_cell(), {.biophysics = set}));
        EXPECT_EQ(count_in(values, "soma"), 12u);
        EXPECT_EQ(count_in(values, "apical"), 10u);
        EXPECT_EQ(count_in(values, "basal"), 2u);
        EXPECT_EQ(count_in(values, "axon"), 1u);
    }
    const auto values = painted(l5pc(small_pyramidal_cell(), {.biophysics = hay_set::biophys4}));
    EXPECT_EQ(count_in(values, "soma"), 10u);
    EXPECT_EQ(count_in(values, "apical"), 10u);
    EXPECT_EQ(count_in(values, "basal"), 2u);
    EXPECT_EQ(count_in(values, "axon"), 13u);
}

TEST(l5pc, sets_differ_in_what_the_paper_says_they_do) {
    std::set<long> sodium;   // in pS/um2
    for (const auto set : {hay_set::biophys1, hay_set::biophys2, hay_set::biophys3}) {
        sodium.insert(std::lround(1e6*painted(l5pc(small_pyramidal_cell(), {.biophysics = set})).at("soma/nata_t.g_max")));
    }
    EXPECT_EQ(sodium, (std::set<long>{17100, 20400, 20800}));   // 1.71, 2.04 and 2.08 S/cm2
    const auto axonal = painted(l5pc(small_pyramidal_cell(), {.biophysics = hay_set::biophys4}));
    EXPECT_TRUE(axonal.contains("axon/nata_t.g_max"));
    EXPECT_TRUE(axonal.contains("soma/nats2_t.g_max"));
    EXPECT_FALSE(axonal.contains("soma/nata_t.g_max"));
}

/// A varying parameter of the small cell at a place of an apical section [S/cm2].
double density(const cell& c, const std::string& mechanism_name, const std::string& section, double x) {
    for (const auto& p : c.paintings()) {
        const auto* m = std::get_if<mechanism>(&p.what);
        if (!m || p.region != "apical" || m->name != mechanism_name) continue;
        const auto& f = std::get<spatial_value::function>(m->parameters.at("g_max").value());
        return f(at(c.shape(), {c.shape().find(section), x}))/(S/cm2).coherent();
    }
    throw std::runtime_error("no " + mechanism_name);
}

TEST(l5pc, conductances_follow_the_published_profiles) {
    const auto c = l5pc(small_pyramidal_cell(), {.profile = hay_profile::at_centres});
    const auto ih = [](double fraction) { return 2e-4*(-0.8696 + 2.0870*std::exp(3.6161*fraction)); };
    EXPECT_NEAR(density(c, "ih", "apic[0]", 0.5), ih(350.0/1200), 1e-15);
    EXPECT_NEAR(density(c, "ih", "apic[1]", 1.0), ih(1), 1e-15);
    EXPECT_DOUBLE_EQ(density(c, "ca_lvast", "apic[0]", 0.5), 0.000187);
    EXPECT_DOUBLE_EQ(density(c, "ca_lvast", "apic[1]", 0.1), 0.0187);      // 750 um
    EXPECT_DOUBLE_EQ(density(c, "ca_lvast", "apic[1]", 0.4), 0.000187);    // 900 um
    EXPECT_DOUBLE_EQ(density(c, "ca_hva", "apic[0]", 0.5), 0.0000555);
    EXPECT_DOUBLE_EQ(density(c, "ca_hva", "apic[1]", 0.1), 0.000555);
}

TEST(l5pc, the_published_assignment_gives_last_compartments_the_far_ends_value_in_ten_decimals) {
    const auto c = l5pc(small_pyramidal_cell());
    const int n = 1 + 2*(500/40);
    const auto ih = [](double um) { return std::nearbyint(2e6*(-0.8696 + 2.0870*std::exp(3.6161*um/1200)))*1e-10; };
    EXPECT_NEAR(density(c, "ih", "apic[1]", (n - 0.5)/n), ih(1200), 1e-16);
    EXPECT_NEAR(density(c, "ih", "apic[1]", (n - 1.5)/n), ih(700 + 500*(n - 1.5)/n), 1e-16);
    EXPECT_NEAR(density(c, "ih", "apic[0]", 0.5), ih(350), 1e-16);
}

TEST(l5pc, refuses_a_shape_without_an_apical_tree) {
    const auto ball = one_cylinder({section_type::soma, 20*um, 20*um});
    EXPECT_THROW((void)l5pc(ball), invalid_model);
    EXPECT_THROW((void)l5pc(one_cylinder({section_type::apical, 500*um, 2*um})), invalid_model);
}

TEST_F(hay_cell1, has_the_authors_compartments) {
    const auto c = l5pc(shape);
    EXPECT_EQ(c.shape().size(), 196);
    const std::vector<cable_properties> any(196);
    std::map<section_type, int> sections, compartments;
    const auto counts = compartment_counts(c.shape(), c.rule(), any);
    for (int i = 0; i < c.shape().size(); ++i) {
        sections[c.shape()[i].type] += 1;
        compartments[c.shape()[i].type] += counts[static_cast<std::size_t>(i)];
    }
    EXPECT_EQ(sections[section_type::basal], 84);
    EXPECT_EQ(sections[section_type::apical], 109);
    EXPECT_EQ(compartments[section_type::basal], 262);
    EXPECT_EQ(compartments[section_type::apical], 377);
    EXPECT_EQ(compartments[section_type::axon], 2);
    EXPECT_EQ(compartments[section_type::soma], 1);
}

/// "apic[36](0.5)" of every row in which the column is not zero.
std::string places_with(const reference::table& t, const std::map<std::string, int>& counts, const std::string& column) {
    std::vector<std::string> places;
    for (std::size_t i = 0; i < t.size(); ++i) {
        if (t.number(i, column) == 0) continue;
        const auto& section = t.text(i, "section");
        places.push_back(fmt::format("{}({:.17g})", section, (t.number(i, "segment") + 0.5)/counts.at(section)));
    }
    return fmt::format("{}", fmt::join(places, ", "));
}

TEST_F(hay_cell1, conductances_of_every_compartment_are_the_authors) {
    const std::map<std::string, std::string> variable_of{
        {"g_pas", "pas.g"}, {"e_pas", "pas.e_rev"}, {"gIh", "ih.g_max"}, {"gNaTa_t", "nata_t.g_max"},
        {"gNap_Et2", "nap_et2.g_max"}, {"gK_Tst", "k_tst.g_max"}, {"gK_Pst", "k_pst.g_max"}, {"gSKv3_1", "skv3_1.g_max"},
        {"gSK_E2", "sk_e2.g_max"}, {"gIm", "im.g_max"}, {"gCa_HVA", "ca_hva.g_max"}, {"gCa_LVAst", "ca_lvast.g_max"},
        {"gamma", "cadynamics_e2.gamma"}, {"decay", "cadynamics_e2.decay"}};
    const reference::table expected("hay_cell1_conductances.csv");
    std::map<std::string, int> counts;
    for (std::size_t i = 0; i < expected.size(); ++i) counts[expected.text(i, "section")] += 1;
    circuit c;
    c.populations.push_back({.name = "cell", .cell = l5pc(shape)});
    for (const auto& [column, variable] : variable_of) {
        c.probes.push_back({.label = column, .on = {"cell", places_with(expected, counts, column)}, .variable = variable});
    }
    const simulation s(c);
    for (const auto& [column, variable] : variable_of) {
        std::size_t k = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const double value = expected.number(i, column);
            if (value == 0) continue;
            EXPECT_NEAR(s[column].samples.at(k++), value, 1e-12*std::abs(value)) << column << " at row " << i;
        }
        EXPECT_EQ(k, s[column].columns()) << column;
    }
}

}  // namespace
}  // namespace apical::models
