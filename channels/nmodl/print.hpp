// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl::syntax {

/// The file as NMODL in one fixed layout, which reads as the same file again. Included files stand where they were included.
std::string print(const file& f);

/// A routine, a statement or an expression in the same layout.
std::string print(const routine& r);
std::string print(const statement& s);
std::string print(const expression& e);

}  // namespace apical::nmodl::syntax
