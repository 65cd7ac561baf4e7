// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl {

/// Resolves names, puts procedures and functions in, works SOLVEs out, and decides what is kept where. Findings go to `found`; with an
/// error among them the program is not to be used.
program lower(const syntax::file&, diagnostics& found);

}  // namespace apical::nmodl
