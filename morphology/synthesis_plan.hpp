// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "core/random.hpp"
#include "morphology/synthesis_rules.hpp"

namespace apical::synthesis {

enum class part { stem, trunk, oblique, tuft };

/// An unbranched piece of dendrite, before it is placed in space.
struct branch {
    part where;
    int parent;                ///< index of an earlier branch; -1 for the soma
    double start;              ///< path from the soma [um]
    double length;             ///< [um]
    double first_diameter, last_diameter;   ///< [um]
};

/// The diameter of the apical trunk along its path: flared at the soma, then level, a little wider at the main fork.
struct trunk_profile {
    double length, plateau, flare, flare_length, bulge;
    double diameter(double path) const;
};

/// The electrical shape of a cell: all but its course in space.
struct cell_plan {
    double soma_length, soma_diameter;
    trunk_profile trunk;
    std::vector<branch> branches;   ///< parents before children, each tree depth first

    /// Diameter of a branch at a path from its start [um]: linear, but for the trunk.
    double diameter(const branch&, double along) const;
};

cell_plan plan_cell(const family_rules&, random_stream&);

}  // namespace apical::synthesis
