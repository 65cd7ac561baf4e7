// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "circuit/data_set.hpp"
#include "engine/layered_training.hpp"

namespace apical {

/// The way down: minus the gradient of the mean loss of these examples by the weights of every forward projection, as backpropagation
/// gives it, exactly. Of nets that go up in one pass (schemes feedforward, targets and bursting); throws unsupported for others, whose
/// outputs depend on more than the way up.
std::vector<std::vector<double>> exact_descent(const layered_training& run, const data_set& d);

/// The same by central differences of the loss at the end of the first phase, for any scheme: of `weights` weights of each projection,
/// drawn by the seed, changed by `step`; where there are fewer, of all. Runs a copy of the weights of `run` in `scratch`, a training of the same net.
struct sampled_descent {
    std::vector<std::vector<std::size_t>> places;   ///< [projections]: which weights
    std::vector<std::vector<double>> values;        ///< [projections]
};
sampled_descent descent_by_differences(const layered_training& run, layered_training& scratch, const data_set& d, std::size_t weights, std::uint64_t seed, double step = 1e-4);

/// Cosine of the angle between two lists of numbers; NaN if one of them is all zero.
double cosine(const std::vector<double>& a, const std::vector<double>& b);
/// The angle [degrees].
double angle(const std::vector<double>& a, const std::vector<double>& b);

/// Angle between what the rules ask for after these examples and the way down, for each forward projection [degrees]: exact where the
/// scheme allows it, else from a sample of weights. Throws unsupported for spike trains in time, which have no gradient.
std::vector<double> angles_to_gradient(const layered_training& run, layered_training& scratch, const data_set& d, std::size_t weights = 100, std::uint64_t seed = 0);

}  // namespace apical
