// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/hoc_cell.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "io/sonata/hoc_text.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using sonata::biophysical_cell, sonata::cell_modification, sonata::cell_template, sonata::make_cell;
using testing::message_of, testing::says, testing::temporary_folder;

/// A soma, an axon of three sections that becomes thinner, a basal dendrite and an apical one of 100 um.
constexpr const char* shape = R"(1 1 0 0 0 10 -1
2 2 0 -10 0 2 1
3 2 0 -50 0 2 2
4 2 20 -90 0 1 3
5 2 -20 -90 0 0.5 3
6 3 10 0 0 1 1
7 3 60 0 0 1 6
8 4 0 10 0 1 1
9 4 0 110 0 1 8
)";

constexpr const char* stub_by_section = R"(
proc replace_axon() { local nSec, D1, D2
  nSec = sec_count(axonal)
  if (nSec == 0) { D1 = D2 = 1 } else if (nSec == 1) { axon[0] D1 = D2 = diam } else {
    axon[0] D1 = D2 = diam
    soma distance()
    forsec axonal { if (distance(0.5) > 60) { D2 = diam break } }
  }
  forsec axonal { delete_section() }
  create axon[2]
  axon[0] { L = 30 diam = D1 nseg = 1 + 2*int(L/40) all.append() axonal.append() }
  axon[1] { L = 30 diam = D2 nseg = 1 + 2*int(L/40) all.append() axonal.append() }
  soma[0] connect axon[0](0), 1
  axon[0] connect axon[1](0), 1
}
)";

constexpr const char* stub_by_piece = R"(
proc replace_axon() { local nSec, count, L_target, chunkSize localobj diams
  L_target = 60   // um
  nseg0 = 5
  nseg_total = nseg0*2
  chunkSize = L_target/nseg_total
  forsec axonal { nSec = nSec + 1 }
  if (nSec < 3) { execerror("a longer axon is needed") }
  axon[0] i1 = v(0.0001)
  axon[1] i2 = v(0.0001)
  axon[2] i3 = v(0.0001)
  forsec axonal { nseg = 1 + int(L/chunkSize/2.)*2 for (x) { if (x > 0 && x < 1) { count = count + 1 diams.resize(count) diams.x[count-1] = diam(x) } } }
  forsec axonal { delete_section() }
  execute1("create axon[2]", CellRef)
  for i = 0, 1 { access axon[i] L = L_target/2 nseg = nseg_total/2
    for (x) { if (x > 0 && x < 1) { diam(x) = diams.x[count] } }
    if (i == 0) { v(0.0001) = i1 } else { v(0.0001) = i2 } }
  soma[0] connect axon[0](0), 1
  axon[0] connect axon[1](0), 1
  create myelin[1]
  access myelin { L = 1000 diam = diams.x[count-1] nseg = 5 v(0.0001) = i3 all.append() myelinated.append() }
  connect myelin(0), axon[1](1)
}
)";

/// A template of the shape in which they are generated.
std::string program(const std::string& surgery, const std::string& biophys) {
    return R"(begintemplate Small
public init, all
objref this, CellRef, all
/* what follows is
   generated */
proc init() {
  all = new SectionList()
  CellRef = this
  forall delete_section()
  if (numarg() >= 2) { load_morphology($s1, $s2) } else { load_morphology($s1, "small.swc") }
  geom_nseg()
)" + std::string(surgery.empty() ? "" : "  replace_axon()\n") + R"(  insertChannel()
  biophys()
  re_init_rng()
}
proc geom_nseg() {
  this.geom_nsec()
  this.geom_nseg_fixed(40)
}
proc geom_nseg_fixed() { local chunkSize
  chunkSize = $1
  forsec all { nseg = 1 + 2*int(L/chunkSize) }
}
proc insertChannel() {
  forsec this.all { insert pas }
  forsec this.apical { insert Ih }
  forsec this.somatic { insert NaTs2_t  insert SKv3_1 }
}
proc biophys() {
)" + biophys + "}\n" + surgery + "endtemplate Small\n";
}

