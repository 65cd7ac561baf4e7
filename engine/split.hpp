// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/plan.hpp"
#include "engine/team.hpp"

namespace apical {

/// How several threads advance one block of cells together: each has rows of every region for the mechanisms, and subtrees for the
/// elimination. Every row sees the same operations in the same order as on one thread, so the bits are the same.
struct split {
    struct range { int first = 0, packs = 0; };    ///< of a region
    std::vector<std::vector<range>> pieces;        ///< [pieces][regions]
    tree_matrix::cut tree;

    split(const cell_plan& cell, int threads);
};

/// Rows of a block from which on two threads are faster than one: less, and they wait for each other more than they compute.
inline constexpr int least_rows_to_split = 256;

/// For each block of detailed cells that is advanced here, by its place in `active`: how it is split, null if it is not. It is if it is so large
/// that the other threads would wait for the one that has it, and `options.split` lets it.
std::vector<std::shared_ptr<const split>> splits_of(const plan& p, const std::vector<std::size_t>& active, const std::vector<std::size_t>& active_neurons);

}  // namespace apical
