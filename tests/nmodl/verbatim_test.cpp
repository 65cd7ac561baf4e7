// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using testing::read_c;

const std::string head = "NEURON { POINT_PROCESS s BBCOREPOINTER rng POINTER src }\nASSIGNED { x y z[5] index space v }\nSTATE { m }\nPARAMETER { tau = 1 (ms) }\n";

std::string verbatim(const std::string& c) { return "\nVERBATIM\n" + c + "\nENDVERBATIM\n"; }

/// What a block says without its VERBATIM, less the blanks in front of lines.
std::string said(const std::string& block) {
    auto r = read_c(head + block);
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    const auto text = r.file.routines.empty() ? std::string() : print(r.file.routines.front());
    std::string lines;
    for (std::size_t i = text.find('\n') + 1; i < text.size();) {
        const auto begin = text.find_first_not_of(' ', i), end = text.find('\n', i);
        lines += text.substr(begin, end - begin) + "\n";
        i = end + 1;
    }
    return lines.substr(0, lines.rfind("}\n"));
}

/// The same of the C in a FUNCTION f(a) that a run calls.
std::string said_by(const std::string& c) { return said("FUNCTION f(a) {" + verbatim(c) + "}\nBREAKPOINT { x = f(1) }"); }

std::string refused(const std::string& c, const std::string& more = {}) {
    const auto r = read_c(head + more + "PROCEDURE f(a) {" + verbatim(c) + "}\nBREAKPOINT { f(1) }");
    const auto at = std::find_if(r.found.all().begin(), r.found.all().end(), [](const auto& d) { return d.is == severity::error; });
    return at == r.found.all().end() ? "" : at->text();
}

TEST(nmodl_verbatim, returns_end_a_routine) {
    EXPECT_EQ(said("PROCEDURE p() { x = 1" + verbatim(" return 0;") + "}"), "x = 1\n");
    EXPECT_EQ(said_by("return 3.5;"), "f = 3.5\n");
    EXPECT_EQ(said_by("return(_la*2);"), "f = a*2\n");
    EXPECT_EQ(said("NET_RECEIVE(w) { if (w <= 0) {" + verbatim("return;") + "} x = 1 y = 2 }"), "if (w <= 0) {\n}\nelse {\nx = 1\ny = 2\n}\n");
    EXPECT_EQ(said_by("if (x > 1) { return 1; } else if (x > 0) return 2; y = 3; return y;"),
              "if (x > 1) {\nf = 1\n}\nelse if (x > 0) {\nf = 2\n}\nelse {\ny = 3\nf = y\n}\n");
    EXPECT_NE(refused("while (x > 1) { if (y) return 0; x -= 1; }").find("'return' within a loop"), std::string::npos);
}

TEST(nmodl_verbatim, assignments_on_known_names) {
    EXPECT_EQ(said_by("_lf = fabs(x) + pow(v, 2.)/sqrt(y);"), "f = fabs(x) + v^2/sqrt(y)\n");
    EXPECT_EQ(said_by("x += 1; y -= x; z[2] *= 3; m /= 2; x++; --y;"), "x = x + 1\ny = y - x\nz[2] = z[2]*3\nm = m/2\nx = x + 1\ny = y - 1\n");
    EXPECT_EQ(said_by("double a = 1, b; b = a*_la; x = b;"), "LOCAL a_c, b\na_c = 1\nb = a_c*a\nx = b\n");
    EXPECT_EQ(said_by("x = _ion_cai + *_p_src + _v;"), "x = cai + src + v\n");
    EXPECT_EQ(said("NET_RECEIVE(w, y0, k) {" + verbatim("_args[1] = _args[0] + _lk;") + "}"), "y0 = w + k\n");
    EXPECT_EQ(said_by("x = y > 0 ? 1 : tau;"), "if (y > 0) {\nx = 1\n}\nelse {\nx = tau\n}\n");
    EXPECT_EQ(said_by("x = nrn_threads->_t + _nt->_dt;"), "x = t + dt\n");
    EXPECT_EQ(said_by("#define HALF (0.5)\nx = HALF*M_PI;"), "x = 0.5*3.141592653589793\n");
}

