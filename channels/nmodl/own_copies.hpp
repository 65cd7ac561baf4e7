// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Blocks that set v, or a variable of an ion that USEION does not WRITE, get a copy of their own, as in NEURON, where that changes nobody's
/// but the block's: `v = v + 0.0001` steps over a removable singularity. NET_RECEIVE alone sets the voltage of the compartment.
void give_own_copies(program&, diagnostics&);

}  // namespace apical::nmodl
