// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl {

/// KINETIC blocks whose CONSERVE is not what the reactions keep, or that keep a sum and have no CONSERVE, as warnings of the rule
/// "conservation". Elements of an array count as one species.
void lint_conservation(const syntax::file&, diagnostics& found);

}  // namespace apical::nmodl
