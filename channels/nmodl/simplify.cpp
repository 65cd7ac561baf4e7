// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/simplify.hpp"

#include <algorithm>
#include <cmath>

namespace apical::nmodl::algebra {

namespace {

using kind = expression::kind;

bool are_numbers(const expression& a, const expression& b) { return is_number(a) && is_number(b); }

bool has_negative_factor(const expression& e) {
    return (e.is == kind::multiply || e.is == kind::divide) && is_number(e.operands[0]) && e.operands[0].value < 0;
}

}  // namespace

expression negate(expression a) {
    if (is_number(a)) { a.value = a.value == 0 ? 0 : -a.value; return a; }
    if (a.is == kind::negate) { return a.operands.front(); }
    if (a.is == kind::subtract) { return subtract(a.operands[1], a.operands[0]); }
    if (a.is == kind::divide && is_number(a.operands[0])) { return divide(number(-a.operands[0].value), a.operands[1]); }
    if (a.is == kind::multiply && is_number(a.operands[0])) { return multiply(number(-a.operands[0].value), a.operands[1]); }
    return unary(kind::negate, std::move(a));
}

expression add(expression a, expression b) {
    if (is_number(a, 0)) { return b; }
    if (is_number(b, 0)) { return a; }
    if (are_numbers(a, b)) { return binary(kind::add, std::move(a), std::move(b)); }
    if (a.is == kind::negate && b.is == kind::negate) { return negate(add(a.operands[0], b.operands[0])); }
    if (b.is == kind::negate) { return subtract(std::move(a), b.operands[0]); }
    if (a.is == kind::negate) { return subtract(std::move(b), a.operands[0]); }
    if (is_number(b) && b.value < 0) { return subtract(std::move(a), number(-b.value)); }
    if (has_negative_factor(b)) { return subtract(std::move(a), negate(std::move(b))); }
    return binary(kind::add, std::move(a), std::move(b));
}

expression subtract(expression a, expression b) {
    if (is_number(b, 0)) { return a; }
    if (is_number(a, 0)) { return negate(std::move(b)); }
    if (are_numbers(a, b)) { return binary(kind::subtract, std::move(a), std::move(b)); }
    if (same(a, b)) { return number(0); }
    if (b.is == kind::negate) { return add(std::move(a), b.operands[0]); }
    if (a.is == kind::negate) { return negate(add(a.operands[0], std::move(b))); }
    if (is_number(b) && b.value < 0) { return add(std::move(a), number(-b.value)); }
    if (has_negative_factor(b)) { return add(std::move(a), negate(std::move(b))); }
    return binary(kind::subtract, std::move(a), std::move(b));
}

expression multiply(expression a, expression b) {
    if (is_number(a, 0) || is_number(b, 0)) { return number(0); }
    if (is_number(a, 1)) { return b; }
    if (is_number(b, 1)) { return a; }
    if (is_number(a, -1)) { return negate(std::move(b)); }
    if (is_number(b, -1)) { return negate(std::move(a)); }
    if (are_numbers(a, b)) { return binary(kind::multiply, std::move(a), std::move(b)); }
    if (a.is == kind::negate && b.is == kind::negate) { return multiply(a.operands[0], b.operands[0]); }
    if (a.is == kind::negate) { return negate(multiply(a.operands[0], std::move(b))); }
    if (b.is == kind::negate) { return negate(multiply(std::move(a), b.operands[0])); }
    for (const double one : {1., -1.}) {   // x*(1/y) = x/y
        if (b.is == kind::divide && is_number(b.operands[0], one)) { return divide(one < 0 ? negate(a) : a, b.operands[1]); }
        if (a.is == kind::divide && is_number(a.operands[0], one)) { return divide(one < 0 ? negate(b) : b, a.operands[1]); }
    }
    if (is_number(b)) { std::swap(a, b); }
    return binary(kind::multiply, std::move(a), std::move(b));
}

expression divide(expression a, expression b) {
    if (is_number(a, 0)) { return number(0); }
    if (is_number(b, 1)) { return a; }
    if (is_number(b, -1)) { return negate(std::move(a)); }
    if (are_numbers(a, b)) { return binary(kind::divide, std::move(a), std::move(b)); }
    if (a.is == kind::negate && b.is == kind::negate) { return divide(a.operands[0], b.operands[0]); }
    if (a.is == kind::negate) { return negate(divide(a.operands[0], std::move(b))); }
    if (b.is == kind::negate) { return negate(divide(std::move(a), b.operands[0])); }
    return binary(kind::divide, std::move(a), std::move(b));
}

expression power(expression a, expression b) {
    if (is_number(b, 0)) { return number(1); }
    if (is_number(b, 1)) { return a; }
    if (are_numbers(a, b)) {
        if (const double value = std::pow(a.value, b.value); std::isfinite(value)) { return number(value, a.at); }
    }
    return binary(kind::power, std::move(a), std::move(b));
}

expression simplify(const expression& e) {
    return substitute(e, [](const expression&) { return std::nullopt; });
}

expression substitute(const expression& e, const std::function<std::optional<expression>(const expression&)>& replacement) {
    if (e.is == kind::variable) {
        if (auto other = replacement(e)) { return *other; }
    }
    if (e.operands.empty()) { return e; }
    std::vector<expression> o;
    for (const auto& each : e.operands) { o.push_back(substitute(each, replacement)); }
    switch (e.is) {
        case kind::negate: return negate(std::move(o[0]));
        case kind::add: return add(std::move(o[0]), std::move(o[1]));
        case kind::subtract: return subtract(std::move(o[0]), std::move(o[1]));
        case kind::multiply: return multiply(std::move(o[0]), std::move(o[1]));
        case kind::divide: return divide(std::move(o[0]), std::move(o[1]));
        case kind::power: return power(std::move(o[0]), std::move(o[1]));
        default: break;
    }
    auto copy = e;
    copy.operands = std::move(o);
    return copy;
}

bool reads(const expression& e, const element& x) {
    if (e.is == kind::variable && e.variable == x.variable) {
        const bool is_known = !e.operands.empty() && x.index && is_number(e.operands[0]) && is_number(*x.index);
        if (!is_known || e.operands[0].value == x.index->value) { return true; }
    }
    return std::any_of(e.operands.begin(), e.operands.end(), [&](const expression& o) { return reads(o, x); });
}

std::optional<std::pair<expression, expression>> linear_in(const expression& e, const element& x) {
    if (!reads(e, x)) { return std::pair{e, number(0)}; }
    const auto& o = e.operands;
    if (e.is == kind::variable) {
        if (!same(e, read(x))) { return std::nullopt; }
        return std::pair{number(0), number(1)};
    }
    const auto apply = [&](auto&& f) -> std::optional<std::pair<expression, expression>> {
        const auto a = linear_in(o[0], x), b = linear_in(o[1], x);
        if (!a || !b) { return std::nullopt; }
        return std::pair{f(a->first, b->first), f(a->second, b->second)};
    };
    switch (e.is) {
        case kind::negate:
            if (const auto a = linear_in(o[0], x)) { return std::pair{negate(a->first), negate(a->second)}; }
            return std::nullopt;
        case kind::add: return apply(add);
        case kind::subtract: return apply(subtract);
        case kind::multiply:
            if (!reads(o[0], x)) {
                if (const auto b = linear_in(o[1], x)) { return std::pair{multiply(o[0], b->first), multiply(o[0], b->second)}; }
            } else if (!reads(o[1], x)) {
                if (const auto a = linear_in(o[0], x)) { return std::pair{multiply(a->first, o[1]), multiply(a->second, o[1])}; }
            }
            return std::nullopt;
        case kind::divide:
            if (reads(o[1], x)) { return std::nullopt; }
            if (const auto a = linear_in(o[0], x)) { return std::pair{divide(a->first, o[1]), divide(a->second, o[1])}; }
            return std::nullopt;
        case kind::power:
            if (is_number(o[1], 1)) { return linear_in(o[0], x); }
            return std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace apical::nmodl::algebra
