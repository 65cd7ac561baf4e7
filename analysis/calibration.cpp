// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>

#include "analysis/miniature.hpp"
#include "circuit/expected_contacts.hpp"
#include "engine/deal.hpp"
#include "engine/neuron_block.hpp"
#include "engine/random_trains.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Processor time, which others on the machine hardly change.
template <class F> double seconds_of(F&& f) {
    const auto begin = std::clock();
    f();
    return static_cast<double>(std::clock() - begin)/CLOCKS_PER_SEC;
}
template <class F> double shortest_of(int times, F&& f) {
    double best = std::numeric_limits<double>::infinity();
    for (int k = 0; k < times; ++k) best = std::min(best, f());
    return best;
}

/// Without weight, so that cells do as they would without.
inlet weightless(inlet in) {
    for (auto& c : in.fixed.connections) c.weight = 0;
    for (auto& k : in.kinds) k.weight = 0;
    for (auto& c : in.plastic.connections) c.through.weight = 0;
    in.spontaneous.clear();
    return in;
}

std::vector<std::uint32_t> heard_by(const inlet& in, std::uint32_t gids) {
    std::vector<std::uint32_t> all;
    const auto some = [](const auto& table, std::uint32_t g) { return table.range_of(g).first != table.range_of(g).second; };
    for (std::uint32_t g = 0; g < gids; ++g)
        if (some(in.fixed, g) || some(in.compact, g) || some(in.plastic, g)) all.push_back(g);
    return all;
}

/// Spikes of these sources within an epoch, each so often, in order of time.
std::vector<sent_spike> spikes_of(const std::vector<std::uint32_t>& sources, int times, double epoch_ms) {
    std::vector<sent_spike> all;
    const auto n = static_cast<double>(sources.size())*times;
    for (int k = 0; k < times; ++k)
        for (const auto g : sources) all.push_back({g, epoch_ms*static_cast<double>(all.size())/n});
    return all;
}

/// What an event costs a block of either kind, and what looking up a spike does that the block does not hear.
template <class Block, class Where> void time_events(const plan& p, const Where& where, const inlet& built, calibration::of_population& to, calibration& all) {
    const auto in = weightless(built);
    const auto gids = p.network.first_gid.back();
    const auto sources = heard_by(in, gids);
    if (sources.empty()) return;
    constexpr double many = 3e5;
    const int times = static_cast<int>(std::clamp(many/static_cast<double>(in.size()), 1.0, 200.0));
    const double epoch = p.time_of(p.network.epoch);
    const auto spikes = spikes_of(sources, times, epoch);
    const auto steps = std::min<std::int64_t>(static_cast<std::int64_t>((in.longest() + epoch)/p.dt()) + 2, 2000);
    const auto run = [&](std::span<const sent_spike> given) {
        Block b(p, where, in);
        std::vector<spike> found;
        std::vector<sent_spike> sent;
        return seconds_of([&] {
            b.receive(p, in, given, 0);
            b.run(p, where, in, 0, steps, {nullptr, &found, &sent});
        });
    };
    constexpr int repeats = 3;
    const double without = shortest_of(repeats, [&] { return run({}); }), with = shortest_of(repeats, [&] { return run(spikes); });
    to.event_seconds = std::max(with - without, 0.0)/(static_cast<double>(in.size())*times);
    // a table's own gids miss half the time; those of no one do always
    std::vector<std::uint32_t> strangers;
    for (std::uint32_t g = 0; strangers.size() < 10000 && g < 10000; ++g) strangers.push_back(static_cast<std::uint32_t>(std::uint64_t{g}*2654435761u % gids));
    std::erase_if(strangers, [&](std::uint32_t g) { return std::ranges::binary_search(sources, g); });
    if (strangers.size() < 100) return;
    const auto unheard = spikes_of(strangers, 1, epoch);
    Block b(p, where, in);
    const double each = shortest_of(repeats, [&] {
        return seconds_of([&] {
            for (int k = 0; k < 10; ++k) b.receive(p, in, unheard, 0);
        });
    })/(10*static_cast<double>(unheard.size()));
    all.lookup_seconds = std::max(all.lookup_seconds, each);
}

