// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <utility>

#include "channels/nmodl/program.hpp"

/// Ways through the tree of a program. `Block` and the others are constant or not, as the function needs.
namespace apical::nmodl {

/// Calls f(e) for the expression and all within it, operands first.
template <class Expression, class F> void each_within(Expression& e, F&& f) {
    for (auto& operand : e.operands) each_within(operand, f);
    f(e);
}

/// Calls f(e) for each expression that the statement itself holds, indices of what it writes among them, but not those of nested blocks
/// and systems.
template <class Statement, class F> void each_expression_of(Statement& s, F&& f) {
    f(s.value);
    f(s.second);
    f(s.constant_term);
    f(s.slope);
    const auto index_of = [&](auto& e) { if (e.index) f(*e.index); };
    index_of(s.to);
    for (auto& name : s.names) index_of(name);
    for (auto& term : s.left) index_of(term.species);
    for (auto& term : s.right) index_of(term.species);
}

/// Calls f(e) for each expression that the system holds, those of its body not.
template <class System, class F> void each_expression_of_system(System& system, F&& f) {
    for (auto& unknown : system.unknowns)
        if (unknown.index) f(*unknown.index);
    for (auto& residual : system.residuals) f(residual);
    for (auto& entry : system.jacobian) f(entry.value);
}

/// Calls f(s) for every statement of the block and of the blocks within, outer before inner.
template <class Block, class F> void each_statement(Block& statements, F&& f) {
    for (auto& s : statements) {
        f(s);
        each_statement(s.body, f);
        each_statement(s.other, f);
        for (auto& system : s.system) each_statement(system.body, f);
    }
}

/// Calls f(e) for every whole expression of the block and of the blocks within.
template <class Block, class F> void each_expression(Block& statements, F&& f) {
    each_statement(statements, [&](auto& s) {
        each_expression_of(s, f);
        for (auto& system : s.system) each_expression_of_system(system, f);
    });
}

/// Calls f(block) for all that the program does as it runs, and for its routines.
template <class Program, class F> void each_block(Program& p, F&& f) {
    f(p.initial);
    f(p.advance);
    f(p.breakpoint);
    f(p.net_initial);
    f(p.net_receive);
    f(p.before_step);
    f(p.before_breakpoint);
    f(p.after_solve);
    f(p.before_initial);
    f(p.after_initial);
    for (auto& r : p.routines) f(r.body);
    if (p.rates) f(p.rates->body);
}

}  // namespace apical::nmodl
