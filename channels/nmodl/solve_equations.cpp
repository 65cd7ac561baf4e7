// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>

#include "channels/nmodl/implicit.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"

namespace apical::nmodl {

namespace {

using algebra::read;

/// Each `~ left = right` becomes a local that holds left - right.
block differences(program& p, const block& equations, std::vector<int>& residuals) {
    block out;
    for (auto s : equations) {
        if (s.is == statement::kind::equation) {
            residuals.push_back(algebra::add_local(p, "residual_" + std::to_string(residuals.size() + 1), s.at));
            s = algebra::assign({residuals.back()}, algebra::subtract(s.value, s.second), s.at);
        } else {
            s.body = differences(p, s.body, residuals);
            s.other = differences(p, s.other, residuals);
        }
        out.push_back(std::move(s));
    }
    return out;
}

void check_linear(const program& p, const block& equations, const std::vector<element>& unknowns, diagnostics& found) {
    for (const auto& s : equations) {
        check_linear(p, s.body, unknowns, found);
        check_linear(p, s.other, unknowns, found);
        if (s.is != statement::kind::equation) { continue; }
        auto rest = algebra::subtract(s.value, s.second);
        for (const auto& x : unknowns) {
            const auto parts = algebra::linear_in(rest, x);
            const auto is_in_slope = [&](const element& y) { return algebra::reads(parts->second, y); };
            const bool is_linear = parts && std::none_of(unknowns.begin(), unknowns.end(), is_in_slope);
            if (!is_linear) {
                found.error(s.at, "LINEAR: the equation is not linear in " + p.variables[x.variable].name,
                            "a NONLINEAR block solves such equations");
                break;
            }
            rest = parts->first;
        }
    }
}

}  // namespace

block solve_equations(program& p, const block& equations, const std::vector<element>& unknowns, bool is_linear, place at, diagnostics& found) {
    implicit_equations system;
    system.first_own = static_cast<int>(p.variables.size());
    system.unknowns = unknowns;
    system.is_linear = system.runs_once = is_linear;
    if (is_linear) {
        check_linear(p, equations, unknowns, found);
        system.held = algebra::variables_assigned(equations);   // coefficients are those of the unknowns as they stand
    }
    std::vector<int> residuals;
    system.body = differences(p, equations, residuals);
    for (const int r : residuals) { system.residuals.push_back(read(r)); }
    if (residuals.size() != unknowns.size()) {
        found.error(at, std::to_string(residuals.size()) + " equations for " + std::to_string(unknowns.size()) + " unknowns",
                    "as many equations as states in them; SOLVEFOR names the unknowns");
    }
    if (found.has_errors()) { return {}; }
    return solve(p, std::move(system), at);
}

}  // namespace apical::nmodl
