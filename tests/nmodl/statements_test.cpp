// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using kind = syntax::statement::kind;
using testing::read;

syntax::block body_of(const std::string& text) {
    const auto r = read(text);
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    return r.file.routines.empty() ? syntax::block{} : r.file.routines[0].body;
}

TEST(nmodl_statements, branches_and_loops) {
    const auto b = body_of("INITIAL { LOCAL i, a[3]\n if (x > 1) { y = 1 } else if (x) { y = 2 } ELSE { y = 3 }\n while (x < 2) { x = x + 1 }\n FROM i=0 TO 4 BY 2 { z[i] = i }\n { w = 1 } f(x) }");
    ASSERT_EQ(b.size(), 6U);
    EXPECT_EQ(b[0].is, kind::local);
    EXPECT_EQ(b[0].names[1].operands[0].value, 3);
    EXPECT_EQ(b[1].branches.size(), 2U);
    EXPECT_EQ(b[1].else_body.size(), 1U);
    EXPECT_EQ(b[2].is, kind::repeat);
    EXPECT_EQ(b[3].is, kind::loop);
    EXPECT_EQ(b[3].third.value, 2);
    EXPECT_EQ(b[4].is, kind::branch);
    EXPECT_EQ(b[4].branches[0].condition.value, 1);
    EXPECT_EQ(b[5].is, kind::call);
}

TEST(nmodl_statements, solve_table_and_conductance) {
    auto b = body_of("BREAKPOINT { SOLVE s METHOD cnexp SOLVE k STEADYSTATE sparse SOLVE p SOLVE q METHOD euler IFERROR { x = 1 } CONDUCTANCE g USEION na CONDUCTANCE h }");
    ASSERT_EQ(b.size(), 6U);
    EXPECT_EQ(b[0].method, "cnexp");
    EXPECT_TRUE(b[1].is_steady);
    EXPECT_TRUE(b[2].method.empty());
    EXPECT_EQ(b[3].body.size(), 1U);
    EXPECT_EQ(b[4].ion, "na");
    EXPECT_TRUE(b[5].ion.empty());
    b = body_of("DEFINE N 200\nPROCEDURE r(v) { TABLE minf, mtau DEPEND celsius, q FROM -100 TO 2*50 WITH N minf = v }");
    EXPECT_EQ(b[0].is, kind::table);
    EXPECT_EQ(b[0].names.size(), 2U);
    EXPECT_EQ(b[0].depends[1].name, "q");
    EXPECT_EQ(b[0].third.value, 200);
    EXPECT_TRUE(body_of("FUNCTION f(x) { TABLE FROM 0 TO 1 WITH 10 f = x }")[0].names.empty());
}

TEST(nmodl_statements, kinetics) {
    const auto b = body_of("KINETIC k { COMPARTMENT i, vol[i]*2 { ca buf } COMPARTMENT 1 {x} LONGITUDINAL_DIFFUSION d { ca }\n ~ 2 A + B[i] <-> C (kf, kb*2)\n ~ ca << (in)\n ~ A -> (out)\n"
                           " f = f_flux\n CONSERVE A + 2 B = 1 }");
    ASSERT_EQ(b.size(), 8U);
    EXPECT_EQ(b[0].name, "i");
    EXPECT_EQ(b[0].names.size(), 2U);
    EXPECT_TRUE(b[1].name.empty());
    EXPECT_EQ(b[2].is, kind::diffusion);
    EXPECT_EQ(b[3].left[0].coefficient, 2);
    EXPECT_EQ(b[3].left[1].species.operands.size(), 1U);
    EXPECT_EQ(print(b[3].second), "kb*2");
    EXPECT_TRUE(b[4].is_source);
    EXPECT_TRUE(b[5].is_sink);
    EXPECT_EQ(print(b[7].value), "A + 2*B");
}

