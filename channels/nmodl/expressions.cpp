// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include "channels/nmodl/block_compiler.hpp"

namespace apical::nmodl {

using enum operation;

namespace {

bool has_index(const expression& e) {
    const bool is_element = e.is == expression::kind::variable && !e.operands.empty() && e.operands[0].is != expression::kind::number;
    return is_element || std::ranges::any_of(e.operands, has_index);
}

}  // namespace

bool draws_random(const expression& e) {
    const bool is_draw = e.is == expression::kind::call && e.function >= builtin::uniform && e.function <= builtin::poisson;
    return is_draw || std::ranges::any_of(e.operands, draws_random);
}

// Arithmetic on values that carry a derivative.

block_compiler::held block_compiler::with_slope(value f, held x, value derivative) {
    return {f, x.slope < 0 ? -1 : apply(operation::multiply, derivative, x.slope)};
}
block_compiler::held block_compiler::negate(held a) {
    return {apply(operation::negate, a.is), a.slope < 0 ? -1 : apply(operation::negate, a.slope)};
}
block_compiler::held block_compiler::add(held a, held b) {
    const value slope = a.slope < 0 ? b.slope : b.slope < 0 ? a.slope : apply(operation::add, a.slope, b.slope);
    return {apply(operation::add, a.is, b.is), slope};
}
block_compiler::held block_compiler::subtract(held a, held b) {
    const value slope = b.slope < 0 ? a.slope : a.slope < 0 ? apply(operation::negate, b.slope) : apply(operation::subtract, a.slope, b.slope);
    return {apply(operation::subtract, a.is, b.is), slope};
}
block_compiler::held block_compiler::multiply(held a, held b) {
    const value left = b.slope < 0 ? -1 : apply(operation::multiply, a.is, b.slope);
    const value right = a.slope < 0 ? -1 : apply(operation::multiply, a.slope, b.is);
    return {apply(operation::multiply, a.is, b.is), left < 0 ? right : right < 0 ? left : apply(operation::add, left, right)};
}
block_compiler::held block_compiler::divide(held a, held b) {
    const value q = apply(operation::divide, a.is, b.is);
    if (b.slope < 0) return {q, a.slope < 0 ? -1 : apply(operation::divide, a.slope, b.is)};
    const value change = apply(operation::multiply, q, b.slope);
    const value above = a.slope < 0 ? apply(operation::negate, change) : apply(operation::subtract, a.slope, change);
    return {q, apply(operation::divide, above, b.is)};
}
block_compiler::held block_compiler::choose(value condition, held a, held b) {
    const value zero = a.slope < 0 && b.slope < 0 ? -1 : out_.number(0);
    const value slope = zero < 0 ? -1 : apply(select, a.slope < 0 ? zero : a.slope, b.slope < 0 ? zero : b.slope, condition);
    return {apply(select, a.is, b.is, condition), slope};
}
block_compiler::held block_compiler::whole_power(held x, int n) {
    if (n < 0) return divide(number(1), whole_power(x, -n));
    if (n == 0) return number(1);
    if (n == 1) return x;
    const value p = (n % 2 ? multiply(whole_power({x.is}, n - 1), {x.is}) : whole_power(multiply({x.is}, {x.is}), n/2)).is;
    if (x.slope < 0) return {p};
    return with_slope(p, x, apply(operation::multiply, out_.number(n), whole_power({x.is}, n - 1).is));
}
block_compiler::held block_compiler::power(held x, held y) {
    constexpr double largest = 64;
    if (out_.is_number(y.is)) {
        const double n = out_.number_of(y.is);
        if (n == 0.5) return call_of_one(builtin::sqrt, x);
        if (n == std::floor(n) && std::abs(n) <= largest) return whole_power(x, static_cast<int>(n));
    }
    const value p = apply(operation::power, x.is, y.is);
    held r{p};
    if (x.slope >= 0) {
        const value less_one = apply(operation::power, x.is, apply(operation::subtract, y.is, out_.number(1)));
        r = with_slope(p, x, apply(operation::multiply, y.is, less_one));
    }
    if (y.slope >= 0) {
        const value by_y = with_slope(p, y, apply(operation::multiply, apply(operation::log, x.is), p)).slope;
        r.slope = r.slope < 0 ? by_y : apply(operation::add, r.slope, by_y);
    }
    return r;
}

block_compiler::held block_compiler::evaluate(const expression& e) {
    using enum expression::kind;
    switch (e.is) {
        case number: return {out_.number(e.value)};
        case expression::kind::variable:
            return read(e.variable, e.operands.empty() ? std::nullopt : std::optional<expression>(e.operands[0]));
        case negate: return this->negate(evaluate(e.operands[0]));
        case logical_not: return {apply(neither, evaluate(e.operands[0]).is)};
        case logical_and: case logical_or: return logical(e);
        case call: return this->call(e);
        default: break;
    }
    const held a = evaluate(e.operands[0]), b = evaluate(e.operands[1]);
    switch (e.is) {
        case add: return this->add(a, b);
        case subtract: return this->subtract(a, b);
        case multiply: return this->multiply(a, b);
        case divide: return this->divide(a, b);
        case power: return this->power(a, b);
        case less: return {apply(operation::less, a.is, b.is)};
        case greater: return {apply(operation::less, b.is, a.is)};
        case less_equal: return {apply(operation::less_equal, a.is, b.is)};
        case greater_equal: return {apply(operation::less_equal, b.is, a.is)};
        case equal: return {apply(operation::equal, a.is, b.is)};
        default: return {apply(operation::not_equal, a.is, b.is)};
    }
}

/// Both sides are computed, as they have no effects; but a random number counts as drawn, and an index as wrong, only where the left
/// side asks for the right one.
block_compiler::held block_compiler::logical(const expression& e) {
    const bool is_and = e.is == expression::kind::logical_and;
    const value left = evaluate(e.operands[0]).is, around = where_;
    const held before = held_by(draws);
    if (has_index(e.operands[1])) where_ = within(is_and ? left : apply(neither, left));
    const value right = evaluate(e.operands[1]).is;
    where_ = around;
    if (const held after = held_by(draws); after != before) holds_[draws] = is_and ? choose(left, after, before) : choose(left, before, after);
    return {apply(is_and ? both : either, left, right)};
}

block_compiler::held block_compiler::read(const element& e) { return read(e.variable, e.index); }
block_compiler::held block_compiler::read(int variable, const std::optional<expression>& index) {
    return index ? select_element(variable, evaluate(*index)) : held_by({variable, 0});
}

block_compiler::held block_compiler::select_element(int variable, held index) {
    const int length = program_.variables[variable].length;
    if (out_.is_number(index.is)) {
        const double at = out_.number_of(index.is);
        return at > -1 && at < length ? held_by({variable, static_cast<int>(at)}) : number(std::numeric_limits<double>::quiet_NaN());
    }
    std::vector<value> all, slopes;
    for (int i = 0; i < length; ++i) {
        const held h = held_by({variable, i});
        all.push_back(h.is), slopes.push_back(h.slope);
    }
    const int site = site_of(fault_kind::index_out_of_range);
    const auto gathered = [&](const std::vector<value>& from) {
        auto& arrays = out_.target().arrays;
        arrays.push_back({from, site});
        return out_.emit({.does = gather, .a = index.is, .c = where_, .extra = static_cast<int>(arrays.size()) - 1}, true, from);
    };
    const held r{gathered(all)};
    if (std::ranges::all_of(slopes, [](value s) { return s < 0; })) return r;
    for (value& s : slopes) s = s < 0 ? out_.number(0) : s;
    return {r.is, gathered(slopes)};
}

block_compiler::held block_compiler::call_of_one(builtin f, held x) {
    const auto one = [&] { return out_.number(1); };
    const auto to = [&](operation o) { return apply(o, x.is); };
    const auto square_of_x = [&] { return apply(operation::multiply, x.is, x.is); };
    const auto result = [&](operation o, auto derivative) -> held {
        const value r = to(o);
        return x.slope < 0 ? held{r} : with_slope(r, x, derivative(r));
    };
    const auto arc = [&](value) { return apply(operation::divide, one(), to_root_of_one_less(square_of_x())); };
    switch (f) {
        case builtin::exp: return result(exp, [](value r) { return r; });
        case builtin::log: return result(log, [&](value) { return apply(operation::divide, one(), x.is); });
        case builtin::log10: return result(log10, [&](value) { return apply(operation::divide, out_.number(0.43429448190325182765), x.is); });
        case builtin::sqrt: return result(sqrt, [&](value r) { return apply(operation::divide, out_.number(0.5), r); });
        case builtin::fabs: return result(fabs, [&](value) {
            return apply(select, out_.number(-1), one(), apply(operation::less, x.is, out_.number(0)));
        });
        case builtin::sin: return result(sin, [&](value) { return to(cos); });
        case builtin::cos: return result(cos, [&](value) { return apply(operation::negate, to(sin)); });
        case builtin::tan: return result(tan, [&](value r) { return apply(operation::add, one(), apply(operation::multiply, r, r)); });
        case builtin::asin: return result(asin, arc);
        case builtin::acos: return result(acos, [&](value r) { return apply(operation::negate, arc(r)); });
        case builtin::atan: return result(atan, [&](value) {
            return apply(operation::divide, one(), apply(operation::add, one(), square_of_x()));
        });
        case builtin::sinh: return result(sinh, [&](value) { return to(cosh); });
        case builtin::cosh: return result(cosh, [&](value) { return to(sinh); });
        case builtin::tanh: return result(tanh, [&](value r) { return apply(operation::subtract, one(), apply(operation::multiply, r, r)); });
        case builtin::floor: return {to(floor)};
        case builtin::ceil: return {to(ceil)};
        case builtin::erf: return result(erf, [&](value) { return bell(x.is, 1.1283791670955125739); });
        case builtin::erfc: return result(erfc, [&](value) { return bell(x.is, -1.1283791670955125739); });
        case builtin::exprel: return result(exprel, [&](value) { return to(exprel_slope); });
        case builtin::expm1: return result(expm1, [&](value) { return to(exp); });
        case builtin::log1p: return result(log1p, [&](value) { return apply(operation::divide, one(), apply(operation::add, one(), x.is)); });
        default:
            if (x.slope >= 0) out_.target().is_exact = false;
            return {to(gamma_ln)};
    }
}

block_compiler::value block_compiler::to_root_of_one_less(value square) { return apply(sqrt, apply(operation::subtract, out_.number(1), square)); }
block_compiler::value block_compiler::bell(value x, double height) {
    return apply(operation::multiply, out_.number(height), apply(exp, apply(operation::negate, apply(operation::multiply, x, x))));
}

block_compiler::held block_compiler::call_of_two(builtin f, held x, held y) {
    switch (f) {
        case builtin::minimum: return choose(apply(operation::less, y.is, x.is), y, x);
        case builtin::maximum: return choose(apply(operation::less, x.is, y.is), y, x);
        case builtin::fmod: {   // x - n y, where n = (x - fmod(x, y))/y is whole
            const value r = apply(fmod, x.is, y.is);
            if (y.slope < 0) return {r, x.slope};
            const value n = apply(operation::divide, apply(operation::subtract, x.is, r), y.is);
            return {r, subtract({x.slope < 0 ? out_.number(0) : x.slope}, multiply({n}, {y.slope})).is};
        }
        default: {
            const value r = apply(atan2, x.is, y.is);
            if (x.slope < 0 && y.slope < 0) return {r};
            const held dx{x.slope < 0 ? out_.number(0) : x.slope}, dy{y.slope < 0 ? out_.number(0) : y.slope}, a{x.is}, b{y.is};
            return {r, divide(subtract(multiply(dx, b), multiply(a, dy)), add(multiply(a, a), multiply(b, b))).is};
        }
    }
}

block_compiler::held block_compiler::call(const expression& e) {
    if (e.function >= builtin::uniform && e.function <= builtin::poisson) return random(e);
    if (e.function == builtin::function_table) return table(e);
    std::vector<held> x;
    for (const expression& o : e.operands) x.push_back(evaluate(o));
    switch (e.function) {
        case builtin::atan2: case builtin::fmod: case builtin::minimum: case builtin::maximum: return call_of_two(e.function, x[0], x[1]);
        case builtin::nernst: return nernst(x[0], x[1], x[2]);
        case builtin::ghk: return ghk(x[0], x[1], x[2], x[3]);
        case builtin::at_time: return passes(x[0]);
        case builtin::is_netcon_first: return number(0);
        default: return call_of_one(e.function, x[0]);
    }
}

block_compiler::held block_compiler::random(const expression& e) {
    const auto operand = [&](std::size_t n) {
        const held x = n < e.operands.size() ? evaluate(e.operands[n]) : number(n);   // from 0 to 1, or mean 0 and deviation 1
        if (x.slope >= 0) out_.target().is_exact = false;
        return x.is;
    };
    const bool has_one = e.function == builtin::exponential || e.function == builtin::poisson;
    const value a = has_one && e.operands.empty() ? out_.number(1) : operand(0), b = has_one ? -1 : operand(1);
    const held count = held_by(draws);
    holds_[draws] = add(count, number(1));
    auto& drawn = out_.target().draws;
    drawn.push_back({e.function, e.variable});
    return {out_.emit({.does = operation::random, .a = a, .b = b, .c = count.is, .extra = static_cast<int>(drawn.size()) - 1}, true)};
}

block_compiler::held block_compiler::table(const expression& e) {
    instruction i{.does = operation::table, .extra = static_cast<int>(out_.target().tables.size())};
    int* const operands[] = {&i.a, &i.b, &i.c};
    const auto n = std::min<std::size_t>(e.operands.size(), 3);
    for (std::size_t k = 0; k < n; ++k) {
        const held x = evaluate(e.operands[k]);
        if (x.slope >= 0) out_.target().is_exact = false;
        *operands[k] = x.is;
    }
    out_.target().tables.push_back({e.variable, static_cast<int>(n)});
    return {out_.emit(i, true)};
}

/// RT/F [mV].
block_compiler::held block_compiler::thermal_voltage() {
    return multiply(add(of_role(role::temperature), number(273.15)), number(1000*8.31446261815324/96485.33212331001));
}
block_compiler::held block_compiler::nernst(held inner, held outer, held z) {
    return multiply(divide(thermal_voltage(), z), call_of_one(builtin::log, divide(outer, inner)));
}
/// Goldman-Hodgkin-Katz current for a permeability of 1 cm/s [mA/cm2], from mM.
block_compiler::held block_compiler::ghk(held v, held inner, held outer, held z) {
    const held x = divide(multiply(z, v), thermal_voltage());
    const held inward = multiply(inner, call_of_one(builtin::exprel, negate(x))), outward = multiply(outer, call_of_one(builtin::exprel, x));
    return multiply(multiply(number(1e-3*96485.33212331001), z), subtract(inward, outward));
}
/// Whether the step that ends at t passes a time: NEURON's at_time.
block_compiler::held block_compiler::passes(held time) {
    const value t = of_role(role::time).is, x = apply(operation::subtract, time.is, out_.number(1e-11));
    const value began = apply(operation::less, apply(operation::subtract, t, of_role(role::step).is), x);
    return {apply(both, apply(operation::less_equal, x, t), began)};
}

}  // namespace apical::nmodl
