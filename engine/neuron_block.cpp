// SPDX-License-Identifier: BSD-3-Clause
#include "engine/neuron_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/random_lanes.hpp"
#include "engine/receive.hpp"
#include "engine/sources.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }
const neuron_plan& neurons_of(const plan& p, const neuron_block_plan& where) { return p.neurons[index(where.neurons)]; }

/// How many of the thresholds each of n draws reaches. False if none reaches any. n is rounded up to whole packs.
bool count_events(const poisson_table& table, const std::uint64_t* bits, std::size_t n, double* counts) {
    using words = math::unsigned_words<native_width>;
    constexpr std::size_t usual = 3;   // more are rare, and a branch costs as much as these
    const auto all = table.thresholds.size();
    native_pack any(0.0);
    for (std::size_t k = 0; k < n; k += native_width) {
        words draws;
        std::memcpy(&draws, bits + k, sizeof draws);
        draws >>= 11;
        const auto reached = [&](std::size_t t) {
            const auto reaches = draws >= words{} + static_cast<std::uint64_t>(table.thresholds[t]);
            return native_pack(reaches ? native_pack(1.0).v : native_pack(0.0).v);
        };
        native_pack count(0.0), last(1.0);
        for (std::size_t t = 0; t < usual && t < all; ++t) count += last = reached(t);
        for (std::size_t t = usual; t < all && math::any_positive(last); ++t) count += last = reached(t);
        count.store(counts + k);
        any += count;
    }
    return math::any_positive(any);
}

}  // namespace

/// What a run of steps needs that does not change from step to step.
struct neuron_block::cursor {
    kernels::neuron_view neurons;
    std::vector<std::pair<kernels::receptor_kernel, kernels::receptor_view>> receptors;

    cursor(const plan& p, const neuron_plan& n, neuron_block& b) {
        neurons = {.cells = static_cast<int>(b.stride_), .dt = p.dt(), .v_limit = p.options.v_limit.coherent(), .parameters = n.parameters.data(),
                   .states = b.column(0), .stride = b.stride_, .hold = b.column(b.hold_), .i = b.column(b.i_), .g = b.column(b.g_),
                   .spikes = &b.spiked_, .jumps = std::ranges::any_of(n.synapses, &neuron_synapse::jumps)};
        if (const double* const now = b.modulation_.parameters(0)) neurons.parameters = now;
        for (std::size_t s = 0; s < n.synapses.size(); ++s) {
            const auto& synapse = n.synapses[s];
            kernels::receptor_view v;
            v.instances = static_cast<int>(b.stride_), v.parameters = synapse.values.data();
            v.states = b.column(b.synapses_[s]), v.state_stride = b.stride_;
            v.v = b.column(index(n.model.schema.voltage[index(synapse.compartment)]));
            v.rhs = b.column(b.i_ + index(synapse.compartment)), v.diagonal = b.column(b.g_ + index(synapse.compartment));
            v.before = p.dt()/2;
            receptors.emplace_back(synapse.mechanism.kernels->receptor_in_order, v);
        }
    }
};

neuron_block::neuron_block(const plan& p, const neuron_block_plan& where, const inlet& in)
    : stride_(index((where.cells + kernels::width - 1)/kernels::width*kernels::width)),
      arrivals_(neurons_of(p, where).model.schema.answers_each ? 0 : depth_of(p, in), neurons_of(p, where).synapses.size(), stride_),
      releases_(in.releases_at_start()),
      answers_(neurons_of(p, where).model.schema.answers_each ? answers(depth_of(p, in), index(where.cells)) : answers()),
      learned_(in.learned.empty() ? 0 : depth_of(p, in)), modulation_(p, neurons_of(p, where).population) {
    const auto& n = neurons_of(p, where);
    const auto compartments = n.model.schema.compartments.size();
    hold_ = n.start.size(), i_ = hold_ + 1, g_ = i_ + compartments;
    std::size_t columns = g_ + compartments;
    for (const auto& s : n.synapses) {
        synapses_.push_back(columns);
        columns += s.mechanism.schema.states.size();
    }
    memory_.assign(columns*stride_, 0.0);
    for (std::size_t s = 0; s < n.start.size(); ++s) std::fill_n(column(s), stride_, n.start[s]);
    if (!n.potentials.empty())
        for (const int v : n.model.schema.voltage)
            if (v >= 0) std::copy_n(n.potentials.begin() + where.first_cell, where.cells, column(index(v)));
    for (const auto& table : in.learned) learners_.emplace_back(p.network, table, p.dt(), p.options.seed, where.first_cell).start(memory_.data());
    for (const auto& injection : n.injections) noise_.push_back(initial_noise(p, injection.what));
    for (const auto& r : n.poisson) {
        random_source source{std::vector<std::uint64_t>(6*stride_), -1, 0, 0};
        const auto from = std::ranges::lower_bound(r.cells, where.first_cell), end = std::ranges::lower_bound(r.cells, where.first_cell + where.cells);
        source.first = static_cast<int>(from - r.cells.begin()), source.cells = static_cast<int>(end - from);
        for (auto c = from; c != end; ++c) {
            const auto words = words_of_stream(p.options.seed, identity(p.populations[index(n.population)].name), static_cast<std::uint64_t>(*c), r.what.key);
            const std::uint64_t values[] = {words.key[0], words.key[1], words.upper[0], words.upper[1]};
            for (std::size_t k = 0; k < 4; ++k) source.words[k*stride_ + static_cast<std::size_t>(c - from)] = values[k];
        }
        random_.push_back(std::move(source));
    }
}

