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

/// Of an operation, given those of its operands.
std::optional<expression> of_operation(const expression& e, std::vector<expression> d) {
    const auto& o = e.operands;
    switch (e.is) {
        case kind::negate: return negate(std::move(d[0]));
        case kind::add: return add(std::move(d[0]), std::move(d[1]));
        case kind::subtract: return subtract(std::move(d[0]), std::move(d[1]));
        case kind::multiply: return add(multiply(d[0], o[1]), multiply(o[0], d[1]));
        case kind::divide:
            if (is_number(d[1], 0)) { return divide(d[0], o[1]); }
            return subtract(divide(d[0], o[1]), divide(multiply(o[0], d[1]), square(o[1])));
        case kind::power: return of_power(e, d[0], d[1]);
        case kind::call: return of_call(e, d);
        default: return number(0);   // what is true or false is so nearby
    }
}

/// Of a + b, or of a - b.
gradient sum_of(kind is, gradient a, gradient b) {
    for (auto& [n, d] : b) {
        const auto known = a.find(n);
        auto left = known == a.end() ? number(0) : std::move(known->second);
        a.insert_or_assign(n, is == kind::add ? add(std::move(left), std::move(d)) : subtract(std::move(left), std::move(d)));
    }
    return a;
}

/// What `f` makes of the rest and of each slope.
template <class F> linear_form each_part(linear_form form, F f) {
    form.rest = f(std::move(form.rest));
    for (auto& [n, slope] : form.slopes) { slope = f(std::move(slope)); }
    return form;
}

}  // namespace

std::optional<expression> derivative(const expression& e, const std::function<expression(const expression&)>& of_variable) {
    const auto all = gradient_of(e, [&](const expression& variable) { return gradient{{0, of_variable(variable)}}; });
    if (!all) { return std::nullopt; }
    const auto only = all->find(0);
    return only == all->end() ? number(0) : only->second;
}

std::optional<gradient> gradient_of(const expression& e, const std::function<gradient(const expression&)>& of_variable) {
    if (e.is == kind::number) { return gradient{}; }
    if (e.is == kind::variable) { return of_variable(e); }
    std::vector<gradient> of_operands;
    for (const auto& operand : e.operands) {
        auto each = gradient_of(operand, of_variable);
        if (!each) { return std::nullopt; }
        of_operands.push_back(std::move(*each));
    }
    if (e.is == kind::add || e.is == kind::subtract) { return sum_of(e.is, std::move(of_operands[0]), std::move(of_operands[1])); }
    gradient all;
    for (const auto& of_operand : of_operands) {
        for (const auto& [n, unused] : of_operand) { all.try_emplace(n); }
    }
    for (auto& [n, result] : all) {
        std::vector<expression> d;
        for (auto& of_operand : of_operands) {
            const auto known = of_operand.find(n);
            d.push_back(known == of_operand.end() ? number(0) : std::move(known->second));
        }
        auto made = of_operation(e, std::move(d));
        if (!made) { return std::nullopt; }
        result = std::move(*made);
    }
    return all;
}

std::optional<linear_form> linear_form_of(const expression& e, const std::function<std::optional<int>(const expression&)>& number_of) {
    if (e.is == kind::variable) {
        const auto n = number_of(e);
        if (!n) { return std::nullopt; }
        return *n < 0 ? linear_form{e, {}} : linear_form{number(0), {{*n, number(1)}}};
    }
    std::vector<linear_form> parts;
    for (const auto& operand : e.operands) {
        auto part = linear_form_of(operand, number_of);
        if (!part) { return std::nullopt; }
        parts.push_back(std::move(*part));
    }
    if (std::all_of(parts.begin(), parts.end(), [](const linear_form& part) { return part.slopes.empty(); })) { return linear_form{e, {}}; }
    const auto& o = e.operands;
    switch (e.is) {
        case kind::negate: return each_part(std::move(parts[0]), negate);
        case kind::add: return linear_form{add(std::move(parts[0].rest), std::move(parts[1].rest)), sum_of(e.is, std::move(parts[0].slopes), std::move(parts[1].slopes))};
        case kind::subtract:
            return linear_form{subtract(std::move(parts[0].rest), std::move(parts[1].rest)), sum_of(e.is, std::move(parts[0].slopes), std::move(parts[1].slopes))};
        case kind::multiply:
            if (parts[0].slopes.empty()) { return each_part(std::move(parts[1]), [&](expression b) { return multiply(o[0], std::move(b)); }); }
            if (parts[1].slopes.empty()) { return each_part(std::move(parts[0]), [&](expression a) { return multiply(std::move(a), o[1]); }); }
            return std::nullopt;
        case kind::divide:
            if (!parts[1].slopes.empty()) { return std::nullopt; }
            return each_part(std::move(parts[0]), [&](expression a) { return divide(std::move(a), o[1]); });
        case kind::power:
            if (is_number(o[1], 1)) { return std::move(parts[0]); }
            return std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace apical::nmodl::algebra
