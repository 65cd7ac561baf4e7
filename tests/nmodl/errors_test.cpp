// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using testing::read;

struct mistake {
    std::string text;
    int line, column;
    std::string told;   ///< part of the message with its hint
};

TEST(nmodl_errors, each_is_told_at_its_place_with_the_edit_that_helps) {
    for (const auto& m : std::vector<mistake>{
             {"INITIAL { x = 1; }", 1, 16, "';' stands where a statement should be, in INITIAL; statements of NMODL end without ';'"},
             {"INITIAL {\n x = (1 + 2\n}", 3, 1, "'}' stands where ')' of an expression should be"},
             {"INITIAL { x = 5mV }", 1, 19, "'}' stands where '=' behind mV should be"},
             {"INITIAL { if (x = 1) { y = 1 } }", 1, 17, "'=' stands where ')' of the condition of if should be"},
             {"INITIAL { if (x > 1) y = 1 }", 1, 22, "'y' stands where '{' of if should be"},
             {"INITIAL { f }", 1, 13, "a statement is name = value, or a call name(...)"},
             {"INITIAL { f(1) = 2 }", 1, 11, "an element of an array is written name[index]"},
             {"INITIAL { x = 1e999 }", 1, 15, "1e999 is too large a number"},
             {"KINETIC k { ~ 1e999 m <-> n (1, 2) }", 1, 15, "1e999 is too large a number"},
             {"INITIAL { x = 2 (mV }", 1, 17, "write ')' behind the unit"},
             {"INITIAL { x = 5 % 3 }", 1, 17, "this character means nothing in NMODL"},
             {"INITIAL { FORALL i { } }", 1, 11, "FORALL is not translated"},
             {"INITIAL { LAG x BY t }", 1, 11, "LAG is not translated; keep the past value"},
             {"INITIAL { x = 1", 1, 16, "INITIAL is not closed; a '}' is missing before this"},
             {"PARAMETER { a = 1\nSTATE { m }", 2, 1, "PARAMETER is not closed; a '}' is missing before this"},
             {"INITIAL { x = 1\nPROCEDURE f() { }", 2, 1, "INITIAL is not closed"},
             {"INITIAL { } }", 1, 13, "perhaps one '}' too many stands before"},
             {"PROCEDURE f { x = 1 }", 1, 13, "write (), even if there are none"},
             {"PROCEDURE f() { ~ m = 1 }", 1, 17, "reactions stand in KINETIC blocks"},
             {"KINETIC k { ~ m = n }", 1, 17, "write ~ A + 2 B <-> C (forward, backward)"},
             {"KINETIC k { ~ m <-> n (1) }", 1, 25, "',' of the forward rate"},
             {"LINEAR l { ~+ m = 1 }", 1, 12, "'~+' adds to no equation"},
             {"STATE { m = 0 }", 1, 11, "STATE gives m a value; give it in INITIAL"},
             {"PARAMETER { a = b }", 1, 17, "'b' stands where a number for a should be"},
             {"ASSIGNED { a[0] }", 1, 14, "an array has a whole number of elements"},
             {"ASSIGNED { a[-1] }", 1, 14, "an array has a whole number of elements"},
             {"UNITS { (mV) (millivolt) }", 1, 14, "write (mV) = (millivolt)"},
             {"NEURON { SUFFIX a FOO b }", 1, 19, "'FOO' is no word of the NEURON block"},
             {"NEURON { RANGE a, }", 1, 19, "a name for RANGE"},
             {"EQUATION { x = 1 }", 1, 1, "write BREAKPOINT"},
             {"TERMINAL { x = 1 }", 1, 1, "TERMINAL is not translated"},
             {"PARAMATER { a = 1 }", 1, 1, "did you mean 'PARAMETER'?"},
             {"COMMENT\n never closed", 1, 1, "COMMENT is not closed; write ENDCOMMENT as the first word of a line"},
             {"VERBATIM\n never closed", 1, 1, "VERBATIM is not closed"},
             {"BEFORE LUNCH { }", 1, 8, "STEP, INITIAL, BREAKPOINT or SOLVE"},
             {"FUNCTION f(x) { TABLE f FROM 0 TO 1 }", 1, 37, "write TABLE names DEPEND names FROM lowest TO highest WITH intervals"},
             {"INITIAL { x = \xB5 }", 1, 15, "'\xC2\xB5' stands where a value should be"},
             {std::string("INITIAL { x = \x01 }"), 1, 15, "the character 0x01 stands"}}) {
        const auto r = read(m.text);
        ASSERT_TRUE(r.found.has_errors()) << m.text;
        const auto& d = r.found.all().front();
        EXPECT_EQ(d.at.line, m.line) << d.text();
        EXPECT_EQ(d.at.column, m.column) << d.text();
        EXPECT_NE(d.text().find(m.told), std::string::npos) << d.text();
        EXPECT_EQ(r.found.all().size(), 1U) << m.text;
    }
}

TEST(nmodl_errors, text_shows_the_line_and_a_caret) {
    EXPECT_EQ(read("INITIAL {\n\tx = y +* 2\n}").told(),
              "a.mod:2:9: error: '*' stands where a value should be, in INITIAL\n     x = y +* 2\n            ^");
}

TEST(nmodl_errors, several_blocks_are_told_at_once_and_the_rest_is_read) {
    const auto r = read("PARAMETER { a = }\nSTATE { m }\nINITIAL { x = }\nPROCEDURE f() { y = 1 }\nBREAKPOINT { i = * }");
    EXPECT_EQ(r.found.all().size(), 3U);
    EXPECT_EQ(r.file.states.size(), 1U);
    ASSERT_EQ(r.file.routines.size(), 1U);
    EXPECT_EQ(r.file.routines[0].name, "f");
}

TEST(nmodl_errors, primes_behind_a_keyword_do_not_stop_the_reading) {
    EXPECT_TRUE(read("UNITS'' { }\nUNITS'' { }").found.has_errors());
    EXPECT_TRUE(read("INITIAL { UNITS''OFF }").found.has_errors());
}

}  // namespace
}  // namespace apical::nmodl
