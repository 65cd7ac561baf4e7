// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include "engine/layered/scheme.hpp"

namespace apical::layered {

/// Checks that a wiring is one layer of units above the inputs, without feedback, and takes the biases away. Throws invalid_model.
void make_untaught(wiring& w, std::string_view scheme_name);

}  // namespace apical::layered
