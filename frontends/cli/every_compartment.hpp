// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "circuit/cell.hpp"

namespace apical::cli {

/// A location expression that names the centre of every compartment of a cell. The rule of the cell must not depend on its paint
/// (d_lambda does, and is computed for 100 ohm cm and 1 uF/cm2).
std::string every_compartment(const cell& c);

}  // namespace apical::cli
