// SPDX-License-Identifier: BSD-3-Clause
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/build_program.hpp"

/// Systems of equations, currents and their slopes, and independence of how instances are divided.
namespace apical::nmodl {
namespace {

using namespace testing;

std::shared_ptr<const mechanism> made(const build_program& p) { return interpret(std::make_shared<build_program>(p)); }

/// Cells of an array are the unknowns of a x = b, where the matrix depends on the instance.
struct linear_system : build_program {
    static constexpr int n = 7;
    int x = add("x", storage::instance, role::state, 0.5, n), p = instance("p");

    static double entry(int row, int column, double p) { return row == column ? p*(row % 3) : std::sin(3.0*row + 7.0*column) + p; }
    static expression entry(int row, int column, int p) {
        return row == column ? read(p)*number(row % 3) : number(std::sin(3.0*row + 7.0*column)) + read(p);
    }
    explicit linear_system(bool has_jacobian, bool is_linear) {
        equation_system s;
        s.is_linear = is_linear;
        for (int i = 0; i < n; ++i) {
            s.unknowns.push_back({x, number(i)});
            expression r = number(-i - 1);
            for (int j = 0; j < n; ++j) {
                r = std::move(r) + entry(i, j, p)*read(x, number(j));
                if (has_jacobian) s.jacobian.push_back({i, j, entry(i, j, p)});
            }
            s.residuals.push_back(std::move(r));
        }
        advance = {solve(std::move(s))};
    }
};

TEST(evaluate_systems, are_solved_with_pivots_for_every_instance) {
    for (const bool has_jacobian : {true, false}) {
        const linear_system s(has_jacobian, has_jacobian);
        columns c(s, 37);
        for (int k = 0; k < c.count; ++k) c.at(s.p, k) = 0.2 + 0.05*k;
        made(s)->advance(c.view());
        for (int k = 0; k < c.count; ++k)
            for (int i = 0; i < s.n; ++i) {
                double sum = -i - 1;
                for (int j = 0; j < s.n; ++j) sum += linear_system::entry(i, j, c.at(s.p, k))*c.at(s.x, k, j);
                EXPECT_NEAR(sum, 0, 1e-12) << "row " << i << " of instance " << k;
            }
        EXPECT_EQ(c.fault_found.is, fault_kind::none);
    }
}

/// x^2 + y^2 = r^2, x = y e^(y/r): where r < 0 stands for no solution, as x^2 + y^2 = -1.
struct circle : build_program {
    int x = state("x", 1), y = state("y", 1), r = instance("r"), flux = instance("flux");

    explicit circle(bool has_jacobian) {
        const int square = local("square");
        equation_system s;
        s.unknowns = {{x, {}}, {y, {}}};
        s.body = {assign(square, read(x)*read(x)), assign(flux, read(square) + read(y))};
        s.residuals = {read(square) + read(y)*read(y) - read(r)*call(builtin::fabs, {read(r)}), read(x) - read(y)*exp(read(y)/read(r))};
        if (has_jacobian)
            s.jacobian = {{0, 0, number(2)*read(x)}, {0, 1, number(2)*read(y)}, {1, 0, number(1)},
                          {1, 1, -(exp(read(y)/read(r))*(number(1) + read(y)/read(r)))}};
        advance = {branch(compound(expression::kind::not_equal, {read(r), number(9)}), {solve(std::move(s))})};
    }
};

TEST(evaluate_systems, are_solved_by_newton_near_to_rounding) {
    for (const bool has_jacobian : {true, false}) {
        const circle s(has_jacobian);
        columns c(s, 21);
        for (int k = 0; k < c.count; ++k) c.at(s.r, k) = 0.5 + 0.25*k;
        c.at(s.r, 3) = 9, c.at(s.x, 3) = 1e200;
        made(s)->advance(c.view());
        for (int k = 0; k < c.count; ++k) {
            const double x = c.at(s.x, k), y = c.at(s.y, k), r = c.at(s.r, k);
            if (k == 3) { EXPECT_EQ(x, 1e200) << "it was not to be solved there"; continue; }
            EXPECT_NEAR(x*x + y*y, r*r, 1e-13*r*r);
            EXPECT_NEAR(x, y*std::exp(y/r), 1e-13*r);
            EXPECT_DOUBLE_EQ(c.at(s.flux, k), x*x + y) << "what the body computes belongs to the solution";
        }
        EXPECT_EQ(c.fault_found.is, fault_kind::none);
    }
}

TEST(evaluate_systems, become_nan_where_there_is_no_solution_and_there_alone) {
    const circle s(true);
    columns c(s, 19);
    for (int k = 0; k < c.count; ++k) c.at(s.r, k) = k == 12 ? -1 : k == 15 ? std::nan("") : 2;
    made(s)->advance(c.view());
    for (int k = 0; k < c.count; ++k) EXPECT_EQ(std::isnan(c.at(s.x, k)), k == 12 || k == 15) << k;
    EXPECT_EQ(c.fault_found.is, fault_kind::no_convergence);
    EXPECT_EQ(c.fault_found.instance, 12);
}

/// Currents of all kinds, through branches, loops, arrays and functions.
struct many_currents : build_program {
    int v = add("v", storage::instance, role::voltage), g = instance("g", 0.3), e = instance("e", -20);
    int na = add("ina", storage::instance, role::ion_current), k = add("ik", storage::instance, role::ion_current);
    int leak = instance("i"), clamp = instance("clamp");