std::optional<divergence> neuron_block::run(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out) {
    const auto& n = neurons_of(p, where);
    if (n.model.schema.answers_each) return run_answers(p, where, in, from, to, out);
    cursor c(p, n, *this);
    const auto run = n.model.kernels->run[p.options.lanes == 1 ? 0 : 1];
    for (std::int64_t step = from; step < to; ++step) {
        if (!modulation_.is_empty()) modulation_.begin_step(step);
        deliver(p, where, step);
        if (!in.is_empty()) deliver_arrivals(p, where, in, step);
        if (step % p.options.steps_per_input == 0) deliver_random(p, where, step/p.options.steps_per_input);
        std::fill_n(column(i_), 2*n.model.schema.compartments.size()*stride_, 0.0);
        if (c.neurons.jumps)
            for (std::size_t s = 0; s < n.synapses.size(); ++s)
                if (n.synapses[s].jumps()) jump(n, s);
        for (const auto& [kernel, view] : c.receptors) kernel(view);
        stimulate(p, where, step);
        spiked_.clear(), cells_.clear();
        if (!this->step(c.neurons, run)) return locate(p, where, step);
        for (const auto& s : spiked_) {
            if (s.cell >= where.cells) continue;             // padding
            const int cell = where.first_cell + s.cell;
            if (!learners_.empty()) cells_.push_back(s.cell);
            if (n.sends) out.sent->push_back({p.network.gid(n.population, cell), p.time_of(step) + s.at});
            for (int d = n.detectors[index(cell)]; d > 0; --d)
                out.spikes->push_back({n.population, cell, p.time_of(step) + s.at, p.time_of(step + 1)});
        }
        for (auto& l : learners_) l.end_step(step + 1, cells_, memory_.data());
        if (!where.columns.empty()) sample(p, where, step + 1, out);
    }
    return {};
}

/// Steps of neurons that answer each event for itself: nothing happens to them in between.
std::optional<divergence> neuron_block::run_answers(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out) {
    const auto& n = neurons_of(p, where);
    for (std::int64_t step = from; step < to; ++step) {
        gather(p, where, in, step);
        answered_.clear();
        if (answers_.answer(step, n, memory_.data(), stride_, p.options.v_limit.coherent(), answered_) >= 0) return locate(p, where, step);
        for (const auto& s : answered_) {
            const int cell = where.first_cell + s.neuron;
            if (n.sends) out.sent->push_back({p.network.gid(n.population, cell), s.time, s.order});
            for (int d = n.detectors[index(cell)]; d > 0; --d) out.spikes->push_back({n.population, cell, s.time, p.time_of(step + 1)});
        }
        if (!where.columns.empty()) sample(p, where, step + 1, out);
    }
    return {};
}

