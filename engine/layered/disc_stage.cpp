// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cstddef>

#include "engine/layered/sheets.hpp"
#include "engine/layered/stages.hpp"

namespace apical::layered {
namespace {

/// memory: 1 where a weight is within the disc, else 0; distances are not computed again for every update.
void measure(const stage_work& s) {
    const auto planes = static_cast<std::size_t>(s.p[0]);
    const sheet from = sheet::of(s.link.inputs/planes, s.p[1]), to = sheet::of(s.link.units, 1);
    for (std::size_t i = 0; i < s.link.units; ++i)
        for (std::size_t j = 0; j < s.link.inputs; ++j)
            s.memory[i*s.link.columns() + j] = apart(from, j % from.size(), to, i) <= s.p[2] ? 1 : 0;
}
void disc(const stage_work& s) {
    for (std::size_t k = 0; k < s.link.w.size(); ++k) s.link.w[k] *= s.memory[k];
}

constexpr std::array disc_fields{field{"planes", 1, "", "sheets on top of each other that the weights come from", 1, 64}, field{"extent", 1, "", "their width, of that of the sheet of the units", 1e-3, 1e3},
                                 field{"radius", 0.25, "", "of the disc, in widths of the sheet of the units", 0, 1e3}};

}  // namespace

stage_entry disc_stage() { return {"disc", "a unit has weights only from a disc around its place, of units that lie in squares", stage_order::weight, disc_fields, 1, disc, measure}; }

}  // namespace apical::layered