TEST(nmodl_verbatim, integers_of_c_are_cut_as_c_cuts_them) {
    EXPECT_EQ(said_by("int i = (int)index; x = i/2;"), "LOCAL i\ni = index - fmod(index, 1)\nx = i/2 - fmod(i/2, 1)\n");
    EXPECT_EQ(said_by("x = 7/2.0 + 5%3;"), "x = 7/2 + fmod(5, 3)\n");
    EXPECT_EQ(said_by("x = (double)y/2;"), "x = y/2\n");
}

TEST(nmodl_verbatim, branches_and_loops) {
    EXPECT_EQ(said_by("if (x == 1 && !y) x = 2; else { x = 3; }"), "if (x == 1 && !y) {\nx = 2\n}\nelse {\nx = 3\n}\n");
    EXPECT_EQ(said_by("int i; for (i = 0; i < 5; i++) { x += z[i]; }"), "LOCAL i\ni = 0\nwhile (i < 5) {\nx = x + z[i]\ni = i + 1\n}\n");
    EXPECT_EQ(said_by("while (x < 1) { x += 1; if (x > y) break; y = 1; }"),
              "LOCAL left_loop_0\nleft_loop_0 = 0\nwhile (left_loop_0 == 0 && x < 1) {\nx = x + 1\nif (x > y) {\nleft_loop_0 = 1\n}\nelse {\ny = 1\n}\n}\n");
    EXPECT_EQ(said_by("for (;x < 9;x++) { if (y) continue; y = x; }"), "while (x < 9) {\nif (y) {\n}\nelse {\ny = x\n}\nx = x + 1\n}\n");
}

TEST(nmodl_verbatim, statements_of_nmodl_between_blocks_of_c_belong_to_it) {
    EXPECT_EQ(said("FUNCTION f() {" + verbatim("if (_p_rng) {") + "x = 1" + verbatim("} else {") + "x = 2" + verbatim("}") + "}\nBREAKPOINT { x = f() }"), "x = 1\n");
    EXPECT_EQ(said("FUNCTION f() {" + verbatim("double value; value = 2;") + "f = value }\nBREAKPOINT { x = f() }"), "LOCAL value\nvalue = 2\nf = value\n");
}

TEST(nmodl_verbatim, draws_through_a_pointer_are_of_a_random_stream) {
    const auto of = [](const std::string& name, const std::string& c) {
        auto r = read_c(head + "FUNCTION " + name + "() {" + verbatim(c) + "}\nBREAKPOINT { x = " + name + "() }");
        EXPECT_FALSE(r.found.has_errors()) << r.told();
        EXPECT_EQ(r.file.neuron.random.size(), 1U);
        EXPECT_TRUE(r.file.neuron.bbcore_pointer.empty());
        return print(r.file.routines.front());
    };
    const std::string pick = "#ifndef NRN_VERSION_GTEQ_8_2_0\ndouble nrn_random_pick(void* r);\n#define RANDCAST\n#else\n#define RANDCAST (Rand*)\n#endif\n"
                             "if (_p_rng) { _lNAME = nrn_random_pick(RANDCAST _p_rng); } else { hoc_execerror(\"no\", \"stream\"); }";
    const auto with = [&](const std::string& name) { return std::string(pick).replace(pick.find("NAME"), 4, name); };
    EXPECT_EQ(of("urand", with("urand")), "FUNCTION urand() {\n    urand = random_uniform(rng, 0, 1)\n}\n");
    EXPECT_EQ(of("erand", with("erand")), "FUNCTION erand() {\n    erand = random_negexp(rng, 1)\n}\n");
    EXPECT_EQ(of("grand", with("grand")), "FUNCTION grand() {\n    grand = random_normal(rng, 0, 1)\n}\n");
    EXPECT_EQ(of("draw", "// Random.negexp(1)\n" + with("draw")), "FUNCTION draw() {\n    draw = random_negexp(rng, 1)\n}\n");
    EXPECT_EQ(of("f", "_lf = nrnran123_dblpick((nrnran123_State*)_p_rng);"), "FUNCTION f() {\n    f = random_uniform(rng, 0, 1)\n}\n");
    EXPECT_EQ(said_by("_lf = drand48();"), "f = scop_random()\n");
    EXPECT_EQ(said_by("_lf = rand()/(double)RAND_MAX;"), "f = floor(2147483648*scop_random())/2147483647\n");
    EXPECT_NE(refused("x = nrn_random_pick(_p_rng);").find("what nrn_random_pick draws cannot be known here; say it in NMODL: RANDOM r"), std::string::npos);
}

