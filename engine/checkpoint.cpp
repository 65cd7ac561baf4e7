// SPDX-License-Identifier: BSD-3-Clause
#include "engine/checkpoint.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "channels/nmodl/print_program.hpp"
#include "channels/nmodl/supplied.hpp"
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

/// The columns of samples, [rows x places], that a process has.
std::vector<double> columns_of(const std::vector<double>& all, std::span<const int> owner, int rank) {
    std::vector<double> own;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (owner[i%owner.size()] == rank) own.push_back(all[i]);
    return own;
}

/// Of a whole checkpoint, what a process goes on from: its own blocks and samples. Of spikes and messages from before, process 0 has all,
/// others nothing.
checkpoint part_of(const checkpoint& c, const plan& p, int rank) {
    checkpoint part{.model = c.model, .step = c.step, .blocks = std::vector<std::vector<double>>(c.blocks.size()), .travelled = c.travelled, .posted = {}, .numbered = c.numbered, .spikes = {},
                    .samples = {}, .taken = c.taken, .weights = {}, .gap_residual = c.gap_residual, .sent = c.sent};
    for (std::size_t b = 0; b < c.blocks.size(); ++b)
        if (p.ranks[b] == rank) part.blocks[b] = c.blocks[b];
    for (std::size_t i = 0; i < c.samples.size(); ++i) part.samples.push_back(columns_of(c.samples[i], owners(p, p.probes[i]), rank));
    for (std::size_t w = 0; w < c.weights.size(); ++w) part.weights.push_back(rank == 0 || w % 2 == 0 ? c.weights[w] : std::vector<double>());   // all know the times
    if (rank == 0) part.posted = c.posted, part.spikes = c.spikes;
    return part;
}

/// What is to be known of a checkpoint before it is believed; the same on all processes.
struct outline {
    std::uint64_t model = 0;
    std::int64_t step = 0;
    std::size_t blocks = 0, weights = 0;
    std::vector<std::size_t> samples, taken;       // [probes]
};
outline outline_of(const checkpoint& c, communicator* ranks) {
    outline o{c.model, c.step, c.blocks.size(), c.weights.size(), {}, c.taken};
    for (const auto& s : c.samples) o.samples.push_back(s.size());
    if (!ranks) return o;
    packer mine;
    mine.put(o.model), mine.put(o.step), mine.put(o.blocks), mine.put(o.weights), mine.put_list(std::span<const std::size_t>(o.samples)), mine.put_list(std::span<const std::size_t>(o.taken));
    const auto bytes = ranks->broadcast(mine.bytes());
    unpacker from(bytes);
    o.model = from.get<std::uint64_t>(), o.step = from.get<std::int64_t>(), o.blocks = from.get<std::size_t>(), o.weights = from.get<std::size_t>();
    o.samples = from.get_list<std::size_t>(), o.taken = from.get_list<std::size_t>();
    return o;
}

constexpr auto here = "checkpoint";

/// Throws invalid_input unless a simulation of the plan can go on from there.
void check(const outline& o, const plan& p, bool has_taken) {
    if (o.model != fingerprint(p))
        throw invalid_input(here, "is of another model, or of this one with other parameters, options, stimuli or probes", "go on with the same experiment; only ranks and threads may change");
    const auto probes = p.probes.size();
    if (o.blocks != p.blocks.size() + p.neuron_blocks.size() || o.samples.size() != probes || o.taken.size() != probes || o.weights != 2*p.network.weight_probes.size())
        throw invalid_input(here, "is damaged: blocks or samples are missing");
    for (std::size_t i = 0; i < probes; ++i) {
        const auto& probe = p.probes[i];
        const auto rows = rows_at(probe, o.step);
        if (o.taken[i] > rows || o.samples[i] != (rows - o.taken[i])*probe.places.size())
            throw invalid_input(here, fmt::format("is damaged: {} samples of probe '{}', not {}", o.samples[i], probe.label, (rows - std::min(rows, o.taken[i]))*probe.places.size()));
        if (o.taken[i] > 0 && !has_taken)
            throw invalid_input(here, fmt::format("is of a run that was writing the samples of probe '{}' to a file", probe.label), "go on with the command that wrote it, such as 'apical run --resume'");
    }
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
    for (const auto& r : in.releases) h(std::string_view(in.release_models[r.model]->schema.name));
    h.list(in.release_values);
    return h.sum();
}

