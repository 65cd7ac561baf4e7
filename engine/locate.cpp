// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "engine/block.hpp"
#include "engine/run_region.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

/// A state that is no number, which comes before the voltages it spoils; else the place that left the range furthest, a NaN furthest of all.
divergence block::locate(const plan& p, const block_plan& where, double time) const {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    divergence worst{where.first_cell, cell.name, {}, time, "v", 0};
    for (std::size_t r = 0; r < cell.regions.size(); ++r) {
        const auto& region = cell.regions[r];
        for (std::size_t m = 0; m < region.mechanisms.size(); ++m)
            for (std::size_t s = 0; s < region.mechanisms[m].schema.states.size(); ++s)
                for (int row = 0; row < region.compartments; ++row)
                    for (int l = 0; l < where.cells; ++l) {
                        const auto element = index(row*cell.lanes + l);
                        const double x = region.gates_of(m) > 0 ? gate_at(region, singles_.data() + map.regions[r].gates, region.first_gate[m] + static_cast<int>(s), element, cell.lanes)
                                                                : memory_[map.regions[r].states + (index(region.first_state[m]) + s)*index(region.rows*cell.lanes) + element];
                        if (std::isfinite(x)) continue;
                        worst.cell = where.first_cell + l, worst.location = cell.name_of_node(cell.node_of_row[index(region.first_row + row)]);
                        worst.quantity = region.mechanisms[m].schema.name + "." + std::string(region.mechanisms[m].schema.states[s].name), worst.value = x;
                        return worst;
                    }
    }
    const double* const v = memory_.data() + map.v;
    for (int row = 0; row < cell.first_branch_row; ++row)
        for (int l = 0; l < where.cells; ++l) {
            const double x = v[row*cell.lanes + l];
            const int node = cell.node_of_row[index(row)];
            if (node < 0 || std::abs(x) <= std::abs(worst.value) || std::isnan(worst.value)) continue;
            worst.cell = where.first_cell + l, worst.location = cell.name_of_node(node), worst.value = x;
        }
    return worst;
}

}  // namespace apical
