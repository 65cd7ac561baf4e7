// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// The lengths that steps may have where each cell chooses its own: powers of two, so that everything that depends on the length
/// is computed once, and a step of any length begins at a multiple of it, so that all cells meet again.
namespace apical::step_ladder {

/// Level 0 is half of the finest step: gates advance by halves of two steps, no step is that short.
inline constexpr int levels = 7, finest = 1, of_dt = 4, coarsest = 6;

/// Times are counted in finest steps; the run's dt has so many.
inline constexpr std::int64_t positions_per_dt = 8;
/// The longest step, in dt.
inline constexpr std::int64_t longest = 4;

/// In positions.
constexpr std::int64_t length(int level) { return std::int64_t{1} << (level - finest); }
/// [ms]; exact multiples of each other.
constexpr double step_of(int level, double dt) {
    return level >= of_dt ? dt*static_cast<double>(1 << (level - of_dt)) : dt/static_cast<double>(1 << (of_dt - level));
}
static_assert(length(of_dt) == positions_per_dt && length(coarsest) == longest*positions_per_dt);

}  // namespace apical::step_ladder
