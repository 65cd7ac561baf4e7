// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// Cells of a circuit: population and index.
using cell_sample = std::vector<std::pair<int, int>>;

/// Some cells of each population, without repetition and in order, drawn by `seed`; all of a population that has no more. With them
/// all that gap junctions join to them, since they cannot be run apart.
cell_sample draw_sample(const circuit& c, int cells_per_population, std::uint64_t seed);
/// The cells and all that gap junctions join to them, directly or through others; in order.
cell_sample with_joined(const circuit& c, const cell_sample& cells);

/// The spikes that cells of a run hear from each other, for running some of them again with the same inputs: those of a run that is
/// at hand, else of a run for `until`, or until a cell diverges. None, and no run, where no cell hears another.
std::vector<spike> heard_in(const circuit& c, const run_options& options, duration until, std::optional<std::span<const spike>> at_hand = {},
                            const catalogue& mechanisms = catalogue::built_in());

/// The spikes of each cell of a sample in a run, each in order [ms].
std::vector<std::vector<double>> trains_of(const simulation& s, const cell_sample& sample);

/// A part of the way from the least to the largest, between neighbours by proportion; NaN of nothing.
double quantile(std::vector<double> x, double part);

}  // namespace apical
