// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {

namespace {

using algebra::number;
using kind = expression::kind;

/// number * numerator... / denominator...
struct product {
    double factor = 1;
    std::vector<expression> numerator, denominator;
};

void flatten(const expression& e, bool is_below, product& p) {
    const auto& o = e.operands;
    if (e.is == kind::number) {
        p.factor = is_below ? p.factor/e.value : p.factor*e.value;
    } else if (e.is == kind::negate) {
        p.factor = -p.factor;
        flatten(o[0], is_below, p);
    } else if (e.is == kind::multiply || e.is == kind::divide) {
        flatten(o[0], is_below, p);
        flatten(o[1], is_below != (e.is == kind::divide), p);
    } else {
        (is_below ? p.denominator : p.numerator).push_back(e);
    }
}

product flattened(const expression& e) {
    product p;
    flatten(e, false, p);
    return p;
}

expression multiplied(const std::vector<expression>& factors) {
    auto e = number(1);
    for (const auto& f : factors) { e = algebra::multiply(std::move(e), f); }
    return e;
}

expression built(const product& p) {
    return algebra::divide(algebra::multiply(number(p.factor), multiplied(p.numerator)), multiplied(p.denominator));
}

/// constant + sum of terms, each a number times something that is not a sum.
struct straight {
    double constant = 0;
    std::vector<std::pair<expression, double>> terms;
    std::size_t most_terms = std::numeric_limits<std::size_t>::max();   ///< what more there are does not matter: long sums are left early

