// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "morphology/morphology.hpp"
#include "morphology/reader_log.hpp"

namespace apical::detail {

/// The outline of a cell body in one focal plane, three points or more.
struct contour {
    std::vector<point> points;
    long line = 0;
};

/// The axis and diameters of a soma drawn as one contour or a stack of them, by NEURON's rules:
/// - one contour: 21 points along the principal axis of its 101, as wide as the outline is there, seen from above;
/// - a stack: one point per contour, at its centre, with the mean of the circle of equal perimeter and that of equal mean
///   radius as diameter.
/// Throws invalid_input if the outline has no width.
std::vector<point> soma_points(const std::vector<contour>& stack, reader_log&);

}  // namespace apical::detail
