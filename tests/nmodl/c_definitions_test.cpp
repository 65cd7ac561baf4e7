// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "channels/nmodl/translate.hpp"
#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using testing::read_c;

const std::string head = "NEURON { POINT_PROCESS s }\nASSIGNED { x y v }\n";

std::string verbatim(const std::string& c) { return "\nVERBATIM\n" + c + "\nENDVERBATIM\n"; }

/// The file of a text with some C outside of routines and a PROCEDURE f of C that a run calls, as it prints without its blanks.
std::string said(const std::string& outside, const std::string& inside) {
    auto r = read_c(head + verbatim(outside) + "PROCEDURE f(a) {" + verbatim(inside) + "}\nBREAKPOINT { f(1) }");
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    auto text = r.text();
    std::string lines;
    for (std::size_t i = text.find("PROCEDURE f"); i < text.size();) {
        const auto begin = std::min(text.find_first_not_of(" \n", i), text.size()), end = std::min(text.find('\n', begin), text.size());
        if (end > begin) lines += text.substr(begin, end - begin) + "\n";
        i = end;
    }
    return lines;
}

std::string refused(const std::string& outside, const std::string& inside) {
    const auto r = read_c(head + verbatim(outside) + "PROCEDURE f(a) {" + verbatim(inside) + "}\nBREAKPOINT { f(1) }");
    const auto at = std::find_if(r.found.all().begin(), r.found.all().end(), [](const auto& d) { return d.is == severity::error; });
    return at == r.found.all().end() ? "" : at->text();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(nmodl_c_definitions, functions_of_numbers_become_functions) {
    const auto text = said("extern double drand48();\nstatic double mean(double a, double b)\n{\n  double r;\n  if (a > b) r = a; else r = (a + b)/2;\n  return r;\n}", "x = mean(_la, y);");
    EXPECT_TRUE(holds(text, "x = mean(a, y)\n")) << text;
    EXPECT_TRUE(holds(text, "FUNCTION mean(a, b) {\nLOCAL r\nif (a > b) {\nr = a\n}\nelse {\nr = (a + b)/2\n}\nmean = r\n}\n")) << text;
}
TEST(nmodl_c_definitions, whole_numbers_are_cut_on_their_way_in_and_out) {
    const auto text = said("int half(int n) { return n/2; }", "x = half(y)/2;");
    EXPECT_TRUE(holds(text, "FUNCTION half(n) {\nn = n - fmod(n, 1)\nhalf = n/2 - fmod(n/2, 1)\n}\n")) << text;
    EXPECT_TRUE(holds(text, "x = floor(half(y)/2)\n")) << text;
}
TEST(nmodl_c_definitions, functions_call_each_other_and_those_that_nothing_calls_go) {
    const auto text = said("double one(void) { return 1; }\ndouble two() { return one() + one(); }\ndouble never(double a) { return fscanf(a); }\nvoid set(double a) { x = a; }", "set(two());");
    EXPECT_TRUE(holds(text, "two = one() + one()\n") && holds(text, "PROCEDURE set(a) {\nx = a\n}\n")) << text;
    EXPECT_FALSE(holds(text, "never")) << text;
}
TEST(nmodl_c_definitions, nmodl_calls_them_too) {
    const auto r = translate_text(head + verbatim("double cube(double a) { return a*a*a; }") + "BREAKPOINT { x = cube(v) }", "a.mod");
    ASSERT_TRUE(r.program) << r.found.all().front().text();
}
TEST(nmodl_c_definitions, what_is_not_a_function_of_numbers_is_refused_where_it_is_called_or_written) {
    EXPECT_TRUE(holds(refused("double first(double* a) { return a[0]; }", "x = first(0);"), "first() is a function of C; write it as FUNCTION first(...)"));
    EXPECT_TRUE(holds(refused("double value(double a) {\n  return strtod(a);\n}", "x = value(1);"), "a.mod:6:10: error: VERBATIM is not translated: strtod() is not known"));
}

TEST(nmodl_c_definitions, numbers_outside_of_routines_are_kept) {
    const auto r = read_c(head + verbatim("static double scale = -2.5, table[4];\nstatic int count;\nconst int MOST = 7;\nchar* name;") +
                          "PROCEDURE f() {" + verbatim("count++; x = scale*table[1] + MOST;") + "}\nBREAKPOINT { f() }");
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    ASSERT_EQ(r.file.parameters.size(), 2U);
    EXPECT_EQ(r.file.parameters[1].name, "scale");
    EXPECT_EQ(r.file.parameters[1].value, -2.5);
    EXPECT_EQ(r.file.assigned.back().length, 4);
    EXPECT_EQ(r.file.constants.front().value, 7);
    EXPECT_TRUE(holds(r.told(), "'count' is a variable of C, one for all instances in NEURON; each has its own here")) << r.told();
    EXPECT_TRUE(holds(refused("static double* p;", "x = p[0];"), "'p' is a variable of C"));
}
TEST(nmodl_c_definitions, static_numbers_of_a_routine_are_kept_too) {
    const auto r = read_c(head + "PROCEDURE f() {" + verbatim("static double last = 3; x = last; last = v;") + "}\nBREAKPOINT { f() }");
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.parameters.back().name, "f_last");
    EXPECT_EQ(r.file.parameters.back().value, 3);
    EXPECT_TRUE(holds(print(r.file.routines.front()), "x = f_last\n    f_last = v\n"));
}
TEST(nmodl_c_definitions, numbers_of_c_that_nmodl_names_are_declared) {
    const auto r = read_c(head + verbatim("#define RESTART (-99)\nconst int KIND = 2;") + "NET_RECEIVE(w) { if (flag == RESTART || flag == KIND) { x = 1 } }");
    ASSERT_EQ(r.file.constants.size(), 2U);
    EXPECT_EQ(r.file.constants[1].value, -99);
    EXPECT_TRUE(read_c(head + verbatim("#define w 3") + "NET_RECEIVE(w) { x = w }").file.constants.empty());
}

