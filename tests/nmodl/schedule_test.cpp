// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

TEST(schedule, moves_solves_out_of_breakpoint_in_their_order) {
    const auto r = lower_text("NEURON { SUFFIX c NONSPECIFIC_CURRENT i RANGE g }\nASSIGNED { i g v a b }\n"
                              "BREAKPOINT { a = 1 SOLVE one SOLVE two i = a*b*v }\nPROCEDURE one() { g = 1 }\nPROCEDURE two() { g = g + v b = g }");
    EXPECT_EQ(r.told(), "");
    EXPECT_EQ(r.advance(), "g = 1\ng = g + v\nb = g\n");
    EXPECT_EQ(r.breakpoint(), "a = 1\ni = a*b*v\n");
}

// NEURON does so too: nocmodl puts SOLVE out of the condition.
TEST(schedule, solves_whatever_the_condition_and_says_so) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE g }\nASSIGNED { g v }\nBREAKPOINT { if (v > 0) {\nSOLVE one } }\nPROCEDURE one() { g = 1 }");
    EXPECT_EQ(r.advance(), "g = 1\n");
    EXPECT_EQ(r.told(), "a.mod:4:1: warning: SOLVE one stands under a condition or in a loop, but is done once every step; "
                        "put the condition into the block that is solved");
}

TEST(schedule, runs_breakpoint_once_a_step_where_there_are_no_currents) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE g }\nASSIGNED { g v }\nBREAKPOINT { g = g + 1 SOLVE one }\nPROCEDURE one() { g = 0 }");
    EXPECT_EQ(r.advance(), "g = 0\ng = g + 1\n");
    EXPECT_EQ(r.breakpoint(), "");
}

TEST(schedule, solves_in_place_within_initial) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE g }\nASSIGNED { g v }\nINITIAL { g = 1 SOLVE one g = g + 1 }\nPROCEDURE one() { g = 2*g }");
    EXPECT_EQ(r.initial(), "g = 1\ng = 2*g\ng = g + 1\n");
}

TEST(schedule, integrates_gates_exactly) {
    const auto r = lower_text("NEURON { SUFFIX c NONSPECIFIC_CURRENT i }\nPARAMETER { tau = 2 }\nASSIGNED { i v }\nSTATE { m }\n"
                              "BREAKPOINT { SOLVE s METHOD cnexp i = m*v }\nDERIVATIVE s { m' = (v - m)/tau }");
    EXPECT_EQ(r.told(), "");
    ASSERT_EQ(r.p.advance.size(), 1U);
    EXPECT_EQ(r.p.advance[0].is, statement::kind::relax);
    ASSERT_TRUE(r.p.rates.has_value());
    EXPECT_EQ(r.p.rates->rates.size(), 1U);
}

TEST(schedule, makes_f_flux_and_b_flux_of_the_last_reaction) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE a }\nPARAMETER { k = 2 }\nASSIGNED { a v }\nSTATE { x y }\n"
                              "BREAKPOINT { SOLVE s METHOD sparse }\nKINETIC s { ~ x <-> y (k, v)\n a = f_flux - b_flux }");
    EXPECT_EQ(r.told(), "");
    EXPECT_NE(r.advance().find("f_flux = k*x\nb_flux = v*y\na = f_flux - b_flux\n"), std::string::npos) << r.advance();
}

TEST(schedule, makes_the_backward_flux_of_what_a_source_brings) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE a, b }\nPARAMETER { k = 2 }\nASSIGNED { a b v }\nSTATE { x y }\n"
                              "BREAKPOINT { SOLVE s METHOD sparse }\nKINETIC s { ~ x << (k*v)\n a = f_flux b = b_flux ~ x <-> y (k, v) }");
    EXPECT_EQ(r.told(), "");
    EXPECT_NE(r.advance().find("f_flux = 0\nb_flux = k*v\na = f_flux\nb = b_flux\n"), std::string::npos) << r.advance();
}

TEST(schedule, solves_for_concentrations_that_are_states) {
    const auto equations = [](const std::string& states) {
        return lower_text("NEURON { SUFFIX c USEION ca READ cai WRITE cai }\n" + states +
                          "\nBREAKPOINT { SOLVE s }\nLINEAR s { ~ cai + x = 3\n ~ cai - x = 1 }").told();
    };
    EXPECT_EQ(equations("STATE { x cai }"), "");
    EXPECT_NE(equations("STATE { x } ASSIGNED { cai }").find("2 equations for 1 unknowns"), std::string::npos);
}

TEST(schedule, refuses_systems_that_would_take_for_ever) {
    const auto with = [](const std::string& n) {
        return lower_text("DEFINE N " + n + "\nNEURON { SUFFIX c }\nSTATE { x[N] }\nBREAKPOINT { SOLVE s METHOD derivimplicit }\n"
                          "DERIVATIVE s { FROM j = 1 TO N - 1 { x'[j] = x[j - 1] - x[j]*x[j] } }").told();
    };
    EXPECT_EQ(with("20"), "");
    EXPECT_NE(with("5000").find("4:14: error: SOLVE s: 4999 states would have to be solved for together; 1000 can be"), std::string::npos) << with("5000");
}

TEST(schedule, takes_numbers_of_the_constructor_for_starting_values) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE g }\nASSIGNED { g }\nCONSTRUCTOR { g = 7 }\nBREAKPOINT { g = g + 1 }");
    EXPECT_EQ(r.told(), "");
    EXPECT_EQ(r.of("g").value, 7);
}

TEST(schedule, names_the_block_that_is_not_there) {
    EXPECT_EQ(lower_text("NEURON { SUFFIX c }\nBREAKPOINT { SOLVE stats METHOD cnexp }\nDERIVATIVE states { }").told(),
              "a.mod:2:14: error: SOLVE stats: the file has no block of this name; did you mean 'states'?");
}

TEST(breakpoint, is_watched_for_what_it_leaves_to_itself) {
    const auto r = lower_text("NEURON { SUFFIX c NONSPECIFIC_CURRENT i RANGE g }\nASSIGNED { i g v }\nBREAKPOINT {\n g = g + 1\n i = g*v }");
    EXPECT_EQ(r.told(), "a.mod:4:2: warning: BREAKPOINT computes g from its own last value, and runs more than once a step; "
                        "compute it in a PROCEDURE and SOLVE that, which runs once a step");
}

}  // namespace
}  // namespace apical::nmodl::testing
