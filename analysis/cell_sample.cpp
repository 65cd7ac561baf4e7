// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/cell_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"

namespace apical {

/// Floyd's draw: Bentley & Floyd (1987) Commun ACM 30:754.
cell_sample draw_sample(const circuit& c, int cells_per_population, std::uint64_t seed) {
    cell_sample sample;
    for (std::size_t p = 0; p < c.populations.size(); ++p) {
        const int size = c.populations[p].size, wanted = std::min(size, cells_per_population);
        random_stream stream(seed, identity(c.populations[p].name), 0, 0);
        std::vector<int> chosen;
        for (int last = size - wanted; last < size; ++last) {
            const int k = static_cast<int>(stream.below(static_cast<std::uint64_t>(last) + 1));
            chosen.push_back(std::ranges::find(chosen, k) == chosen.end() ? k : last);
        }
        std::ranges::sort(chosen);
        for (const int k : chosen) sample.emplace_back(static_cast<int>(p), k);
    }
    return sample;
}

std::vector<double> train_of(const simulation& s, std::pair<int, int> cell) {
    std::vector<double> times;
    for (const auto& x : s.spikes())
        if (std::pair(x.population, x.cell) == cell) times.push_back(x.time);
    std::ranges::sort(times);
    return times;
}

double quantile(std::vector<double> x, double part) {
    if (x.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(x);
    const double at = part*static_cast<double>(x.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    return below + 1 < x.size() ? std::lerp(x[below], x[below + 1], at - static_cast<double>(below)) : x.back();
}

}  // namespace apical
