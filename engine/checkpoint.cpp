// SPDX-License-Identifier: BSD-3-Clause
#include "engine/checkpoint.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/communicator.hpp"
#include "engine/packed.hpp"
#include "engine/simulation_state.hpp"

namespace apical {
namespace {

/// What every process gives, on process 0; there and with one process, its own too.
std::vector<std::vector<std::byte>> gathered(const plan& p, const packer& mine) {
    if (!p.options.ranks) return {mine.bytes()};
    return p.options.ranks->gather(mine.bytes());
}

void sort(std::vector<spike>& spikes) {
    std::ranges::sort(spikes, {}, [](const spike& s) { return std::tuple(s.step_time, s.time, s.population, s.cell); });
}

/// Which process has the cell of a column.
std::vector<int> owners(const plan& p, const probe_plan& probe) {
    std::vector<int> of_place;
    for (const auto& at : probe.places) of_place.push_back(p.ranks[p.block_of(at.population, at.cell)]);
    return of_place;
}

/// Copies the columns of this process.
void take(const plan& p, const probe_plan& probe, const std::vector<double>& all, std::vector<double>& own) {
    const auto places = probe.places.size();
    for (std::size_t k = 0; k < places; ++k)
        if (p.has(probe.places[k].population, probe.places[k].cell))
            for (std::size_t row = 0; row*places < all.size(); ++row) own[row*probe.columns + probe.column[k]] = all[row*places + k];
}

/// A running sum of everything that makes a plan what it is; FNV-1a over bytes.
class hasher {
public:
    template <class T> void operator()(const T& x) {
        static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
        const auto bytes = std::bit_cast<std::array<unsigned char, sizeof(T)>>(x);
        for (const unsigned char b : bytes) sum_ = (sum_ ^ b)*0x100000001b3;
    }
    void operator()(std::string_view text) {
        for (const char c : text) (*this)(c);
        (*this)(text.size());
    }
    template <class L> void list(const L& values) {
        (*this)(values.size());
        for (const auto& x : values) (*this)(x);
    }
    std::uint64_t sum() const { return sum_; }

private:
    std::uint64_t sum_ = 0xcbf29ce484222325;
};

std::uint64_t hash_of(const inlet& in) {
    hasher h;
    h.list(in.delays);
    const auto add = [&](const connection& c) { h(c.weight), h(c.element), h(c.delay), h(c.group); };
    h.list(in.fixed.sources), h.list(in.fixed.first), h.list(in.plastic.sources), h.list(in.plastic.first);
    for (const auto& c : in.fixed.connections) add(c);
    h.list(in.compact.sources), h.list(in.compact.first);
    for (const auto& k : in.kinds) h(k.weight), h(k.synapse);
    for (const auto& c : in.compact.connections) h(c.factor), h(std::uint32_t{c.neuron}), h(std::uint32_t{c.kind}), h(std::uint32_t{c.delay});
    for (const auto& c : in.plastic.connections) add(c.through), h(c.release), h(c.number), h(c.stream);
    h.list(in.learning.sources), h.list(in.learning.first);
    for (const auto& c : in.learning.connections) add(c.through());
    for (const auto& t : in.learned) h(t.rule), h.list(t.start), h.list(t.place_of), h.list(t.source);
    for (const auto& r : in.releases) h(r.use), h(r.tau_recovery), h(r.tau_facilitation), h(r.vesicles);
    return h.sum();
}

void add_cells(hasher& h, const plan& p) {
    for (const auto& c : p.populations) {
        h(std::string_view(c.name)), h(c.cells), h(c.lanes), h(c.v_init), h(c.rows);
        for (const auto& r : c.regions) {
            h(r.first_row), h(r.rows), h.list(r.parameters);
            for (const auto& m : r.mechanisms) h(std::string_view(m.schema.name));
        }
        for (const auto& r : c.receptors) h(std::string_view(r.mechanism.schema.name)), h.list(r.rows), h.list(r.parameters);
        for (const auto& row : c.neighbours)
            for (const auto& [other, g] : row) h(other), h(g);
    }
    for (const auto& n : p.neurons) {
        h(std::string_view(n.model.schema.name)), h.list(n.parameters), h.list(n.start), h.list(n.potentials), h(n.events.size());
        for (const auto& s : n.synapses) h(std::string_view(s.mechanism.schema.name)), h(s.compartment), h.list(s.values);
    }
}

}  // namespace

std::uint64_t fingerprint(const plan& p) {
    hasher h;
    const auto& o = p.options;
    h(o.dt.coherent()), h(o.scheme), h(o.rates), h(o.temperature.coherent()), h(o.constants), h(o.seed), h(o.steps_per_input), h(o.max_change.coherent()), h(o.neurons);
    h(o.gap_tolerance.coherent()), h(o.max_error.coherent()), h(o.tolerance);
    add_cells(h, p);
    h(p.injections.size()), h(p.clamps.size()), h(p.events.size()), h(p.poisson.size()), h(p.detectors.size()), h(p.windows.size());
    for (const auto& e : p.events) h(e.step), h(e.weight);
    for (const auto& g : p.gaps) h(g.conductance), h(g.row[0]), h(g.row[1]);
    for (const auto& probe : p.probes) h(std::string_view(probe.label)), h(probe.first_step), h(probe.every), h(probe.places.size());
    for (const auto& r : p.network.rules) {
        h(std::string_view(r.projection)), h(std::string_view(r.rule.schema.name)), h(r.unit), h(r.low), h(r.high), h(r.every), h(r.first_step), h(r.end_step), h(r.total), h(r.total_every);
        for (const double x : r.parameters) h(x);
    }
    for (const auto& f : p.network.fields) h(f.tau), h(f.baseline), h(f.releases.size()), h(f.sources.size());
    for (const auto& m : p.network.modulations)
        for (const auto& e : m.effects) {
            h(m.fields[e.told]), h(e.scale), h(e.shift), h(e.half), h(e.hill), h(e.tau_on), h(e.tau_off), h(e.every), h(e.groups.size());
            for (const auto& [region, at] : e.places) h(region), h(at);
        }
    for (const auto& w : p.network.weight_probes) h(std::string_view(w.label)), h(w.first_step), h(w.every);
    h(p.network.epoch), h(p.network.lag), h(p.network.scheduled.size());
    for (const auto& s : p.network.scheduled) h(s.gid), h(s.time);
    // those of other processes are known there: sums do not mind the order
    double connections = 0;
    for (const auto& in : p.network.inlets)
        if (!in.is_empty()) connections += static_cast<double>(hash_of(in) >> 24);   // 40 bits: exact in a sum of thousands
    if (o.ranks) connections = o.ranks->sum(connections);
    h(connections);
    return h.sum();
}

std::vector<std::byte> to_bytes(const checkpoint& c) {
    packer out;
    out.put(c.model), out.put(c.step), out.put(c.gap_residual), out.put(c.numbered);
    out.put_list(std::span(c.travelled)), out.put_list(std::span(c.posted)), out.put_list(std::span(c.spikes));
    for (const auto* lists : {&c.blocks, &c.samples, &c.weights}) {
        out.put(lists->size());
        for (const auto& list : *lists) out.put_list(std::span(list));
    }
    return out.bytes();
}

checkpoint checkpoint_of(std::span<const std::byte> bytes) {
    unpacker in(bytes);
    checkpoint c;
    c.model = in.get<std::uint64_t>(), c.step = in.get<std::int64_t>(), c.gap_residual = in.get<double>(), c.numbered = in.get<std::uint32_t>();
    c.travelled = in.get_list<sent_spike>(), c.posted = in.get_list<sent_spike>(), c.spikes = in.get_list<spike>();
    for (auto* lists : {&c.blocks, &c.samples, &c.weights})
        for (auto n = in.get<std::size_t>(); n > 0; --n) lists->push_back(in.get_list<double>());
    return c;
}

void simulation::collect() {
    auto& s = *state_;
    const auto& p = *s.plan;
    s.mail.settle(p);
    if (!p.options.ranks) return;
    packer mine;
    mine.put_list(std::span<const spike>(s.spikes));
    for (const auto& r : s.recordings)
        for (std::size_t k = 0; k < r.columns(); ++k) mine.put_list(std::span<const double>(r.column(k)));
    const auto all = gathered(p, mine);
    s.gap_residual = p.options.ranks->largest(s.gap_residual);
    s.spikes.clear();   // given away, or here again with those of the others
    if (all.empty()) return;
    std::vector<unpacker> of_rank;
    for (const auto& bytes : all) {
        of_rank.emplace_back(bytes);
        const auto spikes = of_rank.back().get_list<spike>();
        s.spikes.insert(s.spikes.end(), spikes.begin(), spikes.end());
    }
    sort(s.spikes);
    s.collected = empty_recordings(p, true);
    for (std::size_t i = 0; i < s.collected.size(); ++i) {
        auto& r = s.collected[i];
        const auto of_place = owners(p, p.probes[i]);
        for (std::size_t k = 0; k < of_place.size(); ++k) {
            const auto column = of_rank[static_cast<std::size_t>(of_place[k])].get_list<double>();
            r.samples.resize(column.size()*r.columns());
            for (std::size_t row = 0; row < column.size(); ++row) r.samples[row*r.columns() + k] = column[row];
        }
    }
}

struct checkpoint simulation::checkpoint() {
    auto& s = *state_;
    const auto& p = *s.plan;
    if (s.has_failed) throw invalid_model("checkpoint", "this simulation has failed");
    collect();
    packer mine;
    mine.put_list(std::span<const sent_spike>(s.mail.posted()));
    s.for_each_block([&](std::size_t n, auto&& transfer) {
        image i;
        transfer(i);
        mine.put(n), mine.put_list(std::span<const double>(i.numbers()));
    });
    struct checkpoint c;
    c.model = fingerprint(p), c.step = s.step;
    const auto all = gathered(p, mine);
    if (all.empty()) return c;
    c.blocks.resize(p.blocks.size() + p.neuron_blocks.size());
    for (const auto& bytes : all) {
        unpacker from(bytes);
        const auto posted = from.get_list<sent_spike>();
        c.posted.insert(c.posted.end(), posted.begin(), posted.end());
        while (!from.is_empty()) {
            const auto n = from.get<std::size_t>();
            c.blocks[n] = from.get_list<double>();
        }
    }
    c.travelled = s.mail.travelled(), c.numbered = s.mail.numbered(), c.spikes = s.spikes, c.gap_residual = s.gap_residual;
    for (const auto& r : s.weight_recordings) c.weights.push_back(r.times), c.weights.push_back(r.samples);
    for (const auto& r : s.told()) c.samples.push_back(r.samples);
    return c;
}

void simulation::restore(const struct checkpoint& c) {
    auto& s = *state_;
    const auto& p = *s.plan;
    constexpr auto where = "checkpoint";
    if (c.model != fingerprint(p))
        throw invalid_input(where, "is of another model, or of this one with other parameters, options, stimuli or probes", "go on with the same experiment; only ranks and threads may change");
    if (c.blocks.size() != p.blocks.size() + p.neuron_blocks.size() || c.samples.size() != s.recordings.size() || c.weights.size() != 2*s.weight_recordings.size()) throw invalid_input(where, "is damaged: blocks or samples are missing");
    s.make_room(c.step);
    for (std::size_t i = 0; i < s.recordings.size(); ++i)
        if (const auto expected = rows_at(p.probes[i], c.step)*p.probes[i].places.size(); c.samples[i].size() != expected)
            throw invalid_input(where, fmt::format("is damaged: {} samples of probe '{}', not {}", c.samples[i].size(), s.recordings[i].label, expected));
    s.has_failed = true;   // until all is read
    s.for_each_block([&](std::size_t n, auto&& transfer) {
        image i(c.blocks[n]);
        try {
            transfer(i);
        } catch (const std::out_of_range&) {
            throw invalid_input(where, fmt::format("is damaged: the state of block {} is cut off", n));
        }
        if (!i.is_at_end()) throw invalid_input(where, fmt::format("is damaged: the state of block {} is too long", n), "or the machine computes other numbers of cells side by side");
    });
    s.has_failed = false;
    s.step = c.step;
    s.mail.restore(c.travelled, p.rank == 0 ? c.posted : std::vector<sent_spike>(), c.numbered);
    // of what was there before, process 0 has all, others nothing: they add theirs
    s.spikes = p.rank == 0 ? c.spikes : std::vector<spike>();
    for (std::size_t w = 0; w < s.weight_recordings.size(); ++w) s.weight_recordings[w].times = c.weights[2*w], s.weight_recordings[w].samples = c.weights[2*w + 1];
    for (std::size_t w = 0; w < s.weight_recordings.size(); ++w) s.weight_recordings[w].synapses = weights(p.network.weight_probes[w].projection);
    s.collected.clear();
    for (std::size_t i = 0; i < s.recordings.size(); ++i) take(p, p.probes[i], c.samples[i], s.recordings[i].samples);
    s.gap_residual = c.gap_residual;
}

}  // namespace apical