/// What else arrives in a step: of trains, each at its time; by chance, at the beginning.
void neuron_block::gather(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t n) {
    const auto& neurons = neurons_of(p, where);
    for (; next_event_ < where.events.size(); ++next_event_) {
        const auto& e = neurons.events[where.events[next_event_]];
        if (step_at(e.time, p.dt()) > n) break;
        answers_.add(n, {e.time, 0, e.weight, static_cast<std::uint32_t>(e.cell - where.first_cell), 0});
    }
    const auto now = [&](std::size_t neuron, double weight) { answers_.add(n, {p.time_of(n), p.time_of(n), weight, static_cast<std::uint32_t>(neuron), 0}); };
    release_spontaneously(p, in, n, [&](const connection& c) { now(c.element, c.weight); });
    if (n % p.options.steps_per_input != 0) return;
    deliver_random(p, where, n/p.options.steps_per_input);
    for (std::size_t s = 0; s < neurons.synapses.size(); ++s)
        for (std::size_t k = 0; k < index(where.cells); ++k)
            if (double& drawn = memory_[synapses_[s]*stride_ + k]; drawn != 0) now(k, drawn), drawn = 0;
}

/// Kernels take so many neurons at a time as fit into the first cache.
bool neuron_block::step(const kernels::neuron_view& all, bool (*run)(const kernels::neuron_view&)) {
    bool fine = true;
    for (int k = 0; k < all.cells; k += kernels::most_neurons) {
        auto part = all;
        part.cells = std::min(kernels::most_neurons, all.cells - k);
        part.states += k, part.hold += k, part.i += k, part.g += k;
        const auto before = spiked_.size();
        fine = run(part) && fine;
        for (auto s = before; s < spiked_.size(); ++s) spiked_[s].cell += k;
    }
    return fine;
}

void neuron_block::on_event(const neuron_plan& n, int synapse, int k, double weight) {
    const auto& s = n.synapses[index(synapse)];
    s.mechanism.kernels->on_event({column(synapses_[index(synapse)]) + k, stride_, s.values.data(), 1}, weight);
}

void neuron_block::receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first) {
    if (!in.compact.connections.empty()) receive_compact(p, in, spikes);
    for (auto& l : learners_) l.receive(spikes, p.options.steps_per_input);
    modulation_.receive(spikes, p.options.steps_per_input);
    if (in.fixed.connections.empty() && in.plastic.connections.empty() && in.learning.connections.empty()) return;
    if (answers_.is_used())
        return apical::receive(p, in, spikes, first, releases_, [&](const connection& c, double weight, double time, const sent_spike& spike) {
            answers_.add(step_at(time, p.dt()), {time, spike.time, weight, c.element, spike.order});
        });
    apical::receive(p, in, spikes, first, releases_, [&](const connection& c, double weight, double time, const sent_spike&) {
        if (c.group & learned_group) learned_.add(arrival_step(time, p.dt(), p.options.steps_per_input), {weight, c.element, c.group});
        else arrivals_.add(arrival_step(time, p.dt(), p.options.steps_per_input), c.group, c.element, weight);
    });
}

/// Everything of it lies somewhere in a large memory, and is asked for before it is used: where the connections of some spikes are, the
/// connections, and the sums they add to.
void neuron_block::receive_compact(const plan& p, const inlet& in, std::span<const sent_spike> spikes) {
    constexpr std::size_t together = 16, line = 64, ahead = 8;
    const auto& table = in.compact;
    const point_connection* const all = table.connections.data();
    const auto place_of = [&](std::size_t slot, const point_connection& c) { return arrivals_.row_after(slot, c.delay, in.kinds[c.kind].synapse) + c.neuron; };
    for (std::size_t begin = 0; begin < spikes.size(); begin += together) {
        const auto some = spikes.subspan(begin, std::min(together, spikes.size() - begin));
        std::pair<std::uint32_t, std::uint32_t> ranges[together];
        if (table.sources.empty())
            for (const auto& s : some) __builtin_prefetch(table.first.data() + s.gid);
        for (std::size_t k = 0; k < some.size(); ++k) {
            ranges[k] = table.range_of(some[k].gid);
            for (std::size_t c = ranges[k].first; c < ranges[k].second; c += line/sizeof(point_connection)) __builtin_prefetch(all + c);
        }
        for (std::size_t k = 0; k < some.size(); ++k) {
            const auto slot = arrivals_.slot_of(arrival_step(some[k].time, p.dt()));
            const point_connection *c = all + ranges[k].first, *const end = all + ranges[k].second;
            for (const auto* const near_end = end - std::min<std::ptrdiff_t>(ahead, end - c); c < near_end; ++c) {
                __builtin_prefetch(place_of(slot, c[ahead]), 1);
                *place_of(slot, *c) += in.kinds[c->kind].weight*static_cast<double>(c->factor);
            }
            for (; c < end; ++c) *place_of(slot, *c) += in.kinds[c->kind].weight*static_cast<double>(c->factor);
        }
    }
}

