// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/run_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/communicator.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

/// One of many processes, of which the others are imagined: nothing comes from them.
class imagined_processes final : public communicator {
public:
    imagined_processes(int rank, int size) : rank_(rank), size_(size) {}
    int rank() const override { return rank_; }
    int size() const override { return size_; }
    void begin_exchange(std::span<const sent_spike> mine) override { sent_.assign(mine.begin(), mine.end()); }
    std::vector<sent_spike> end_exchange() override { return std::move(sent_); }
    void share(std::span<std::array<double, 2>>, std::span<const int>) override {}
    std::int64_t least(std::int64_t mine) override { return mine; }
    double sum(double mine) override { return mine; }
    double largest(double mine) override { return mine; }
    std::vector<std::vector<std::byte>> gather(std::span<const std::byte> mine) override { return {{mine.begin(), mine.end()}}; }
    std::vector<std::byte> broadcast(std::span<const std::byte> of_first) override { return {of_first.begin(), of_first.end()}; }
    void abandon(int) override { throw mpi_failure("forecast", "an imagined process was ended"); }

private:
    int rank_, size_;
    std::vector<sent_spike> sent_;
};

/// A block of any kind: its population and cells.
struct cells_of_block {
    int population, first, cells;
};
std::vector<cells_of_block> all_blocks(const plan& p) {
    std::vector<cells_of_block> all;
    for (const auto& b : p.blocks) all.push_back({b.population, b.first_cell, b.cells});
    for (const auto& b : p.neuron_blocks) all.push_back({p.neurons[static_cast<std::size_t>(b.neurons)].population, b.first_cell, b.cells});
    return all;
}

/// Spikes of all cells at a rate, spread evenly over the time.
std::vector<spike> regular_spikes(const circuit& c, double per_ms, double until_ms) {
    constexpr double golden = 0.6180339887498949;
    std::vector<spike> all;
    if (!(per_ms > 0)) return all;
    for (std::size_t n = 0; n < c.populations.size(); ++n)
        for (int k = 0; k < c.populations[n].size; ++k) {
            const double shift = std::fmod(golden*(k + 1), 1.0);
            for (double t = shift/per_ms; t < until_ms; t += 1/per_ms) all.push_back({static_cast<int>(n), k, t, t});
        }
    return all;
}

/// Seconds that the block of a cell takes for a millisecond, with the spikes of all others; after the first milliseconds.
double time_block(const std::shared_ptr<const plan>& p, const cells_of_block& b, const std::vector<spike>& others, double window_ms) {
    const std::vector<std::pair<int, int>> only{{b.population, b.first}};
    simulation s(p, only, others);
    // whole in the longest steps that cells choose
    const auto at = [&](double t) { return p->options.dt*static_cast<double>(std::llround(t/p->dt()/4)*4); };
    const double warm = 0.2*window_ms;
    s.run(at(warm));
    const double before = s.statistics().busy_sum(), from = s.time();
    s.run(at(window_ms));
    return (s.statistics().busy_sum() - before)/std::max(s.time() - from, p->dt());
}

std::size_t state_bytes_of(const plan_summary& s, const cells_of_block& b) {
    return s.populations[static_cast<std::size_t>(b.population)].bytes_per_cell*static_cast<std::size_t>(b.cells);
}

/// The busiest, the idlest, and some at equal distances between, by their loads.
std::vector<int> ranks_to_look_at(const std::vector<double>& loads, int most) {
    std::vector<int> order(loads.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](int r) { return loads[static_cast<std::size_t>(r)]; });
    const auto n = std::min<std::size_t>(order.size(), static_cast<std::size_t>(std::max(most, 1)));
    std::set<int> chosen;
    for (std::size_t k = 0; k < n; ++k) chosen.insert(order[n == 1 ? 0 : k*(order.size() - 1)/(n - 1)]);
    return {chosen.begin(), chosen.end()};
}

/// What every process keeps of the results: all columns of all probes, and its own spikes.
std::size_t result_bytes_of(const plan& p, double until_ms, double spikes) {
    double samples = 0;
    for (const auto& probe : p.probes) {
        const double last = until_ms/p.dt() - static_cast<double>(probe.first_step);
        if (last >= 0) samples += (std::floor(last/static_cast<double>(probe.every)) + 1)*static_cast<double>(probe.places.size());
    }
    return static_cast<std::size_t>(samples*sizeof(double) + spikes*sizeof(spike));
}

