// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/build.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace apical::nmodl {
namespace {

using kind = expression::kind;

constexpr std::array<std::pair<std::string_view, kind>, 13> signs{{
    {"+", kind::add}, {"-", kind::subtract}, {"*", kind::multiply}, {"/", kind::divide}, {"^", kind::power}, {"<", kind::less}, {">", kind::greater},
    {"<=", kind::less_equal}, {">=", kind::greater_equal}, {"==", kind::equal}, {"!=", kind::not_equal}, {"&&", kind::logical_and},
    {"||", kind::logical_or}}};

constexpr std::array pure{
    builtin_name{"exp", builtin::exp, 1},     builtin_name{"log", builtin::log, 1},       builtin_name{"log10", builtin::log10, 1},
    builtin_name{"sqrt", builtin::sqrt, 1},   builtin_name{"fabs", builtin::fabs, 1},     builtin_name{"sin", builtin::sin, 1},
    builtin_name{"cos", builtin::cos, 1},     builtin_name{"tan", builtin::tan, 1},       builtin_name{"asin", builtin::asin, 1},
    builtin_name{"acos", builtin::acos, 1},   builtin_name{"atan", builtin::atan, 1},     builtin_name{"atan2", builtin::atan2, 2},
    builtin_name{"sinh", builtin::sinh, 1},   builtin_name{"cosh", builtin::cosh, 1},     builtin_name{"tanh", builtin::tanh, 1},
    builtin_name{"floor", builtin::floor, 1}, builtin_name{"ceil", builtin::ceil, 1},     builtin_name{"fmod", builtin::fmod, 2},
    builtin_name{"erf", builtin::erf, 1},     builtin_name{"erfc", builtin::erfc, 1},     builtin_name{"gamma_ln", builtin::gamma_ln, 1},
    builtin_name{"lgamma", builtin::gamma_ln, 1}, builtin_name{"fmin", builtin::minimum, 2}, builtin_name{"fmax", builtin::maximum, 2},
    builtin_name{"expm1", builtin::expm1, 1}, builtin_name{"log1p", builtin::log1p, 1},   builtin_name{"nernst", builtin::nernst, 3},
    builtin_name{"nrn_ghk", builtin::ghk, 4}, builtin_name{"ghk", builtin::ghk, 4},       builtin_name{"at_time", builtin::at_time, 1},
    builtin_name{"abs", builtin::fabs, 1},
    builtin_name{"exprelr", builtin::exprel, 1}};

constexpr std::array<std::pair<builtin, std::string_view>, 10> others{{
    {builtin::minimum, "minimum"}, {builtin::maximum, "maximum"}, {builtin::exprel, "exprel"}, {builtin::function_table, "function_table"},
    {builtin::uniform, "uniform"}, {builtin::normal, "normal"}, {builtin::exponential, "exponential"}, {builtin::poisson, "poisson"},
    {builtin::ghk, "ghk"}, {builtin::is_netcon_first, "is_netcon_first"}}};

/// The result, where a run would get the very same: basic operations round alike everywhere, powers and functions need not.
std::optional<double> computed(kind is, double a, double b) {
    switch (is) {
        case kind::add: return a + b;
        case kind::subtract: return a - b;
        case kind::multiply: return a*b;
        case kind::divide: return a/b;
        case kind::less: return a < b;
        case kind::greater: return a > b;
        case kind::less_equal: return a <= b;
        case kind::greater_equal: return a >= b;
        case kind::equal: return a == b;
        case kind::not_equal: return a != b;
        case kind::logical_and: return a != 0 && b != 0;
        case kind::logical_or: return a != 0 || b != 0;
        default: return {};
    }
}

expression node(kind is, std::vector<expression> operands, place at) {
    expression e;
    e.is = is;
    e.at = at.line > 0 || operands.empty() ? std::move(at) : operands.front().at;
    e.operands = std::move(operands);
    return e;
}

std::vector<expression> two(expression a, expression b) {
    std::vector<expression> both;
    both.push_back(std::move(a)), both.push_back(std::move(b));
    return both;
}

}  // namespace

expression number(double value, place at) {
    expression e;
    e.value = value;
    e.at = std::move(at);
    return e;
}

expression read(int variable, place at) {
    auto e = node(kind::variable, {}, std::move(at));
    e.variable = variable;
    return e;
}

expression read(const element& what, place at) {
    auto e = read(what.variable, std::move(at));
    if (what.index) e.operands = {*what.index};
    return e;
}

std::optional<kind> operation(std::string_view op) {
    for (const auto& [sign, is] : signs)
        if (sign == op) return is;
    return {};
}

expression binary(kind is, expression left, expression right, place at) {
    if (is_number(left) && is_number(right))
        if (const auto value = computed(is, left.value, right.value); value && std::isfinite(*value))
            return number(*value, at.line > 0 ? std::move(at) : left.at);
    return node(is, two(std::move(left), std::move(right)), std::move(at));
}

expression unary(kind is, expression operand, place at) {
    if (is_number(operand)) return number(is == kind::negate ? -operand.value : operand.value == 0, at.line > 0 ? std::move(at) : operand.at);
    return node(is, {std::move(operand)}, std::move(at));
}

expression call(builtin function, std::vector<expression> operands, place at) {
    auto e = node(kind::call, std::move(operands), std::move(at));
    e.function = function;
    return e;
}

statement assign(element to, expression value, place at) {
    statement s;
    s.to = std::move(to);
    s.value = std::move(value);
    s.at = std::move(at);
    return s;
}

bool is_number(const expression& e) { return e.is == kind::number; }
bool is_number(const expression& e, double value) { return is_number(e) && e.value == value; }

bool same(const expression& a, const expression& b) {
    if (a.is != b.is || (a.is == kind::number && a.value != b.value) || (a.is == kind::call && a.function != b.function)) return false;
    return a.variable == b.variable && std::ranges::equal(a.operands, b.operands, [](const auto& x, const auto& y) { return same(x, y); });
}

bool same(const element& a, const element& b) {
    return a.variable == b.variable && a.index.has_value() == b.index.has_value() && (!a.index || same(*a.index, *b.index));
}

std::span<const builtin_name> pure_builtins() { return pure; }

std::string_view name_of(builtin function) {
    for (const auto& [is, name] : others)
        if (is == function) return name;
    for (const auto& b : pure)
        if (b.function == function) return b.name;
    return "?";
}

std::string_view sign_of(kind is) {
    for (const auto& [sign, of] : signs)
        if (of == is) return sign;
    return is == kind::negate ? "-" : is == kind::logical_not ? "!" : "?";
}

}  // namespace apical::nmodl
