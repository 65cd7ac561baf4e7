// SPDX-License-Identifier: BSD-3-Clause
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "tests/nmodl/build_program.hpp"

/// Statements, as the evaluator runs them, against what they mean.
namespace apical::nmodl {
namespace {

using namespace testing;

constexpr double infinite = std::numeric_limits<double>::infinity();

std::shared_ptr<const mechanism> made(const build_program& p) { return interpret(std::make_shared<build_program>(p)); }

/// x of some instances differs; y is where results go.
struct one_to_one : build_program {
    int x = instance("x"), y = instance("y"), z = instance("z", 5);
    int t = add("t", storage::shared, role::time, 100), dt = add("dt", storage::shared, role::step, 0.1);
    int celsius = add("celsius", storage::shared, role::temperature, 36);

    /// y for x = -3, -2.75, ...
    std::vector<double> results(block b, fault* found = nullptr, int instances = 29) {
        advance = std::move(b);
        columns c(*this, instances);
        for (int k = 0; k < instances; ++k) c.at(x, k) = x_of(k);
        made(*this)->advance(c.view());
        if (found) *found = c.fault_found;
        std::vector<double> found_y(instances);
        for (int k = 0; k < instances; ++k) found_y[k] = c.at(y, k);
        return found_y;
    }
    static double x_of(int k) { return 0.25*k - 3; }