/// Counts of a population by the rules of the whole.
void count(const circuit& c, const std::vector<double>& rates, double until, calibration::of_population& p) {
    for (const auto& x : c.projections) {
        p.sends = p.sends || x.source == p.name;
        if (x.target != p.name) continue;
        const double contacts = expected_contacts(c, x);
        double rate = 0;
        for (std::size_t n = 0; n < c.populations.size(); ++n)
            if (c.populations[n].name == x.source) rate = rates[n];
        for (const auto& s : c.spike_sources)
            if (s.name == x.source) rate = s.rate.coherent() + static_cast<double>(s.spikes.size())/std::max(until, 1e-9)/s.size;
        p.contacts += contacts, p.events += contacts*(rate + x.spontaneous.coherent());
        const double pairs = std::holds_alternative<contact_list>(x.rule) ? contacts : contacts/x.contacts;
        const bool is_cells = std::ranges::any_of(c.populations, [&](const population& one) { return one.name == x.source; });
        (is_cells ? p.sources : p.outside_sources) += pairs;
    }
    for (const auto& g : c.gap_junctions)
        for (const auto* e : {&g.a, &g.b})
            if (e->population == p.name) ++p.gap_ends;
    p.gap_ends /= p.cells;
}

/// Tables and states of a block of the miniature.
void weigh(const plan& p, const plan_summary& sizes, std::size_t n, calibration::of_population& to) {
    const auto first = p.cuts[n].first;
    const auto& in = p.network.inlets[first];
    const int cells = p.populations[n].neurons < 0 ? p.blocks[first].cells : p.neuron_blocks[first - p.blocks.size()].cells;
    to.cell_bytes = static_cast<double>(sizes.populations[n].bytes_per_cell);
    constexpr double heap = 16;      // of an allocation
    if (!to.is_point) to.cell_bytes += (sizeof(inlet) + sizeof(block_plan::edge) + 2*heap)/cells + sizeof(detector_plan) + sizeof(std::size_t);
    if (!in.delays.empty()) {
        // what waits for its time: a list a step for cells, a sum a step, synapse and neuron for point neurons
        const double depth = in.longest()/p.dt() + 3.0*static_cast<double>(p.network.epoch);
        to.cell_bytes += to.is_point ? depth*static_cast<double>(p.neurons[index(p.populations[n].neurons)].synapses.size())*sizeof(double)
                                     : depth*(sizeof(std::vector<int>) + 8*sizeof(arrivals::event))/cells;
    }
    if (in.size() == 0) return;
    const auto connections = static_cast<double>(in.size()), plastic = static_cast<double>(in.plastic.connections.size());
    constexpr double on_the_way = 40, plastic_on_the_way = 72;
    const auto state_of_plastic = static_cast<double>(in.release_states*sizeof(double));
    to.contact_bytes = (static_cast<double>(in.bytes()) + plastic*state_of_plastic)/connections;
    to.build_bytes = 1.05*(plastic*plastic_on_the_way + (connections - plastic)*on_the_way)/connections + to.contact_bytes;
}

/// What the cells of a population take, in all ways.
void time_cells(const plan& p, std::size_t n, double block_seconds, calibration::of_population& to, calibration& all) {
    const auto first = p.cuts[n].first;
    const auto& in = p.network.inlets[first];
    to.block_seconds = block_seconds;
    if (p.populations[n].neurons < 0) {
        auto where = p.blocks[first];
        where.windows.clear();
        if (!p.is_coupled()) time_events<block>(p, where, in, to, all);
    } else {
        auto where = p.neuron_blocks[first - p.blocks.size()];
        to.block_seconds *= static_cast<double>(std::min(to.block, to.cells))/where.cells;   // the miniature's block may be a part of one
        if (p.options.neurons == neuron_method::fixed_step) time_events<neuron_block>(p, where, in, to, all);
    }
}

