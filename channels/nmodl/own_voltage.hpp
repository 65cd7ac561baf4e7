// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Blocks that set v get a copy of their own, as in NEURON, where a block changes nobody's v but its own: `v = v + 0.0001` steps over a
/// removable singularity. NET_RECEIVE alone sets the voltage of the compartment.
void give_own_voltage(program&, diagnostics&);

}  // namespace apical::nmodl
