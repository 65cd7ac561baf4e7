// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <numbers>

#include "channels/nmodl/simplify.hpp"

namespace apical::nmodl::algebra {

namespace {

using kind = expression::kind;

expression times(double factor, expression e) { return multiply(number(factor), std::move(e)); }
expression square(expression e) { return multiply(e, e); }

/// Of a function of one argument by it; nothing where there is none to be had in functions of NMODL.
std::optional<expression> slope_of(const expression& e) {
    const auto& x = e.operands[0];
    const auto one_over = [](expression y) { return divide(number(1), std::move(y)); };
    switch (e.function) {
        case builtin::exp: return e;
        case builtin::log: return one_over(x);
        case builtin::log10: return one_over(times(std::numbers::ln10, x));
        case builtin::sqrt: return one_over(times(2, e));
        case builtin::fabs: return subtract(binary(kind::greater, x, number(0)), binary(kind::less, x, number(0)));
        case builtin::sin: return call(builtin::cos, {x});
        case builtin::cos: return negate(call(builtin::sin, {x}));
        case builtin::tan: return add(number(1), square(e));
        case builtin::asin: return one_over(call(builtin::sqrt, {subtract(number(1), square(x))}));
        case builtin::acos: return negate(one_over(call(builtin::sqrt, {subtract(number(1), square(x))})));
        case builtin::atan: return one_over(add(number(1), square(x)));
        case builtin::sinh: return call(builtin::cosh, {x});
        case builtin::cosh: return call(builtin::sinh, {x});
        case builtin::tanh: return subtract(number(1), square(e));
        case builtin::floor:
        case builtin::ceil: return number(0);
        case builtin::erf: return times(2*std::numbers::inv_sqrtpi, call(builtin::exp, {negate(square(x))}));
        case builtin::erfc: return times(-2*std::numbers::inv_sqrtpi, call(builtin::exp, {negate(square(x))}));
        case builtin::expm1: return call(builtin::exp, {x});
        case builtin::log1p: return one_over(add(number(1), x));
        default: return std::nullopt;
    }
}

std::optional<expression> of_call(const expression& e, const std::vector<expression>& d) {
    if (std::all_of(d.begin(), d.end(), [](const expression& each) { return is_number(each, 0); })) { return number(0); }
    if (d.size() == 1) {
        auto slope = slope_of(e);
        if (slope) { *slope = multiply(*slope, d[0]); }
        return slope;
    }
    const auto& o = e.operands;
    if (e.function == builtin::minimum || e.function == builtin::maximum) {
        const bool is_least = e.function == builtin::minimum;
        auto first = binary(is_least ? kind::less : kind::greater, o[0], o[1]);
        auto second = binary(is_least ? kind::greater_equal : kind::less_equal, o[0], o[1]);
        return add(multiply(std::move(first), d[0]), multiply(std::move(second), d[1]));
    }
    if (e.function == builtin::fmod && is_number(d[1], 0)) { return d[0]; }
    if (e.function == builtin::atan2) {
        return divide(subtract(multiply(o[1], d[0]), multiply(o[0], d[1])), add(square(o[0]), square(o[1])));
    }
    return std::nullopt;
}

expression of_power(const expression& e, const expression& da, const expression& db) {
    const auto &a = e.operands[0], &b = e.operands[1];
    auto by_base = multiply(multiply(b, power(a, subtract(b, number(1)))), da);
    if (is_number(db, 0)) { return by_base; }
    return add(std::move(by_base), multiply(multiply(e, call(builtin::log, {a})), db));
}

}  // namespace

std::optional<expression> derivative(const expression& e, const std::function<expression(const expression&)>& of_variable) {
    if (e.is == kind::number) { return number(0); }
    if (e.is == kind::variable) { return of_variable(e); }
    std::vector<expression> d;
    for (const auto& operand : e.operands) {
        auto each = derivative(operand, of_variable);
        if (!each) { return std::nullopt; }
        d.push_back(std::move(*each));
    }
    const auto& o = e.operands;
    switch (e.is) {
        case kind::negate: return negate(d[0]);
        case kind::add: return add(d[0], d[1]);
        case kind::subtract: return subtract(d[0], d[1]);
        case kind::multiply: return add(multiply(d[0], o[1]), multiply(o[0], d[1]));
        case kind::divide:
            if (is_number(d[1], 0)) { return divide(d[0], o[1]); }
            return subtract(divide(d[0], o[1]), divide(multiply(o[0], d[1]), square(o[1])));
        case kind::power: return of_power(e, d[0], d[1]);
        case kind::call: return of_call(e, d);
        default: return number(0);   // what is true or false is so nearby
    }
}

}  // namespace apical::nmodl::algebra
