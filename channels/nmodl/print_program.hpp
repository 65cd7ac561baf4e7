// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// The program as text like NMODL, for tests and for people who wonder what became of a file: variables by storage, then the blocks that are
/// not empty.
std::string print_program(const program&);

/// Statements as text, a line each.
std::string print_block(const program&, const block&, int depth = 0);

/// "a*(b + c)", with no more parentheses than needed.
std::string print_expression(const program&, const expression&);

}  // namespace apical::nmodl
