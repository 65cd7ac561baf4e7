// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/mutation.hpp"
#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

const std::vector<std::string> healthy{
    "TITLE a channel\nNEURON {\n SUFFIX kv\n USEION k READ ek WRITE ik\n RANGE gbar, g\n GLOBAL tau\n}\nUNITS { (mV) = (millivolt) F = (faraday) (coulomb) }\n"
    "PARAMETER { gbar = 1e-3 (S/cm2) <0,1> v0 = -35 (mV) }\nASSIGNED { v (mV) ek (mV) ik (mA/cm2) g ninf tau (ms) z[4] }\nSTATE { n FROM 0 TO 1 }\n"
    "INITIAL { rates(v) n = ninf }\nBREAKPOINT { SOLVE states METHOD cnexp g = gbar*n^4 ik = g*(v - ek) }\nDERIVATIVE states { rates(v) n' = (ninf - n)/tau }\n"
    "PROCEDURE rates(v (mV)) { LOCAL a\n TABLE ninf, tau DEPEND celsius FROM -100 TO 100 WITH 200\n if (fabs(v - v0) < 1e-6) { a = 1 } else if (v > 3) { a = 2 } else { a = f(v) }\n"
    " ninf = a/(a + 1) tau = 1/(a + 1) : a comment\nVERBATIM\n return 0;\nENDVERBATIM\n}\nFUNCTION f(x (mV)) (/ms) { f = exp(-(x + 30 (mV))/9) }\n",
    "COMMENT\n a synapse\nENDCOMMENT\nNEURON { POINT_PROCESS s NONSPECIFIC_CURRENT i POINTER p BBCOREPOINTER rng RANDOM r }\nDEFINE N 3\nSTATE { A B c[N] }\nASSIGNED { i v index space }\n"
    "KINETIC k { COMPARTMENT j, vol[j] { A B } ~ A + 2 B <-> c[0] (1, 2)\n ~ A << (3)\n ~ B -> (4)\n CONSERVE A + B = 1 }\nLINEAR l { ~ A + B = 1\n ~ A = 2*B }\n"
    "NET_RECEIVE(w (uS), y) { INITIAL { y = 0 } if (flag == 1) { WATCH (v > 1) 2 net_send(y, 3) } FOR_NETCONS(a, b) { b = 1 }\nVERBATIM\n if (w <= 0) return;\n _args[1] = 2;\nENDVERBATIM\n"
    " A = A + w*urand() }\nFUNCTION urand() {\nVERBATIM\n double value;\n if (_p_rng) { value = nrn_random_pick(_p_rng); return value; } else { value = 0.0; }\n _lurand = value;\nENDVERBATIM\n}\n"
    "PROCEDURE element() {\nVERBATIM\n { void* vv; int i, size; double* px;\n i = (int)index;\n if (i >= 0) { vv = *((void**)(&space)); if (vv) { size = vector_capacity(vv); px = vector_vec(vv);\n"
    " if (i < size) { index += px[i]; } else { index = -1.; } } }\n for (i = 0; i < 3; i++) { if (i == 2) break; }\n }\nENDVERBATIM\n}\nBREAKPOINT { SOLVE k METHOD sparse element() i = A }\n"};

/// No text crashes or hangs; what is read without an error prints as what reads the same.
TEST(nmodl_any_text, is_read_or_refused_and_what_is_read_comes_back) {
    testing::mutation texts(healthy, 20061);
    int clean = 0, refused = 0;
    for (int i = 0; i < 5000; ++i) {
        const auto text = texts.next();
        auto r = testing::read(text, {{"a.mod", text}});
        if (!r.found.has_errors()) {
            ++clean;
            const auto again = testing::read(r.text());
            ASSERT_EQ(again.text(), r.text()) << text;
            ASSERT_FALSE(again.found.has_errors()) << again.told() << text;
        } else {
            ++refused;
        }
        syntax::replace_verbatim(r.file, r.found);
        for (const auto& d : r.found.all()) {
            EXPECT_GE(d.at.line, 1);
            EXPECT_EQ(as_utf8(d.text()), d.text());
        }
    }
    EXPECT_GT(clean, 300);
    EXPECT_GT(refused, 1000);
}

TEST(nmodl_any_text, the_healthy_ones_are_translated_whole) {
    for (const auto& text : healthy) {
        const auto r = testing::read_c(text);
        EXPECT_FALSE(r.found.has_errors()) << r.told();
    }
}

}  // namespace
}  // namespace apical::nmodl
