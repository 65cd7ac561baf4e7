// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "io/sonata/config.hpp"

namespace apical::sonata {

/// A current that holds each value from its time on.
struct current_series {
    std::vector<double> times, values;             ///< times ascend [ms, nA]
    double end = 0;                                ///< of the last value [ms]
};

/// Reads a table of currents. The last value ends at once if it is 0, else after the time between the first two, as in BMTK. Throws
/// invalid_input, at "file:line", for what is no such table.
current_series read_current_table(const current_table& t);

}  // namespace apical::sonata
