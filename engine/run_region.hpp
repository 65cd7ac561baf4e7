// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/plan.hpp"

/// How the mechanisms of a region are run, under the schemes that split gates and voltage.
namespace apical {

/// The region of a block whose memory this is, as kernels see it; what depends on the length of a step is not yet set. `singles`: the block's
/// gates of single precision.
kernels::region_view view_of(const plan& p, const cell_plan& cell, const memory_map& map, std::size_t region, double* memory, const double* parameters = nullptr,
                             float* singles = nullptr);

/// Gate `column` of single precision of an element, with what rounding left of it; `gates` are those of the region.
double gate_at(const region_plan& r, const float* gates, int column, std::size_t element, int lanes);
/// Takes the gates of single precision of all regions from their states in double.
void round_gates(const cell_plan& cell, const memory_map& map, const double* memory, float* singles);

/// Packs first to first + packs - 1 of a region of so many lanes.
kernels::region_view part_of(kernels::region_view all, int first, int packs, int lanes);

/// A region without a fused kernel, one mechanism after the other.
void run_separately(const region_plan& r, const kernels::region_view& all, const kernels::step& t, kernels::layout layout, bool second_order);

/// Advances the gates that follow the voltage by dt: by a table for that time, where one holds them and covers the voltage, else by their
/// own functions. `covered`: all voltages are known to be in the tables' range.
void advance_by(const region_plan& r, const region_step* tables, const kernels::region_view& all, double dt, bool covered);

}  // namespace apical