    void add(const expression& e, double times) {
        if (terms.size() > most_terms) { return; }
        const auto& o = e.operands;
        if (e.is == kind::number) { constant += times*e.value; return; }
        if (e.is == kind::negate) { return add(o[0], -times); }
        if (e.is == kind::add) { add(o[0], times); return add(o[1], times); }
        if (e.is == kind::subtract) { add(o[0], times); return add(o[1], -times); }
        const auto plain = [](const expression& x) -> std::optional<double> {
            if (x.is == kind::number) { return x.value; }
            if (x.is == kind::negate && x.operands[0].is == kind::number) { return -x.operands[0].value; }
            return std::nullopt;
        };
        if (e.is == kind::multiply && plain(o[0])) { return add(o[1], times**plain(o[0])); }
        if (e.is == kind::multiply && plain(o[1])) { return add(o[0], times**plain(o[1])); }
        if (e.is == kind::divide && plain(o[1])) { return add(o[0], times / *plain(o[1])); }
        const auto known = std::find_if(terms.begin(), terms.end(), [&](const auto& t) { return algebra::same(t.first, e); });
        if (known != terms.end()) { known->second += times; } else { terms.emplace_back(e, times); }
    }
};

/// r with a = r*b, to rounding.
std::optional<double> ratio(const expression& a, const expression& b) {
    straight x, y;
    x.add(a, 1);
    y.add(b, 1);
    if (x.terms.empty() || x.terms.size() != y.terms.size()) { return std::nullopt; }
    const auto differs = [](double p, double q) { return std::fabs(p - q) > 4*std::numeric_limits<double>::epsilon()*std::fabs(q); };
    std::optional<double> r;
    for (const auto& [e, times] : y.terms) {
        const auto other = std::find_if(x.terms.begin(), x.terms.end(), [&](const auto& t) { return algebra::same(t.first, e); });
        if (other == x.terms.end() || times == 0) { return std::nullopt; }
        if (!r) { r = other->second/times; }
        if (differs(other->second, *r*times)) { return std::nullopt; }
    }
    if (*r == 0 || differs(x.constant, *r*y.constant)) { return std::nullopt; }
    return r;
}

/// The argument and sign of what is exp(x) - 1 or 1 - exp(x).
std::optional<std::pair<expression, double>> exponential_less_one(const expression& e) {
    if (e.is == kind::call && e.function == builtin::expm1) { return std::pair{e.operands[0], 1.}; }
    if (e.is != kind::add && e.is != kind::subtract) { return std::nullopt; }
    straight s;
    s.most_terms = 1;
    s.add(e, 1);
    if (s.terms.size() != 1) { return std::nullopt; }
    const auto& [x, times] = s.terms.front();
    if (x.is != kind::call || x.function != builtin::exp || std::fabs(times) != 1 || s.constant != -times) { return std::nullopt; }
    return std::pair{x.operands[0], times};
}

/// N/(exp(X) - 1), where a factor of N is proportional to one of X, as (N/X)*exprel(X).
std::optional<expression> as_exprel(const expression& e) {
    const auto p = flattened(e);
    for (std::size_t d = 0; d < p.denominator.size(); ++d) {
        const auto below = exponential_less_one(p.denominator[d]);
        if (!below) { continue; }
        const auto x = flattened(below->first);
        for (std::size_t n = 0; n < p.numerator.size(); ++n) {
            for (std::size_t m = 0; m < x.numerator.size(); ++m) {
                const auto r = ratio(p.numerator[n], x.numerator[m]);
                if (!r) { continue; }
                auto q = p;
                q.factor *= below->second**r/x.factor;
                q.denominator.erase(q.denominator.begin() + static_cast<std::ptrdiff_t>(d));
                for (std::size_t i = 0; i < x.numerator.size(); ++i) {
                    if (i != m) { q.denominator.push_back(x.numerator[i]); }
                }
                q.numerator.erase(q.numerator.begin() + static_cast<std::ptrdiff_t>(n));
                q.numerator.insert(q.numerator.end(), x.denominator.begin(), x.denominator.end());
                q.numerator.push_back(algebra::call(builtin::exprel, {below->first}));
                return built(q);
            }
        }
    }
    return std::nullopt;
}

expression mended(expression e) {
    if (e.is == kind::multiply || e.is == kind::divide || e.is == kind::negate) {
        if (auto other = as_exprel(e)) { return mended(std::move(*other)); }
    }
    for (auto& o : e.operands) { o = mended(std::move(o)); }
    if (e.is == kind::add || e.is == kind::subtract) {
        if (const auto x = exponential_less_one(e)) {
            auto other = algebra::call(builtin::expm1, {x->first});
            other.at = e.at;
            return x->second < 0 ? algebra::negate(std::move(other)) : other;
        }
    }
    return e;
}

/// Values to try an expression with.
using trial = std::map<int, double>;

/// NaN where the expression has what cannot be tried.
double tried(const expression& e, const trial& values) {
    const auto a = [&] { return tried(e.operands[0], values); };
    const auto b = [&] { return tried(e.operands[1], values); };
    switch (e.is) {
        case kind::number: return e.value;
        case kind::variable: return e.operands.empty() ? values.at(e.variable) : std::numeric_limits<double>::quiet_NaN();
        case kind::negate: return -a();
        case kind::add: return a() + b();
        case kind::subtract: return a() - b();
        case kind::multiply: return a()*b();
        case kind::divide: return a()/b();
        case kind::power: return std::pow(a(), b());
        case kind::call:
            if (e.function == builtin::exp) { return std::exp(a()); }
            if (e.function == builtin::expm1) { return std::expm1(a()); }
            if (e.function == builtin::exprel) { const double x = a(); return x == 0 ? 1 : x/std::expm1(x); }
            if (e.function == builtin::fabs) { return std::fabs(a()); }
            return std::numeric_limits<double>::quiet_NaN();
        default: return std::numeric_limits<double>::quiet_NaN();
    }
}

const expression* exprel_in(const expression& e) {
    if (e.is == kind::call && e.function == builtin::exprel) { return &e.operands[0]; }
    for (const auto& o : e.operands) {
        if (const auto* x = exprel_in(o)) { return x; }
    }
    return nullptr;
}

/// An `if` that takes `patch` where |distance| < reach, which may be 0, and `formula` elsewhere.
struct guard {
    expression distance, patch, formula;
    double reach = 0;
    element to;
};

std::optional<guard> guard_of(const statement& s) {
    if (s.is != statement::kind::branch || s.body.size() != 1 || s.other.size() != 1) { return std::nullopt; }
    const auto *first = &s.body[0], *second = &s.other[0];
    const bool is_choice = first->is == statement::kind::assign && second->is == statement::kind::assign && algebra::same(first->to, second->to);
    if (!is_choice || s.value.operands.size() != 2) { return std::nullopt; }
    const auto *left = &s.value.operands[0], *right = &s.value.operands[1];
    auto is = s.value.is;
    if (is == kind::equal || is == kind::not_equal) {
        if (is == kind::not_equal) { std::swap(first, second); }
        return guard{algebra::subtract(*left, *right), first->value, second->value, 0, first->to};
    }
    const auto is_distance = [](const expression& e) { return e.is == kind::call && e.function == builtin::fabs; };
    const bool is_below = is == kind::less || is == kind::less_equal, is_above = is == kind::greater || is == kind::greater_equal;
    if (!is_below && !is_above) { return std::nullopt; }
    const bool is_reversed = is_distance(*right);
    if (is_reversed) { std::swap(left, right); }
    if (!is_distance(*left) || right->is != kind::number) { return std::nullopt; }
    if (is_below == is_reversed) { std::swap(first, second); }
    return guard{left->operands[0], first->value, second->value, right->value, first->to};
}

/// Whether the formula is right where the patch stands for it, to a millionth: tried with numbers that mean nothing. The patch is for
/// the one point where the formula, before it was mended, was not a number.
bool is_for_singularity(const guard& g) {
    const auto* x = exprel_in(g.formula);
    if (!x) { return false; }
    std::set<int> variables, of_distance;
    algebra::collect_reads(g.distance, of_distance);
    algebra::collect_reads(*x, variables);
    algebra::collect_reads(g.patch, variables);
    algebra::collect_reads(g.formula, variables);
    for (const int moving : of_distance) {
        if (std::set<int> in_x; algebra::collect_reads(*x, in_x), !in_x.contains(moving)) { continue; }
        bool is_right = true;
        for (int n = 0; n < 3; ++n) {
            trial values;
            double next = 1.7320508 + 0.6180339*n;
            for (const int v : variables) { values[v] = next = std::fmod(next*2.6457513, 3.3166247) + 0.7390851; }
            for (const int v : of_distance) { values.try_emplace(v, next = std::fmod(next*2.6457513, 3.3166247) + 0.7390851); }
            const auto distance_at = [&](double w) { values[moving] = w; return tried(g.distance, values); };
            const double at_zero = distance_at(0), slope = distance_at(1) - at_zero;
            for (const double side : {-0.999, 0., 0.999}) {
                distance_at((side*g.reach - at_zero)/slope);
                const double right = tried(g.formula, values), patch = tried(g.patch, values);
                is_right = is_right && std::fabs(patch - right) <= 1e-6*std::fabs(right) && (side != 0 || std::fabs(tried(*x, values)) < 1e-9);
            }
        }
        if (is_right) { return true; }
    }
    return false;
}

/// Inner choices before outer ones, which may be for a singularity once the inner ones are gone.
void drop_guards(block& statements) {
    for (auto& s : statements) {
        drop_guards(s.body);
        drop_guards(s.other);
        for (auto& system : s.system) { drop_guards(system.body); }
        if (const auto g = guard_of(s); g && is_for_singularity(*g)) { s = algebra::assign(g->to, g->formula, s.at); }
    }
}

}  // namespace

void mend_singularities(program& p) {
    each_block(p, [](block& statements) {
        each_expression(statements, [](expression& e) { e = mended(std::move(e)); });
        drop_guards(statements);
    });
}

}  // namespace apical::nmodl
