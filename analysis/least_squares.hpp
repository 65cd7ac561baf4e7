// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace apical {

/// Parameters at which the sum of squares is least, as far as the search got, and the root of that sum.
struct least_squares_fit {
    std::vector<double> parameters;
    double norm = 0;
};

/// Writes the residuals of some parameters.
using residual_function = std::function<void(std::span<const double> parameters, std::span<double> residuals)>;

/// Levenberg-Marquardt from a start, with slopes by differences: steps of `relative_step` of each parameter, which should be well above the grain of a
/// function that is not smooth. Goes to the nearest valley: try several starts.
least_squares_fit least_squares(const residual_function& f, std::size_t residuals, std::vector<double> start, double relative_step = 1e-8);

}  // namespace apical