/// Kinetics of connections are linear: what arrives in one step is one event that weighs as much as all of them.
void neuron_block::deliver_arrivals(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t n) {
    const auto& neurons = neurons_of(p, where);
    for (std::size_t s = 0; s < neurons.synapses.size(); ++s) {
        const double* const sums = arrivals_.at(n, s);
        if (!sums) continue;
        const auto& synapse = neurons.synapses[s];
        synapse.mechanism.kernels->on_events({column(synapses_[s]), stride_, synapse.values.data(), 1}, where.cells, sums, modulation_.strength(s));
        arrivals_.clear(n, s);
    }
    for (auto& l : learners_) l.begin_step(n);
    const auto due = learned_.at(n);
    for (std::size_t k = 0; k < due.size(); ++k) {
        constexpr std::size_t ahead = 8;
        if (k + ahead < due.size()) learners_[static_cast<std::size_t>(due[k + ahead].group & ~learned_group)].expect(due[k + ahead].element);
        const auto& e = due[k];
        const auto t = static_cast<std::size_t>(e.group & ~learned_group);
        const auto& place = in.learned[t].places[in.learned[t].place_of[e.element]];
        on_event(neurons, place.group, static_cast<int>(place.element), e.weight*learners_[t].arrive(e.element, n)*modulation_.strength(place.group));
    }
    learned_.clear(n);
    release_spontaneously(p, in, n, [&](const connection& c) { on_event(neurons, c.group, static_cast<int>(c.element), c.weight*modulation_.strength(c.group)); });
}

void neuron_block::deliver(const plan& p, const neuron_block_plan& where, std::int64_t n) {
    const auto& neurons = neurons_of(p, where);
    for (; next_event_ < where.events.size() && neurons.events[where.events[next_event_]].step <= n; ++next_event_) {
        const auto& e = neurons.events[where.events[next_event_]];
        on_event(neurons, e.synapse, e.cell - where.first_cell, e.weight);
    }
}

/// Both draws of the pair of steps that n belongs to, for every neuron.
void neuron_block::draw(std::size_t source, std::int64_t n) {
    auto& r = random_[source];
    if (r.drawn == n/2) return;
    r.drawn = n/2;
    using lanes = philox_lanes<native_width>;
    using words = lanes::words;
    const auto pair = static_cast<std::uint64_t>(n/2);
    for (std::size_t k = 0; k < stride_; k += native_width) {
        const auto load = [&](std::size_t column) {
            words w;
            std::memcpy(&w, r.words.data() + column*stride_ + k, sizeof w);
            return w;
        };
        const lanes l{{words{} + (pair & 0xffffffffu), words{} + (pair >> 32), load(2), load(3)}, {load(0), load(1)}};
        const auto drawn = l();
        std::memcpy(r.words.data() + 4*stride_ + k, &drawn.first, sizeof drawn.first);
        std::memcpy(r.words.data() + 5*stride_ + k, &drawn.second, sizeof drawn.second);
    }
}

void neuron_block::deliver_random(const plan& p, const neuron_block_plan& where, std::int64_t n) {
    const auto& neurons = neurons_of(p, where);
    for (std::size_t s = 0; s < random_.size(); ++s) {
        const auto& plan = neurons.poisson[s];
        auto& r = random_[s];
        if (r.cells == 0 || n < plan.what.first_step || n >= plan.what.end_step || plan.what.table.thresholds.empty()) continue;
        draw(s, n);
        const std::uint64_t* const bits = r.words.data() + (4 + static_cast<std::size_t>(n % 2))*stride_;
        const auto& synapse = neurons.synapses[index(plan.synapse)];
        if (r.cells == where.cells) {                        // every neuron has a stream: whole packs, and no words for padding
            alignas(64) double counts[kernels::most_neurons];
            for (std::size_t k = 0; k < stride_; k += kernels::most_neurons) {
                const auto some = std::min<std::size_t>(kernels::most_neurons, stride_ - k);
                if (count_events(plan.what.table, bits + k, some, counts))
                    synapse.mechanism.kernels->on_events({column(synapses_[index(plan.synapse)]) + k, stride_, synapse.values.data(), 1},
                                                         static_cast<int>(std::min(some, index(where.cells) - k)), counts, plan.what.weight);
            }
            continue;
        }
        for (int k = 0; k < r.cells; ++k) {
            const double count = plan.what.table(bits[k]);
            if (!(count > 0)) continue;
            const int cell = plan.cells[index(r.first + k)] - where.first_cell;
            synapse.mechanism.kernels->on_events({column(synapses_[index(plan.synapse)]) + cell, stride_, synapse.values.data(), 1}, 1, &count,
                                                 plan.what.weight);
        }
    }
}

