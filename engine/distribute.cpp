// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

#include "channels/nmodl/cost.hpp"
#include "circuit/expected_contacts.hpp"
#include "engine/block.hpp"
#include "engine/coupled_cell.hpp"
#include "engine/deal.hpp"
#include "engine/neuron_block.hpp"
#include "engine/packed.hpp"
#include "engine/place.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// The shortest processor time that advance(from, to) takes for a millisecond [s], of several in a row after a first that warms up.
template <class F> double shortest(const plan& p, F&& advance) {
    constexpr int fewest = 3, most = 20;
    constexpr double enough = 5e-3;
    const std::int64_t steps = p.chooses_steps() ? 40*step_ladder::longest : 40;
    double best = std::numeric_limits<double>::infinity(), sum = 0;
    for (std::int64_t n = 0; n <= most && (n <= fewest || sum < enough); ++n) {
        const auto begin = std::clock();
        advance(n*steps, (n + 1)*steps);
        const double seconds = static_cast<double>(std::clock() - begin)/CLOCKS_PER_SEC;
        sum += seconds;
        if (n > 0) best = std::min(best, seconds);
    }
    return std::max(best, 1e-9)/p.time_of(steps);
}

double measured_cost(const plan& p, block_plan where) {
    // nothing is written down
    where.probes.clear(), where.windows.clear(), where.detectors.clear(), where.gaps.clear();
    const inlet none;
    std::vector<spike> spikes;
    std::vector<sent_spike> sent;
    block b(p, where, none);
    return shortest(p, [&](std::int64_t from, std::int64_t to) { b.run(p, where, none, from, to, {nullptr, &spikes, &sent}); });
}
double measured_cost(const plan& p, neuron_block_plan where) {
    where.columns.clear();
    const inlet none;
    std::vector<spike> spikes;
    std::vector<sent_spike> sent;
    neuron_block b(p, where, none);
    return shortest(p, [&](std::int64_t from, std::int64_t to) { b.run(p, where, none, from, to, {nullptr, &spikes, &sent}); });
}

/// About how long a block takes for a step, in any unit: what its template computes.
double counted_cost(const plan& p, const block_plan& b) {
    constexpr double addition = 0.25, columns_moved = 0.5;       // of mechanisms read from NMODL, beside a gate's 3
    const auto& c = p.populations[index(b.population)];
    double sum = 4.0*c.rows;                                     // the matrix
    for (const auto& r : c.regions) sum += static_cast<double>(r.rows)*(2 + 3.0*r.states);
    for (const auto& m : c.imported) sum += m.instances*(columns_moved*m.program().instance_size + addition*nmodl::cost_of_step(m.program()));
    for (const auto& r : c.receptors) sum += 4.0*static_cast<double>(r.rows.size()*r.mechanism.schema.states.size());
    return sum*b.cells;
}
double counted_cost(const plan& p, const neuron_block_plan& b) {
    const auto& n = p.neurons[index(b.neurons)];
    return (10.0 + 4.0*static_cast<double>(n.synapses.size()))*b.cells;
}

/// f(population, block) of the first block of every population.
template <class F> std::vector<double> of_first_blocks(const plan& p, F&& f) {
    std::vector<double> costs;
    for (std::size_t n = 0; n < p.populations.size(); ++n) {
        const auto first = p.cuts[n].first;
        costs.push_back(p.populations[n].neurons < 0 ? f(p.blocks[first]) : f(p.neuron_blocks[first - p.blocks.size()]));
    }
    return costs;
}

/// What adaptive methods take depends on what cells do, which nobody knows yet.
bool can_measure(const plan& p) { return !p.is_coupled() && (p.neurons.empty() || p.options.neurons == neuron_method::fixed_step); }

