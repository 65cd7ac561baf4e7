// SPDX-License-Identifier: BSD-3-Clause
#include "engine/poisson.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/math.hpp"

namespace apical {

poisson_table poisson_table::of_mean(double mean, std::string_view where) {
    constexpr double most = 100, range = 0x1p53;
    if (!(mean >= 0 && mean <= most))
        throw invalid_model(std::string(where), fmt::format("{:g} events in a step", mean), "a step holds at most 100; shorten it, or give fewer events more weight");
    poisson_table t;
    double weight = math::exp(-mean), sum = weight;
    for (int k = 1; sum*range < range - 1 && k < 1000; ++k) {
        t.thresholds.push_back(static_cast<std::int64_t>(sum*range));
        weight *= mean/k;
        if (sum + weight == sum && k > mean) break;
        sum += weight;
    }
    return t;
}

random_stream poisson_stream(std::uint64_t seed, std::string_view population, int cell, std::uint64_t key) {
    return random_stream(seed, identity(population), static_cast<std::uint64_t>(cell), key);
}

}  // namespace apical
