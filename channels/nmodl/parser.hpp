// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/include.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl::syntax {

/// What a file says. Where it is not NMODL, that is told with its place, the rest of its block is left out, and reading goes on at
/// the next block. `include` gives the texts of included files; without one INCLUDE finds nothing.
file parse(std::shared_ptr<const source> in, const include_reader& include, diagnostics& found);

/// Deeper nested parentheses and blocks, or more operators in one expression, are refused, so that no pass exhausts the stack.
inline constexpr int max_nesting = 100, max_operators = 2000;

}  // namespace apical::nmodl::syntax
