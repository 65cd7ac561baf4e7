// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/emit_terms.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"

namespace apical::nmodl {
namespace {

using kind = expression::kind;
using doing = statement::kind;

/// F/(1000 R): degrees Kelvin per mV of RT/F.
constexpr double kelvin_per_mv = 96485.33212331001/8314.46261815324;

std::set<int> joined(const term& a, const term& b) {
    auto all = a.lines;
    all.insert(b.lines.begin(), b.lines.end());
    return all;
}
std::optional<int> same_degree(const term& a, const term& b) { return a.degree == b.degree ? a.degree : std::nullopt; }
/// Arithmetic of numbers and of one variable, which has the value x; nothing if there is more in it.
std::optional<double> value_at(const expression& e, const expression& variable, double x) {
    if (e.is == kind::number) return e.value;
    if (e.is == kind::variable) return same(e, variable) ? std::optional(x) : std::nullopt;
    if (e.is > kind::divide) return std::nullopt;
    const auto a = value_at(e.operands[0], variable, x);
    if (!a || e.is == kind::negate) return a ? std::optional(-*a) : std::nullopt;
    const auto b = value_at(e.operands[1], variable, x);
    if (!b || e.is == kind::logical_not) return std::nullopt;
    switch (e.is) {
    case kind::add: return *a + *b;
    case kind::subtract: return *a - *b;
    case kind::multiply: return *a**b;
    default: return *a / *b;
    }
}

const expression* first_variable(const expression& e) {
    if (e.is == kind::variable) return &e;
    for (const auto& o : e.operands)
        if (const auto* found = first_variable(o)) return found;
    return nullptr;
}

/// The x of which the expression is 1 - x/2 + x^2/12 - x^4/720; null if it is another.
const expression* linoid_series(const expression& e) {
    const auto* x = first_variable(e);
    for (const double at : {-0.02, -0.011, 0.003, 0.017, 0.02, 0.4}) {
        const auto value = x ? value_at(e, *x, at) : std::nullopt;
        if (!value || std::fabs(*value - (1 - at/2 + at*at/12 - at*at*at*at/720)) > 4e-16) return nullptr;
    }
    return x;
}

char type_of(const term& t) { return t.is_active ? 'U' : 'V'; }
bool is_comparison(kind k) { return k >= kind::less && k <= kind::not_equal; }

}  // namespace

std::string bracketed(const term& t, int at_least) { return t.strength < at_least ? "(" + t.text + ")" : t.text; }
term number_term(double x) { return {.text = fmt::format("V({})", literal(x)), .number = x}; }

term term_writer::fail(std::string why) {
    if (why_not_.empty()) why_not_ = std::move(why);
    return number_term(0);
}

term term_writer::named(const std::string& stem, term t) {
    if (t.number || t.strength == 3) return t;
    auto name = identifier_for(stem) + "_";
    if (const int again = taken_[name]++; again > 0) name += std::to_string(again);
    constants_.push_back({name, t.text, t.is_active, t.lines});
    t.text = name, t.strength = 3, t.lines.insert(static_cast<int>(constants_.size()) - 1);
    return t;
}

std::string term_writer::constants(const std::vector<term>& of, const std::string& indent) const {
    std::set<int> used;
    for (const auto& t : of) used.insert(t.lines.begin(), t.lines.end());
    for (auto i = static_cast<int>(constants_.size()) - 1; i >= 0; --i)
        if (used.contains(i)) used.insert(constants_[static_cast<std::size_t>(i)].lines.begin(), constants_[static_cast<std::size_t>(i)].lines.end());
    std::string text;
    for (const int i : used) {
        const auto& c = constants_[static_cast<std::size_t>(i)];
        text += fmt::format("{}const {} {} = {};\n", indent, c.text.starts_with("mask:") ? "auto" : c.is_active ? "U" : "V", c.name,
                            c.text.starts_with("mask:") ? c.text.substr(5) : c.text);
    }
    return text;
}

term term_writer::combined(const char* sign, int strength, const term& a, const term& b) const {
    return {.text = bracketed(a, strength) + sign + bracketed(b, strength + 1), .strength = strength, .is_active = a.is_active || b.is_active,
            .degree = std::nullopt, .lines = joined(a, b)};
}

/// x*a + b with b constant, and x not, is rounded once; so is the series of x/(e^x - 1).
term term_writer::sum(const expression& e, term a, term b, bool is_difference) {
    if (a.number && b.number) return number_term(is_difference ? *a.number - *b.number : *a.number + *b.number);
    if (const auto x = linoid_series(e); x && x->operands.empty()) {
        const auto t = named("x", of(*x)), z = named("z", product(t, t));
        return {.text = fmt::format("math::fma({1}, math::fma({1}, {2}(-1.0/720.0), {2}(1.0/12.0)), math::fma({0}, {2}(-0.5), {2}(1.0)))", t.text, z.text, type_of(t)),
                .is_active = t.is_active, .lines = joined(t, z)};
    }
    const auto left = e.operands.empty() ? expression{} : e.operands[0];
    const bool is_square = left.operands.size() == 2 && same(left.operands[0], left.operands[1]);
    if (left.is == kind::multiply && !is_square && b.number && a.degree == 0 && !a.is_active) {
        const auto x = of(left.operands[0]), factor = of(left.operands[1]);
        if (!x.number)
            return {.text = fmt::format("math::fma({}, {}, V({}))", x.text, factor.text, literal(is_difference ? -*b.number : *b.number)), .lines = joined(x, factor)};
    }
    auto made = combined(is_difference ? " - " : " + ", 0, a, b);
    made.degree = same_degree(a, b);
    if (a.line && b.number) {
        made.line = a.line;
        made.line->at += (is_difference ? *b.number : -*b.number)*a.line->scale;
    } else if (b.line && a.number) {
        made.line = b.line;
        if (is_difference) made.line->scale = -made.line->scale;
        made.line->at -= *a.number*made.line->scale;
    }
    return made;
}

term term_writer::product(term a, term b) {
    if (a.number && b.number) return number_term(*a.number**b.number);
    if (a.number == 1.0) return b;
    if (b.number == 1.0) return a;
    auto made = combined("*", 1, a, b);
    if (a.degree && b.degree) made.degree = *a.degree + *b.degree;
    if (a.line && b.number && *b.number != 0) made.line = a.line, made.line->scale /= *b.number;
    if (b.line && a.number && *a.number != 0) made.line = b.line, made.line->scale /= *a.number;
    return made;
}

term term_writer::quotient(term a, term b) {
    if (a.number && b.number && *b.number != 0) return number_term(*a.number / *b.number);
    if (b.number == 1.0) return a;
    auto made = combined("/", 1, a, b);
    if (a.degree && b.degree) made.degree = *a.degree - *b.degree;
    if (a.line && b.number) made.line = a.line, made.line->scale *= *b.number;
    return made;
}

term term_writer::negated(term a) {
    if (a.number) return number_term(-*a.number);
    term made = a;
    made.text = "-" + bracketed(a, 2), made.strength = 2;
    if (a.line) made.line->scale = -made.line->scale;
    return made;
}

term term_writer::of(int variable) {
    if (const auto known = values_.find(variable); known != values_.end()) return known->second;
    if (const auto found = given_(variable)) return *found;
    const auto& x = program_.variables[static_cast<std::size_t>(variable)];
    return fail(fmt::format("what is computed needs '{}'", x.name));
}

term term_writer::of(const expression& e) {
    const auto operand = [&](std::size_t i) { return of(e.operands[i]); };
    switch (e.is) {
    case kind::number: return number_term(e.value);
    case kind::variable: return e.operands.empty() ? of(e.variable) : fail("it has arrays");
    case kind::negate: return negated(operand(0));
    case kind::add: return sum(e, operand(0), operand(1), false);
    case kind::subtract: return sum(e, operand(0), operand(1), true);
    case kind::multiply: return product(operand(0), operand(1));
    case kind::divide: return quotient(operand(0), operand(1));
    case kind::power: return raised(e);
    case kind::call: return called(e);
    default: return chosen(e, number_term(1), number_term(0));
    }
}

/// x^n as products for a whole n: x*x*x, and the square of the square.
term term_writer::raised(const expression& e) {
    auto base = of(e.operands[0]), exponent = of(e.operands[1]);
    if (base.number && exponent.number) return number_term(std::pow(*base.number, *exponent.number));
    if (base.number && *base.number > 0 && exponent.line && exponent.line->of == 'c') return of_temperature(*base.number, *exponent.line);
    if (exponent.number && std::floor(*exponent.number) == *exponent.number && std::fabs(*exponent.number) <= 16) {
        const int n = static_cast<int>(std::fabs(*exponent.number));
        if (n == 0) return number_term(1);
        base = named("x", base);
        term power = base;
        if (n == 4 || n == 8 || n == 16) {
            for (int k = n; k > 1; k /= 2) power = named("square", product(power, power));
        } else {
            for (int k = 1; k < n; ++k) power = product(power, base);
        }
        return *exponent.number < 0 ? quotient(number_term(1), power) : power;
    }
    if (base.degree != 0 || exponent.degree != 0) return fail("a power of what is measured per area");
    const bool active = base.is_active || exponent.is_active;
    const auto text = [&](const term& t) { return active ? promoted(t) : t.text; };
    return {.text = fmt::format("math::pow<{}>({}, {})", active ? 'U' : 'V', text(base), text(exponent)), .is_active = active, .lines = joined(base, exponent)};
}

/// base^((T - at)/scale). The first is the factor that the channel declares; others are that times a constant, if they are.
term term_writer::of_temperature(double base, const straight_line& line) {
    const double q10 = line.scale == 10 ? base : std::pow(base, 10/line.scale);
    if (factor_.q10 == 1) factor_ = {q10, line.at};
    if (std::fabs(q10 - factor_.q10) <= 1e-12*q10) {
        const term q{.text = "V(at.q)"};
        return line.at == factor_.at ? q : product(number_term(std::pow(q10, (factor_.at - line.at)/10)), q);
    }
    return {.text = fmt::format("math::exp<V>(V({}*(at.rt_f*{} - 273.15 - {})))", literal(std::log(q10)/10), literal(kelvin_per_mv), literal(line.at))};
}

std::string term_writer::promoted(const term& t) const { return t.is_active ? t.text : bracketed(t, 1) + " + U(0.0)"; }

term term_writer::of_one(const char* function, term x) {
    if (x.degree != 0) return fail("a function of what is measured per area");
    return {.text = fmt::format("math::{}<{}>({})", function, type_of(x), x.text), .is_active = x.is_active, .lines = x.lines};
}

term term_writer::exponential(term x) {
    if (x.number) return number_term(std::exp(*x.number));
    if (x.line && x.line->of == 'c') return of_temperature(std::exp(1.0), *x.line);
    if (x.line && x.line->of == 'v' && std::fabs(x.line->at) < 1e4)
        return {.text = fmt::format("exp_at<{}>({}, {}, {})", type_of(x), x.is_active ? "v" : "at.v", literal(x.line->at), literal(x.line->scale)),
                .is_active = x.is_active};
    return of_one("exp", std::move(x));
}

term term_writer::called(const expression& e) {
    std::vector<term> x;
    for (const auto& o : e.operands) x.push_back(of(o));
    const auto is_number = std::ranges::all_of(x, [](const term& t) { return t.number.has_value(); });
    switch (e.function) {
    case builtin::exp: return exponential(x[0]);
    case builtin::log: return is_number && *x[0].number > 0 ? number_term(std::log(*x[0].number)) : of_one("log", x[0]);
    case builtin::log10: return product(of_one("log", x[0]), number_term(0.43429448190325182765));
    case builtin::exprel: return of_one("linoid", x[0]);
    case builtin::expm1: return sum({}, exponential(x[0]), number_term(1), true);
    case builtin::sqrt:
        if (is_number) return number_term(std::sqrt(*x[0].number));
        return x[0].is_active ? of_one("sqrt", x[0]) : term{.text = fmt::format("math::sqrt({})", x[0].text), .lines = x[0].lines};
    case builtin::fabs: return {.text = fmt::format("math::absolute({})", x[0].text), .is_active = x[0].is_active, .degree = x[0].degree, .lines = x[0].lines};
    case builtin::tanh: return sum({}, product(number_term(2), of_one("logistic", product(number_term(2), x[0]))), number_term(1), true);
    case builtin::minimum:
    case builtin::maximum: {
        const bool active = x[0].is_active || x[1].is_active;
        const auto text = [&](const term& t) { return active ? promoted(t) : t.text; };
        return {.text = fmt::format("math::{}({}, {})", e.function == builtin::minimum ? "at_most" : "at_least", text(x[0]), text(x[1])),
                .is_active = active, .degree = same_degree(x[0], x[1]), .lines = joined(x[0], x[1])};
    }
    default: return fail("it calls a function that is evaluated lane by lane");
    }
}

/// yes where the test holds, else no: nested choices, as masks of all value types do not combine.
term term_writer::chosen(const expression& test, const term& yes, const term& no) {
    const auto& v = test.operands;
    if (test.is == kind::logical_not) return chosen(v[0], no, yes);
    if (test.is == kind::logical_and) return chosen(v[0], named("both", chosen(v[1], yes, no)), no);
    if (test.is == kind::logical_or) return chosen(v[0], yes, named("either", chosen(v[1], yes, no)));
    if (!is_comparison(test.is)) return chosen({.is = kind::not_equal, .operands = {test, {}}}, yes, no);
    if (test.is == kind::less_equal) return chosen({.is = kind::greater, .operands = v}, no, yes);
    if (test.is == kind::greater_equal) return chosen({.is = kind::less, .operands = v}, no, yes);
    if (test.is == kind::not_equal) return chosen({.is = kind::equal, .operands = v}, no, yes);
    const auto a = of(v[0]), b = of(v[1]);
    if (a.degree != b.degree) fail("it compares what is measured per area with what is not");
    const bool mixed = a.is_active != b.is_active;
    const auto compared = [&](const char* sign) {
        const auto name = fmt::format("where_{}", ++taken_["where"]);
        constants_.push_back({name, fmt::format("mask:{} {} {}", mixed && b.is_active ? promoted(a) : bracketed(a, 0), sign, mixed && a.is_active ? "(" + promoted(b) + ")" : bracketed(b, 0)),
                              false, joined(a, b)});
        return static_cast<int>(constants_.size()) - 1;
    };
    const auto select = [&](int mask, const term& x, const term& y) {
        const bool active = x.is_active || y.is_active;
        const auto text = [&](const term& t) { return active ? promoted(t) : t.text; };
        term made{.text = fmt::format("math::select({}, {}, {})", constants_[static_cast<std::size_t>(mask)].name, text(x), text(y)), .is_active = active,
                  .degree = x.number && *x.number == 0 ? y.degree : y.number && *y.number == 0 ? x.degree : same_degree(x, y), .lines = joined(x, y)};
        made.lines.insert(mask);
        return made;
    };
    if (test.is == kind::equal) return select(compared("<"), no, named("equal", select(compared(">"), no, yes)));
    return select(compared(test.is == kind::less ? "<" : ">"), yes, no);
}

void term_writer::branch(const statement& s) {
    const auto before = values_;
    const bool outer = std::exchange(is_in_branch_, true);
    run(s.body);
    const auto then = std::exchange(values_, before);
    run(s.other);
    is_in_branch_ = outer;
    const auto otherwise = std::exchange(values_, before);
    std::set<int> assigned;
    for (const auto& [v, t] : then) assigned.insert(v);
    for (const auto& [v, t] : otherwise) assigned.insert(v);
    std::map<int, term> after = before;
    for (const int v : assigned) {
        const auto in = [&](const std::map<int, term>& values) { const auto at = values.find(v); return at == values.end() ? nullptr : &at->second; };
        const auto *a = in(then), *b = in(otherwise), *old = in(before);
        if (a && b && a->text == b->text && a->lines == b->lines) { after[v] = *a; continue; }
        if (!a) a = old;
        if (!b) b = old;
        if (!a || !b) { after.erase(v); continue; }   // it means nothing after the branch
        after[v] = named(program_.variables[static_cast<std::size_t>(v)].name, chosen(s.value, *a, *b));
    }
    values_ = std::move(after);
}

void term_writer::run(const block& b) {
    for (const auto& s : b) {
        switch (s.is) {
        case doing::assign:
            if (s.to.index) fail("it has arrays");
            values_[s.to.variable] = named(program_.variables[static_cast<std::size_t>(s.to.variable)].name, of(s.value));
            break;
        case doing::branch: branch(s); break;
        case doing::relax:
            if (is_in_branch_ || s.to.index) fail("a state's equation is in a branch, or of an array");
            relaxed_.push_back({s.to.variable, s.constant_term, s.slope});
            break;
        case doing::solve: fail("its states are solved for together"); break;
        case doing::repeat: fail("it has loops"); break;
        default: fail("it has events"); break;
        }
    }
}

}  // namespace apical::nmodl
