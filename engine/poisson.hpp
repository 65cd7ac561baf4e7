// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/random.hpp"

namespace apical {

/// Numbers of events in a step of given mean, by inversion of the distribution: k is the number of thresholds that the draw
/// reaches. Draws are the upper 53 bits of a random word.
struct poisson_table {
    std::vector<std::int64_t> thresholds;          ///< ascending

    /// Throws invalid_model naming `where` if the mean is above 100: the step is too long for such a rate.
    static poisson_table of_mean(double mean, std::string_view where);
    int operator()(std::uint64_t bits) const {
        const auto draw = static_cast<std::int64_t>(bits >> 11);
        int k = 0;
        while (k < static_cast<int>(thresholds.size()) && draw >= thresholds[static_cast<std::size_t>(k)]) ++k;
        return k;
    }
};

/// Random events on one receptor label.
struct poisson_plan {
    poisson_table table;
    std::int64_t first_step, end_step;             ///< counted as inputs arrive, every run_options::steps_per_input
    double weight;                                 ///< [uS]
    std::uint64_t key;                             ///< of label, place and stream
};

/// The stream of one cell: draw n belongs to the n-th step at which inputs arrive.
random_stream poisson_stream(std::uint64_t seed, std::string_view population, int cell, std::uint64_t key);

}  // namespace apical
