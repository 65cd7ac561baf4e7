// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apical::nmodl {

/// Why a VERBATIM block cannot be left out: its first statement with an effect. Empty if it has none: comments, includes, declarations of
/// functions that are not called, `return 0;`.
std::optional<std::string> what_verbatim_needs(std::string_view text);

}  // namespace apical::nmodl
