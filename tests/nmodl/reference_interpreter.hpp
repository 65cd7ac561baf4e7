// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "channels/nmodl/arithmetic.hpp"
#include "channels/nmodl/program.hpp"

/// Runs programs for one instance, as a reader of program.hpp would: recursively, one number at a time.
namespace apical::nmodl::testing {

class reference_interpreter {
public:
    explicit reference_interpreter(const program& p) : program_(p) {}
    double& value(int variable, int element = 0) { return values_[{variable, element}]; }

    void run(const block& b) {
        for (const statement& s : b) run(s);
    }

private:
    double evaluate(const expression& e) {
        using enum expression::kind;
        if (e.is == number) return e.value;
        if (e.is == variable) return e.operands.empty() ? value(e.variable) : element_at(e.variable, evaluate(e.operands[0]));
        std::vector<double> x;
        for (const expression& o : e.operands) x.push_back(evaluate(o));
        switch (e.is) {
            case negate: return -x[0];
            case logical_not: return x[0] == 0;
            case add: return x[0] + x[1];
            case subtract: return x[0] - x[1];
            case multiply: return x[0]*x[1];
            case divide: return x[0]/x[1];
            case power: return raised(x[0], x[1], e.operands[1].is == number);
            case less: return x[0] < x[1];
            case greater: return x[0] > x[1];
            case less_equal: return x[0] <= x[1];
            case greater_equal: return x[0] >= x[1];
            case equal: return x[0] == x[1];
            case not_equal: return x[0] != x[1];
            case logical_and: return x[0] != 0 && x[1] != 0;
            case logical_or: return x[0] != 0 || x[1] != 0;
            default: return called(e.function, x);
        }
    }

    static double raised(double x, double y, bool is_constant) {
        if (!is_constant || y != std::floor(y)) return is_constant && y == 0.5 ? std::sqrt(x) : arithmetic::pow(x, y);
        double p = 1;
        for (int n = 0; n < std::abs(y); ++n) p *= x;
        return y < 0 ? 1/p : p;
    }

    static double called(builtin f, const std::vector<double>& x) {
        switch (f) {
            case builtin::exp: return math::exp<double>(x[0]);
            case builtin::log: return arithmetic::log<double>(x[0]);
            case builtin::sqrt: return std::sqrt(x[0]);
            case builtin::fabs: return std::abs(x[0]);
            case builtin::sin: return std::sin(x[0]);
            case builtin::tanh: return arithmetic::tanh<double>(x[0]);
            case builtin::floor: return std::floor(x[0]);
            case builtin::exprel: return arithmetic::exprel<double>(x[0]);
            case builtin::expm1: return arithmetic::expm1<double>(x[0]);
            case builtin::minimum: return x[1] < x[0] ? x[1] : x[0];
            default: return x[0] < x[1] ? x[1] : x[0];
        }
    }

    double element_at(int variable, double index) {
        const bool is_inside = index > -1 && index < program_.variables[variable].length;
        return is_inside ? value(variable, static_cast<int>(index)) : std::numeric_limits<double>::quiet_NaN();
    }
    void assign(const element& to, double x) {
        if (!to.index) {
            value(to.variable) = x;
            return;
        }
        const double index = evaluate(*to.index);
        const int length = program_.variables[to.variable].length;
        if (index > -1 && index < length) value(to.variable, static_cast<int>(index)) = x;
        else for (int i = 0; i < length; ++i) value(to.variable, i) = std::numeric_limits<double>::quiet_NaN();
    }

    void run(const statement& s) {
        switch (s.is) {
            case statement::kind::assign: assign(s.to, evaluate(s.value)); break;
            case statement::kind::branch: run(evaluate(s.value) != 0 ? s.body : s.other); break;
            case statement::kind::repeat:
                while (evaluate(s.value) != 0) run(s.body);
                break;
            default: {   // relax
                const double y = value(s.to.variable), slope = evaluate(s.slope), dt = value(step_);
                assign(s.to, y + dt*arithmetic::phi<double>(slope*dt)*(evaluate(s.constant_term) + slope*y));
            }
        }
    }

public:
    int step_ = 0;   ///< the variable dt

private:
    const program& program_;
    std::map<std::pair<int, int>, double> values_;
};

}  // namespace apical::nmodl::testing
