// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "morphology/synthesis_plan.hpp"

namespace apical::synthesis {

/// Gives a planned cell its course in space and makes it a morphology. Changes no length or diameter, except by rounding
/// to 1 nm.
morphology placed(const cell_plan&, const family_rules&, random_stream&);

}  // namespace apical::synthesis