TEST(nmodl_statements, equations_and_what_is_added_to_them) {
    const auto b = body_of("LINEAR l { ~ a*x + y = 1\n ~ x = 2\n ~+ y = 3 }");
    ASSERT_EQ(b.size(), 2U);
    EXPECT_EQ(b[0].is, kind::equation);
    EXPECT_EQ(print(b[1].value), "x + y");
    EXPECT_EQ(print(b[1].second), "2 + 3");
}

TEST(nmodl_statements, events) {
    const auto b = body_of("NET_RECEIVE(w, x) { INITIAL { x = 0 } WATCH (v > -20) 2, (v < 3) 3 FOR_NETCONS(w1, x1) { x1 = 0 } net_send(1, 2) }");
    ASSERT_EQ(b.size(), 5U);
    EXPECT_EQ(b[0].is, kind::initial);
    EXPECT_EQ(b[1].is, kind::watch);
    EXPECT_EQ(print(b[2].value), "v < 3");
    EXPECT_EQ(b[2].second.value, 3);
    EXPECT_EQ(b[3].names.size(), 2U);
    EXPECT_EQ(b[4].value.name, "net_send");
}

TEST(nmodl_statements, a_file_prints_as_what_reads_the_same) {
    const std::string canonical =
        "TITLE all\nCOMMENT\n a comment\nENDCOMMENT\n"
        "NEURON {\n    POINT_PROCESS p\n    USEION ca READ cai, cao WRITE ica VALENCE 2\n    NONSPECIFIC_CURRENT i\n    RANGE g, e\n    RANDOM r\n    THREADSAFE\n}\n"
        "UNITS {\n    (mV) = (millivolt)\n    F = (faraday) (coulomb)\n    R = 8.314 (joule/degC)\n}\n"
        "CONSTANT {\n    k = -1.5 (/ms)\n}\nPARAMETER {\n    g = 0.001 (uS) <0, 1000000000>\n    z[3]\n}\n"
        "ASSIGNED {\n    v (mV)\n}\nSTATE {\n    m FROM 0 TO 1\n    n[2] START 0.5 (mM)\n}\nLOCAL q[4]\n"
        "INITIAL {\n    LOCAL a, b[2]\n    SOLVE s STEADYSTATE sparse\n    m = -(a + 1)^2*exp(v/25 (mV))\n}\n"
        "BREAKPOINT {\n    SOLVE s METHOD sparse\n    CONDUCTANCE g USEION ca\n    if (m < 1) {\n        i = g*m\n    }\n    else if (m == 2) {\n        i = 0\n    }\n    else {\n        rates(v)\n    }\n}\n"
        "KINETIC s {\n    COMPARTMENT i, q[i] { m n }\n    LONGITUDINAL_DIFFUSION 0.6 { m }\n    ~ m + 2 n[0] <-> n[1] (1, 2)\n    ~ m << (3)\n    ~ m -> (4)\n    CONSERVE m + 2*n = 1\n}\n"
        "FUNCTION f(x (mV), y) (ms) {\n    TABLE DEPEND celsius FROM -100 TO 100 WITH 200\n    FROM i = 0 TO 2 BY 1 {\n        f = x\n    }\n    while (f > 1) {\n        f = f - 1\n    }\n}\n"
        "FUNCTION_TABLE t(x (mV)) (/ms)\n"
        "NET_RECEIVE(w (uS)) {\n    INITIAL {\n        w = 0\n    }\n    WATCH (v > 1) 2\n    FOR_NETCONS (w) {\n        w = 1\n    }\n    printf(\"a %g\\n\", w)\n}\n"
        "BEFORE STEP {\n    MUTEXLOCK\n}\nDERIVATIVE d {\n    m' = -m/3\n}\nNONLINEAR o SOLVEFOR m {\n    ~ m^2 = 2\nVERBATIM\n return 0;\nENDVERBATIM\n}\n"
        "VERBATIM\nint x;\nENDVERBATIM\n";
    const auto r = read(canonical);
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.text(), canonical);
}

}  // namespace
}  // namespace apical::nmodl
