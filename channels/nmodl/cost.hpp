// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// About how long a time step of the mechanism takes for one instance, in additions: what is done in every step, with exponentials and the
/// like at what they cost beside an addition. Both sides of IF count, as they do for many instances at once, and loops as so many turns.
double cost_of_step(const program& p);

}  // namespace apical::nmodl