    void expect(block b, auto f) {
        const auto found = results(std::move(b));
        for (std::size_t k = 0; k < found.size(); ++k) {
            const double x = x_of(static_cast<int>(k)), expected = f(x);
            EXPECT_NEAR(found[k], expected, 3e-14*std::abs(expected)) << "x = " << x;
        }
    }
};

TEST(evaluate, takes_the_arm_that_the_condition_of_each_instance_asks_for) {
    one_to_one p;
    p.expect({branch(read(p.x) > number(1), {assign(p.y, number(2)*read(p.x))},
                     {branch(read(p.x) > number(-1), {assign(p.y, read(p.x)*read(p.x))}, {assign(p.z, number(1)), assign(p.y, read(p.z) - read(p.x))})})},
             [](double x) { return x > 1 ? 2*x : x > -1 ? x*x : 1 - x; });
}

TEST(evaluate, leaves_alone_what_an_arm_that_is_not_taken_would_change) {
    one_to_one p;
    const int w = p.local("w");
    p.expect({assign(p.y, number(7)), assign(w, number(3)), branch(read(p.x) < number(0), {assign(w, read(p.x)), assign(p.y, read(w))}),
              assign(p.y, read(p.y) + read(w))},
             [](double x) { return x < 0 ? x + x : 7.0 + 3; });
}

TEST(evaluate, skips_arms_that_nobody_takes_and_those_whose_condition_is_known) {
    one_to_one p;
    p.expect({branch(read(p.x) > number(1e6), {assign(p.y, number(1)/number(0))}, {assign(p.y, exp(read(p.x)))}),
              branch(number(0), {assign(p.y, number(1))}),
              branch(number(2), {assign(p.y, read(p.y) + number(0))})},
             [](double x) { return std::exp(x); });
}

TEST(evaluate, repeats_while_the_condition_of_each_instance_holds) {
    one_to_one p;
    const int n = p.local("n");
    p.expect({assign(n, number(0)), assign(p.y, number(0)),
              repeat(read(n) < read(p.x), {assign(n, read(n) + number(1)), assign(p.y, read(p.y) + read(n))})},
             [](double x) { const double n = x > 0 ? std::ceil(x) : 0; return n*(n + 1)/2; });
}

TEST(evaluate, repeats_within_what_repeats) {
    one_to_one p;
    const int i = p.local("i"), j = p.local("j");
    p.expect({assign(i, number(0)), assign(p.y, number(0)),
              repeat(read(i) < number(4), {assign(j, read(i)), repeat(read(j) < read(p.x), {assign(p.y, read(p.y) + number(1)), assign(j, read(j) + number(1))}),
                                           branch(read(p.x) > number(2), {assign(i, read(i) + number(2))}, {assign(i, read(i) + number(1))})})},
             [](double x) {
                 double y = 0;
                 for (double i = 0; i < 4; i += x > 2 ? 2 : 1) for (double j = i; j < x; ++j) ++y;
                 return y;
             });
}

TEST(evaluate, exchanges_two_variables_in_a_loop) {
    one_to_one p;
    const int a = p.local("a"), b = p.local("b"), swap = p.local("swap"), n = p.local("n");
    p.expect({assign(a, read(p.x)), assign(b, number(10)), assign(n, number(0)),
              repeat(read(n) < number(3), {assign(swap, read(a)), assign(a, read(b)), assign(b, read(swap)), assign(n, read(n) + number(1))}),
              assign(p.y, read(a) - number(2)*read(b))},
             [](double x) { return 10 - 2*x; });
}

TEST(evaluate, ends_loops_that_do_not_end_and_says_so) {
    one_to_one p;
    const int n = p.local("n");
    fault found;
    const auto y = p.results({assign(p.y, number(1)), assign(n, number(0)),
                              repeat(read(p.x) < number(-2.9), {assign(n, number(0)), repeat(read(n) < number(3e5), {assign(n, read(n) + number(1))})}),
                              assign(p.y, read(p.y) + read(n))}, &found, 9);
    EXPECT_TRUE(std::isnan(y[0]));   // -3 alone is below -2.9
    for (int k = 1; k < 9; ++k) EXPECT_EQ(y[k], 1);
    EXPECT_EQ(found.is, fault_kind::endless_loop);
    EXPECT_EQ(found.instance, 0);
}

TEST(evaluate, reads_and_writes_elements_by_index) {
    one_to_one p;
    const int a = p.add("a", storage::local, role::assigned, 0, 3);
    const auto at = [&](double n) { return read(a, number(n)); };
    p.expect({assign(a, number(0), number(10)), assign(a, number(1), number(20)), assign(a, number(2), number(30)),
              branch(read(p.x) > number(-1), {branch(read(p.x) < number(3), {assign(a, read(p.x), at(2) + number(1)),
                                                                             assign(p.y, read(a, read(p.x)) + at(1))})})},
             [](double x) {
                 if (!(x > -1 && x < 3)) return 0.0;
                 double a[] = {10, 20, 30};
                 a[static_cast<int>(x)] = 31;
                 return 31 + a[1];
             });
}

TEST(evaluate, gives_nan_for_an_index_beyond_the_array_and_touches_nothing_else) {
    one_to_one p;
    const int a = p.add("a", storage::instance, role::assigned, 4, 2);
    for (const auto& [index, is_beyond] : std::vector<std::pair<expression, bool>>{
             {number(infinite), true}, {number(std::nan("")), true}, {read(p.x)*number(1e300), true}, {read(p.x)*number(0) + number(1), false}}) {
        fault found;
        const auto y = p.results({assign(p.y, read(a, index))}, &found, 3);
        for (const double value : y) EXPECT_EQ(std::isnan(value), is_beyond);
        const auto after = p.results({assign(a, index, number(9)), assign(p.y, read(a, number(0)))}, &found, 3);
        for (const double value : after) EXPECT_EQ(std::isnan(value), is_beyond);
    }
    fault found;
    p.results({branch(read(p.x) > number(-0.5), {assign(p.y, read(a, read(p.x)))})}, &found, 29);
    EXPECT_EQ(found.is, fault_kind::index_out_of_range);
    EXPECT_DOUBLE_EQ(one_to_one::x_of(found.instance), 2);
    const expression index = read(p.x) + number(3)*(read(p.x) < number(0));
    p.results({branch(compound(expression::kind::logical_and, {read(p.x) < number(2), read(a, index) > number(0)}), {})}, &found, 29);
    EXPECT_EQ(found.is, fault_kind::none) << "an index is wrong only where it is wanted";
}

TEST(evaluate, relaxes_exactly) {
    one_to_one p;
    p.expect({assign(p.y, number(5)), relax(p.y, number(3), read(p.x))},
             [](double x) { return 5 + 0.1*(x == 0 ? 1 : std::expm1(x*0.1)/(x*0.1))*(3 + x*5); });
}

TEST(evaluate, relaxes_at_the_fixed_point_not_at_all) {
    one_to_one p;
    const auto y = p.results({assign(p.y, number(0.25)), relax(p.y, number(0.25)*(number(7) + read(p.x)), -(number(7) + read(p.x)))});
    for (const double value : y) EXPECT_EQ(value, 0.25);
}

TEST(evaluate, knows_the_potentials_and_currents_of_ions) {
    one_to_one p;
    const double thermal = 8.31446261815324*(273.15 + 36)/96485.33212331001*1000;
    const auto e = p.results({assign(p.y, call(builtin::nernst, {number(5e-5), number(2) + exp(read(p.x)), number(2)}))});
    const auto i = p.results({assign(p.y, call(builtin::ghk, {read(p.x), number(5e-5), number(2), number(2)}))});
    for (std::size_t k = 0; k < e.size(); ++k) {
        const double x = one_to_one::x_of(static_cast<int>(k)), u = 2*x/thermal;
        EXPECT_NEAR(e[k], thermal/2*std::log((2 + std::exp(x))/5e-5), 1e-11);
        const auto over = [](double y) { return y == 0 ? 1 : y/std::expm1(y); };
        EXPECT_NEAR(i[k], 1e-3*2*96485.33212331001*(5e-5*over(-u) - 2*over(u)), 1e-10);
    }
}

TEST(evaluate, sees_which_step_passes_a_time) {
    one_to_one p;   // the step ends at 100 and takes 0.1
    p.expect({assign(p.y, call(builtin::at_time, {number(100) + read(p.x)*number(0.1)}))}, [](double x) { return x > -1 && x <= 0 ? 1.0 : 0.0; });
}

TEST(evaluate, raises_to_whole_powers_by_multiplication) {
    one_to_one p;
    for (const int n : {-3, -1, 0, 1, 2, 3, 4, 7, 12}) {
        const auto y = p.results({assign(p.y, power(read(p.x), number(n)))});
        for (std::size_t k = 0; k < y.size(); ++k) {
            const double exact = std::pow(one_to_one::x_of(static_cast<int>(k)), n);
            if (std::isfinite(exact)) EXPECT_NEAR(y[k], exact, 1e-15*std::abs(exact)*(std::abs(n) + 1)) << n;
            else EXPECT_EQ(y[k], exact);
        }
    }
}

TEST(evaluate, leaves_to_what_all_share_the_value_of_the_last_instance) {
    one_to_one p;
    const int shared = p.parameter("shared", 2);
    p.advance = {assign(p.y, read(shared)), assign(shared, read(p.x) + read(shared))};
    columns c(p, 600);
    for (int k = 0; k < 600; ++k) c.at(p.x, k) = k;
    made(p)->advance(c.view());
    EXPECT_EQ(c.shared[p.variables[shared].offset], 601);
    for (int k = 0; k < 600; ++k) EXPECT_EQ(c.at(p.y, k), 2);
}

TEST(evaluate, says_where_a_file_gives_up) {
    one_to_one p;
    const int s = p.state("s", 1);
    statement give_up;
    give_up.is = statement::kind::fail, give_up.text = "no root", give_up.at.line = 12;
    p.advance = {branch(read(p.x) > number(0), {give_up}), assign(p.y, read(s))};
    columns c(p, 3);
    for (int k = 0; k < 3; ++k) c.at(p.x, k) = k;
    made(p)->advance(c.view());
    EXPECT_EQ(c.at(s, 0), 1);
    EXPECT_EQ(c.at(p.y, 0), 1);
    for (const int k : {1, 2}) EXPECT_TRUE(std::isnan(c.at(s, k))) << k;
    EXPECT_EQ(c.fault_found.is, fault_kind::failed);
    EXPECT_EQ(c.fault_found.instance, 1);
    EXPECT_EQ(c.fault_found.text, "no root");
    EXPECT_EQ(c.fault_found.at.line, 12);
}

TEST(evaluate, calls_routines_by_themselves) {
    one_to_one p;
    const int a = p.local("a"), b = p.local("b"), f = p.local("f");
    p.routines = {{"f", "", {a, b}, f, {assign(f, read(a)*read(p.x) - read(b))}}};
    columns c(p, 11);
    for (int k = 0; k < 11; ++k) c.at(p.x, k) = k;
    const double arguments[] = {3, 2};
    std::vector<double> result(11);
    const auto m = made(p);
    m->call(c.view(), "f", arguments, result.data());
    for (int k = 0; k < 11; ++k) EXPECT_EQ(result[k], 3*k - 2);
    EXPECT_THROW(m->call(c.view(), "g", arguments, result.data()), invalid_model);
    EXPECT_THROW(m->call(c.view(), "f", {}, result.data()), invalid_model);
}

TEST(evaluate, begins_with_what_stands_around_a_block) {
    one_to_one p;
    p.before_initial = {assign(p.y, number(1))}, p.initial = {assign(p.y, read(p.y)*number(10) + number(2))};
    p.after_initial = {assign(p.y, read(p.y)*number(10) + number(3))}, p.before_step = {assign(p.y, read(p.y) + number(1000))};
    p.after_solve = {assign(p.y, read(p.y) + number(2000))};
    columns c(p, 2);
    const auto m = made(p);
    m->initial(c.view(), nullptr);
    EXPECT_EQ(c.at(p.y, 1), 123);
    m->before_step(c.view());
    m->after_solve(c.view());
    EXPECT_EQ(c.at(p.y, 1), 3123);
}

}  // namespace
}  // namespace apical::nmodl
