// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/artificial_cell.hpp"

#include <algorithm>
#include <utility>

#include "channels/nmodl/mechanism.hpp"
#include "core/error.hpp"

namespace apical {

cell artificial_cell(mechanism m) {
    if (!m.imported || m.imported->source().is != nmodl::program::kind::artificial_cell)
        throw invalid_model("cell of '" + m.name + "'", "is no ARTIFICIAL_CELL that was read from NMODL", "paint mechanisms on a cell with a morphology");
    if (m.name.empty()) m.name = m.imported->source().name;
    morphology place;   // somewhere to be: one compartment, without a channel
    place.add({.type = section_type::soma, .points = {{0, 0, 0, 20}, {20, 0, 0, 20}}});
    cell c(std::move(place), fixed_count{1});
    c.paint("all", std::move(m));
    return c;
}

const mechanism* artificial(const cell& c) {
    for (const auto& p : c.paintings())
        if (const auto* m = std::get_if<mechanism>(&p.what); m && m->imported && m->imported->source().is == nmodl::program::kind::artificial_cell) return m;
    return nullptr;
}

}  // namespace apical
