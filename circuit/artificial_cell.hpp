// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical {

/// A cell that is an ARTIFICIAL_CELL read from NMODL: no membrane, events in, events to itself, and spikes by net_event, all at their own times. Nothing
/// else is painted or placed on it. `m.imported` is that mechanism; throws invalid_model if it is none. Projections onto it name the mechanism as their
/// receptor; weights are what NET_RECEIVE takes first.
cell artificial_cell(mechanism m);

/// The mechanism of such a cell; nullptr: it is another.
const mechanism* artificial(const cell& c);

}  // namespace apical