rank_forecast look_at(const plan& p, int rank, double until_ms, double per_ms) {
    rank_forecast f{.rank = rank};
    const auto s = summary(p);
    const auto blocks = all_blocks(p);
    std::size_t plastic = 0;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        if (p.ranks[b] != rank) continue;
        f.cells += blocks[b].cells;
        f.state_bytes += state_bytes_of(s, blocks[b]);
        f.connection_bytes += p.network.inlets[b].bytes();
        plastic += p.network.inlets[b].plastic.connections.size();
    }
    constexpr std::size_t bytes_of_plastic_state = 32;
    f.state_bytes += plastic*bytes_of_plastic_state;
    f.connections = p.network.connections;
    f.shared_bytes = s.shared_bytes + p.blocks.size()*sizeof(block_plan) + p.neuron_blocks.size()*sizeof(neuron_block_plan) + p.network.inlets.size()*sizeof(inlet) +
                     p.network.scheduled.size()*sizeof(sent_spike) + p.detectors.size()*sizeof(detector_plan) + p.gaps.size()*sizeof(gap_plan);
    f.result_bytes = result_bytes_of(p, until_ms, f.cells*per_ms*until_ms);
    return f;
}

}  // namespace

run_forecast forecast(const circuit& c, const run_options& run, duration until, const forecast_options& options) {
    const double until_ms = until.coherent(), per_ms = options.rate.coherent();
    const auto compiled = [&](const circuit& model, imagined_processes& as) {
        auto o = run;
        o.ranks = &as, o.threads = options.threads;
        return compile(model, o);
    };
    run_forecast f;
    imagined_processes first(0, options.ranks);
    auto apart = c;   // a block is timed by itself, which one that is joined to others cannot be
    apart.gap_junctions.clear();
    auto p = compiled(apart, first);
    const auto blocks = all_blocks(*p);
    const double window = std::min(until_ms, 20.0);
    const auto spikes = regular_spikes(c, per_ms, window);
    for (std::size_t n = 0; n < c.populations.size(); ++n) {
        // one of this process's, if it has any: with its connections
        const auto is_of = [&](std::size_t b) { return blocks[b].population == static_cast<int>(n); };
        std::size_t chosen = blocks.size();
        for (std::size_t b = 0; b < blocks.size(); ++b)
            if (is_of(b) && (chosen == blocks.size() || (p->ranks[b] == 0 && p->ranks[chosen] != 0))) chosen = b;
        const double seconds = time_block(p, blocks[chosen], spikes, window);
        f.populations.push_back({c.populations[n].name, c.populations[n].size, 1e6*seconds/blocks[chosen].cells});
    }
    std::vector<double> loads(static_cast<std::size_t>(options.ranks), 0.0);
    for (std::size_t b = 0; b < blocks.size(); ++b)
        loads[static_cast<std::size_t>(p->ranks[b])] += 1e-6*until_ms*f.populations[static_cast<std::size_t>(blocks[b].population)].microseconds*blocks[b].cells/options.threads;
    const double sum = std::accumulate(loads.begin(), loads.end(), 0.0);
    f.seconds = std::ranges::max(loads);
    f.balance = sum > 0 ? f.seconds*options.ranks/sum : 1;
    double epoch = HUGE_VAL;
    for (const int rank : ranks_to_look_at(loads, options.most_ranks)) {
        imagined_processes as(rank, options.ranks);
        p.reset();   // the tables of one process at a time
        p = compiled(c, as);
        f.ranks.push_back(look_at(*p, rank, until_ms, per_ms));
        f.ranks.back().seconds = loads[static_cast<std::size_t>(rank)];
        if (!p->network.is_empty()) epoch = std::min(epoch, p->time_of(p->network.epoch));
    }
    if (epoch < HUGE_VAL) {
        double sending = 0;
        for (std::size_t n = 0; n < c.populations.size(); ++n)
            if (std::ranges::any_of(c.projections, [&](const projection& x) { return x.source == c.populations[n].name; })) sending += c.populations[n].size;
        f.epoch_ms = epoch, f.exchanges = until_ms/epoch;
        f.exchange_bytes = sending*per_ms*epoch*sizeof(sent_spike) + static_cast<double>(options.ranks)*sizeof(std::uint64_t);
    }
    f.joint_bytes = static_cast<double>(p->gap_values)*2*sizeof(double);
    return f;
}

}  // namespace apical
