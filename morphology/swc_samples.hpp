// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "morphology/morphology.hpp"
#include "morphology/reader_log.hpp"

namespace apical::detail {

/// One line of an SWC file.
struct swc_sample {
    std::int64_t id = 0, parent_id = -1;
    int type = 0;
    int parent = -1;      ///< index of the parent sample; -1 for the root
    point at;
    long line = 0;
};

/// The lines as they are, sorted by id, with parents found. Throws invalid_input if lines cannot be read, ids repeat or
/// parents are missing.
std::vector<swc_sample> parse_swc_lines(std::string_view text, reader_log&);

/// The samples of an SWC text, repaired: one tree, in order of id unless that would put a child before its parent,
/// positive radii. Throws invalid_input with every problem if that is not to be had.
std::vector<swc_sample> read_swc_samples(std::string_view text, reader_log&);

}  // namespace apical::detail
