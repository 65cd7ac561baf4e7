// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <numeric>
#include <queue>

#include "engine/communicator.hpp"
#include "engine/place.hpp"

namespace apical {
namespace {

/// About how long a block takes for a step, in any unit: what its template computes. Measured on the cells of models/.
double cost_of(const plan& p, const block_plan& b) {
    const auto& c = p.populations[static_cast<std::size_t>(b.population)];
    double sum = 4.0*c.rows;                                     // the matrix
    for (const auto& r : c.regions) sum += static_cast<double>(r.rows)*(2 + 3.0*r.states);
    for (const auto& r : c.receptors) sum += 4.0*static_cast<double>(r.rows.size()*r.mechanism.schema.states.size());
    return sum*b.cells;
}
double cost_of(const plan& p, const neuron_block_plan& b) {
    const auto& n = p.neurons[static_cast<std::size_t>(b.neurons)];
    return (10.0 + 4.0*static_cast<double>(n.synapses.size()))*b.cells;
}

}  // namespace

/// The longest first, each to the process that has least to do. Every process finds the same.
/// Graham (1969) SIAM J Appl Math 17:416.
void distribute(plan& p) {
    std::vector<double> costs;
    for (const auto& b : p.blocks) costs.push_back(cost_of(p, b));
    for (const auto& b : p.neuron_blocks) costs.push_back(cost_of(p, b));
    p.ranks.assign(costs.size(), 0);
    if (!p.options.ranks) return;
    p.rank = p.options.ranks->rank();
    const int processes = p.options.ranks->size();
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return costs[i]; });
    using load = std::pair<double, int>;
    std::priority_queue<load, std::vector<load>, std::greater<>> least;
    for (int r = 0; r < processes; ++r) least.emplace(0, r);
    for (const auto i : order) {
        auto [sum, rank] = least.top();
        least.pop();
        p.ranks[i] = rank;
        least.emplace(sum + costs[i], rank);
    }
}

}  // namespace apical
