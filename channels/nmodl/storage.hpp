// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/syntax.hpp"

/// Where the values of a program live.
namespace apical::nmodl {

/// Decides program::variables[].kept, and fills in is_read and is_written. What no block writes is shared, unless it is RANGE; what every
/// block writes before it reads is local; the rest is an instance's own, so that no two instances ever write the same number.
void decide_storage(const syntax::file&, program&);

/// Gives every variable its offset, and fills in the sizes.
void lay_out(program&);

}  // namespace apical::nmodl
