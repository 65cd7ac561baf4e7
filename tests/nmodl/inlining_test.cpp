// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

TEST(inlining, puts_procedures_in_where_they_are_called) {
    EXPECT_EQ(lower_step("rates(v)\nb = a", "PROCEDURE rates(u) { a = u*u }").advance(), "a = v*v\nb = a\n");
}

TEST(inlining, passes_by_value_what_the_routine_or_its_argument_changes) {
    EXPECT_EQ(lower_step("p(b)", "PROCEDURE p(u) { u = u + 1 a = u }").advance(), "u = b\nu = u + 1\na = u\n");
    EXPECT_EQ(lower_step("p(b)", "PROCEDURE p(u) { b = 2 a = u }").advance(), "u = b\nb = 2\na = u\n");
}

TEST(inlining, starts_results_at_zero_where_they_may_not_be_set) {
    EXPECT_EQ(lower_step("a = f(v)", "FUNCTION f(u) { if (u > 0) { f = 1 } }").advance(), "f_2 = 0\nif (v > 0) {\n  f_2 = 1\n}\na = f_2\n");
    EXPECT_EQ(lower_step("a = f(v)", "FUNCTION f(u) { if (u > 0) { f = 1 } else { f = 2 } }").advance(),
              "if (v > 0) {\n  f_2 = 1\n} else {\n  f_2 = 2\n}\na = f_2\n");
}

TEST(inlining, gives_each_call_a_result_of_its_own) {
    EXPECT_EQ(lower_step("a = f(b) - f(c)", "FUNCTION f(u) { f = 2*u }").advance(), "f_2 = 2*b\nf_3 = 2*c\na = f_2 - f_3\n");
}

TEST(inlining, evaluates_conditions_where_they_stand) {
    EXPECT_EQ(lower_step("if (v > 1) { a = 1 } else if (f(b)) { a = 2 }", "FUNCTION f(u) { f = u > 3 }").advance(),
              "if (v > 1) {\n  a = 1\n} else {\n  f_2 = b > 3\n  if (f_2) {\n    a = 2\n  }\n}\n");
    EXPECT_EQ(lower_step("while (f(a) < 3) { a = a + 1 }", "FUNCTION f(u) { f = 2*u }").advance(),
              "f_2 = 2*a\nwhile (f_2 < 3) {\n  a = a + 1\n  f_2 = 2*a\n}\n");
}

TEST(inlining, refuses_recursion_by_naming_the_cycle) {
    EXPECT_EQ(lower_step("a = f(b)", "FUNCTION f(u) { f = g(u) } FUNCTION g(u) { g = f(u) }").told(),
              "a.mod:7:48: error: f calls g calls f: this never ends; write it as a loop");
}

TEST(inlining, prefers_functions_of_the_file_to_those_built_in) {
    EXPECT_EQ(lower_step("a = ghk(v, b, c)", "FUNCTION ghk(x, y, z) { ghk = x }").advance(), "ghk_2 = v\na = ghk_2\n");
    EXPECT_EQ(lower_step("a = nrn_ghk(v, b, c, 2)").advance(), "a = ghk(v, b, c, 2)\n");
}

TEST(inlining, checks_the_number_of_arguments) {
    EXPECT_EQ(lower_step("a = f(b, c)", "FUNCTION f(u) { f = u }").told(), "a.mod:5:5: error: f is called with 2 arguments; it has 1");
}

TEST(inlining, says_which_function_is_missing) {
    EXPECT_NE(lower_step("a = frob(b)").told().find("a.mod:5:5: error: the function frob is not known; write a FUNCTION frob in the file"),
              std::string::npos);
}

TEST(inlining, ends_where_calls_multiply) {
    std::string chain = "FUNCTION f0(u) { f0 = u }\n";
    for (int i = 1; i < 40; ++i) {
        const auto n = std::to_string(i), before = std::to_string(i - 1);
        chain += "FUNCTION f" + n + "(u) { f" + n + " = f" + before + "(u) + f" + before + "(u + 1) }\n";
    }
    EXPECT_NE(lower_step("a = f39(b)", chain).told().find("this is too long"), std::string::npos);
}

TEST(inlining, leaves_out_tables_and_printing) {
    const auto r = lower_step("p(v)", "PROCEDURE p(u) { TABLE a FROM -100 TO 100 WITH 200\n a = u\n printf(\"%g\", a) }");
    EXPECT_EQ(r.advance(), "a = v\n");
    EXPECT_EQ(r.told(), "a.mod:9:2: warning: printf has no effect here");
}

TEST(inlining, draws_random_numbers_from_streams) {
    const auto r = lower_text("NEURON { SUFFIX c RANDOM r RANGE a } ASSIGNED { a }\nBREAKPOINT { SOLVE step }\n"
                              "PROCEDURE step() { a = random_normal(r, 1, 2) + random_negexp(r) + scop_random() }");
    EXPECT_EQ(r.advance(), "a = normal(r, 1, 2) + exponential(r, 1) + uniform(random_stream, 0, 1)\n");
    EXPECT_EQ(r.of("r").is, role::random);
}

}  // namespace
}  // namespace apical::nmodl::testing
