// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/arrivals.hpp"
#include "engine/plan.hpp"

namespace apical {

/// Where a block is when it is about to choose a step.
struct step_choice {
    std::int64_t position;
    bool is_edge;                                  ///< a stimulus jumps here
    int previous;                                  ///< level of the last step, -1 before the first
    double fastest;                                ///< change of voltage in it [mV/ms]
    std::size_t next_event;                        ///< in block_plan::events
    const inlet& in;
    const arrivals& under_way;                     ///< from other cells
};

/// The level of step_ladder: as long as keeps the change of every voltage below run_options::max_change, at most twice the last step,
/// and not beyond the next event or jump of a stimulus. No step is undone: a change that comes as a surprise is followed by shorter
/// steps. Depends on nothing but the block's own past, so the result is the same for any number of threads.
int choose_step(const plan& p, const block_plan& where, const step_choice& now);

}  // namespace apical
