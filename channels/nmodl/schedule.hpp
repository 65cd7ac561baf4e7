// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/resolver.hpp"
#include "channels/nmodl/symbols.hpp"

/// Which statements run when.
namespace apical::nmodl {

/// Fills in the blocks of the program from those of the file: SOLVEs move from BREAKPOINT to `advance`; states are set before INITIAL.
void schedule(const syntax::file&, symbols&, resolver&, program&, diagnostics&);

}  // namespace apical::nmodl
