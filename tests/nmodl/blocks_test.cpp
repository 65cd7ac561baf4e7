// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using syntax::interface;
using syntax::routine;
using testing::read;

TEST(nmodl_blocks, neuron_says_what_a_mechanism_offers) {
    const auto r = read("TITLE  a channel \nNEURON {\n SUFFIX kv THREADSAFE\n USEION k READ ek, ki WRITE ik VALENCE 1 REPRESENTS CHEBI:29103\n"
                        " USEION x READ xi CHARGE -2\n NONSPECIFIC_CURRENT i RANGE a, b GLOBAL c POINTER p BBCOREPOINTER q EXTERNAL e RANDOM r\n}\n"
                        "NEURON { ELECTRODE_CURRENT j RANGE d }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    const auto& n = r.file.neuron;
    EXPECT_EQ(r.file.title, "a channel");
    EXPECT_EQ(n.is, interface::kind::density);
    EXPECT_EQ(n.name, "kv");
    EXPECT_TRUE(n.is_thread_safe);
    ASSERT_EQ(n.ions.size(), 2U);
    EXPECT_EQ(n.ions[0].reads.size(), 2U);
    EXPECT_EQ(n.ions[0].writes[0].name, "ik");
    EXPECT_EQ(*n.ions[0].valence, 1);
    EXPECT_EQ(n.ions[0].represents, "CHEBI:29103");
    EXPECT_EQ(*n.ions[1].valence, -2);
    EXPECT_EQ(n.range.size(), 3U);   // of two blocks
    EXPECT_EQ(n.electrode[0].name, "j");
    EXPECT_EQ(n.bbcore_pointer[0].name, "q");
    EXPECT_EQ(n.random[0].name, "r");
    EXPECT_EQ(read("NEURON { POINT_PROCESS s }").file.neuron.is, interface::kind::point_process);
    EXPECT_EQ(read("NEURON { ARTIFICIAL_CELL s }").file.neuron.is, interface::kind::artificial_cell);
    EXPECT_EQ(read("NEURON { SUFFIX nothing }").file.neuron.is, interface::kind::nothing);
    EXPECT_EQ(read("").file.neuron.is, interface::kind::nothing);
}

TEST(nmodl_blocks, declarations_have_units_lengths_values_and_limits) {
    const auto r = read("DEFINE N 3\nPARAMETER { g = 1e-4(mho/cm2) <0,1e9> e=-70(mV) z[N] (um) h }\nASSIGNED { v (mV) a[2] }\n"
                        "STATE { m FROM 0 TO 1 n[N] (mM) <1e-6> h START .5 }\nCONSTANT { k = 1.5 (/ms) }\nLOCAL q[4], w\n"
                        "UNITS { (mV) = (millivolt) F = (faraday) (coulomb) R = (k-mole) -> (joule/degC) A = 6.02e23 (1) }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    const auto& p = r.file.parameters;
    ASSERT_EQ(p.size(), 4U);
    EXPECT_EQ(*p[0].value, 1e-4);
    EXPECT_EQ(p[0].unit, "mho/cm2");
    EXPECT_EQ(*p[0].upper, 1e9);
    EXPECT_EQ(*p[1].value, -70);
    EXPECT_TRUE(p[2].is_array);
    EXPECT_EQ(p[2].length, 3);
    EXPECT_FALSE(p[3].value.has_value());
    EXPECT_EQ(*r.file.states[0].to, 1);
    EXPECT_EQ(r.file.states[1].unit, "mM");
    EXPECT_EQ(r.file.states[2].start, "0.5");
    EXPECT_EQ(*r.file.constants[0].value, 1.5);
    EXPECT_EQ(r.file.locals[0].length, 4);
    ASSERT_EQ(r.file.units.size(), 4U);
    EXPECT_FALSE(r.file.units[0].is_factor);
    EXPECT_EQ(r.file.units[1].meaning, "faraday");
    EXPECT_EQ(r.file.units[2].as_unit, "joule/degC");
    EXPECT_EQ(*r.file.units[3].value, 6.02e23);
}

TEST(nmodl_blocks, keywords_name_variables_where_that_is_clear) {
    const auto r = read("PARAMETER { STEP = 1 h = 2 TO = 3 FIRST = 4 }\nINITIAL { STEP = h + TO WITH = FIRST }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.routines[0].body.size(), 2U);
}

TEST(nmodl_blocks, every_routine_is_known_by_its_kind) {
    const auto r = read("INITIAL {}\nBREAKPOINT {}\nDERIVATIVE d {}\nKINETIC k SOLVEFOR a, b {}\nLINEAR l {}\nNONLINEAR n {}\nDISCRETE i {}\nPROCEDURE p(a (mV), b) {}\n"
                        "FUNCTION f() (ms) {}\nFUNCTION_TABLE t(x (mV)) (/ms)\nNET_RECEIVE(w, x (uS)) {}\nBEFORE STEP {}\nAFTER SOLVE {}\nCONSTRUCTOR {}\nDESTRUCTOR {}\n"
                        "VERBATIM\nint x;\nENDVERBATIM\n");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    ASSERT_EQ(r.file.routines.size(), 16U);
    for (int i = 0; i < 16; ++i) EXPECT_EQ(static_cast<int>(r.file.routines[static_cast<std::size_t>(i)].is), i);
    EXPECT_EQ(r.file.routines[3].solve_for[1].name, "b");
    EXPECT_EQ(r.file.routines[7].arguments[0].unit, "mV");
    EXPECT_EQ(r.file.routines[8].unit, "ms");
    EXPECT_EQ(r.file.routines[9].arguments.size(), 1U);
    EXPECT_EQ(r.file.routines[11].name, "STEP");
    EXPECT_EQ(r.file.routines[12].name, "SOLVE");
    EXPECT_EQ(r.file.routines[15].text, "\nint x;\n");
    EXPECT_EQ(r.file.routines[0].end.column, 10);
}

TEST(nmodl_blocks, what_neuron_reads_over_is_read_over) {
    const auto r = read("INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)}\nINDEPENDENT { SWEEP u FROM 0 TO 10 WITH 5 START 0 (mV) }\nUNITSOFF\nCOMMENT\nPARAMETER { : not read\nENDCOMMENT rest\n"
                        "STATE { m UNITSON n }\nPLOT m, n VS t\nINITIAL { MUTEXLOCK PROTECT m = 1 MUTEXUNLOCK UNITSOFF }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.states.size(), 2U);
    EXPECT_TRUE(r.file.parameters.empty());
    ASSERT_EQ(r.file.comments.size(), 1U);
    EXPECT_EQ(r.file.comments[0], "\nPARAMETER { : not read\n");
    EXPECT_EQ(r.file.routines[0].body.size(), 3U);
    EXPECT_EQ(r.found.all()[0].rule, "ignored");   // PLOT
}

TEST(nmodl_blocks, line_ends_and_encodings_of_all_ages_are_read) {
    std::string text = "TITLE caf\xE9\nCOMMENT\n\xB5\nENDCOMMENT\nPARAMETER { : \xE9\n a = 1 (\xB5m)\n}";
    for (const auto* end : {"\n", "\r\n", "\r"}) {
        std::string other;
        for (const char c : text) c == '\n' ? void(other += end) : void(other += c);
        const auto r = read(other);
        ASSERT_FALSE(r.found.has_errors()) << r.told();
        EXPECT_EQ(r.file.title, "caf\xC3\xA9");
        ASSERT_EQ(r.file.parameters.size(), 1U);
        EXPECT_EQ(r.file.parameters[0].unit, "\xC2\xB5m");
        EXPECT_EQ(r.file.parameters[0].at.line, 6);
    }
}

}  // namespace
}  // namespace apical::nmodl
