// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/syntax_visit.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {

using kind = statement::kind;
using syntax_kind = syntax::statement::kind;
using routine_kind = syntax::routine::kind;

namespace {

/// Amounts to the powers of their coefficients, times the rate.
expression flux(const expression& rate, const std::vector<statement::term>& side, const place& at) {
    expression product = rate;
    for (const auto& t : side) {
        auto factor = read(t.species, at);
        if (t.coefficient != 1) factor = binary(expression::kind::power, std::move(factor), number(t.coefficient, at), at);
        product = binary(expression::kind::multiply, std::move(product), std::move(factor), at);
    }
    return product;
}

/// Matrices are dense, and their entries expressions: beyond this many a step would seem to hang.
constexpr std::size_t most_unknowns = 1000;

/// Elements that stand in reactions and on the left of derivatives.
std::size_t unknowns_in(const block& equations) {
    std::set<std::pair<int, double>> all;
    const auto add = [&](const element& x) {
        const bool is_known = x.index && x.index->is == expression::kind::number;
        all.emplace(x.variable, is_known ? x.index->value : -1);
    };
    each_statement(equations, [&](const statement& s) {
        if (s.is == kind::derivative) add(s.to);
        for (const auto* side : {&s.left, &s.right})
            for (const auto& t : *side) add(t.species);
    });
    return all.size();
}

}  // namespace

bool resolver::are_too_many(std::size_t unknowns, const syntax::statement& s) {
    if (unknowns <= most_unknowns) return false;
    error(s.at, fmt::format("SOLVE {}: {} states would have to be solved for together; {} can be", s.name, unknowns, most_unknowns),
          "fewer elements, or METHOD cnexp where each equation has its own state alone");
    return true;
}

statement::term resolver::species(const syntax::term& t) { return {t.coefficient, target(t.species)}; }

void resolver::reaction(const syntax::statement& s) {
    if (occasion_ != occasion::equations || !active_.empty()) {
        error(s.at, "a reaction outside of a KINETIC block", "move it to the KINETIC block");
        return;
    }
    statement made;
    made.is = kind::reaction;
    made.at = s.at;
    made.is_source = s.is_source;
    made.value = value(s.value);
    made.second = s.is_source || s.is_sink ? number(0, s.at) : value(s.second);
    for (const auto& t : s.left) made.left.push_back(species(t));
    for (const auto& t : s.right) made.right.push_back(species(t));
    const auto is_missing = [](const statement::term& t) { return t.species.variable < 0; };
    if (std::ranges::any_of(made.left, is_missing) || std::ranges::any_of(made.right, is_missing)) return;
    emit(made);
    if (needs_fluxes_) fluxes(made);
}

void resolver::fluxes(const statement& r) {
    const auto* forward = bound("f_flux");
    const auto* backward = bound("b_flux");
    if (forward == nullptr || backward == nullptr) return;
    // what a source brings is the backward flux, as in NEURON
    emit(assign({.variable = forward->variable}, r.is_source ? number(0, r.at) : flux(r.value, r.left, r.at), r.at));
    emit(assign({.variable = backward->variable}, r.is_source ? r.value : flux(r.second, r.right, r.at), r.at));
}

void resolver::equation(const syntax::statement& s) {
    if (occasion_ != occasion::equations || !active_.empty()) {
        error(s.at, s.is == syntax_kind::conserve ? "CONSERVE outside of a block of equations" : "an equation ~ ... = ... outside of LINEAR and NONLINEAR",
              "move it to the block that is solved");
        return;
    }
    statement made;
    made.is = s.is == syntax_kind::conserve ? kind::conserve : kind::equation;
    made.at = s.at;
    made.value = value(s.value);
    made.second = value(s.second);
    emit(std::move(made));
}

/// COMPARTMENT and LONGITUDINAL_DIFFUSION: a statement for each element of an array, as its value may depend on the index.
void resolver::volumes(const syntax::statement& s) {
    const auto is = s.is == syntax_kind::compartment ? kind::compartment : kind::diffusion;
    for (const auto& name : s.names) {
        syntax::expression plain = name;
        plain.operands.clear();
        const auto* known = names_.find(name.name);
        if (known == nullptr || known->is != symbol::kind::variable) {
            error(name.at, fmt::format("'{}' is not declared", name.name), names_.suggestion_for(name.name));
            continue;
        }
        const auto& v = program_.variables[static_cast<std::size_t>(known->index)];
        const int variable = known->index, length = v.is_array ? v.length : 1;
        const bool is_array = v.is_array;
        for (int i = 0; i < length; ++i) {
            scopes_.push_back({});
            if (!s.name.empty()) scopes_.back()[s.name] = number(i, s.at);
            statement made;
            made.is = is;
            made.at = s.at;
            made.value = value(s.value);
            made.names = {{.variable = variable}};
            if (is_array) made.names.front().index = number(i, s.at);
            scopes_.pop_back();
            emit(std::move(made));
        }
    }
}

