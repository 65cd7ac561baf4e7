// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "morphology/synthesis.hpp"

/// The numbers behind the families: lengths and diameters in um.
namespace apical::synthesis {

/// A normal variable, drawn again until it lies in the range.
struct bounded_normal { double mean, sd, least, most; };
struct range { double least, most; };

/// How a tree with a given number of tips grows.
struct tree_rules {
    /// Length of a branch that forks: gamma distributed with this mean; the first branch of a tree has its own.
    double first_length, inner_length, length_cv;
    /// If not 0, it is a part of what is left to the tips instead, beta(1, this) distributed: long at low order, short near
    /// the tips.
    double earliness;
    double least_inner;
    /// Path length of a tip from the tree's start, and the least length of a last branch.
    double reach, reach_sd, least_last;
    /// Tips part at a fork by a beta variable with both parameters this: 1 is even chance of any split.
    double evenness;
    /// Rall's exponent of diameters at a fork, and that of tip numbers in the daughters' shares of the calibre.
    double rall, tip_weight;
    /// Least diameter of a branch; fractions of the diameter left at the end of a forking and of a last branch; least at a tip.
    double least_diameter, taper, last_taper, tip_diameter;
    range root_diameter;
};

struct trunk_rules {
    bounded_normal length, plateau;   ///< the diameter between flare and main fork
    double flare, flare_length;       ///< added at the soma, falling exponentially
    double bulge;                     ///< added at the main fork
    bounded_normal obliques;          ///< number
    double spread;                    ///< scale of their gamma distributed take-off distances
    double last_oblique;              ///< as a fraction of the trunk
    double oblique_more_tips;         ///< mean of the Poisson number beyond the first
    tree_rules oblique;
    bounded_normal tuft_tips;
    int least_of_a_tuft_half;
    tree_rules tuft;
};

/// How stems leave the soma: all round below the apical trunk, all round, or in two opposite bundles.
enum class stem_layout { skirt, multipolar, bitufted };

struct family_rules {
    bounded_normal soma_length, soma_diameter;
    bounded_normal stems, tips;       ///< of the trees other than the apical one
    tree_rules stem;
    stem_layout layout;
    bool has_trunk;
    trunk_rules trunk;                ///< meaningless without one
};

const family_rules& rules_of(cell_family);

}  // namespace apical::synthesis