/// Files may change and keep their name.
void add_file(hasher& h, const catalogue::entry& e) {
    h(std::string_view(e.schema.name));
    if (!e.imported) return;
    h(std::string_view(nmodl::print_program(e.imported->source())));
    const auto& given = nmodl::supplies_of(*e.imported);
    for (const auto& [name, table] : given.tables) {
        h(std::string_view(name)), h.list(table.values);
        for (const auto& axis : table.axes) h.list(axis);
    }
    for (const auto& [name, to] : given.pointers) h(std::string_view(name)), h(std::string_view(to));
}

void add_cells(hasher& h, const plan& p) {
    for (const auto& c : p.populations) {
        h(std::string_view(c.name)), h(c.cells), h(c.lanes), h(c.v_init), h(c.rows);
        for (const auto& r : c.regions) {
            h(r.first_row), h(r.rows), h.list(r.parameters);
            for (const auto& m : r.mechanisms) add_file(h, m);
        }
        for (const auto& r : c.receptors) add_file(h, r.mechanism), h.list(r.rows), h.list(r.parameters);
        for (const auto& m : c.imported) add_file(h, m.mechanism), h.list(m.rows), h.list(m.start), h.list(m.shared);
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
    h(p.injections.size()), h(p.clamps.size()), h(p.events.size()), h(p.poisson.size()), h(p.all_detectors), h(p.windows.size());
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
    out.put_list(std::span(c.travelled)), out.put_list(std::span(c.posted)), out.put_list(std::span(c.sent)), out.put_list(std::span(c.spikes));
    out.put_list(std::span(c.taken));
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
    c.travelled = in.get_list<sent_spike>(), c.posted = in.get_list<sent_spike>(), c.sent = in.get_list<sent_spike>(), c.spikes = in.get_list<spike>();
    c.taken = in.get_list<std::size_t>();
    for (auto* lists : {&c.blocks, &c.samples, &c.weights})
        for (auto n = in.get<std::size_t>(); n > 0; --n) lists->push_back(in.get_list<double>());
    return c;
}

std::vector<std::uint64_t> block_sizes(const checkpoint& c, communicator* ranks) {
    std::vector<std::uint64_t> sizes(c.blocks.size());
    packer mine;
    for (std::size_t b = 0; b < c.blocks.size(); ++b) {
        sizes[b] = c.blocks[b].size();
        if (sizes[b] > 0) mine.put(b), mine.put(sizes[b]);
    }
    if (!ranks) return sizes;
    for (const auto& bytes : ranks->gather(mine.bytes()))
        for (unpacker from(bytes); !from.is_empty();) {
            const auto b = from.get<std::size_t>();
            sizes[b] = from.get<std::uint64_t>();
        }
    packer all;
    all.put_list(std::span<const std::uint64_t>(sizes));
    const auto bytes = ranks->broadcast(all.bytes());
    return unpacker(bytes).get_list<std::uint64_t>();
}

void for_each_block(const checkpoint& c, std::span<const std::uint64_t> sizes, communicator* ranks, const std::function<void(std::span<const double>)>& f) {
    if (!ranks) {
        for (const auto& block : c.blocks) f(block);
        return;
    }
    constexpr std::uint64_t piece = std::uint64_t{1} << 21;
    for (std::size_t first = 0, end = 0; first < sizes.size(); first = end) {
        for (std::uint64_t sum = 0; end < sizes.size() && (end == first || sum + sizes[end] <= piece); ++end) sum += sizes[end];
        packer mine;
        if (ranks->rank() != 0)
            for (auto b = first; b < end; ++b)
                if (!c.blocks[b].empty()) mine.put(b), mine.put_list(std::span(c.blocks[b]));
        std::vector<std::vector<double>> theirs(end - first);
        for (const auto& bytes : ranks->gather(mine.bytes()))
            for (unpacker from(bytes); !from.is_empty();) {
                const auto b = from.get<std::size_t>();
                theirs[b - first] = from.get_list<double>();
            }
        if (ranks->rank() != 0) continue;
        for (auto b = first; b < end; ++b) f(c.blocks[b].empty() ? theirs[b - first] : c.blocks[b]);
    }
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
        r.taken = s.recordings[i].taken;
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
    struct checkpoint c;
    c.model = fingerprint(p), c.step = s.step;
    c.blocks.resize(p.blocks.size() + p.neuron_blocks.size());
    s.for_each_block([&](std::size_t n, auto&& transfer) {
        image i;
        transfer(i);
        c.blocks[n] = i.numbers();
    });
    const auto all = gathered(p, mine);
    if (all.empty()) return c;
    for (const auto& bytes : all) {
        const auto posted = unpacker(bytes).get_list<sent_spike>();
        c.posted.insert(c.posted.end(), posted.begin(), posted.end());
    }
    c.travelled = s.mail.travelled(), c.sent = s.mail.sent(), c.numbered = s.mail.numbered(), c.spikes = s.spikes, c.gap_residual = s.gap_residual;
    for (const auto& r : s.weight_recordings) c.weights.push_back(r.times), c.weights.push_back(r.samples);
    for (const auto& r : s.told()) c.samples.push_back(r.samples);
    for (const auto& r : s.recordings) c.taken.push_back(r.taken);
    return c;
}

std::vector<double> simulation::take_samples(std::size_t probe, std::size_t rows) {
    auto& r = state_->recordings.at(probe);
    if (rows > rows_at(state_->plan->probes[probe], state_->step) - r.taken) throw std::out_of_range("fewer samples than are taken");
    const auto end = r.samples.begin() + static_cast<std::ptrdiff_t>(rows*r.columns());
    std::vector<double> given(r.samples.begin(), end);
    r.samples.erase(r.samples.begin(), end);
    r.taken += rows;
    return given;
}

void simulation::restore(const struct checkpoint& whole, bool has_taken) {
    auto& s = *state_;
    const auto& p = *s.plan;
    auto* const ranks = p.options.ranks;
    check(outline_of(whole, ranks), p, has_taken);
    const auto c = ranks ? checkpoint_of(ranks->scatter([&](int rank) { return to_bytes(part_of(whole, p, rank)); })) : whole;
    s.has_failed = true;   // until all is read
    std::optional<invalid_input> failure;
    s.for_each_block([&](std::size_t n, auto&& transfer) {
        image i(c.blocks[n]);
        try {
            transfer(i);
            if (!i.is_at_end()) failure.emplace(here, fmt::format("is damaged: the state of block {} is too long", n), "or the machine computes other numbers of cells side by side");
        } catch (const std::out_of_range&) {
            failure.emplace(here, fmt::format("is damaged: the state of block {} is cut off", n));
        }
    });
    // all stop where one cannot go on
    const bool is_whole = ranks ? ranks->least(failure ? 0 : 1) == 1 : !failure;
    if (failure) throw *failure;
    if (!is_whole) throw invalid_input(here, "is damaged: another process cannot go on from it");
    s.has_failed = false;
    s.step = c.step;
    s.mail.restore(c.travelled, c.posted, c.sent, c.numbered);
    s.spikes = c.spikes;
    for (std::size_t w = 0; w < s.weight_recordings.size(); ++w) s.weight_recordings[w].times = c.weights[2*w], s.weight_recordings[w].samples = c.weights[2*w + 1];
    for (std::size_t w = 0; w < s.weight_recordings.size(); ++w) s.weight_recordings[w].synapses = weights(p.network.weight_probes[w].projection);
    s.collected.clear();
    for (std::size_t i = 0; i < s.recordings.size(); ++i) s.recordings[i].samples = c.samples[i], s.recordings[i].taken = c.taken[i];
    s.gap_residual = c.gap_residual;
}

}  // namespace apical
