// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include "channels/nmodl/program.hpp"

/// Statements of DERIVATIVE, KINETIC, LINEAR and NONLINEAR blocks, names resolved and routines put in, turned into arithmetic. New local
/// variables are added to the program.
namespace apical::nmodl {

/// One step of dt by `method`: cnexp, derivimplicit, euler, runge, sparse (which is derivimplicit), or none named (likewise, with a warning);
/// or, if `is_steady`, the states at which nothing changes. `equations` holds `derivative` statements among others. Errors name what would
/// be right.
///
/// cnexp gives `relax` statements, each where its derivative stands, in the first of these shapes that the file's expression has:
///
///     constant_term  slope           from
///     inf/tau        -1/tau          (inf - m)/tau: a quotient of inf and the same tau; a quotient of the number -1 and tau
///     inf*rate       -rate           rate*(inf - m), in any order and with any factors and divisors: a product; a negation
///     alpha          -(alpha + beta) alpha*(1 - m) - beta*m, alpha - (alpha + beta)*m
///     a              b               any other a + b*m: b is not the number 0 (m = m + dt*a, an assignment)
///
/// A constant_term that is 0 is the number 0. The state is seen by way of other variables, too; where that is not linear, they are held. A
/// derivative that is not linear as it is written makes the whole block derivimplicit. Either is warned of.
block integrate_derivative(program&, const block& equations, std::string_view method, bool is_steady, place, diagnostics&);

/// The same of reactions, with conserve, compartment and diffusion among them. Of reactions that are linear in the states, rates that depend
/// on states are taken at the beginning of the step; all else is implicit. CONSERVE counts amounts, concentrations times volumes, and takes
/// the place of the equation of the state it names last.
block integrate_kinetic(program&, const block& reactions, std::string_view method, bool is_steady, place, diagnostics&);

/// `equation` statements, solved for `unknowns`, all at once: LINEAR and NONLINEAR blocks.
block solve_equations(program&, const block& equations, const std::vector<element>& unknowns, bool is_linear, place, diagnostics&);

/// Rates of change, for schemes that choose their own steps.
rate_equations rates_of_derivative(program&, const block& equations);
rate_equations rates_of_kinetic(program&, const block& reactions);

/// Removable singularities: x/(exp(x) - 1) and its relatives become calls of exprel, exp(x) - 1 of expm1. An `if` that stands for the value
/// at such a point goes away, if what it puts there is right to a millionth.
void mend_singularities(program&);

}  // namespace apical::nmodl
