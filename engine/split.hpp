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

/// Rows of a block from which on two threads are faster than one, where each has a core to itself: less, and they wait for each other more
/// than they compute.
inline constexpr int least_rows_to_split = 1024;

/// Which is faster for a block at present, all threads or one: on cores that others use too, threads wait for one that does not run. Both are
/// tried, and the slower again and again, for a fiftieth of the time. As the bits are the same, results know nothing of it.
class split_choice {
public:
    enum way { together, alone };
    /// How to do the next steps: no more than `trial` of them if is_trial().
    way next() const { return is_trial() ? slower() : faster(); }
    bool is_trial() const { return seconds_[slower()] == 0 || since_trial_ > 50*seconds_[slower()]*trial; }
    /// What each of so many steps has cost [s].
    void learn(way w, std::int64_t steps, double seconds);
    static constexpr std::int64_t trial = 40, warm_up = 8;   ///< steps; the first ones of a trial wake threads and caches, and are not timed

private:
    way faster() const { return slower() == together ? alone : together; }
    way slower() const { return seconds_[together] == 0 ? together : seconds_[alone] == 0 || seconds_[alone] > seconds_[together] ? alone : together; }
    double seconds_[2] = {0, 0};                   ///< of a step, the last time; 0: not tried
    double since_trial_ = 0;                       ///< [s]
};

/// For each block of detailed cells that is advanced here, by its place in `active`: how it is split, null if it is not. It is if it is so large
/// that the other threads would wait for the one that has it, and `options.split` lets it.
std::vector<std::shared_ptr<const split>> splits_of(const plan& p, const std::vector<std::size_t>& active, const std::vector<std::size_t>& active_neurons);

}  // namespace apical
