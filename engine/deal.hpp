// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/plan.hpp"

namespace apical {

/// Deals tasks of these costs out: the process of each. The costliest first, each to the process that has least to do; of processes with
/// as little, and of tasks that cost as much, the first. Graham (1969) SIAM J Appl Math 17:416.
std::vector<int> deal(std::span<const double> costs, int processes);

/// What a block of each population takes for a millisecond of simulated time, without what other cells send it [s]: its first block is
/// advanced for some milliseconds, from rest, on this thread; the shortest of several times. [populations]
/// Needs the cells to be numbered and cut into blocks; nothing needs to connect them.
std::vector<double> measured_costs(const plan& p);

/// The same in an unknown unit, by numbers of rows and states, and by the length of mechanisms read from NMODL.
std::vector<double> counted_costs(const plan& p);

/// What is taken for the load of contacts where rates are not known: events of each [1/ms], and the time of one [s], which is that
/// measured by bench/synapses.cpp.
inline constexpr double assumed_rate = 0.005, point_event_seconds = 14e-9, detailed_event_seconds = 35e-9;

}  // namespace apical