constexpr const char* usual = R"(
  forsec CellRef.all { cm = 1
    Ra = 100
    e_pas = -75
    g_pas = 3e-05 }
  forsec CellRef.apical { cm = 2 }
  forsec CellRef.somatic { gNaTs2_tbar_NaTs2_t = 0.98 ; ena = 50
    ek = -85 }
  distribute_distance(CellRef.apical, "gIhbar_Ih", "(-0.8696 + 2.087*exp((%.17g)*0.0031))*8e-05")
)";

class hoc_templates : public ::testing::Test {
protected:
    biophysical_cell made(const std::string& text, std::vector<cell_modification> changes = {}) {
        write_text(folder_/"small.swc", shape), write_text(folder_/"Small.hoc", text);
        return make_cell({.model_template = "hoc:Small", .model_processing = {}, .morphology = folder_/"small", .dynamics_params = {}, .templates = folder_.path(), .mechanisms = {},
                          .rounding = {}, .modifications = std::move(changes), .where = "nodes"});
    }
    static void write_text(const std::filesystem::path& file, const std::string& text) {
        std::ofstream(file) << text;
    }
    temporary_folder folder_;
};

/// The value of a parameter where the last painting of its mechanism over a type says so.
double value(const biophysical_cell& c, section_type type, const std::string& name, const std::string& parameter, const location& at) {
    double x = std::nan("");
    for (const auto& p : c.cell.paintings())
        if (const auto* m = std::get_if<mechanism>(&p.what); m && m->name == name && p.region == "type(" + std::to_string(static_cast<int>(type)) + ")")
            if (const auto own = m->parameters.find(parameter); own != m->parameters.end()) {
                const auto& v = own->second.value();
                if (const auto* q = std::get_if<any_quantity>(&v)) x = q->value;
                else x = std::get<spatial_value::function>(v)(apical::at(c.cell.shape(), at));
            }
    return x;
}
double per_area(double x) { return x*parse_unit("S/cm2").value; }

TEST_F(hoc_templates, inserts_assigns_and_distributes) {
    const auto c = made(program("", usual));
    const int apical = c.cell.shape().find("apic[0]");
    ASSERT_EQ(c.sections.size(), 6u);                        // soma, three of the axon, dend, apic
    EXPECT_EQ(c.sections[5], apical);
    EXPECT_EQ(c.compartments[5], 1 + 2*2);                   // 100 um
    EXPECT_DOUBLE_EQ(value(c, section_type::soma, "nats2_t", "g_max", {0, 0.5}), per_area(0.98));
    EXPECT_DOUBLE_EQ(value(c, section_type::apical, "pas", "g", {apical, 0.5}), per_area(3e-5));
    const location middle{apical, 0.5};
    const double distance = c.cell.shape().distance(middle);
    EXPECT_NEAR(value(c, section_type::apical, "ih", "g_max", middle), per_area((-0.8696 + 2.087*std::exp(0.0031*distance))*8e-5), 1e-20);
    EXPECT_TRUE(std::isnan(value(c, section_type::basal, "ih", "g_max", {4, 0.5})));
}

TEST_F(hoc_templates, the_axon_gives_way_to_two_sections) {
    const auto c = made(program(stub_by_section, usual));
    const auto& s = c.cell.shape();
    EXPECT_EQ(s.find("axon[2]"), -1);
    for (const auto* name : {"axon[0]", "axon[1]"}) EXPECT_NEAR(s.length(s.find(name)), 30, 1e-12);
    EXPECT_NEAR(s[s.find("axon[0]")].points[0].diameter, 4, 1e-12);
    EXPECT_LT(s[s.find("axon[1]")].points[0].diameter, 4);
    EXPECT_EQ(s[s.find("axon[0]")].parent_x, 1);
    // numbers that belonged to the axon are not given again
    says(message_of<invalid_input>([&] { c.at(2, 0.5, "edge 7"); }), "edge 7: section 2 belongs to the axon");
    EXPECT_EQ(c.at(6, 0.5).section, s.find("axon[0]"));
}