TEST(nmodl_verbatim, vectors_of_hoc_become_tables) {
    auto r = read_c(head + "PROCEDURE element() {" +
                    verbatim("{ void* vv; int i, size; double* px;\n i = (int)index;\n if (i >= 0) { vv = *((void**)(&space));\n  if (vv) { size = vector_capacity(vv); px = vector_vec(vv);\n"
                             "   if (i < size) { x = px[i]; index += 1.; } else { index = -1.; }\n  } else { index = -1.; } } }") +
                    "}\nPROCEDURE play() {" + verbatim("void** vv; vv = (void**)(&space); *vv = (void*)0; if (ifarg(1)) { *vv = vector_arg(1); }") + "}\nINITIAL { element() }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    const auto text = print(r.file.routines.front());
    EXPECT_NE(text.find("if (space_size > 0) {\n            size = space_size\n            if (i < size) {\n                x = space_element(i)"), std::string::npos) << text;
    ASSERT_EQ(r.file.routines.size(), 3U);   // play is hoc's
    EXPECT_EQ(print(r.file.routines.back()), "FUNCTION_TABLE space_element(i)\n");
    EXPECT_EQ(r.file.parameters.back().name, "space_size");
    EXPECT_TRUE(std::none_of(r.file.assigned.begin(), r.file.assigned.end(), [](const auto& d) { return d.name == "space"; }));
}

TEST(nmodl_verbatim, events_and_calls) {
    EXPECT_EQ(said("NET_RECEIVE(w) {" + verbatim("net_send(_tqitem, _args, _pnt, t + tau, 1.0); net_event(_pnt, t);") + "}"), "net_send(tau, 1)\nnet_event(t)\n");
    EXPECT_EQ(said("NET_RECEIVE(w) {" + verbatim("artcell_net_send(_tqitem, (double*)0, _ppvar[1].get<Point_process*>(), x, 2);") + "}"), "net_send(x - t, 2)\n");
    EXPECT_EQ(said("BREAKPOINT {" + verbatim("rates(_threadargscomma_ v); state_discontinuity(_cvode_ieq + 1, &m, m + 1);") + "}\nPROCEDURE rates(u) { x = u }"), "rates(v)\nstate_discontinuity(m, m + 1)\n");
    EXPECT_EQ(said_by("printf(\"%g\\n\", x); srand48(3); /* done */ // so"), "");
}

TEST(nmodl_verbatim, branches_of_the_preprocessor_are_those_of_neuron_9) {
    EXPECT_EQ(said_by("#if NRNBBCORE\nx = 1;\n#elif defined(OTHER)\nx = 2;\n#else\nx = 3;\n#endif\n#ifndef CORENEURON_BUILD\ny = 1;\n#endif\n#if defined(NRN_VERSION_GTEQ)\ny = 2;\n#endif"),
              "x = 3\ny = 1\ny = 2\n");
}

TEST(nmodl_verbatim, c_outside_of_routines_goes_and_is_missed_only_where_it_is_used) {
    const std::string outside = "VERBATIM\n#include <math.h>\nextern double nrn_random_pick(void*);\nstatic int counter = start(), *other;\ndouble helper(double a, int* b) { return a*b[0]; }\nENDVERBATIM\n";
    EXPECT_EQ(refused("x = 1;", outside), "");
    EXPECT_NE(refused("x = helper(1, 2);", outside).find("helper() is a function of C; write it as FUNCTION helper(...) of NMODL"), std::string::npos);
    EXPECT_NE(refused("counter++;", outside).find("'counter' is a variable of C; declare it in ASSIGNED"), std::string::npos);
    EXPECT_NE(refused("x = other[1];", outside).find("'other' is a variable of C"), std::string::npos);
}

TEST(nmodl_verbatim, what_only_hoc_calls_is_left_out_with_a_warning) {
    auto r = read_c(head + "PROCEDURE seed() {" + verbatim("*_p_rng = nrn_random_arg(1);") + "}\nDESTRUCTOR {" + verbatim("free(_p_src);") + "}\nBREAKPOINT { x = 1 }");
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.routines.size(), 1U);
    ASSERT_EQ(r.found.all().size(), 2U);
    EXPECT_EQ(r.found.all()[0].rule, "verbatim");
    EXPECT_NE(r.told().find("PROCEDURE seed is left out"), std::string::npos) << r.told();
}

