// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "morphology/morphology.hpp"
#include "morphology/reader_log.hpp"

namespace apical::detail {

/// A section as a file has it: perhaps without length.
struct raw_section {
    section body;    ///< `parent` counts raw sections; one point, or many in the same place, are allowed
    long line = 0;   ///< of its last point, for messages
};

/// Positions beyond this [um] are no neuron's, and diameters below that are as good as none.
constexpr double furthest_position = 1e8, thinnest_diameter = 1e-5;

/// Builds the morphology. A section without length is left out, with a warning, and its children are attached where it
/// was, as NEURON does; at a root it becomes a cylinder along x as long as it is wide, which has the area of a sphere.
morphology assemble(std::vector<raw_section>, reader_log&);

/// The three points of that cylinder.
std::vector<point> sphere_points(const point& centre);

}  // namespace apical::detail