block resolver::equations_of(const syntax::routine& r) {
    needs_fluxes_ = false;
    syntax::each_expression(r.body, [&](const auto& e) { needs_fluxes_ = needs_fluxes_ || e.name == "f_flux" || e.name == "b_flux"; });
    auto scopes = std::exchange(scopes_, {});
    auto active = std::exchange(active_, {});
    const auto before = std::exchange(occasion_, occasion::equations);
    scopes_.emplace_back();
    if (needs_fluxes_) {
        local("f_flux", "", r.at);
        local("b_flux", "", r.at);
    }
    block result = captured(r.body);
    occasion_ = before;
    active_ = std::move(active);
    scopes_ = std::move(scopes);
    return result;
}

std::vector<element> resolver::unknowns_of(const syntax::routine& r, const block& equations) {
    std::vector<int> variables;
    const auto add = [&](int variable) {
        if (std::ranges::find(variables, variable) == variables.end()) variables.push_back(variable);
    };
    for (const auto& e : r.solve_for)
        if (const auto* s = names_.find(e.name); s != nullptr && s->is == symbol::kind::variable) add(s->index);
    if (r.solve_for.empty()) {
        std::vector<char> is_used(program_.variables.size(), 0);
        each_statement(equations, [&](const statement& s) {
            if (s.is != kind::equation && s.is != kind::conserve) return;
            for (const auto* e : {&s.value, &s.second})
                each_within(*e, [&](const expression& x) { if (x.is == expression::kind::variable) is_used[static_cast<std::size_t>(x.variable)] = 1; });
        });
        for (std::size_t i = 0; i < is_used.size(); ++i)
            if (is_used[i] && names_.is_state(program_.variables[i].name)) add(static_cast<int>(i));
    }
    std::vector<element> unknowns;
    for (const int variable : variables) {
        const auto& v = program_.variables[static_cast<std::size_t>(variable)];
        if (!v.is_array) unknowns.push_back({.variable = variable});
        else for (int i = 0; i < v.length; ++i) unknowns.push_back({.variable = variable, .index = number(i, v.at)});
    }
    return unknowns;
}

block resolver::solve_simultaneous(const syntax::routine& r, const syntax::statement& s) {
    const block equations = equations_of(r);
    const auto unknowns = unknowns_of(r, equations);
    if (are_too_many(unknowns.size(), s)) return {};
    return solve_equations(program_, equations, unknowns, r.is == routine_kind::linear, s.at, found_);
}

block resolver::solve(const syntax::statement& s) {
    const auto* r = names_.routine(s.name);
    if (r == nullptr) {
        error(s.at, fmt::format("SOLVE {}: the file has no block of this name", s.name), names_.suggestion_for(s.name));
        return {};
    }
    if (std::ranges::find(solved_, r) != solved_.end()) {
        error(s.at, fmt::format("SOLVE {}: the block solves itself", s.name), "SOLVE it once, in BREAKPOINT or INITIAL");
        return {};
    }
    if (solved_.size() == 20 || ++statements_ > most_statements) {
        error(s.at, fmt::format("SOLVE {}: blocks that solve blocks, too deep or too many", s.name), "SOLVE them one after the other");
        is_stopped_ = true;
        return {};
    }
    solved_.push_back(r);
    block done = solve_block(*r, s);
    solved_.pop_back();
    return done;
}

block resolver::solve_block(const syntax::routine& r, const syntax::statement& s) {
    switch (r.is) {
        case routine_kind::derivative:
        case routine_kind::kinetic: {
            const block equations = equations_of(r);
            const bool is_together = r.is == routine_kind::kinetic || !(s.method == "cnexp" || s.method == "euler" || s.method == "runge");
            if (found_.has_errors() || (is_together && are_too_many(unknowns_in(equations), s))) return {};
            return r.is == routine_kind::kinetic ? integrate_kinetic(program_, equations, s.method, s.is_steady, s.at, found_)
                                                  : integrate_derivative(program_, equations, s.method, s.is_steady, s.at, found_);
        }
        case routine_kind::linear:
        case routine_kind::nonlinear: return solve_simultaneous(r, s);
        case routine_kind::procedure:
        case routine_kind::function:
        case routine_kind::discrete: {
            syntax::expression c;
            c.is = syntax::expression::kind::call;
            c.at = s.at;
            c.name = s.name;
            block result;
            block* before = std::exchange(out_, &result);
            put_in(r, c);
            out_ = before;
            return result;
        }
        default: error(s.at, fmt::format("SOLVE {}: nothing to solve in this block", s.name), "SOLVE names a DERIVATIVE, KINETIC or PROCEDURE block");
    }
    return {};
}

}  // namespace apical::nmodl