/// Cells under schemes whose steps follow what cells do: a run of the first of them.
double adaptive_seconds(const std::shared_ptr<const plan>& p, std::size_t n) {
    const std::vector<std::pair<int, int>> one{{static_cast<int>(n), 0}};
    simulation s(p, one);
    const auto until = p->options.dt*static_cast<double>(std::max<std::int64_t>(std::llround(20/p->dt()/4)*4, 4));
    s.run(until);
    return s.statistics().busy_sum()/until.coherent()*(p->populations[n].neurons < 0 ? 1 : p->cuts[n].size);
}

void time_gaps(const circuit& c, const run_options& run, std::size_t n, calibration& all) {
    auto joined = joined_miniature(c, c.populations[n]);
    if (joined.populations.empty()) return;
    const auto until = run.dt*400.0;
    const auto timed = [&](const circuit& what, double& rounds) {
        auto o = run;
        o.ranks = nullptr, o.threads = 1;
        simulation s(what, o);
        const double seconds = seconds_of([&] { s.run(until); });
        rounds = static_cast<double>(s.statistics().rounds)/400;
        return seconds/until.coherent();
    };
    double rounds = 0, none = 0;
    const double with = shortest_of(2, [&] { return timed(joined, rounds); });
    joined.gap_junctions.clear();
    const double without = shortest_of(2, [&] { return timed(joined, none); });
    const double blocks = std::ceil(static_cast<double>(joined.populations.front().size)/all.populations[n].block);
    all.populations[n].round_seconds = std::max(with - without, 0.0)/blocks*run.dt.coherent()/std::max(rounds, 1.0);
    all.rounds = std::max(all.rounds, rounds);
}

/// Of two tables of a block, whatever is in them: an entry for every source there is, which is counted, added up, copied and looked at.
double seconds_of_gid() {
    constexpr std::size_t n = 1 << 20;
    std::uint32_t used = 0;
    const double seconds = shortest_of(3, [&] {
        return seconds_of([&] {
            std::vector<std::uint32_t> first(n + 1, 0);
            first[n/2] = 1;
            for (std::size_t g = 0; g < n; ++g) first[g + 1] += first[g];
            const auto next = first;
            for (std::size_t g = 0; g < n; ++g) used += next[g + 1] > first[g];
        });
    });
    return 2*seconds/n + 1e-30*used;   // its result is used: nothing is left out
}

/// What a process does with spikes that come, whoever hears them.
void time_spikes(std::size_t gids, calibration& to) {
    std::vector<bool> heard(gids, false);
    for (std::size_t g = 0; g < gids; g += 16) heard[g] = true;
    constexpr std::size_t n = 20000;
    std::vector<sent_spike> all;
    for (std::size_t k = 0; k < n; ++k) {
        const auto mixed = static_cast<std::uint64_t>(k)*2654435761u;
        all.push_back({static_cast<std::uint32_t>(mixed % gids), 1e-3*static_cast<double>(mixed % 1009)});
    }
    std::size_t left = 0;
    to.spike_seconds = shortest_of(3, [&] {
        auto copy = all;
        return seconds_of([&] { left += std::erase_if(copy, [&](const sent_spike& s) { return !heard[s.gid]; }); });
    })/n;
    to.sorting_seconds = shortest_of(3, [&] {
        auto copy = all;
        return seconds_of([&] { std::ranges::sort(copy, {}, [](const sent_spike& s) { return std::pair(s.time, s.gid); }); });
    })/n/std::log2(static_cast<double>(n));
    constexpr double rate = 0.01, time = 10000;    // [1/ms, ms]
    random_source_plan source{0, n/100, 1, rate, 0, time, {}};
    for (std::uint32_t k = 0; k < source.size; ++k) source.heard.push_back(k);
    std::vector<sent_spike> drawn;
    to.draw_seconds = shortest_of(3, [&] {
        return seconds_of([&] { drawn.clear(), random_trains().emit(source, 1, 0, time, drawn); });
    })/(rate*time*source.size);
    to.draw_seconds += 1e-30*static_cast<double>(left + drawn.size());   // their results are used: nothing is left out
}

