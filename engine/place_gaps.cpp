// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <map>

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

/// A process knows those of which it has an end. Where the other end is elsewhere, both processes list what they give each other in the order
/// of the junctions.
void divide_gaps(plan& p) {
    std::map<int, value_route> routes;
    for (const auto& g : p.gaps) {
        p.largest_gap = std::max(p.largest_gap, g.conductance);
        const std::array at{p.block_of(g.population[0], g.cell[0]), p.block_of(g.population[1], g.cell[1])};
        const std::array ranks{p.ranks[at[0]], p.ranks[at[1]]};
        if (ranks[0] != p.rank && ranks[1] != p.rank) continue;
        const auto first = p.gap_values;
        p.gap_values += 2;
        for (std::size_t side = 0; side < 2; ++side) {
            const auto own = first + side, peer = first + 1 - side;
            if (ranks[side] != p.rank) continue;
            p.blocks[at[side]].gaps.push_back({g.cell[side], g.row[side], g.conductance, own, peer});
            if (ranks[1 - side] == p.rank) continue;
            auto& r = routes[ranks[1 - side]];
            r.rank = ranks[1 - side], r.sends.push_back(own), r.receives.push_back(peer);
        }
    }
    for (auto& [rank, r] : routes) p.gap_routes.push_back(std::move(r));
}

}  // namespace apical
