// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/circuit.hpp"

namespace apical {

/// A block or less of every population of a circuit, with as many contacts onto a cell as in the whole, whose sources are as many spike
/// sources as there are cells; without gap junctions, probes, meters, and what is placed on cells that are not there.
circuit miniature(const circuit& c);

/// Some cells of a population, each joined to the next ones by as many gap junctions as it has in the whole, under a current that makes them
/// fire. Without populations if it has none.
circuit joined_miniature(const circuit& c, const population& of);

}  // namespace apical
