// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "tests/nmodl/small_language.hpp"

namespace apical::nmodl {
namespace {

using testing::model;

/// Unknowns x and y.
struct solved : model {
    block step;
    solved(const std::string& text, bool is_linear) {
        states({{"x", 0.5}, {"y", 0.5}});
        const std::vector<element> unknowns{{find("x")}, {find("y")}};
        step = solve_equations(p, parse_block(text), unknowns, is_linear, {}, found);
    }
};

TEST(linear, is_solved_at_once) {
    solved s("~ a*x + y = 3 ~ x - y = b", true);
    EXPECT_EQ(s.text(s.step), "solve linear x y {} 0 = a*x + y - 3, 0 = x - y - b, J00 = a, J01 = 1, J10 = 1, J11 = -1,");
    s["a"] = 2;
    s["b"] = 0.6;
    s.run(s.step);
    EXPECT_NEAR(s["x"], 1.2, 1e-15);
    EXPECT_NEAR(s["y"], 0.6, 1e-15);
}

TEST(linear, takes_other_statements_as_they_are_before) {
    solved s("~ x + y = 3 k = x + 1 ~ x - y = k", true);
    s.run(s.step);
    EXPECT_NEAR(s["k"], 1.5, 1e-15);
    EXPECT_NEAR(s["x"], 2.25, 1e-15);
    EXPECT_NEAR(s["y"], 0.75, 1e-15);
}

TEST(linear, refuses_what_is_not) {
    const solved s("~ x*y = 1 ~ x = 2", true);
    ASSERT_TRUE(s.found.has_errors());
    EXPECT_EQ(s.found.all()[0].message, "LINEAR: the equation is not linear in x");
    EXPECT_EQ(s.found.all()[0].hint, "a NONLINEAR block solves such equations");
}

TEST(nonlinear, is_solved_with_the_exact_jacobian) {
    solved s("~ x*x + y = 2 Q = exp(-x) ~ y - Q = 0.4", false);
    EXPECT_EQ(s.text(s.step), "solve x y {Q = exp(-x)} 0 = x*x + y - 2, 0 = y - Q - 0.4, J00 = x + x, J01 = 1, J10 = exp(-x), J11 = 1,");
    s.run(s.step);
    EXPECT_NEAR(s["x"]*s["x"] + s["y"], 2, 1e-14);
    EXPECT_NEAR(s["y"] - std::exp(-s["x"]), 0.4, 1e-14);
}

TEST(nonlinear, has_no_jacobian_where_a_function_has_no_derivative) {
    const solved s("~ gamma_ln(x) = 1 ~ y = x", false);
    EXPECT_TRUE(s.step.back().system[0].jacobian.empty());
    EXPECT_FALSE(s.found.has_errors());
}

TEST(equations, are_as_many_as_unknowns) {
    const solved s("~ x = 1", true);
    ASSERT_TRUE(s.found.has_errors());
    EXPECT_EQ(s.found.all()[0].message, "1 equations for 2 unknowns");
}

}  // namespace
}  // namespace apical::nmodl
