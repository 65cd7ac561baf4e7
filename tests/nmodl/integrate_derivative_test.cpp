// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "tests/nmodl/small_language.hpp"

namespace apical::nmodl {
namespace {

using testing::model;

/// States m, h, s; the block of a DERIVATIVE and what one step of it is.
struct solved : model {
    block step;
    solved(const std::string& text, const std::string& method, bool is_steady = false) {
        states({{"m", 0.1}, {"h", 0.6}, {"s", 0.3}});
        (*this)["dt"] = 0.1;
        step = integrate_derivative(p, parse_block(text), method, is_steady, {}, found);
    }
};

std::string step_of(const std::string& text, const std::string& method) {
    const solved s(text, method);
    return s.text(s.step);
}

TEST(cnexp, has_the_shapes_that_code_is_written_from) {
    EXPECT_EQ(step_of("m' = (inf - m)/tau", "cnexp"), "m' = inf/tau | (-1)/tau");
    EXPECT_EQ(step_of("m' = -(m - inf)/tau", "cnexp"), "m' = inf/tau | (-1)/tau");
    EXPECT_EQ(step_of("m' = (1/tau)*(inf - m)", "cnexp"), "m' = inf/tau | (-1)/tau");
    EXPECT_EQ(step_of("m' = alpha*(1 - m) - beta*m", "cnexp"), "m' = alpha | -(alpha + beta)");
    EXPECT_EQ(step_of("m' = (1 - m)*alpha - m*beta", "cnexp"), "m' = alpha | -(alpha + beta)");
    EXPECT_EQ(step_of("m' = alpha - (alpha + beta)*m", "cnexp"), "m' = alpha | -(alpha + beta)");
    EXPECT_EQ(step_of("m' = q10*(inf - m)/tau", "cnexp"), "m' = inf*(q10/tau) | -q10/tau");
    EXPECT_EQ(step_of("m' = (inf - m)*phi*k", "cnexp"), "m' = inf*(phi*k) | -phi*k");
    EXPECT_EQ(step_of("m' = -m/tau", "cnexp"), "m' = 0 | (-1)/tau");
    EXPECT_EQ(step_of("m' = drive + (rest - m)/tau", "cnexp"), "m' = drive + rest/tau | (-1)/tau");
    EXPECT_EQ(step_of("m' = a", "cnexp"), "m = m + dt*a");
}

TEST(cnexp, keeps_the_order_of_the_block) {
    EXPECT_EQ(step_of("Q = exp(v) m' = (Q - m)/tau if (m > 0.5) { h' = -h } else { h' = m } out = h", "cnexp"),
              "Q = exp(v); m' = Q/tau | (-1)/tau; if (m > 0.5) {h' = 0 | -1} else {h = h + dt*m}; out = h");
}

TEST(cnexp, sees_the_state_by_way_of_other_variables_and_says_so) {
    const solved s("Q = inf - m R = Q/tau m' = R", "cnexp");
    EXPECT_EQ(s.text(s.step), "Q = inf - m; R = Q/tau; m' = inf/tau | (-1)/tau");
    ASSERT_EQ(s.found.all().size(), 1);
    EXPECT_EQ(s.found.all()[0].rule, "method");
    EXPECT_NE(s.found.all()[0].message.find("by way of R"), std::string::npos);
}

TEST(cnexp, holds_what_makes_an_equation_not_linear_and_says_so) {
    const std::pair<const char*, const char*> cases[]{
        {"Q = m*m m' = -Q - m", "Q = m*m; m' = -Q | -1"},
        {"k = 2 Q = k*m k = 3 m' = -Q", "k = 2; Q = k*m; k = 3; m = m - dt*Q"},   // Q is not 3*m
        {"if (m > 0.2) { Q = 1 } else { Q = 2 } m' = -Q*m", "if (m > 0.2) {Q = 1} else {Q = 2}; m' = 0 | -Q"}};
    for (const auto& [text, step] : cases) {
        const solved s(text, "cnexp");
        EXPECT_EQ(s.text(s.step), step);
        ASSERT_EQ(s.found.all().size(), 1) << text;
        EXPECT_NE(s.found.all()[0].message.find("by way of Q, and not linearly"), std::string::npos) << text;
    }
}

TEST(cnexp, of_what_is_not_linear_is_derivimplicit_with_a_warning) {
    for (const auto* text : {"m' = a - m*m", "m' = sqrt(m)", "m' = a/(1 + m)", "Q = m m' = a - Q*m*m h' = m"}) {
        const solved s(text, "cnexp");
        ASSERT_EQ(s.found.all().size(), 1) << text;
        EXPECT_NE(s.found.all()[0].message.find("not linear in m"), std::string::npos) << text;
        EXPECT_EQ(s.text(s.step), step_of(text, "derivimplicit")) << text;
    }
}

TEST(cnexp, tells_elements_of_an_array_apart) {
    model m;
    m.array("c", {1, 2});
    m["dt"] = 0.1;
    const auto step = integrate_derivative(m.p, m.parse_block("Q = c[0]*c[0] c[1]' = Q - k*c[1]"), "cnexp", false, {}, m.found);
    EXPECT_EQ(m.text(step), "Q = c[0]*c[0]; c[1]' = Q | -k");
    EXPECT_TRUE(m.found.all().empty());
}

TEST(derivimplicit, solves_all_states_together_with_the_exact_jacobian) {
    EXPECT_EQ(step_of("m' = a - k*m*h h' = m - h", "derivimplicit"),
              "old_m = m; old_h = h; solve m h {} 0 = m - old_m - dt*(a - k*m*h), 0 = h - old_h - dt*(m - h),"
              " J00 = 1 + dt*(k*h), J01 = dt*(k*m), J10 = -dt, J11 = 1 + dt,");
}

TEST(derivimplicit, computes_once_what_no_state_changes_and_leaves_the_rest_as_of_the_solution) {
    EXPECT_EQ(step_of("inf = 1/(1 + exp(v)) Q = m*m out = 2*Q m' = inf - Q", "derivimplicit"),
              "old_m = m; inf = 1/(1 + exp(v)); solve m {Q = m*m} 0 = m - old_m - dt*(inf - Q), J00 = 1 + dt*(m + m),; Q = m*m; out = 2*Q");
}

TEST(derivimplicit, carries_derivatives_through_branches) {
    EXPECT_EQ(step_of("if (v > 0) { Q = m*m } else { Q = exp(m) } m' = -Q", "derivimplicit"),
              "old_m = m; solve m {d_Q_m = 0; if (v > 0) {d_Q_m = m + m; Q = m*m} else {d_Q_m = exp(m); Q = exp(m)}} 0 = m - old_m + dt*Q, J00 = 1 + dt*d_Q_m,");
}

TEST(derivimplicit, does_to_the_solution_what_the_block_does_to_a_state) {
    EXPECT_EQ(step_of("m' = a - m if (m < 0) { m = 0 }", "derivimplicit"),
              "old_m = m; solve m {} 0 = m - old_m - dt*(a - m), J00 = 1 + dt,; if (m < 0) {m = 0}");
}

TEST(methods, are_told_apart_by_name) {
    EXPECT_EQ(step_of("m' = a - m h' = m", "euler"), "rate_m = a - m; rate_h = m; m = m + dt*rate_m; h = h + dt*rate_h");
    for (const auto* method : {"", "after_cvode", "cvode_t", "cvode_t_v"}) {
        const solved s("out = m m' = a - m", method);
        ASSERT_EQ(s.found.all().size(), 1) << method;
        EXPECT_EQ(s.found.all()[0].is, severity::warning) << method;
        if (*method) { EXPECT_EQ(s.text(s.step), "out = m"); }
    }
    EXPECT_EQ(step_of("m' = a - m", "sparse"), step_of("m' = a - m", "derivimplicit"));
    const solved s("m' = a - m", "adams");
    ASSERT_TRUE(s.found.has_errors());
    EXPECT_EQ(s.found.all()[0].message, "METHOD adams is not one for DERIVATIVE blocks");
    EXPECT_EQ(s.found.all()[0].hint, "cnexp, derivimplicit, euler or runge");
}

/// Error at t = 2 with n steps.
double error_after(const std::string& text, const std::string& method, int n, const std::function<double(double)>& exact) {
    solved s(text, method);
    s["m"] = exact(0);
    s["dt"] = 2./n;
    for (int i = 0; i < n; ++i) {
        s["t"] = 2.*i/n;
        s.run(s.step);
    }
    return std::fabs(s["m"] - exact(2));
}

TEST(methods, converge_with_their_orders) {
    const auto logistic = [](double t) { return 1/(1 + 4*std::exp(-t)); };
    for (const auto& [method, order] : {std::pair{"euler", 1.}, std::pair{"derivimplicit", 1.}, std::pair{"runge", 4.}}) {
        const double coarse = error_after("m' = m*(1 - m)", method, 40, logistic), fine = error_after("m' = m*(1 - m)", method, 80, logistic);
        EXPECT_NEAR(std::log2(coarse/fine), order, 0.05) << method;
    }
    const auto forced = [](double t) { return std::sin(t) + 0.2*std::exp(-t); };
    const double coarse = error_after("m' = sin(t) + cos(t) - m", "runge", 20, forced), fine = error_after("m' = sin(t) + cos(t) - m", "runge", 40, forced);
    EXPECT_NEAR(std::log2(coarse/fine), 4, 0.1);
}

TEST(cnexp, is_exact_for_equations_that_are_linear) {
    for (const auto* text : {"m' = (0.7 - m)/0.4", "m' = 1.75*(1 - m) - 0.75*m", "Q = 0.7 - m m' = Q/0.4", "m' = 1.75 - 2.5*m"}) {
        const auto exact = [](double t) { return 0.7 - 0.6*std::exp(-2.5*t); };
        for (const int n : {1, 3, 50}) { EXPECT_LT(error_after(text, "cnexp", n, exact), 1e-14) << text << ", " << n << " steps"; }
    }
}

TEST(steady_state, of_a_derivative_block_is_where_nothing_changes) {
    solved s("m' = a - k*m h' = m - b*h*h s' = h - s*exp(s)", "derivimplicit", true);
    s["a"] = 0.3;
    s["k"] = 1.5;
    s["b"] = 0.2;
    s.run(s.step);
    EXPECT_NEAR(s["m"], 0.2, 1e-8);
    EXPECT_NEAR(s["h"], 1, 1e-8);
    EXPECT_NEAR(s["s"]*std::exp(s["s"]), 1, 1e-8);
}

TEST(rates, of_a_derivative_block_are_left_in_locals) {
    model m;
    m.states({{"m", 0.1}, {"h", 0.6}});
    const auto r = rates_of_derivative(m.p, m.parse_block("Q = m*h m' = -Q if (v > 0) { h' = Q }"));
    EXPECT_EQ(m.text(r.body), "rate_h = 0; Q = m*h; rate_m = -Q; if (v > 0) {rate_h = Q}");
    ASSERT_EQ(r.rates.size(), 2);
    EXPECT_EQ(m.p.variables[r.rates[0].first.variable].name, "m");
    EXPECT_EQ(m.p.variables[r.rates[1].second].name, "rate_h");
}

}  // namespace
}  // namespace apical::nmodl
