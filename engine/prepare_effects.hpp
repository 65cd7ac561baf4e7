// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <vector>

#include "engine/prepared_projection.hpp"

namespace apical {

/// Whether a modulator makes a projection stronger or weaker: its receptors are then its own.
bool is_modulated(const circuit& c, std::string_view projection);
/// Whether any modulator has effects.
bool has_effects(const circuit& c);

/// The effects of a circuit's modulators, by population; nothing if there are none. Needs the populations of the plan with their receptors.
/// Problems go to `found`: what is not there, what cannot change while a simulation runs, what could leave its range.
std::vector<modulation_plan> prepare_effects(const circuit& c, const std::vector<prepared_projection>& projections, const std::vector<painted_cell>& painted, const plan& p,
                                             const catalogue& mechanisms, findings& found);

}  // namespace apical
