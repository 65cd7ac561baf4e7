// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "core/aligned.hpp"

/// Programs by hand, and columns to run them over.
namespace apical::nmodl::testing {

inline expression number(double x) {
    expression e;
    e.value = x;
    return e;
}
inline expression read(int variable) {
    expression e;
    e.is = expression::kind::variable, e.variable = variable;
    return e;
}
inline expression read(int variable, expression index) {
    expression e = read(variable);
    e.operands = {std::move(index)};
    return e;
}
inline expression compound(expression::kind k, std::vector<expression> operands) {
    expression e;
    e.is = k, e.operands = std::move(operands);
    return e;
}
inline expression call(builtin f, std::vector<expression> operands, int of = -1) {
    expression e = compound(expression::kind::call, std::move(operands));
    e.function = f, e.variable = of;
    return e;
}
inline expression operator+(expression a, expression b) { return compound(expression::kind::add, {std::move(a), std::move(b)}); }
inline expression operator-(expression a, expression b) { return compound(expression::kind::subtract, {std::move(a), std::move(b)}); }
inline expression operator*(expression a, expression b) { return compound(expression::kind::multiply, {std::move(a), std::move(b)}); }
inline expression operator/(expression a, expression b) { return compound(expression::kind::divide, {std::move(a), std::move(b)}); }
inline expression operator<(expression a, expression b) { return compound(expression::kind::less, {std::move(a), std::move(b)}); }
inline expression operator>(expression a, expression b) { return compound(expression::kind::greater, {std::move(a), std::move(b)}); }
inline expression operator-(expression a) { return compound(expression::kind::negate, {std::move(a)}); }
inline expression power(expression a, expression b) { return compound(expression::kind::power, {std::move(a), std::move(b)}); }
inline expression exp(expression a) { return call(builtin::exp, {std::move(a)}); }

inline statement assign(int to, expression value) {
    statement s;
    s.to.variable = to, s.value = std::move(value);
    return s;
}
inline statement assign(int to, expression index, expression value) {
    statement s = assign(to, std::move(value));
    s.to.index = std::move(index);
    return s;
}
inline statement branch(expression condition, block body, block other = {}) {
    statement s;
    s.is = statement::kind::branch, s.value = std::move(condition), s.body = std::move(body), s.other = std::move(other);
    return s;
}
inline statement repeat(expression condition, block body) {
    statement s;
    s.is = statement::kind::repeat, s.value = std::move(condition), s.body = std::move(body);
    return s;
}
inline statement relax(int to, expression constant, expression slope) {
    statement s;
    s.is = statement::kind::relax, s.to.variable = to, s.constant_term = std::move(constant), s.slope = std::move(slope);
    return s;
}
inline statement solve(equation_system system) {
    statement s;
    s.is = statement::kind::solve, s.system = {std::move(system)};
    return s;
}
inline statement event(statement::kind k, expression value, expression second = {}, int variable = -1) {
    statement s;
    s.is = k, s.value = std::move(value), s.second = std::move(second), s.variable = variable;
    return s;
}

/// A program that grows.
struct build_program : program {
    build_program() { name = "test"; }

    int add(std::string name, storage kept, role is = role::assigned, double value = 0, int length = 0) {
        int& size = kept == storage::instance ? instance_size : kept == storage::shared ? shared_size
                  : kept == storage::local ? local_size : connection_size;
        variable v;
        v.name = std::move(name), v.kept = kept, v.is = is, v.value = value, v.offset = size;
        v.is_array = length > 0, v.length = length > 0 ? length : 1;
        v.is_read = v.is_written = true;
        size += v.length;
        variables.push_back(std::move(v));
        return static_cast<int>(variables.size()) - 1;
    }
    int instance(std::string name, double value = 0) { return add(std::move(name), storage::instance, role::assigned, value); }
    int state(std::string name, double value = 0) { return add(std::move(name), storage::instance, role::state, value); }
    int local(std::string name) { return add(std::move(name), storage::local); }
    int parameter(std::string name, double value) { return add(std::move(name), storage::shared, role::parameter, value); }
};

/// Columns for a number of instances, padded, with the values of the program.
struct columns {
    const program& of;
    int count;
    std::vector<aligned_vector> each;
    std::vector<double*> pointers;
    std::vector<double> shared;
    std::vector<std::uint64_t> identity;
    fault fault_found;
    std::vector<function_table> tables;

