// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/options.hpp"

namespace apical {

/// The steps that a cell chose for itself under a coupled scheme.
struct cell_steps {
    int population = 0, cell = 0;
    double time = 0;                    ///< that they cover [ms]
    long accepted = 0, rejected = 0;
    double worth = 0;                   ///< how many fixed steps of Crank-Nicolson cost as much as one of them, at the least

    double mean() const { return accepted > 0 ? time/static_cast<double>(accepted) : 0; }   ///< length [ms]
    /// Whether fixed steps of dt [ms] would certainly have cost less. How exact these are is another matter.
    bool cost_more_than_fixed(double dt) const { return worth*static_cast<double>(accepted + rejected) > time/dt; }
};

/// What a step of a coupled scheme costs in fixed steps of Crank-Nicolson on the same cell, at the least: measured on cells of 6 to 700
/// compartments, with few mechanisms and with many, a step of `precise` cost 13 to 27 and one of `cvode` 4 to 19.
constexpr double worth_in_fixed_steps(scheme s) { return s == scheme::precise ? 13 : 4; }

}  // namespace apical
