// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/syntax.hpp"

/// Ways through what a file says.
namespace apical::nmodl::syntax {

/// Calls f(e) for the expression and all within it, operands first.
template <class F> void each_within(const expression& e, F&& f) {
    for (const auto& operand : e.operands) each_within(operand, f);
    f(e);
}

/// Calls f(s) for every statement of the block and of the blocks within, outer before inner.
template <class F> void each_statement(const block& statements, F&& f) {
    for (const auto& s : statements) {
        f(s);
        for (const auto& arm : s.branches) each_statement(arm.body, f);
        each_statement(s.body, f);
        each_statement(s.else_body, f);
    }
}

/// Calls f(e) for every expression of the block and of the blocks within, and all within those.
template <class F> void each_expression(const block& statements, F&& f) {
    each_statement(statements, [&](const statement& s) {
        for (const auto* e : {&s.target, &s.value, &s.second, &s.third}) each_within(*e, f);
        for (const auto& e : s.names) each_within(e, f);
        for (const auto& t : s.left) each_within(t.species, f);
        for (const auto& t : s.right) each_within(t.species, f);
        for (const auto& arm : s.branches) each_within(arm.condition, f);
    });
}

}  // namespace apical::nmodl::syntax
