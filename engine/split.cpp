// SPDX-License-Identifier: BSD-3-Clause
#include "engine/split.hpp"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

/// What a block costs in a step, about, in rows.
std::int64_t work_of(const cell_plan& c) { return std::int64_t{c.rows}*c.lanes; }

bool can_be_split(const plan& p, const block_plan& b) {
    const auto& o = p.options;
    return o.split == splitting::automatic && o.threads > 1 && !p.is_coupled() && b.gaps.empty();
}

/// Which of so many parts of like size each group belongs to; neighbours stay together. The trunk comes after the last.
std::vector<int> parts_of_groups(const std::vector<int>& groups, int parts) {
    constexpr auto trunk = static_cast<std::size_t>(cell_plan::most_groups);
    std::vector<std::int64_t> rows(trunk + 1, 0);
    for (const int g : groups) ++rows[static_cast<std::size_t>(g)];
    std::vector<int> part(trunk + 1, parts);
    std::int64_t before = 0, all = 0;
    for (std::size_t g = 0; g < trunk; ++g) all += rows[g];
    for (std::size_t g = 0; g < trunk; before += rows[g++])
        part[g] = static_cast<int>(std::min<std::int64_t>((2*before + rows[g])*parts/std::max<std::int64_t>(2*all, 1), parts - 1));
    return part;
}

}  // namespace

void split_choice::learn(way w, std::int64_t steps, double seconds) {
    since_trial_ = is_trial() ? 0 : since_trial_ + seconds*static_cast<double>(steps);
    seconds_[w] = std::max(seconds, 1e-12);
}

split::split(const cell_plan& cell, int threads) {
    const auto& groups = cell.group_of_row;
    const auto of_group = parts_of_groups(groups, threads);
    const auto part_of = [&](int group) { return of_group[static_cast<std::size_t>(group)]; };
    if (groups.empty()) {
        tree = cell.matrix.into(threads);
    } else {
        std::vector<int> parts;
        for (const int g : groups) parts.push_back(g < cell_plan::most_groups ? part_of(g) : -1);
        tree = cell.matrix.by(parts, threads);
    }
    for (int i = 0; i < threads; ++i) {
        auto& piece = pieces.emplace_back();
        for (const auto& r : cell.regions) {
            const int packs = r.rows*cell.lanes/kernels::width;
            const auto start = [&](int n) {
                if (groups.empty() || n == 0 || n == threads) return static_cast<int>(std::int64_t{packs}*n/threads);
                const auto first = groups.begin() + r.first_row;
                const auto rows = std::ranges::lower_bound(first, first + r.compartments, n, {}, part_of) - first;
                return std::min(static_cast<int>(std::lround(static_cast<double>(rows)*cell.lanes/kernels::width)), packs);
            };
            piece.push_back({start(i), start(i + 1) - start(i)});
        }
    }
}

std::vector<std::shared_ptr<const split>> splits_of(const plan& p, const std::vector<std::size_t>& active, const std::vector<std::size_t>& active_neurons) {
    std::vector<std::shared_ptr<const split>> all(active.size());
    const auto cell_of = [&](std::size_t b) -> const cell_plan& { return p.populations[static_cast<std::size_t>(p.blocks[b].population)]; };
    std::int64_t total = 0;
    for (const auto b : active) total += work_of(cell_of(b));
    for (const auto b : active_neurons) total += p.neuron_blocks[b].cells;
    std::vector<std::shared_ptr<const split>> of_population(p.populations.size());
    for (std::size_t k = 0; k < active.size(); ++k) {
        const auto& b = p.blocks[active[k]];
        const auto& cell = cell_of(active[k]);
        const auto work = work_of(cell);
        if (!can_be_split(p, b) || work < least_rows_to_split || work*p.options.threads <= total) continue;
        auto& s = of_population[static_cast<std::size_t>(b.population)];
        const auto useful = std::min<std::int64_t>({p.options.threads, 2*work/least_rows_to_split, cell_plan::most_groups});
        if (!s) s = std::make_shared<const split>(cell, static_cast<int>(useful));
        all[k] = s;
    }
    return all;
}

}  // namespace apical
