// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/symbols.hpp"

namespace apical::nmodl {

/// program::routines: each PROCEDURE and FUNCTION of the file by itself. One that cannot be called by itself, as it sends events, is left out
/// with a warning.
void add_callables(const syntax::file&, symbols&, program&, diagnostics&);

}  // namespace apical::nmodl
