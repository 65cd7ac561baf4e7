// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Warns of what BREAKPOINT leaves behind that its next evaluation starts from: it is evaluated twice a step at unlike voltages, so such
/// values depend on the solver.
void warn_of_effects(const program&, diagnostics&);

}  // namespace apical::nmodl
