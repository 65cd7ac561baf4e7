// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/simplify.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "channels/nmodl/variables.hpp"
#include "tests/nmodl/small_language.hpp"

namespace apical::nmodl {
namespace {

using testing::model;

std::string simplified(const std::string& text) {
    model m;
    return m.text(algebra::simplify(m.parse(text)));
}

TEST(simplify, writes_sums_and_products_short) {
    EXPECT_EQ(simplified("0 + a*1 - 0*b"), "a");
    EXPECT_EQ(simplified("-(-a)"), "a");
    EXPECT_EQ(simplified("a - a"), "0");
    EXPECT_EQ(simplified("-a - b"), "-(a + b)");
    EXPECT_EQ(simplified("-a + b"), "b - a");
    EXPECT_EQ(simplified("a - (-b)*c"), "a + b*c");
    EXPECT_EQ(simplified("-(a - b)"), "b - a");
    EXPECT_EQ(simplified("a + (-2)*b"), "a - 2*b");
    EXPECT_EQ(simplified("(-a)/(-b)"), "a/b");
    EXPECT_EQ(simplified("a*(1/b)"), "a/b");
    EXPECT_EQ(simplified("a^1 + a^0"), "a + 1");
    EXPECT_EQ(simplified("2*3 - 10/4 + 2^3"), "11.5");
    EXPECT_EQ(simplified("exp(a*1)"), "exp(a)");
}

TEST(simplify, leaves_to_the_run_what_is_not_finite) {
    EXPECT_EQ(simplified("1/0"), "1/0");
    EXPECT_EQ(simplified("1e300*1e300"), "1e+300*1e+300");
}

TEST(build, does_operations_on_numbers_where_the_result_is_finite) {
    using kind = expression::kind;
    model m;
    EXPECT_EQ(m.text(binary(kind::divide, number(1), number(4))), "0.25");
    EXPECT_EQ(m.text(binary(kind::divide, number(1), number(0))), "1/0");
    EXPECT_EQ(m.text(binary(kind::add, m.parse("a"), number(0))), "a + 0");   // what the file says stays as it is
    EXPECT_EQ(m.text(algebra::add(m.parse("a"), number(0))), "a");
    EXPECT_EQ(binary(kind::power, number(2), number(3)).is, kind::power);     // functions round in a run's own way
}

TEST(variables_read, are_those_of_expressions_and_of_streams_and_not_tables) {
    model m;
    auto table = call(builtin::function_table, {m.parse("b")});
    table.variable = m.variable_named("a");   // table number 0
    auto draw = call(builtin::uniform, {});
    draw.variable = m.variable_named("r");
    EXPECT_EQ(algebra::variables_read({assign({m.variable_named("x")}, binary(expression::kind::add, table, draw), {})}),
              (std::set<int>{m.variable_named("b"), m.variable_named("r")}));
}

TEST(simplify, tells_the_same_tree_from_another) {
    model m;
    EXPECT_TRUE(algebra::same(m.parse("exp(a[1] - 2*b)"), m.parse("exp(a[1] - 2*b)")));
    EXPECT_FALSE(algebra::same(m.parse("exp(a[1] - 2*b)"), m.parse("exp(a[2] - 2*b)")));
    EXPECT_FALSE(algebra::same(m.parse("a + b"), m.parse("b + a")));
}

TEST(simplify, an_element_is_read_by_its_index_or_by_one_not_known) {
    model m;
    const element x{m.variable_named("c"), algebra::number(1)};
    EXPECT_TRUE(algebra::reads(m.parse("2*c[1]"), x));
    EXPECT_FALSE(algebra::reads(m.parse("2*c[0]"), x));
    EXPECT_TRUE(algebra::reads(m.parse("2*c[i]"), x));
    EXPECT_TRUE(algebra::reads(m.parse("d[c[1]]"), x));
}

/// Both parts, or what is in their place.
std::string parts(const std::string& text) {
    model m;
    const auto p = algebra::linear_in(m.parse(text), {m.variable_named("x")});
    return p ? m.text(p->first) + " | " + m.text(p->second) : "not linear";
}

TEST(linear_in, takes_constant_and_slope_out) {
    EXPECT_EQ(parts("a*(1 - x) - b*x"), "a | -(a + b)");
    EXPECT_EQ(parts("(inf - x)/tau"), "inf/tau | (-1)/tau");
    EXPECT_EQ(parts("a + b*exp(c)"), "a + b*exp(c) | 0");
    EXPECT_EQ(parts("-x"), "0 | -1");
    EXPECT_EQ(parts("k*(x + 3)*2"), "2*(3*k) | 2*k");
    for (const auto* text : {"x*x", "a/x", "exp(x)", "x^2", "x/(1 + x)", "x > 0"}) { EXPECT_EQ(parts(text), "not linear") << text; }
}

TEST(derivative, is_the_limit_of_differences) {
    for (const auto* text : {"a*x*x - x/b", "exp(-x/a)*sin(x)", "log(x) + log10(x) + sqrt(x)", "cos(a*x)*tan(x)", "asin(x/9) + acos(x/9) + atan(x)", "sinh(x) - cosh(x)*tanh(x)",
                             "x^3 + x^a + a^x", "fabs(x - 5)*fabs(x)", "erf(x) - erfc(x/2)", "expm1(x)*log1p(x)", "min(x, 3) + max(x, 3)", "min(a, x)*max(a, x)",
                             "fmod(x, a)", "atan2(x, a) + atan2(a, x)", "(x > 1)*x + floor(x) + ceil(x)", "a/(1 + x^2)^2"}) {
        model m;
        m["a"] = 1.3;
        m["b"] = 0.7;
        const int x = m.variable_named("x");
        const auto e = m.parse(text);
        const auto d = algebra::derivative(e, [&](const expression& v) { return algebra::number(v.variable == x); });
        ASSERT_TRUE(d) << text;
        for (const double at : {0.77, 2.31}) {
            const double h = 1e-5;
            m["x"] = at + h;
            const double above = m.value(e);
            m["x"] = at - h;
            const double below = m.value(e);
            m["x"] = at;
            EXPECT_NEAR(m.value(*d), (above - below)/(2*h), 1e-8*(1 + std::fabs(m.value(*d)))) << text << " at " << at;
        }
    }
}

TEST(derivative, is_not_there_for_functions_that_have_none_here) {
    model m;
    const int x = m.variable_named("x");
    const auto of = [&](const char* text) { return algebra::derivative(m.parse(text), [&](const expression& v) { return algebra::number(v.variable == x); }); };
    EXPECT_FALSE(of("nernst(x, a, 2)"));
    EXPECT_FALSE(of("gamma_ln(x)"));
    ASSERT_TRUE(of("nernst(b, a, 2)*x"));
    EXPECT_EQ(m.text(*of("nernst(b, a, 2)*x")), "nernst(b, a, 2)");
}

TEST(derivative, is_written_short) {
    model m;
    const int x = m.variable_named("x");
    const auto of = [&](const char* text) { return m.text(*algebra::derivative(m.parse(text), [&](const expression& v) { return algebra::number(v.variable == x); })); };
    EXPECT_EQ(of("a*(b - x)"), "-a");
    EXPECT_EQ(of("x/tau"), "1/tau");
    EXPECT_EQ(of("3"), "0");
    EXPECT_EQ(of("x^2"), "2*x");
    EXPECT_EQ(of("exp(a*x)"), "exp(a*x)*a");
}

/// x0 + 2*x1 + 3*x2 + ... of n variables, less k.
expression long_sum(model& m, int n) {
    auto sum = algebra::negate(m.parse("k"));
    for (int i = 0; i < n; ++i) { sum = algebra::add(std::move(sum), algebra::multiply(number(i + 1), read(m.variable_named("x" + std::to_string(i))))); }
    return sum;
}

TEST(gradient, is_the_derivative_by_each) {
    for (const auto* text : {"a*x*y - x/y", "exp(-x/y)*sin(y) + a", "x^y + (a - y) - (a - x)", "-(x + a) - 2*y", "min(x, y)*x", "(x > y)*a", "x - x", "nernst(a, 2, 1)*y"}) {
        model m;
        const int x = m.variable_named("x"), y = m.variable_named("y");
        const auto e = m.parse(text);
        const auto all = algebra::gradient_of(e, [&](const expression& v) {
            return v.variable == x ? algebra::gradient{{0, number(1)}} : v.variable == y ? algebra::gradient{{1, number(1)}} : algebra::gradient{};
        });
        ASSERT_TRUE(all) << text;
        for (const int n : {0, 1}) {
            const auto one = algebra::derivative(e, [&](const expression& v) { return number(v.variable == (n == 0 ? x : y)); });
            const auto found = all->find(n);
            EXPECT_EQ(found == all->end() ? "0" : m.text(found->second), m.text(*one)) << text;
        }
    }
    model m;
    const auto by_x = [&](const expression& v) { return v.variable == m.variable_named("x") ? algebra::gradient{{0, number(1)}} : algebra::gradient{}; };
    EXPECT_FALSE(algebra::gradient_of(m.parse("a + gamma_ln(x)"), by_x));
    EXPECT_TRUE(algebra::gradient_of(m.parse("gamma_ln(a)*x"), by_x));
}

TEST(gradient, asks_for_each_variable_once_however_many_there_are) {
    model m;
    const auto e = long_sum(m, 300);
    int asked = 0;
    const auto all = algebra::gradient_of(e, [&](const expression& v) { return ++asked, algebra::gradient{{v.variable, number(1)}}; });
    EXPECT_EQ(asked, 301);
    ASSERT_EQ(all->size(), 301u);
    EXPECT_EQ(m.text(all->at(m.variable_named("x299"))), "300");
    EXPECT_EQ(m.text(all->at(m.variable_named("k"))), "-1");
}

/// The rest and the slopes by x and y, or what is in their place.
std::string form(const std::string& text) {
    model m;
    const int x = m.variable_named("x"), y = m.variable_named("y");
    const auto f = algebra::linear_form_of(m.parse(text), [&](const expression& v) -> std::optional<int> {
        if (!v.operands.empty()) { return std::nullopt; }
        return v.variable == x ? 0 : v.variable == y ? 1 : -1;
    });
    if (!f) { return "not linear"; }
    auto said = m.text(f->rest);
    for (const auto& [n, slope] : f->slopes) { said += std::string(n == 0 ? " | x " : " | y ") + m.text(slope); }
    return said;
}

TEST(linear_form, takes_rest_and_slopes_out) {
    EXPECT_EQ(form("a*(1 - x) - b*y"), "a | x -a | y -b");
    EXPECT_EQ(form("(x + 2*y - c)/tau"), "-c/tau | x 1/tau | y 2/tau");
    EXPECT_EQ(form("-(x - y) + y*3 - exp(a)"), "-exp(a) | x -1 | y 4");
    EXPECT_EQ(form("a + b*exp(k)"), "a + b*exp(k)");
    EXPECT_EQ(form("x^1"), "0 | x 1");
    for (const auto* text : {"x*y", "x*x", "a/y", "exp(x)", "x^2", "a > x", "c[i] + x"}) { EXPECT_EQ(form(text), "not linear") << text; }
}

TEST(linear_form, asks_for_each_variable_once_however_many_there_are) {
    model m;
    const auto e = long_sum(m, 300);
    const int k = m.variable_named("k");
    int asked = 0;
    const auto f = algebra::linear_form_of(e, [&](const expression& v) { return ++asked, std::optional(v.variable == k ? -1 : v.variable); });
    EXPECT_EQ(asked, 301);
    ASSERT_TRUE(f);
    EXPECT_EQ(f->slopes.size(), 300u);
    EXPECT_EQ(m.text(f->rest), "-k");
}

TEST(locals, have_names_that_nothing_else_has) {
    model m;
    m["old_x"] = 1;
    const int added = algebra::add_local(m.p, "old_x", {});
    EXPECT_EQ(m.p.variables[added].name, "old_x_2");
    EXPECT_EQ(m.p.variables[added].kept, storage::local);
    EXPECT_EQ(algebra::name_of(m.p, {m.variable_named("c"), algebra::number(3)}), "c_3");
    const auto before = m.p.variables.size();
    EXPECT_EQ(algebra::variable_of(m.p, role::step), algebra::variable_of(m.p, role::step));
    EXPECT_EQ(m.p.variables.size(), before + 1);
}

}  // namespace
}  // namespace apical::nmodl
