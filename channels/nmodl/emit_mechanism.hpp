// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// Counts up whenever the same program gives another text, or the text needs other headers.
inline constexpr int emitter_version = 1;

/// C++ that does what a program does: any program. One translation unit, which needs headers of core and of channels/nmodl only and exports
/// `extern "C" const apical::nmodl::compiled::table* <symbol>()`.
std::string emit_mechanism(const program&, std::string_view symbol);

}  // namespace apical::nmodl