/// Seconds for a millisecond of every block. Process 0 finds them, for all must deal alike.
std::vector<double> costs_of_blocks(const plan& p, const circuit& c) {
    const bool measures = p.options.balance == balance::measured && can_measure(p);
    std::vector<double> of_population, of_contacts(p.populations.size(), 0.0);
    if (measures && p.rank == 0) {
        of_population = measured_costs(p);
        for (const auto& x : c.projections)
            for (std::size_t n = 0; n < c.populations.size(); ++n)
                if (c.populations[n].name == x.target)
                    of_contacts[n] += expected_contacts(c, x)*assumed_rate*(p.populations[n].neurons < 0 ? detailed_event_seconds : point_event_seconds);
    }
    if (measures) {
        packer mine;
        mine.put_list(std::span<const double>(of_population)), mine.put_list(std::span<const double>(of_contacts));
        const auto of_first = p.options.ranks->broadcast(mine.bytes());
        unpacker from(of_first);
        of_population = from.get_list<double>(), of_contacts = from.get_list<double>();
    } else {
        of_population = counted_costs(p);
    }
    std::vector<double> costs;
    const auto add = [&](int population, int cells, bool is_point) {
        // cells side by side take as long if there are fewer; neurons are many packs
        const auto n = index(population);
        const int most = std::min(p.cuts[n].size, p.populations[n].cells);
        const double part = is_point || !measures ? static_cast<double>(cells)/most : 1;
        costs.push_back(part*of_population[n] + cells*of_contacts[n]);
    };
    for (const auto& b : p.blocks) add(b.population, b.cells, false);
    for (const auto& b : p.neuron_blocks) add(p.neurons[index(b.neurons)].population, b.cells, true);
    return costs;
}

/// What cells of other processes have is for these: a process would hold it for all cells of the circuit.
void forget_others(plan& p) {
    std::erase_if(p.detectors, [&](const detector_plan& d) { return !p.has(d.population, d.cell); });
    p.detectors.shrink_to_fit();
    for (std::size_t b = 0; b < p.blocks.size(); ++b) {
        auto& block = p.blocks[b];
        if (p.ranks[b] == p.rank) {
            block.detectors.clear();
            continue;
        }
        block_plan bare;
        bare.population = block.population, bare.first_cell = block.first_cell, bare.cells = block.cells;
        block = std::move(bare);
    }
    for (std::size_t d = 0; d < p.detectors.size(); ++d) p.blocks[p.block_of(p.detectors[d].population, p.detectors[d].cell)].detectors.push_back(d);
}

/// Of every probe, the columns of this process's recording in the order of its places.
void number_columns(plan& p) {
    for (auto& probe : p.probes)
        for (const auto& at : probe.places) probe.column.push_back(p.has(at.population, at.cell) ? probe.columns++ : 0);
}

}  // namespace

std::vector<int> deal(std::span<const double> costs, int processes) {
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return costs[i]; });
    using load = std::pair<double, int>;
    std::priority_queue<load, std::vector<load>, std::greater<>> least;
    for (int r = 0; r < processes; ++r) least.emplace(0, r);
    std::vector<int> ranks(costs.size(), 0);
    for (const auto i : order) {
        const auto [sum, rank] = least.top();
        least.pop();
        ranks[i] = rank;
        least.emplace(sum + costs[i], rank);
    }
    return ranks;
}

std::vector<double> measured_costs(const plan& p) {
    return of_first_blocks(p, [&](const auto& b) { return measured_cost(p, b); });
}
std::vector<double> counted_costs(const plan& p) {
    return of_first_blocks(p, [&](const auto& b) { return counted_cost(p, b); });
}

void distribute(plan& p, const circuit& c) {
    p.ranks.assign(p.blocks.size() + p.neuron_blocks.size(), 0);
    p.all_detectors = p.detectors.size();
    if (p.options.ranks) p.rank = p.options.ranks->rank();
    if (p.options.ranks && p.options.ranks->size() > 1) {
        p.costs = costs_of_blocks(p, c);
        p.ranks = deal(p.costs, p.options.ranks->size());
        forget_others(p);
    }
    number_columns(p);
}

}  // namespace apical