/// What has arrived moves the potential of those that are not refractory. What is left of that time by rounding is none.
void neuron_block::jump(const neuron_plan& n, std::size_t synapse) {
    constexpr double nothing = 1e-9;   // [ms]
    double* const v = column(index(n.model.schema.voltage[index(n.synapses[synapse].compartment)]));
    double* const by = column(synapses_[synapse]);
    const double* const hold = column(hold_);
    for (std::size_t k = 0; k < stride_; ++k) v[k] += hold[k] > nothing ? 0.0 : by[k], by[k] = 0;
}

/// Draws of random sources are kept for two steps only and made again.
void neuron_block::transfer(image& i) {
    i(memory_), i(noise_), i(next_event_), arrivals_.transfer(i), i(releases_), learned_.transfer(i);
    if (answers_.is_used()) answers_.transfer(i);
    for (auto& l : learners_) l.transfer(i);
    modulation_.transfer(i);
    if (i.reads())
        for (auto& r : random_) r.drawn = -1;
}

void neuron_block::stimulate(const plan& p, const neuron_block_plan& where, std::int64_t n) {
    const auto& neurons = neurons_of(p, where);
    const double middle = p.time_of(n) + p.dt()/2;
    for (std::size_t i = 0; i < neurons.injections.size(); ++i) {
        const auto& injection = neurons.injections[i];
        const auto from = std::ranges::lower_bound(injection.cells, where.first_cell);
        if (from == injection.cells.end() || *from >= where.first_cell + where.cells) continue;
        draw_noise(p, injection.what, n, noise_[i]);
        const double current = current_at(injection.what, middle, noise_[i]);
        double* const to = column(i_ + index(injection.what.row));
        for (auto c = from; c != injection.cells.end() && *c < where.first_cell + where.cells; ++c) to[*c - where.first_cell] += current;
    }
}

void neuron_block::sample(const plan& p, const neuron_block_plan& where, std::int64_t step, block::sink out) const {
    const auto& n = neurons_of(p, where);
    for (const auto k : where.columns) {
        const auto& column = n.columns[k];
        const auto& probe = p.probes[column.probe];
        if (probe.is_due(step)) probe.put(step, column.place, state(p, where, step, column.cell, column.state)*probe.scale, (*out.recordings)[column.probe]);
    }
}

double neuron_block::state(const plan& p, const neuron_block_plan& where, std::int64_t step, int cell, int which) const {
    if (answers_.is_used()) {
        const auto& n = neurons_of(p, where);
        std::array<double, most_members> s{};
        answers_.states_at(p.time_of(step), n, memory_.data(), stride_, index(cell - where.first_cell), std::span(s).first(n.model.schema.states.size()));
        return s[index(which)];
    }
    return memory_[index(which)*stride_ + index(cell - where.first_cell)];
}

/// The potential that left the range furthest, a NaN furthest of all.
divergence neuron_block::locate(const plan& p, const neuron_block_plan& where, std::int64_t n) const {
    const auto& neurons = neurons_of(p, where);
    const auto& cell = p.populations[index(neurons.population)];
    divergence worst{where.first_cell, cell.name, {}, p.time_of(n), "v", 0};
    for (int k = 0; k < where.cells; ++k)
        for (std::size_t c = 0; c < neurons.model.schema.voltage.size(); ++c) {
            const int v = neurons.model.schema.voltage[c];
            if (v < 0 || std::isnan(worst.value)) continue;
            const double x = memory_[index(v)*stride_ + index(k)];
            if (std::abs(x) <= std::abs(worst.value)) continue;
            worst.cell = where.first_cell + k, worst.value = x;
            worst.location = cell.name_of_node(cell.tree.first[c]);
        }
    return worst;
}

}  // namespace apical