TEST(nmodl_verbatim, the_rest_is_refused_by_name_line_and_a_way_out) {
    EXPECT_EQ(refused("x = 1;\n  FILE* f = lopen(\"a\", \"w\");"),
              "a.mod:8:13: error: VERBATIM is not translated: lopen() is not known in NMODL; write it as FUNCTION lopen(...), or leave the call out if a run does not need it\n"
              "      FILE* f = lopen(\"a\", \"w\");\n                ^");
    const std::vector<std::pair<std::string, std::string>> all{
        {"goto end;", "'goto' of C"}, {"case 1: x = 1;", "'case' of C"}, {"x = time(0);", "time() is not known in NMODL; write it as FUNCTION time(...)"},
        {"#define TWICE(a) (2*a)\nx = twice(y);", "twice() is not known in NMODL"}, {"static double k = x; k = 1;", "declare it in ASSIGNED"},
        {"x = *getarg(1);", "getarg() asks for an argument of hoc"}, {"x = _ppvar[2];", "'_ppvar' is of NEURON's own C"}, {"x = 1 = y;", "an assignment to what is no variable"},
        {"x = sec->prop->dparam;", "reaches into NEURON"}, {"if (x) {", "where '}' should be"}, {"}", "a '}' too many in C"},
        {"x = ;", "';' in C"}, {"double k[2][2];", "an array of arrays of C"}, {"while (y ? x : 2) { x = 1; }", "'?' in a condition"}, {"other(1);", "other() is not known in NMODL"},
        {"x = y & 3;", "'&' where ';' should be"}, {"src = vector_arg(1);", "vector_arg() asks for an argument of hoc"}};
    for (const auto& [c, why] : all) EXPECT_NE(refused(c).find(why), std::string::npos) << c << "\n" << refused(c);
    EXPECT_NE(read_c(head + "BREAKPOINT {" + verbatim("if (x) return 0;") + "}").told().find("'return' in BREAKPOINT"), std::string::npos);
}

TEST(nmodl_verbatim, neither_depth_nor_macros_exhaust_anything) {
    EXPECT_NE(refused("x = " + std::string(50000, '(') + "1;"), "");
    EXPECT_NE(refused(std::string(50000, '{')), "");
    EXPECT_NE(refused("x = " + std::string(50000, '-') + "1;"), "");
    std::string bomb = "#define a0 1\n";
    for (int i = 1; i < 40; ++i) bomb += "#define a" + std::to_string(i) + " a" + std::to_string(i - 1) + " + a" + std::to_string(i - 1) + "\n";
    EXPECT_NE(refused(bomb + "x = a39;"), "");
    std::string jumps;
    for (int i = 0; i < 60; ++i) jumps += "if (x) { y = 1; } else { if (y) return 0; }\n";
    EXPECT_NE(refused(jumps), "");
}

}  // namespace
}  // namespace apical::nmodl
