// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "circuit/circuit.hpp"

namespace apical {

/// Where cells lie, by rule [um]. Random layouts have the same density everywhere.
struct box_layout {
    position from, to;                            ///< opposite corners; a side of no length makes it a rectangle or a line
    bool operator==(const box_layout&) const = default;
};
/// Upright, along z. Without a height it is a disc.
struct cylinder_layout {
    position centre;
    double radius = 0, height = 0;
    bool operator==(const cylinder_layout&) const = default;
};
/// Rows along x, then along y, then along z, from the corner `from`; the last layer may be left unfinished.
struct grid_layout {
    position from, spacing;
    int columns = 1;                              ///< cells along x
    int rows = std::numeric_limits<int>::max();   ///< along y
    bool operator==(const grid_layout&) const = default;
};
using cell_layout = std::variant<box_layout, cylinder_layout, grid_layout>;

/// So many positions. Random ones belong to (seed, name, cell): more cells do not move those that are there.
/// Throws invalid_model for a layout that is none.
std::vector<position> lay_out(const cell_layout& layout, int cells, std::uint64_t seed, const std::string& name);

/// Gap junctions by chance between cells of two populations, or of one.
struct gap_junction_rule {
    std::string name;                             ///< random numbers belong to it
    std::string a, b;                             ///< populations
    double probability = 0;                       ///< of each pair
    length within = length::coherent(std::numeric_limits<double>::infinity());   ///< pairs whose positions are no further apart
    apical::conductance conductance;
    std::string at_a = "soma(0.5)", at_b = "soma(0.5)";
};
/// Those that the rule gives, in order of the cells; each pair's chance belongs to (seed, name, pair). A cell is not joined to itself.
/// Throws invalid_model for a population that is not there, a probability outside 0 to 1, a distance without positions.
std::vector<gap_junction> draw_gap_junctions(const circuit& c, const gap_junction_rule& rule, std::uint64_t seed);

}  // namespace apical