    columns(const program& p, int n) : of(p), count(n), each(p.instance_size), shared(p.shared_size) {
        const auto padded = static_cast<std::size_t>((n + 7)/8*8);
        for (auto& c : each) c.assign(padded, 0.0);
        for (auto& c : each) pointers.push_back(c.data());
        for (const variable& v : p.variables)
            for (int i = 0; i < v.length; ++i) {
                if (v.kept == storage::instance) each[v.offset + i].assign(padded, v.value);
                if (v.kept == storage::shared) shared[v.offset + i] = v.value;
            }
        for (int k = 0; k < n; ++k) identity.push_back(1000 + static_cast<std::uint64_t>(k));
    }
    double& at(int variable, int instance, int element = 0) { return each[of.variables[variable].offset + element][instance]; }
    instance_view view(std::uint64_t draw = 0) {
        return {count, pointers.data(), shared.data(), identity.data(), 7, draw, tables, &fault_found};
    }
};

/// Hodgkin and Huxley's squid axon as hh.mod has it, rates in the block that advances the gates.
struct squid_axon : build_program {
    int v = add("v", storage::instance, role::voltage, -65), t = add("t", storage::shared, role::time);
    int dt = add("dt", storage::shared, role::step, 0.025), celsius = add("celsius", storage::shared, role::temperature, 6.3);
    int gnabar = instance("gnabar", 0.12), gkbar = instance("gkbar", 0.036), gl = instance("gl", 0.0003), el = instance("el", -54.3);
    int ena = add("ena", storage::instance, role::reversal, 50), ek = add("ek", storage::instance, role::reversal, -77);
    int ina = add("ina", storage::instance, role::ion_current), ik = add("ik", storage::instance, role::ion_current);
    int il = instance("il"), gna = instance("gna"), gk = instance("gk");
    int m = state("m"), h = state("h"), n = state("n");

    squid_axon() {
        ions = {{"na"}, {"k"}};
        currents = {{ina, 0}, {ik, 1}, {il, -1}};
        const int q10 = local("q10"), alpha = local("alpha"), beta = local("beta"), sum = local("sum");
        const auto steady = [&](int gate, expression a, expression b) {
            return block{assign(alpha, std::move(a)), assign(beta, std::move(b)), assign(sum, read(alpha) + read(beta)),
                         assign(gate, read(alpha)/read(sum))};
        };
        const auto step = [&](int gate, expression a, expression b) {
            block s{assign(alpha, std::move(a)), assign(beta, std::move(b)), assign(sum, read(alpha) + read(beta))};
            const int tau = local("tau"), inf = local("inf");
            s.push_back(assign(tau, number(1)/(read(q10)*read(sum))));
            s.push_back(assign(inf, read(alpha)/read(sum)));
            s.push_back(relax(gate, read(inf)/read(tau), -number(1)/read(tau)));
            return s;
        };
        const auto trap = [](expression x, double y) { return number(y)*call(builtin::exprel, {std::move(x)/number(y)}); };
        const auto each = [&](auto f) {
            block all;
            const auto append = [&all](block b) { all.insert(all.end(), b.begin(), b.end()); };
            append({assign(q10, power(number(3), (read(celsius) - number(6.3))/number(10)))});
            append(f(m, number(0.1)*trap(-(read(v) + number(40)), 10), number(4)*exp(-(read(v) + number(65))/number(18))));
            append(f(h, number(0.07)*exp(-(read(v) + number(65))/number(20)), number(1)/(exp(-(read(v) + number(35))/number(10)) + number(1))));
            append(f(n, number(0.01)*trap(-(read(v) + number(55)), 10), number(0.125)*exp(-(read(v) + number(65))/number(80))));
            return all;
        };
        initial = each(steady);
        advance = each(step);
        breakpoint = {assign(gna, read(gnabar)*read(m)*read(m)*read(m)*read(h)), assign(ina, read(gna)*(read(v) - read(ena))),
                      assign(gk, read(gkbar)*read(n)*read(n)*read(n)*read(n)), assign(ik, read(gk)*(read(v) - read(ek))),
                      assign(il, read(gl)*(read(v) - read(el)))};
    }
};

}  // namespace apical::nmodl::testing
