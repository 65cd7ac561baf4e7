// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// Cells of a circuit: population and index.
using cell_sample = std::vector<std::pair<int, int>>;

/// Some cells of each population, without repetition and in order, drawn by `seed`; all of a population that has no more.
cell_sample draw_sample(const circuit& c, int cells_per_population, std::uint64_t seed);

/// The spikes of one cell of a run, in order [ms].
std::vector<double> train_of(const simulation& s, std::pair<int, int> cell);

/// A part of the way from the least to the largest, between neighbours by proportion; NaN of nothing.
double quantile(std::vector<double> x, double part);

}  // namespace apical
