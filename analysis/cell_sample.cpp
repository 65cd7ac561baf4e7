// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/cell_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {

cell_sample with_joined(const circuit& c, const cell_sample& some) {
    std::set<std::pair<int, int>> cells(some.begin(), some.end());
    std::map<std::string, int> number;
    for (std::size_t p = 0; p < c.populations.size(); ++p) number.emplace(c.populations[p].name, static_cast<int>(p));
    std::map<std::pair<int, int>, std::vector<std::pair<int, int>>> joined;
    for (const auto& g : c.gap_junctions) {
        const auto a = number.find(g.a.population), b = number.find(g.b.population);
        if (a == number.end() || b == number.end()) continue;   // compile() says so
        const std::pair from{a->second, g.a.cell}, to{b->second, g.b.cell};
        joined[from].push_back(to), joined[to].push_back(from);
    }
    std::vector<std::pair<int, int>> fresh = some;
    while (!fresh.empty()) {
        const auto others = joined.find(fresh.back());
        fresh.pop_back();
        if (others == joined.end()) continue;
        for (const auto& o : others->second)
            if (cells.insert(o).second) fresh.push_back(o);
    }
    return {cells.begin(), cells.end()};
}

/// Floyd's draw: Bentley & Floyd (1987) Commun ACM 30:754.
cell_sample draw_sample(const circuit& c, int cells_per_population, std::uint64_t seed) {
    std::set<std::pair<int, int>> sample;
    for (std::size_t p = 0; p < c.populations.size(); ++p) {
        const int size = c.populations[p].size, wanted = std::min(size, cells_per_population);
        random_stream stream(seed, identity(c.populations[p].name), 0, 0);
        const int population = static_cast<int>(p);
        for (int last = size - wanted; last < size; ++last) {
            const int k = static_cast<int>(stream.below(static_cast<std::uint64_t>(last) + 1));
            if (!sample.emplace(population, k).second) sample.emplace(population, last);
        }
    }
    return with_joined(c, {sample.begin(), sample.end()});
}

std::vector<spike> heard_in(const circuit& c, const run_options& options, duration until, std::optional<std::span<const spike>> at_hand,
                            const catalogue& mechanisms) {
    const auto is_cell = [&](const projection& p) { return std::ranges::find(c.populations, p.source, &population::name) != c.populations.end(); };
    if (std::ranges::none_of(c.projections, is_cell)) return {};
    if (at_hand) return {at_hand->begin(), at_hand->end()};
    auto bare = c;
    bare.probes.clear(), bare.meters.clear();
    simulation all(compile(bare, options, mechanisms));
    try {
        all.run(until);
    } catch (const diverged&) {   // what others heard of it before is what counts
    }
    return {all.spikes().begin(), all.spikes().end()};
}

std::vector<std::vector<double>> trains_of(const simulation& s, const cell_sample& sample) {
    std::map<std::pair<int, int>, std::vector<double>> trains;
    for (const auto& cell : sample) trains[cell];
    for (const auto& x : s.spikes())
        if (const auto found = trains.find({x.population, x.cell}); found != trains.end()) found->second.push_back(x.time);
    std::vector<std::vector<double>> all;
    for (const auto& cell : sample) all.push_back(trains[cell]), std::ranges::sort(all.back());
    return all;
}

double quantile(std::vector<double> x, double part) {
    if (x.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(x);
    const double at = part*static_cast<double>(x.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    return below + 1 < x.size() ? std::lerp(x[below], x[below + 1], at - static_cast<double>(below)) : x.back();
}

}  // namespace apical
