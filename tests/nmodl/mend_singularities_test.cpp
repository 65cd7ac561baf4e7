// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "tests/nmodl/small_language.hpp"

namespace apical::nmodl {
namespace {

using testing::model;

std::string mended(const std::string& text) {
    model m;
    m.p.advance = m.parse_block(text);
    mend_singularities(m.p);
    return m.text(m.p.advance);
}

TEST(mend_singularities, finds_what_is_proportional_to_the_exponent) {
    EXPECT_EQ(mended("y = x/(exp(x) - 1)"), "y = exprel(x)");
    EXPECT_EQ(mended("y = x/(1 - exp(-x))"), "y = exprel(-x)");
    EXPECT_EQ(mended("y = a*(v - v0)/(exp((v - v0)/k) - 1)"), "y = a*k*exprel((v - v0)/k)");
    EXPECT_EQ(mended("y = a*(v0 - v)/(exp((v - v0)/k) - 1)/b"), "y = -a*k*exprel((v - v0)/k)/b");
    EXPECT_EQ(mended("y = 0.1*(v + 40)/(1 - exp(-(v + 40)/10))"), "y = exprel((-(v + 40))/10)");
    EXPECT_EQ(mended("y = 0.1*(v + 40)/(exp(-0.1*v - 4) - 1)"), "y = -exprel((-0.1)*v - 4)");
    EXPECT_EQ(mended("y = x/(exp(x/z) - 1)"), "y = z*exprel(x/z)");
    EXPECT_EQ(mended("w = z*(ci*u/(1 - exp(-u)) - co*(u/(exp(u) - 1)))"), "w = z*(ci*exprel(-u) - co*exprel(u))");
}

TEST(mend_singularities, writes_small_differences_as_expm1) {
    EXPECT_EQ(mended("y = 1/(exp(x) - 1)"), "y = 1/expm1(x)");
    EXPECT_EQ(mended("y = a*(1 - exp(-t/tau))"), "y = a*(-expm1((-t)/tau))");
    EXPECT_EQ(mended("y = -1 + exp(x)"), "y = expm1(x)");
}

TEST(mend_singularities, leaves_what_is_none) {
    for (const auto* text : {"y = 3*exp(x) - 3", "y = exp(x) - 2", "y = exp(x) + 1", "y = x*x - 1", "if (x > 0) {y = 1} else {y = 2}", "y = 1 - x"}) { EXPECT_EQ(mended(text), text); }
    EXPECT_EQ(mended("y = (v + 41)/(exp((v + 40)/10) - 1)"), "y = (v + 41)/expm1((v + 40)/10)");
}

TEST(mend_singularities, takes_away_the_if_that_patched_them) {
    EXPECT_EQ(mended("if (fabs(x/y) < 1e-6) { w = y*(1 - x/y/2) } else { w = x/(exp(x/y) - 1) }"), "w = y*exprel(x/y)");
    EXPECT_EQ(mended("if (fabs(x) > 1e-4) { w = x/(exp(x) - 1) } else { w = 1 - x/2 }"), "w = exprel(x)");
    EXPECT_EQ(mended("if (1e-4 <= fabs(x)) { w = x/(exp(x) - 1) } else { w = 1 - x/2 }"), "w = exprel(x)");
    EXPECT_EQ(mended("if (fabs((v - th)/q) > 1e-6) { w = a*(v - th)/(1 - exp(-(v - th)/q)) } else { w = a*q }"), "w = a*q*exprel((-(v - th))/q)");
    EXPECT_EQ(mended("if (v == -40) { w = 1 } else { w = 0.1*(v + 40)/(1 - exp(-(v + 40)/10)) }"), "w = exprel((-(v + 40))/10)");
    EXPECT_EQ(mended("if (v != -40) { w = 0.1*(v + 40)/(1 - exp(-(v + 40)/10)) } else { w = 1 }"), "w = exprel((-(v + 40))/10)");
}

TEST(mend_singularities, leaves_an_if_that_says_something_else) {
    for (const auto* text : {
             "if (fabs(v/th) > 1e-6) { w = a*(v - th)/(1 - exp(-(v - th)/q)) } else { w = a*q }",     // not the singular point
             "if (fabs(v - th) > 1e-2) { w = a*(v - th)/(1 - exp(-(v - th)/q)) } else { w = a*q }",   // too coarse to be the same
             "if (v == -41) { w = 1 } else { w = 0.1*(v + 40)/(1 - exp(-(v + 40)/10)) }",
             "if (fabs(x) < 1e-6) { w = 2 } else { w = x/(exp(x) - 1) }",
             "if (fabs(x) < eps) { w = 1 - x/2 } else { w = x/(exp(x) - 1) }"}) {
        EXPECT_EQ(mended(text).substr(0, 3), "if ") << text;
    }
}

TEST(mend_singularities, changes_values_by_rounding_only) {
    for (const auto* text : {"y = 0.182*(v + 35)/(1 - exp(-(v + 35)/9))", "y = -0.055*(v + 27)/(exp(-(v + 27)/3.8) - 1)", "y = a*(v0 - v)/(exp((v0 - v)/k) - 1)*b", "y = 1/(exp(v/25) - 1)",
                             "y = 2*(1 - exp(-v/25))/(v + 0.1)", "y = v*v/(1 - exp(v))"}) {
        model m;
        m["a"] = 0.3;
        m["b"] = 2.1;
        m["k"] = 7.7;
        m["v0"] = -11;
        const auto plain = m.parse_block(text);
        m.p.advance = plain;
        mend_singularities(m.p);
        for (double v = -120.25; v < 100; v += 3.5) {
            m["v"] = v;
            m.run(plain);
            const double before = m["y"];
            m.run(m.p.advance);
            EXPECT_NEAR(m["y"], before, 5e-14*std::fabs(before)) << text << " at " << v;
        }
    }
}

}  // namespace
}  // namespace apical::nmodl
