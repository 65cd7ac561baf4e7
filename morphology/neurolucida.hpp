// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include "morphology/read.hpp"

namespace apical {

/// Reads Neurolucida ASC (V3) text; `name` stands for the file in messages. Sections, their order and their points are
/// those of NEURON's importer.
///
/// A CellBody contour becomes a soma of 21 points along its long axis, a stack of overlapping contours one point per
/// contour. Trees are attached at soma(0.5) of the contour they start in, else of the nearest one (with a warning), and
/// start at their own first point. A branch starts at its parent's last point with its own first diameter. Outlines,
/// markers, spines, texts and headers are skipped.
///
/// Throws invalid_input listing every problem as "name:line".
reading read_neurolucida(std::string_view text, std::string_view name);

}  // namespace apical
