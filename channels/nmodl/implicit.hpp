// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Equations for some unknowns, before their jacobian is known and before what does not depend on the unknowns is taken out of the body.
struct implicit_equations {
    std::vector<element> unknowns;
    block body;                          ///< from the unknowns to what the residuals read; the file's own assignments among it
    std::vector<expression> residuals;
    std::set<int> held;                  ///< variables of the body that count as constant while the equations are solved
    bool is_linear = false;
    bool runs_once = false;              ///< the body is of the unknowns as they are before, and stays so
    int first_own = 0;                   ///< variables from this one on are of the solver, and may be written out where they are read
};

/// The statements that solve the equations. What does not depend on the unknowns is computed once, before; what the body leaves in variables
/// that others may read is computed once more from the solution.
block solve(program&, implicit_equations, place);

/// The part of the body that computes what is not scratch, which others may read.
block left_to_others(const program&, const block& body);

/// `DERIVATIVE` statements computed into locals: the states in the order of the file, and the local of each.
struct extracted_rates {
    block body;
    std::vector<element> states;
    std::vector<int> rates;
};
extracted_rates extract_rates(program&, const block& equations);

/// A local for each element, to hold its value of before: what stores it is appended to `out`.
std::vector<int> keep_values(program&, const std::vector<element>&, place, block& out);

/// What stands for no limit where states at which nothing changes are sought by a step [ms]; NEURON's.
inline constexpr double longest_step = 1e9;

/// Steps of growing length up to the longest: from any values that are not too far from sense, Newton's method arrives.
block steady_state(program&, place, const std::function<block(const expression& dt)>& step);

}  // namespace apical::nmodl
