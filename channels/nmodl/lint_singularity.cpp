// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lint_singularity.hpp"

#include <array>
#include <cmath>
#include <set>
#include <string>

#include <fmt/format.h>

#include "channels/nmodl/print.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {
namespace {

using syntax::expression;
using syntax::statement;
using kind = expression::kind;

bool is_one(const expression& e) { return e.is == kind::number && e.value == 1; }
bool is_exponential(const expression& e) { return e.is == kind::call && e.name == "exp" && e.operands.size() == 1; }

/// The exponent of `exp(x) - 1` or `1 - exp(x)`; null otherwise.
const expression* exponent_of(const expression& e) {
    if (e.is != kind::binary || e.name != "-") return nullptr;
    if (is_exponential(e.operands[0]) && is_one(e.operands[1])) return &e.operands[0].operands[0];
    if (is_exponential(e.operands[1]) && is_one(e.operands[0])) return &e.operands[1].operands[0];
    return nullptr;
}

}  // namespace

std::optional<double> evaluate(const expression& e, const std::map<std::string, double>& values) {
    const auto operand = [&](std::size_t i) { return i < e.operands.size() ? evaluate(e.operands[i], values) : std::nullopt; };
    if (e.is == kind::number) return e.value;
    if (e.is == kind::name && e.operands.empty()) {
        const auto found = values.find(e.name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
    const auto a = operand(0), b = operand(1);
    if (!a) return std::nullopt;
    if (e.is == kind::unary) return e.name == "-" ? -*a : static_cast<double>(*a == 0);
    if (e.is == kind::call) return e.name == "exp" ? std::optional(std::exp(*a)) : e.name == "fabs" ? std::optional(std::abs(*a)) : std::nullopt;
    if (e.is != kind::binary || !b) return std::nullopt;
    if (e.name == "+") return *a + *b;
    if (e.name == "-") return *a - *b;
    if (e.name == "*") return *a**b;
    if (e.name == "/") return *a / *b;
    if (e.name == "^") return std::pow(*a, *b);
    return std::nullopt;
}

namespace {

/// Finds quotients whose numerator and denominator vanish together, outside of ifs that look at how near that is.
class search {
public:
    search(const syntax::file& f, diagnostics& found) : found_(found) {
        for (const auto* list : {&f.parameters, &f.constants})
            for (const auto& d : *list) constants_[d.name] = d.value.value_or(0);
    }

    void block(const syntax::block& statements, bool is_guarded) {
        for (const auto& s : statements) {
            for (const auto* e : {&s.value, &s.second, &s.third}) whole(*e, s, is_guarded);
            const bool is_guard = guards(s);
            for (const auto& arm : s.branches) block(arm.body, is_guarded || is_guard);
            block(s.else_body, is_guarded || is_guard);
            block(s.body, is_guarded);
        }
    }

private:
    /// An if that asks for nearness or equality has been written against 0/0.
    static bool guards(const statement& s) {
        bool is = false;
        for (const auto& arm : s.branches)
            syntax::each_within(arm.condition, [&](const expression& e) {
                is = is || (e.is == kind::call && (e.name == "fabs" || e.name == "abs")) || (e.is == kind::binary && (e.name == "==" || e.name == "!="));
            });
        return is;
    }

    void whole(const expression& e, const statement& s, bool is_guarded) {
        if (is_guarded) return;
        syntax::each_within(e, [&](const expression& q) {
            if (q.is == kind::binary && q.name == "/")
                if (const auto* x = exponent_of(q.operands[1])) quotient(q, *x, s);
        });
    }

    void quotient(const expression& q, const expression& exponent, const statement& s) {
        std::set<std::string> names;
        syntax::each_within(exponent, [&](const expression& e) {
            if (e.is == kind::name) names.insert(e.name);
        });
        for (const auto& name : names) {
            if (constants_.contains(name)) continue;
            const auto at = root(exponent, name, names);
            if (!at || !vanishes(q.operands[0], name, *at)) continue;
            found_.warn("singularity", s.at,
                        fmt::format("0/0 at {} = {:g}: {} and {} vanish together, and NEURON gets NaN there", name, *at, syntax::print(q.operands[0]),
                                    syntax::print(q.operands[1])),
                        fmt::format("write exprel({}) times what is left, with FUNCTION exprel(x) {{ if (fabs(x) < 1e-6) {{ exprel = 1 - x/2 }} else {{ exprel = x/(exp(x) - 1) }} }}",
                                    syntax::print(exponent)));
            return;
        }
    }

    /// Where the exponent is 0, if it is a straight line in the name. Other names that are not constants have some value.
    std::optional<double> root(const expression& exponent, const std::string& name, const std::set<std::string>& names) {
        values_ = constants_;
        double some = 1.37;
        for (const auto& other : names)
            if (!constants_.contains(other)) values_[other] = some += 0.61;
        const auto at = [&](double x) {
            values_[name] = x;
            return evaluate(exponent, values_);
        };
        const auto f0 = at(0), f1 = at(1), f2 = at(2);
        if (!f0 || !f1 || !f2 || *f1 == *f0 || std::abs(*f2 - 2**f1 + *f0) > 1e-9*(std::abs(*f2) + std::abs(*f0))) return std::nullopt;
        return -*f0/(*f1 - *f0);
    }

    bool vanishes(const expression& numerator, const std::string& name, double x) {
        syntax::each_within(numerator, [&](const expression& e) {
            if (e.is == kind::name) values_.try_emplace(e.name, 2.7);
        });
        values_[name] = x;
        const auto there = evaluate(numerator, values_);
        values_[name] = x + 1;
        const auto beside = evaluate(numerator, values_);
        return there && beside && std::abs(*there) <= 1e-9*std::abs(*beside);
    }

    diagnostics& found_;
    std::map<std::string, double> constants_, values_;
};

}  // namespace

void lint_singularities(const syntax::file& f, diagnostics& found) {
    search looking(f, found);
    for (const auto& r : f.routines) looking.block(r.body, r.is == syntax::routine::kind::verbatim);
}

}  // namespace apical::nmodl
