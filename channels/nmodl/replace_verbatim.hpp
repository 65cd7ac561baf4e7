// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl::syntax {

/// Says the C of VERBATIM blocks in NMODL, so that none is left in the file: assignments, branches and loops on known names, early
/// returns, draws of random numbers (the pointer to their stream becomes a RANDOM), elements of hoc Vectors (which become a
/// FUNCTION_TABLE and a PARAMETER), events. What cannot be said is an error with its place and an edit that helps; in routines that
/// only hoc could call it is a warning, and the routine is left out.
void replace_verbatim(file& f, diagnostics& found);

}  // namespace apical::nmodl::syntax
