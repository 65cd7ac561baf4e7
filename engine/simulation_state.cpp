// SPDX-License-Identifier: BSD-3-Clause
#include "engine/simulation_state.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "engine/communicator.hpp"

namespace apical {
namespace {

/// Adds the time until its end to a sum of seconds.
class timer {
public:
    explicit timer(double& sum) : sum_(sum) {}
    ~timer() { sum_ += std::chrono::duration<double>(clock::now() - begin_).count(); }
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;

private:
    using clock = std::chrono::steady_clock;
    double& sum_;
    clock::time_point begin_ = clock::now();
};

}  // namespace

std::vector<recording> empty_recordings(const plan& p, bool all_places) {
    std::vector<recording> all;
    for (const auto& probe : p.probes) {
        recording r{probe.label, probe.variable, probe.unit, p.time_of(probe.first_step), static_cast<double>(probe.every)*p.dt(), {}, {}};
        for (std::size_t k = 0; k < probe.places.size(); ++k) {
            const auto& at = probe.places[k];
            if (!(all_places || p.has(at.population, at.cell))) continue;
            const auto& cell = p.populations[static_cast<std::size_t>(at.population)];
            const auto& node = cell.tree.nodes[static_cast<std::size_t>(at.node)];
            r.places.push_back({at.population, at.cell, {node.section, node.x}, cell.name_of_node(at.node)});
        }
        all.push_back(std::move(r));
    }
    return all;
}

simulation::state::state(std::shared_ptr<const apical::plan> p, std::vector<std::size_t> which, std::vector<std::size_t> which_neurons)
    : plan(std::move(p)), active(std::move(which)), active_neurons(std::move(which_neurons)), recordings(empty_recordings(*plan, false)) {
    for (const auto& w : plan->network.weight_probes) weight_recordings.push_back({.label = w.label, .synapses = {}, .times = {}, .samples = {}});
    splits = splits_of(*plan, active, active_neurons);
    choices.resize(splits.size());
    make_room(0);
    for (const auto b : active) {
        const auto& where = plan->blocks[b];
        const auto begin = [&](auto& list) {
            list.emplace_back(*plan, where, inlet_of(b));
            list.back().sample_start(*plan, where, {&recordings, nullptr, nullptr});
        };
        plan->is_coupled() ? begin(coupled_cells) : begin(blocks);
    }
    for (const auto b : active_neurons) {
        const auto& where = plan->neuron_blocks[b];
        if (plan->options.neurons == neuron_method::adaptive) {
            for (int cell = where.first_cell; cell < where.first_cell + where.cells; ++cell) {
                adaptive_neurons.emplace_back(*plan, inlet_of(plan->blocks.size() + b), where.neurons, cell, cell - where.first_cell);
                adaptive_inlets.push_back(plan->blocks.size() + b);
                adaptive_neurons.back().sample_start(*plan, {&recordings, nullptr, nullptr});
            }
        } else {
            neuron_blocks.emplace_back(*plan, where, inlet_of(plan->blocks.size() + b));
            neuron_blocks.back().sample(*plan, where, 0, {&recordings, nullptr, nullptr});
        }
    }
}

void simulation::state::make_room(std::int64_t step) {
    for (std::size_t i = 0; i < recordings.size(); ++i) {
        const auto& probe = plan->probes[i];
        recordings[i].samples.resize((rows_at(probe, step) - recordings[i].taken)*probe.columns, std::nan(""));
    }
}

std::int64_t simulation::state::next_weights() const {
    auto next = std::numeric_limits<std::int64_t>::max();
    for (std::size_t w = 0; w < weight_recordings.size(); ++w) {
        const auto& probe = plan->network.weight_probes[w];
        next = std::min(next, probe.first_step + static_cast<std::int64_t>(weight_recordings[w].rows())*probe.every);
    }
    return next;
}

void simulation::state::advance(std::int64_t to, team& workers) {
    make_room(to);
    const auto epoch = plan->network.epoch;
    if (epoch == 0) return advance_blocks(to, workers);
    while (step < to) {
        if (step % epoch == 0) {
            statistics.sent += static_cast<std::int64_t>(mail.posted().size());
            const double waited = mail.waited();
            {
                const timer t(statistics.exchange);
                mail.begin_epoch(*plan, step/epoch);
            }
            statistics.exchange -= mail.waited() - waited, statistics.wait += mail.waited() - waited;
            statistics.arrived += static_cast<std::int64_t>(mail.count());
            ++statistics.exchanges;
        }
        advance_blocks(std::min(to, (step/epoch + 1)*epoch), workers);
    }
}

std::optional<double> simulation::state::neuron_state(int neurons, int cell, int which) const {
    std::size_t first = 0;   // of the adaptive neurons of the block
    for (std::size_t k = 0; k < active_neurons.size(); ++k) {
        const auto& where = plan->neuron_blocks[active_neurons[k]];
        if (where.neurons == neurons && cell >= where.first_cell && cell < where.first_cell + where.cells)
            return neuron_blocks.empty() ? adaptive_neurons[first + static_cast<std::size_t>(cell - where.first_cell)].state(*plan, step, which)
                                         : neuron_blocks[k].state(*plan, where, step, cell, which);
        first += static_cast<std::size_t>(where.cells);
    }
    return {};
}

/// What has arrived for a block. A reading of the clock is no less than delivering to a small one: it is done now and then.
template <class Block> void simulation::state::deliver(Block& to, const inlet& in, outcome& o) {
    const auto first = step - plan->network.lag*plan->network.epoch;
    if (!measures_delivery()) return to.receive(*plan, in, mail.arrived(), first);
    const timer t(o.delivery);
    to.receive(*plan, in, mail.arrived(), first);
}

/// One of the blocks, of any kind, with what has been sent to it.
std::optional<divergence> simulation::state::advance_block(std::size_t n, std::int64_t to, outcome& o) {
    const block::sink out{&recordings, &o.found, &o.sent};
    const auto go = [&](auto& one, const inlet& in, auto&&... where) {
        if (has_mail()) deliver(one, in, o);
        return one.run(*plan, where..., in, step, to, out);
    };
    if (n < blocks.size()) return go(blocks[n], inlet_of(active[n]), plan->blocks[active[n]]);
    if (n < coupled_cells.size()) return go(coupled_cells[n], inlet_of(active[n]), plan->blocks[active[n]]);
    const auto k = n - active.size();
    if (k < neuron_blocks.size()) return go(neuron_blocks[k], inlet_of(plan->blocks.size() + active_neurons[k]), plan->neuron_blocks[active_neurons[k]]);
    return go(adaptive_neurons[k], inlet_of(adaptive_inlets[k]));
}

/// One that all threads share, while that is faster.
void simulation::state::advance_together(std::size_t n, std::int64_t to, team& workers) {
    auto& o = outcomes[n];
    if (has_mail()) deliver(blocks[n], inlet_of(active[n]), o);
    const block::crew crew{*splits[n], workers};
    const block::sink out{&recordings, &o.found, &o.sent};
    const auto run = [&](std::int64_t from, std::int64_t end, const block::crew* together) {
        o.failure = blocks[n].run(*plan, plan->blocks[active[n]], inlet_of(active[n]), from, end, out, together);
    };
    auto& choice = choices[n];
    for (auto from = step; from < to && !o.failure;) {
        const auto way = choice.next();
        const auto go = [&](std::int64_t end) {
            double seconds = 0;
            {
                const timer t(seconds);
                if (way == split_choice::together) run(from, end, &crew);
                else workers.for_each(1, [&](std::size_t) { run(from, end, nullptr); });
            }
            const auto steps = end - std::exchange(from, end);
            return seconds/static_cast<double>(steps);
        };
        const bool is_trial = choice.is_trial();
        const auto begin = from, end = is_trial ? std::min(to, from + split_choice::trial) : to;
        if (is_trial && end - from > split_choice::warm_up) go(from + split_choice::warm_up);
        if (!o.failure) choice.learn(way, end - begin, go(end));
    }
}

void simulation::state::advance_blocks(std::int64_t to, team& workers) {
    const auto all = blocks.size() + coupled_cells.size() + neuron_blocks.size() + adaptive_neurons.size();
    outcomes.resize(all);
    has_failed = true;   // until every block has arrived
    workers.for_each(all, [&](std::size_t n) {
        auto& o = outcomes[n];
        o.found.clear(), o.sent.clear(), o.failure.reset(), o.delivery = 0;
        if (!is_for_all(n)) o.failure = advance_block(n, to, o);
    });
    for (std::size_t n = 0; n < blocks.size(); ++n)
        if (splits[n]) advance_together(n, to, workers);
    if (!plan->gaps.empty()) advance_jointly(to, workers);
    const auto old = static_cast<std::ptrdiff_t>(spikes.size());
    for (const auto& o : outcomes) {
        spikes.insert(spikes.end(), o.found.begin(), o.found.end()), mail.post(o.sent);
        statistics.spikes += static_cast<std::int64_t>(o.found.size()), statistics.delivery += delivery_sample*o.delivery;
    }
    std::sort(spikes.begin() + old, spikes.end(), [](const spike& a, const spike& b) {
        return std::tuple(a.step_time, a.time, a.population, a.cell) < std::tuple(b.step_time, b.time, b.population, b.cell);
    });
    for (const auto& o : outcomes)
        if (o.failure) throw diverged(*o.failure);
    has_failed = false;
    step = to;
}

void simulation::state::share(gap_voltages& v) {
    if (!plan->options.ranks) return;
    const timer t(statistics.wait);
    plan->options.ranks->share(v, plan->gap_routes);
}

double simulation::state::largest(double mine) {
    if (!plan->options.ranks) return mine;
    const timer t(statistics.wait);
    return plan->options.ranks->largest(mine);
}

/// Blocks whose cells are joined by gap junctions, step by step together. Each is solved with the voltages that the others had before, all
/// at once, again and again until they no longer change: the result does not depend on who is computed where.
void simulation::state::advance_jointly(std::int64_t to, team& workers) {
    constexpr int most_rounds = 100;
    std::vector<block::joint_steps> steps;
    std::vector<std::size_t> which;
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        const auto& where = plan->blocks[active[n]];
        if (where.gaps.empty()) continue;
        if (has_mail()) deliver(blocks[n], inlet_of(active[n]), outcomes[n]);
        steps.emplace_back(blocks[n], *plan, where, inlet_of(active[n]), block::sink{&recordings, &outcomes[n].found, &outcomes[n].sent});
        which.push_back(n);
    }
    gap_voltages now(plan->gap_values), next(plan->gap_values);
    const double tolerance = plan->options.gap_tolerance.coherent();
    for (auto s = step; s < to; ++s) {
        workers.for_each(steps.size(), [&](std::size_t k) { steps[k].begin(s, now); });
        share(now);
        double change = HUGE_VAL;
        for (int round = 0; change > tolerance && round < most_rounds; ++round) {
            workers.for_each(steps.size(), [&](std::size_t k) { steps[k].solve(now, next); });
            share(next);
            change = 0;
            for (std::size_t v = 0; v < now.size(); ++v)
                for (std::size_t half = 0; half < 2; ++half) change = std::max(change, std::isnan(next[v][half]) ? HUGE_VAL : std::abs(next[v][half] - now[v][half]));
            change = largest(change);
            ++statistics.rounds;
            now.swap(next);
        }
        gap_residual = std::max(gap_residual, change*plan->largest_gap);
        workers.for_each(steps.size(), [&](std::size_t k) { outcomes[which[k]].failure = steps[k].finish(); });
        for (const auto n : which)
            if (outcomes[n].failure) return;
        if (change > tolerance && !which.empty()) {
            const auto& where = plan->blocks[active[which.front()]];
            outcomes[which.front()].failure = divergence{where.first_cell, plan->populations[static_cast<std::size_t>(where.population)].name, {}, plan->time_of(s), "gap junctions", change,
                                                         "their voltages do not settle: shorten dt"};
            return;
        }
    }
}

}  // namespace apical
