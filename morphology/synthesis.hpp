// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "morphology/morphology.hpp"

namespace apical {

/// Kinds of rat neocortical cell that can be made.
enum class cell_family { l5_tufted_pyramidal, l23_pyramidal, pv_basket, sst_martinotti };

/// All of them, in order.
std::vector<cell_family> cell_families();

/// "l5_tufted_pyramidal", "l23_pyramidal", "pv_basket", "sst_martinotti".
std::string_view name_of(cell_family);

/// The family of this name; throws invalid_model with a suggestion if there is none.
cell_family parse_cell_family(std::string_view name);

/// A made-up cell: soma and dendrites, no axon, in um, the soma's centre at the origin and the pia towards +y.
///
/// Each tree gets a number of tips and hands it down from fork to fork; each tip gets a target path length. This fixes what
/// decides input resistance and propagation, where growth by branching probability would leave it to heavy tails. Lengths,
/// calibres and tip numbers follow reconstructions of Hay et al. (2011) PLoS Comput Biol 7:e1002107 for the first family, and
/// population means of Markram et al. (2015) Cell 163:456 for the others.
///
/// Cells differ with family, index and seed, and are the same on every platform: the random numbers are (core/random.hpp),
/// and coordinates and diameters are rounded to 1 nm. All dendrites start on the soma's surface and join soma(0.5).
/// A branch starts at its parent's end with its own diameter.
morphology synthesise(cell_family, std::uint64_t index, std::uint64_t seed = 0);

/// What a shape lacks to pass for a member of the family; empty if nothing. Looks at total length, membrane area, tips and
/// reach, the area inside the apical calcium zone (685 to 885 um, L5 only), and at the soundness of the tree: no section below
/// 1 um, no diameter below 0.2 um, no daughter thicker than 1.2 times its parent, fewer than 900 compartments by d_lambda.
std::vector<problem> acceptance(const morphology&, cell_family);

/// The first `count` indices, from `first` on, whose cells are accepted: how cells are chosen for shipping. About three in
/// four are.
std::vector<std::uint64_t> accepted_indices(cell_family, int count, std::uint64_t first = 0, std::uint64_t seed = 0);

}  // namespace apical