TEST(nmodl_c_definitions, macros_with_arguments_are_put_in) {
    EXPECT_TRUE(holds(said("#define LARGER(a, b) ((a) > (b) ? (a) : (b))", "x = LARGER(y, LARGER(v, 2));"), "if (v > 2) {\nchoice_0 = v\n}\nelse {\nchoice_0 = 2\n}\nif (y > choice_0) {\nx = y\n}\n"));
    EXPECT_TRUE(holds(said("#define SCALED(a) (2*(a))", "x = SCALED(y + 1) + SCALED(3);"), "x = 2*(y + 1) + 2*3\n"));
    EXPECT_TRUE(holds(said("#define ONLY(arg) arg", "ONLY(if (x) { y = 1; })"), "if (x) {\ny = 1\n}\n"));
    EXPECT_TRUE(holds(refused("#define F(a) F(a)", "x = F(1);"), "F() is not known"));
}

TEST(nmodl_c_definitions, files_are_opened_and_closed_for_nothing_and_not_read) {
    EXPECT_TRUE(holds(said("FILE *log;", "static FILE *f = NULL; if (f == NULL) { f = fopen(\"a\", \"w\"); } fprintf(f, \"%g\", x); fclose(f); log = fopen(\"b\", \"w\"); x = 1;"), "x = 1\n"));
    EXPECT_TRUE(holds(refused("", "FILE* f = fopen(\"a\", \"r\"); x = fscanf(f, \"%lf\", &y);"), "fscanf() is not known in NMODL"));
}

TEST(nmodl_c_definitions, choices_within_expressions_and_assignments_in_a_row) {
    EXPECT_TRUE(holds(said("", "x = 1 + (y ? 2 : 3);"), "LOCAL choice_0\nif (y) {\nchoice_0 = 2\n}\nelse {\nchoice_0 = 3\n}\nx = 1 + choice_0\n"));
    EXPECT_TRUE(holds(said("", "x = y = 4;"), "y = 4\nx = y\n"));
    EXPECT_TRUE(holds(said("", "double k[2] = {1, v}; x = k[1];"), "LOCAL k[2]\nk[0] = 1\nk[1] = v\nx = k[1]\n"));
    EXPECT_TRUE(holds(said("", "static double k[2] = {1, 2}; x = k[1];"), "k[0] = 1\nk[1] = 2\nx = k[1]\n"));
    EXPECT_TRUE(holds(refused("", "static double k[2] = {1, 2}; x = k[1]; k[1] = 3;"), "a table of C that keeps its values between calls"));
}
TEST(nmodl_c_definitions, draws_of_mcell_are_scop_random) {
    EXPECT_TRUE(holds(said("", "static unsigned int seed = 5; mcell_ran4(&seed, &x, 1, 2.0);"), "x = 2*scop_random()\n"));
    EXPECT_TRUE(holds(refused("", "double z[3]; mcell_ran4(&y, z, 3, 1);"), "draws more than one number"));
}
TEST(nmodl_c_definitions, switches_are_branches) {
    EXPECT_TRUE(holds(said("", "switch ((int)y) { case 1: case 2: x = 1; break; case 3: x = 2; default: v = 5; }"),
                      "if (selector_0 == 1 || selector_0 == 2) {\nx = 1\n}\nelse if (selector_0 == 3) {\nx = 2\nv = 5\n}\nelse {\nv = 5\n}\n"));
    EXPECT_TRUE(holds(refused("", "switch (x) { y = 1; }"), "before its first 'case'"));
}
TEST(nmodl_c_definitions, loops_that_ask_at_their_end_go_round_once) {
    EXPECT_TRUE(holds(said("", "do { x += 1; } while (x < 2);"), "first_round_0 = 1\nwhile (first_round_0 == 1 || x < 2) {\nfirst_round_0 = 0\nx = x + 1\n}\n"));
    EXPECT_TRUE(holds(refused("", "do { x = 1; }"), "'do' without 'while'"));
}

}  // namespace
}  // namespace apical::nmodl
