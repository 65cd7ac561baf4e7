// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/format.h>

#include "engine/place.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

void placer::fill_gaps(plan& p) {
    for (std::size_t i = 0; i < circuit_.gap_junctions.size(); ++i) {
        const auto& wanted = circuit_.gap_junctions[i];
        const auto where = fmt::format("gap junction {}", i);
        const double g = wanted.conductance.coherent();
        if (!(g > 0)) found_.add(where + " / conductance", fmt::format("{:g} uS", g), "positive");
        if (p.chooses_steps() || p.is_coupled())
            found_.add(where, fmt::format("scheme '{}' lets cells step apart", name_of(options_.scheme)), "choose crank_nicolson or backward_euler: cells that are joined are solved together");
        gap_plan made{{}, {}, {}, g};
        for (std::size_t side = 0; side < 2; ++side) {
            const auto& end = gaps_[i][side];
            const auto& population = p.populations[index(end.population)];
            if (population.neurons >= 0) {
                found_.add(where, fmt::format("'{}' are point neurons", population.name), "gap junctions join cells with compartments");
                return;
            }
            made.population[side] = end.population, made.cell[side] = end.cells.front(), made.row[side] = population.row_of_node[index(end.nodes.front())];
        }
        if (gaps_[i][0].population == gaps_[i][1].population && made.cell[0] == made.cell[1] && made.row[0] == made.row[1])
            found_.add(where, "joins a place with itself");
        p.gaps.push_back(made);
    }
}

void divide_gaps(plan& p) {
    p.gap_values = 2*p.gaps.size();
    p.gap_ranks.resize(p.gap_values);
    for (std::size_t i = 0; i < p.gaps.size(); ++i) {
        const auto& g = p.gaps[i];
        p.largest_gap = std::max(p.largest_gap, g.conductance);
        for (std::size_t side = 0; side < 2; ++side) {
            const auto at = p.block_of(g.population[side], g.cell[side]);
            p.blocks[at].gaps.push_back({g.cell[side], g.row[side], g.conductance, 2*i + side, 2*i + 1 - side});
            p.gap_ranks[2*i + side] = p.ranks[at];
        }
    }
}

}  // namespace apical