TEST_F(hoc_templates, a_stub_keeps_the_thickness_piece_by_piece) {
    const auto c = made(program(stub_by_piece, std::string(usual) + "  forsec CellRef.myelinated { cm = 0.02 }\n"));
    const auto& s = c.cell.shape();
    EXPECT_EQ(c.compartments[1], 5);
    EXPECT_EQ(c.compartments[2], 5);
    EXPECT_EQ(c.at(1, 0.99), (location{c.sections[1] + 4, 0.5}));
    EXPECT_NEAR(s.length(c.sections[3]), 1000, 1e-9);        // myelin has the number of the third section
    EXPECT_EQ(c.compartments[3], 5);
    double area = 0;
    for (int k = 0; k < 5; ++k) area += s.area(c.sections[1] + k);
    EXPECT_NEAR(area, std::numbers::pi*4*30, 1e-9);          // no discs between pieces
    const auto [id, x] = c.in_files({c.sections[2] + 2, 0.5});
    EXPECT_EQ(id, 2u);
    EXPECT_DOUBLE_EQ(x, 0.5);
}

TEST_F(hoc_templates, other_programs_are_refused_where_they_begin) {
    const auto refused = [&](const std::string& text) { return message_of<error>([&] { made(text); }); };
    says(refused(program("", "  forsec CellRef.all { for (x) { g_pas(x) = 1 } }\n")), "Small.hoc:");
    says(refused(program("", "  forsec CellRef.all { for (x) { g_pas(x) = 1 } }\n")), "'for' in sections");
    says(refused(program("", "  forsec CellRef.tuft { cm = 1 }\n")), "'tuft' is no list of sections");
    says(refused(program("", "  forsec CellRef.basal { gIhbar_Ih = 1 }\n")), "'gIhbar_Ih' is no parameter of what is inserted there");
    says(refused(program("", "  forsec CellRef.apical { gIhbaz_Ih = 1 }\n")), "'Ih' has no parameter 'gIhbaz'");
    says(refused(program("", "  forsec CellRef.all { insert Unheard }\n")), "no mechanism 'Unheard'");
    says(refused(program("", "  distribute_distance(CellRef.apical, \"gIhbar_Ih\", \"2*(%.17g\")\n")), "a ')' is missing");
    says(refused(program("proc replace_axon() { pt3dclear() }\n", usual)), "'pt3dclear' in the axon's surgery");
    says(refused("begintemplate Other\nendtemplate Other\n"), "has no 'begintemplate Small'");
    says(refused("begintemplate Small\nproc init() {\nendtemplate Small\n"), "is never closed");
}

TEST_F(hoc_templates, modifications_change_what_has_all_that_they_name) {
    const cell_modification lower{.is = cell_modification::kind::all_sections, .name = "lower", .configure = {{"gIhbar_Ih", '*', 0.5, "here"}, {"cm", '=', 3, "here"}}, .lists = {"%s"}, .where = "here"};
    const location middle{5, 0.5};
    const auto before = made(program("", usual)), after = made(program("", usual), {lower});
    EXPECT_DOUBLE_EQ(value(after, section_type::apical, "ih", "g_max", middle), value(before, section_type::apical, "ih", "g_max", middle)/2);
    EXPECT_TRUE(after.warnings.size() == before.warnings.size());

    const cell_modification nowhere{.is = cell_modification::kind::section_lists, .name = "nowhere", .configure = {{"gIhbar_Ih", '=', 0, "here"}}, .lists = {"basal"}, .where = "here"};
    EXPECT_EQ(made(program("", usual), {nowhere}).warnings.size(), before.warnings.size() + 1);

    const auto blocked = made(program("", usual), {{.is = cell_modification::kind::ttx, .name = "block", .where = "here"}});
    EXPECT_EQ(value(blocked, section_type::soma, "nats2_t", "g_max", {0, 0.5}), 0);
}

TEST(hoc_formulas, are_computed_as_in_neuron) {
    using sonata::hoc::formula;
    EXPECT_DOUBLE_EQ(formula("-2^2 + 3*-1e-1", "here")(0), -4.3);
    EXPECT_DOUBLE_EQ(formula("0.1 + 0.9*int((%.17g > 685) && (%.17g < 885))", "here")(700), 1);
    EXPECT_DOUBLE_EQ(formula("0.1 + 0.9*int((%.17g > 685) && (%.17g < 885))", "here")(900), 0.1);
    EXPECT_DOUBLE_EQ(formula("%g", "here")(123.4567891), 123.457);   // as it is printed
    says(message_of<invalid_input>([] { formula("2*cell(3)", "here"); }), "here: no number at column 3");
}

}  // namespace
}  // namespace apical