    many_currents() {
        ions = {{"na"}, {"k"}};
        currents = {{na, 0}, {leak, -1}, {k, 1}, {clamp, -1, true}};
        const int u = local("u"), n = local("n"), a = add("a", storage::local, role::assigned, 0, 3);
        const auto one = [](builtin f, expression x) { return call(f, {std::move(x)}); };
        breakpoint = {
            assign(u, read(v)/number(25)),
            assign(na, read(g)*power(read(u), number(3))*(read(v) - read(e))/(number(1) + exp(-read(u)))),
            branch(read(v) > number(-10), {assign(leak, one(builtin::sin, read(u))*one(builtin::log, number(7) + read(u)))},
                   {assign(leak, one(builtin::tanh, read(u)) + one(builtin::atan, read(u))*one(builtin::sqrt, number(9) + read(u)))}),
            assign(n, number(0)), assign(k, read(v)),
            repeat(read(n) < number(3), {assign(k, read(k)*number(0.9) + one(builtin::exprel, read(u))), assign(a, read(n), read(k)*read(u)),
                                         assign(n, read(n) + number(1))}),
            assign(k, read(a, number(1)) + read(a, read(g)*number(9))),
            assign(clamp, call(builtin::atan2, {read(v), read(u) + number(5)}) - call(builtin::maximum, {read(u), number(0.3)})
                            + power(number(4) + read(u)*read(u), read(u)/number(3)) + one(builtin::cosh, read(u))
                            - call(builtin::ghk, {read(v), number(1), number(2), number(1)})),
        };
        add("celsius", storage::shared, role::temperature, 20);
    }
};

struct found_currents {
    aligned_vector i, g, na, na_g, k, k_g;
    explicit found_currents(std::size_t n) : i(n), g(n), na(n), na_g(n), k(n), k_g(n) {}
};

found_currents currents_of(const build_program& p, columns& c, double over) {
    found_currents f(static_cast<std::size_t>(c.count));
    double* const ion_i[] = {f.na.data(), f.k.data()};
    double* const ion_g[] = {f.na_g.data(), f.k_g.data()};
    made(p)->breakpoint(c.view(), {f.i.data(), f.g.data(), ion_i, ion_g, over});
    return f;
}

TEST(evaluate_currents, have_exact_slopes) {
    const many_currents p;
    columns c(p, 53);
    const auto v_of = [](int n) { return -61.3 + 2.4*n; };
    for (int n = 0; n < c.count; ++n) c.at(p.v, n) = v_of(n);
    const auto exact = currents_of(p, c, 0);
    constexpr double h = 1e-4;   // central differences err by h^2 and by rounding over h
    for (int n = 0; n < c.count; ++n) c.at(p.v, n) = v_of(n) + h;
    const auto above = currents_of(p, c, 0);
    for (int n = 0; n < c.count; ++n) c.at(p.v, n) = v_of(n) - h;
    const auto below = currents_of(p, c, 0);
    const auto near = [&](const aligned_vector& slope, const aligned_vector& low, const aligned_vector& high, int n) {
        const double difference = (high[n] - low[n])/(2*h);
        EXPECT_NEAR(slope[n], difference, 1e-7*std::abs(difference) + 1e-7) << "at " << v_of(n) << " mV";
    };
    for (int n = 0; n < c.count; ++n)
        near(exact.g, below.i, above.i, n), near(exact.na_g, below.na, above.na, n), near(exact.k_g, below.k, above.k, n);
}

TEST(evaluate_currents, are_summed_with_those_of_electrodes_negative) {
    const many_currents p;
    columns c(p, 53);
    for (int n = 0; n < c.count; ++n) c.at(p.v, n) = -61.3 + 2.4*n;
    const auto f = currents_of(p, c, 0);
    for (int n = 0; n < c.count; ++n) {
        EXPECT_DOUBLE_EQ(f.i[n], c.at(p.na, n) + c.at(p.leak, n) + c.at(p.k, n) - c.at(p.clamp, n));
        EXPECT_EQ(f.na[n], c.at(p.na, n));
        EXPECT_EQ(f.k[n], c.at(p.k, n));
    }
}

TEST(evaluate_currents, have_the_differences_of_neuron_where_they_are_asked_for) {
    const many_currents p;
    columns c(p, 53), shifted(p, 53);
    constexpr double d = 0.001;
    for (int n = 0; n < c.count; ++n) c.at(p.v, n) = -61.3 + 2.4*n, shifted.at(p.v, n) = c.at(p.v, n) + d;
    const auto f = currents_of(p, c, d), plain = currents_of(p, c, 0), there = currents_of(p, shifted, 0);
    for (int n = 0; n < c.count; ++n) {
        EXPECT_EQ(f.i[n], plain.i[n]);
        EXPECT_EQ(f.g[n], (there.i[n] - plain.i[n])/d);
        EXPECT_EQ(f.na_g[n], (there.na[n] - plain.na[n])/d);
        EXPECT_EQ(c.at(p.na, n), plain.na[n]) << "what the file can read is the current at v";
    }
}

TEST(evaluate_currents, of_what_has_no_derivative_have_differences) {
    build_program p;
    const int v = p.add("v", storage::instance, role::voltage, 30), i = p.instance("i");
    p.currents = {{i, -1}};
    p.breakpoint = {assign(i, call(builtin::gamma_ln, {read(v)}))};
    columns c(p, 3);
    aligned_vector sum(3), slope(3);
    made(p)->breakpoint(c.view(), {sum.data(), slope.data()});
    EXPECT_NEAR(slope[1], std::log(30) - 1/60.0 - 1/10800.0, 1e-4);
}

/// Runs parts of the instances by themselves: other strips, other alignment, other neighbours.
TEST(evaluate, gives_the_same_bits_however_instances_are_divided) {
    const squid_axon p;
    const auto m = made(p);
    constexpr int n = 701;
    columns whole(p, n), parts(p, n);
    for (int k = 0; k < n; ++k) whole.at(p.v, k) = parts.at(p.v, k) = -90 + 0.2*k;
    aligned_vector i(n), g(n), i_parts(n), g_parts(n);
    m->initial(whole.view(), nullptr);
    m->advance(whole.view());
    m->breakpoint(whole.view(), {i.data(), g.data()});
    int first = 0;
    for (int size = 1; first < n; first += size, size = size*3 % 89 + 1) {
        instance_view v = parts.view();
        v.count = std::min(size, n - first);
        std::vector<double*> from;
        for (double* column : parts.pointers) from.push_back(column + first);
        v.columns = from.data(), v.identity += first;
        m->initial(v, nullptr);
        m->advance(v);
        m->breakpoint(v, {i_parts.data() + first, g_parts.data() + first});
    }
    for (int k = 0; k < n; ++k) {
        for (const int variable : {p.m, p.h, p.n, p.ina, p.gk})
            EXPECT_EQ(std::bit_cast<std::uint64_t>(whole.at(variable, k)), std::bit_cast<std::uint64_t>(parts.at(variable, k))) << k;
        EXPECT_EQ(i[k], i_parts[k]);
        EXPECT_EQ(g[k], g_parts[k]);
    }
}

TEST(evaluate, computes_the_squid_axon_of_1952) {
    const squid_axon p;
    const auto m = made(p);
    columns c(p, 9);
    m->initial(c.view(), nullptr);
    EXPECT_NEAR(c.at(p.m, 4), 0.052932485257249577, 1e-14);
    EXPECT_NEAR(c.at(p.h, 4), 0.59612075350846028, 1e-14);
    EXPECT_NEAR(c.at(p.n, 4), 0.31767691406069742, 1e-14);
    m->advance(c.view());
    EXPECT_NEAR(c.at(p.m, 4), 0.052932485257249577, 1e-14) << "at rest nothing changes";
    for (int k = 0; k < 9; ++k) c.at(p.v, k) = -20;
    m->advance(c.view());
    const double alpha = 0.1*-20/(std::exp(-20/10.0) - 1), beta = 4*std::exp(-45/18.0), rate = alpha + beta;
    EXPECT_NEAR(c.at(p.m, 4), alpha/rate + (0.052932485257249577 - alpha/rate)*std::exp(-0.025*rate), 1e-13);
}

}  // namespace
}  // namespace apical::nmodl
