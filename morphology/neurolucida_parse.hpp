// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <vector>

#include "morphology/morphology.hpp"
#include "morphology/reader_log.hpp"
#include "morphology/soma_contour.hpp"

namespace apical::detail {

/// A stretch of a tree between two splits, as drawn: perhaps without points, diameters perhaps 0 for missing.
struct asc_branch {
    section_type type = section_type::undefined;
    int parent = -1;  ///< index of the branch that splits here; -1 at the start of a tree
    std::vector<point> points;
    std::vector<long> lines;  ///< of the points
    long line = 0;            ///< where it begins
};

/// What matters in a Neurolucida file. Branches come parents first, in the order of the file.
struct asc_drawing {
    std::vector<contour> cell_bodies;
    std::vector<asc_branch> branches;
};

/// Throws invalid_input with every problem found; after one of structure it cannot look further.
asc_drawing parse_neurolucida(std::string_view text, reader_log&);

}  // namespace apical::detail
