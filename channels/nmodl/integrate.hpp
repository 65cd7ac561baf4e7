// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include "channels/nmodl/program.hpp"

/// Statements of DERIVATIVE, KINETIC, LINEAR and NONLINEAR blocks, names resolved and routines put in, turned into arithmetic. New local
/// variables are added to the program.
namespace apical::nmodl {

/// One step of dt by `method`: cnexp, derivimplicit, euler, runge, sparse, or none named; or, if `is_steady`, the states at which nothing
/// changes. `equations` holds `derivative` statements among others. Errors name what would be right.
block integrate_derivative(program&, const block& equations, std::string_view method, bool is_steady, place, diagnostics&);

/// The same of reactions, with conserve, compartment and diffusion among them.
block integrate_kinetic(program&, const block& reactions, std::string_view method, bool is_steady, place, diagnostics&);

/// `equation` statements, solved for `unknowns`, all at once: LINEAR and NONLINEAR blocks.
block solve_equations(program&, const block& equations, const std::vector<element>& unknowns, bool is_linear, place, diagnostics&);

/// Rates of change, for schemes that choose their own steps.
rate_equations rates_of_derivative(program&, const block& equations);
rate_equations rates_of_kinetic(program&, const block& reactions);

/// Removable singularities: x/(exp(x) - 1) and its relatives become calls of exprel, exp(x) - 1 of expm1.
void mend_singularities(program&);

}  // namespace apical::nmodl