/// Bytes that every process has of every cell and gap junction of the circuit: their descriptions, their places in the plan.
void weigh_descriptions(const circuit& c, calibration& to) {
    double cells = 0, bytes = 0;
    for (std::size_t n = 0; n < c.populations.size(); ++n) {
        const auto& p = to.populations[n];
        const double of_block = p.is_point ? sizeof(neuron_block_plan) : sizeof(block_plan);
        bytes += static_cast<double>(c.populations[n].positions.size())*sizeof(position);
        bytes += p.cells*((of_block + 2*sizeof(int) + sizeof(double))/p.block + (p.sends && p.is_point ? sizeof(int) : 0));
        cells += p.cells;
    }
    for (const auto& x : c.projections)
        if (const auto* list = std::get_if<contact_list>(&x.rule))
            if (const auto* table = list->onto.target<contact_table>()) bytes += static_cast<double>(table->contacts().size())*(sizeof(contact) + sizeof(int));
    to.cell_bytes = cells > 0 ? bytes/cells : 0;
    to.gap_bytes = sizeof(gap_junction) + sizeof(gap_plan);
}

void count_sources(const circuit& c, calibration& to) {
    for (const auto& s : c.spike_sources) {
        to.scheduled += static_cast<double>(s.spikes.size());
        if (s.rate.coherent() > 0) to.random_sources += s.size, to.random_rate += s.size*s.rate.coherent();
    }
}

}  // namespace

calibration calibrate(const circuit& c, const run_options& run, const std::vector<double>& rates, double until) {
    auto o = run;
    o.ranks = nullptr, o.threads = 1;
    calibration to;
    const auto small = miniature(c);
    auto bare = small;
    bare.projections.clear();
    for (auto& m : bare.modulators) std::erase_if(m.effects, [](const modulator_effect& e) { return !e.projection.empty(); });
    const double without = seconds_of([&] { (void)compile(bare, o); });
    std::shared_ptr<const plan> p;
    const double with = seconds_of([&] { p = compile(small, o); });
    const auto sizes = summary(*p);
    const bool is_adaptive = p->is_coupled() || (!p->neurons.empty() && o.neurons == neuron_method::adaptive);
    const auto costs = is_adaptive ? std::vector<double>() : measured_costs(*p);
    const auto gids = static_cast<double>(p->network.first_gid.back());
    to.template_seconds = without, to.template_bytes = static_cast<double>(sizes.shared_bytes);
    to.gid_seconds = seconds_of_gid();
    std::int64_t hearing = 0;
    for (const auto& one : c.populations)
        if (one.cell.point() && std::ranges::any_of(c.projections, [&](const projection& x) { return x.target == one.name; })) hearing += one.size;
    const double tables = static_cast<double>(p->network.inlets.size())*gids*to.gid_seconds, connections = static_cast<double>(p->network.connections);
    for (std::size_t n = 0; n < c.populations.size(); ++n) {
        auto& one = to.populations.emplace_back();
        one.name = c.populations[n].name, one.cells = c.populations[n].size, one.is_point = p->populations[n].neurons >= 0;
        count(c, rates, until, one);
        one.block = one.is_point ? (one.contacts > 0 ? neurons_per_hearing_block(hearing) : neurons_per_block) : p->populations[n].lanes;
        weigh(*p, sizes, n, one);
        one.contact_seconds = connections > 0 ? std::max(with - without - tables, 0.1*(with - without))/connections : 0;
        time_cells(*p, n, is_adaptive ? adaptive_seconds(p, n) : costs[n], one, to);
    }
    for (std::size_t n = 0; n < c.populations.size(); ++n) time_gaps(c, run, n, to);
    time_spikes(std::max<std::size_t>(static_cast<std::size_t>(gids), 16), to);
    weigh_descriptions(c, to);
    count_sources(c, to);
    if (!p->network.is_empty()) to.epoch_ms = p->time_of(p->network.epoch);
    return to;
}

}  // namespace apical
