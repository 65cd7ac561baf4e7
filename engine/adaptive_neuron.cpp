// SPDX-License-Identifier: BSD-3-Clause
#include "engine/adaptive_neuron.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/neuron_view.hpp"
#include "engine/kernels/view.hpp"
#include "engine/receive.hpp"
#include "engine/sources.hpp"
#include "neurons/neuron.hpp"

namespace apical {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double same_time = 1e-9;      ///< [ms] jumps closer than this happen together
constexpr double longest_step = 10;     ///< [ms]

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// When the events of a draw arrive [ms].
double time_of_draw(const plan& p, std::int64_t n) { return p.time_of(n*p.options.steps_per_input); }

}  // namespace

/// The right-hand side over one segment: inputs are smooth there, and receptors decay freely from its beginning.
struct adaptive_neuron::system {
    const plan& p;
    const adaptive_neuron& cell;

    void operator()(double t, std::span<const double> y, std::span<double> rates) const {
        const auto& n = cell.plan_of(p);
        std::array<double, most_neuron_compartments> i{}, g{};
        for (std::size_t k = 0; k < cell.inputs_.injections.size(); ++k) {
            const auto& injection = n.injections[cell.inputs_.injections[k]].what;
            i[index(injection.row)] += is_noise(injection) ? cell.noise_[k].current : smooth(injection, t);
        }
        for (std::size_t s = 0; s < n.synapses.size(); ++s) {
            const auto& synapse = n.synapses[s];
            const auto& kernels = *synapse.mechanism.kernels;
            std::array<double, most_members> states;
            std::ranges::copy(cell.synapses_[s], states.begin());
            const kernels::scalar_view view{states.data(), 1, synapse.values.data(), 1};
            kernels.receptor_advance(view, t - cell.segment_);
            const double v = y[index(n.model.schema.voltage[index(synapse.compartment)])];
            const auto out = kernels.receptor_current(view, v);
            i[index(synapse.compartment)] += out.g*v - out.i, g[index(synapse.compartment)] += out.g;
        }
        n.model.kernels->rates(y.data(), n.parameters.data(), {i.data(), g.data(), cell.released_at_ > cell.segment_ ? 0.0 : 1.0}, rates.data());
    }

private:
    /// The source at t, with the edges of the segment belonging to the segment.
    double smooth(const injection_plan& injection, double t) const {
        double unused = 0;
        const double margin = std::min(1e-9, 0.25*(cell.segment_end_ - cell.segment_));
        return current_at(injection, std::clamp(t, cell.segment_ + margin, std::max(cell.segment_ + margin, cell.segment_end_ - margin)), unused);
    }
};

adaptive_neuron::adaptive_neuron(const plan& p, const inlet& in, int neurons, int cell, int element)
    : neurons_(neurons), cell_(cell), element_(element), stepper_(p.options.tolerance, p.options.tolerance), releases_(in.releases_at_start()) {
    const auto& n = plan_of(p);
    states_ = n.start;
    if (!n.potentials.empty())
        for (const int v : n.model.schema.voltage)
            if (v >= 0) states_[static_cast<std::size_t>(v)] = n.potentials[static_cast<std::size_t>(cell)];
    for (const auto& s : n.synapses) synapses_.emplace_back(s.mechanism.schema.states.size(), 0.0);
    for (std::size_t i = 0; i < n.injections.size(); ++i)
        if (std::ranges::binary_search(n.injections[i].cells, cell)) {
            inputs_.injections.push_back(i);
            noise_.push_back({initial_noise(p, n.injections[i].what), 0, -1});
        }
    for (std::size_t i = 0; i < n.events.size(); ++i)
        if (n.events[i].cell == cell) inputs_.events.push_back(i);
    std::ranges::stable_sort(inputs_.events, {}, [&](std::size_t e) { return n.events[e].time; });
    for (std::size_t i = 0; i < n.poisson.size(); ++i)
        if (std::ranges::binary_search(n.poisson[i].cells, cell)) inputs_.poisson.push_back(i);
    for (std::size_t i = 0; i < n.columns.size(); ++i)
        if (n.columns[i].cell == cell) inputs_.columns.push_back(i);
    next_random_ = next_random(p);
}

/// The first step, from the one not yet looked at on, in which a random event arrives; a step beyond all if there is none near.
std::int64_t adaptive_neuron::next_random(const plan& p) const {
    constexpr std::int64_t look_ahead = 1 << 16, none = std::numeric_limits<std::int64_t>::max();
    const auto& n = plan_of(p);
    std::int64_t first = none;
    for (const auto i : inputs_.poisson) {
        const auto& what = n.poisson[i].what;
        if (what.table.thresholds.empty()) continue;
        auto stream = poisson_stream(p.options.seed, p.populations[index(n.population)].name, cell_, what.key);
        const auto from = std::max(random_from_, what.first_step), end = std::min({first, what.end_step, from + look_ahead});
        stream.seek(static_cast<std::uint64_t>(from));
        for (auto step = from; step < end; ++step)
            if (what.table(stream.bits()) > 0) {
                first = step;
                break;
            }
        if (from + look_ahead < what.end_step) first = std::min(first, from + look_ahead);   // look again from there
    }
    return first;
}

void adaptive_neuron::on_event(const neuron_plan& n, int synapse, double weight) {
    const auto& s = n.synapses[index(synapse)];
    s.mechanism.kernels->on_event({synapses_[index(synapse)].data(), 1, s.values.data(), 1}, weight);
}

void adaptive_neuron::take_random(const plan& p, std::int64_t step) {
    const auto& n = plan_of(p);
    for (const auto i : inputs_.poisson) {
        const auto& random = n.poisson[i];
        if (step < random.what.first_step || step >= random.what.end_step) continue;
        auto stream = poisson_stream(p.options.seed, p.populations[index(n.population)].name, cell_, random.what.key);
        stream.seek(static_cast<std::uint64_t>(step));
        for (int k = random.what.table(stream.bits()); k > 0; --k) on_event(n, random.synapse, random.what.weight);
    }
    random_from_ = step + 1;
    next_random_ = next_random(p);
}

void adaptive_neuron::receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first) {
    apical::receive(p, in, spikes, first, releases_, [&](const connection& c, double weight, double time, const sent_spike&) {
        if (static_cast<int>(c.element) == element_) arrivals_.add({time, c.group, 0, weight}, next_arrival_);
    });
    segment_end_ = std::min(segment_end_, std::max(now_, arrivals_.time(next_arrival_)));
}

void adaptive_neuron::take_events(const plan& p, const inlet& in) {
    const auto& n = plan_of(p);
    for (; arrivals_.time(next_arrival_) <= now_ + same_time; ++next_arrival_) {
        const auto& e = arrivals_.at(next_arrival_);
        on_event(n, e.group, e.weight);
    }
    arrivals_.forget(next_arrival_);
    for (; !in.spontaneous.empty() && p.time_of(spontaneous_) <= now_ + same_time; ++spontaneous_)
        release_spontaneously(p, in, spontaneous_, [&](const connection& c) {
            if (static_cast<int>(c.element) == element_) on_event(n, c.group, c.weight);
        });
    for (; next_event_ < inputs_.events.size(); ++next_event_) {
        const auto& e = n.events[inputs_.events[next_event_]];
        if (e.time > now_ + same_time) break;
        on_event(n, e.synapse, e.weight);
    }
    while (next_random_ < std::numeric_limits<std::int64_t>::max() && time_of_draw(p, next_random_) <= now_ + same_time) take_random(p, next_random_);
}

void adaptive_neuron::move_synapses(const plan& p, double to) {
    const auto& n = plan_of(p);
    for (std::size_t s = 0; s < n.synapses.size(); ++s)
        n.synapses[s].mechanism.kernels->receptor_advance({synapses_[s].data(), 1, n.synapses[s].values.data(), 1}, to - segment_);
    segment_ = to;
}

double adaptive_neuron::next_edge(const plan& p) const {
    const auto& n = plan_of(p);
    double next = never;
    for (const auto i : inputs_.injections) {
        const auto& what = n.injections[i].what;
        for (const double t : edges_of(what.source))
            if (t > now_ + same_time) next = std::min(next, t);
        if (is_noise(what)) next = std::min(next, p.time_of(static_cast<std::int64_t>(std::floor((now_ + same_time)/p.dt())) + 1));
    }
    return next;
}

/// When the right-hand side is next not smooth, apart from spikes.
double adaptive_neuron::next_jump(const plan& p) const {
    const auto& n = plan_of(p);
    double next = next_edge(p);
    if (next_event_ < inputs_.events.size()) next = std::min(next, n.events[inputs_.events[next_event_]].time);
    if (next_random_ < std::numeric_limits<std::int64_t>::max()) next = std::min(next, time_of_draw(p, next_random_));
    next = std::min(next, arrivals_.time(next_arrival_));
    if (spontaneous_ > 0) next = std::min(next, p.time_of(spontaneous_));
    if (released_at_ > now_) next = std::min(next, released_at_);
    if (n.model.kernels->next_turn) next = std::min(next, now_ + n.model.kernels->next_turn(states_.data(), n.parameters.data()));
    return next;
}

void adaptive_neuron::begin_segment(const plan& p, const inlet& in) {
    const auto& n = plan_of(p);
    const auto& kernels = *n.model.kernels;
    move_synapses(p, now_);
    if (released_at_ >= 0 && released_at_ <= now_ + same_time) {
        released_at_ = -1;
        if (kernels.released) kernels.released(states_.data(), n.parameters.data());
    }
    if (kernels.turned) kernels.turned(states_.data(), n.parameters.data());
    take_events(p, in);
    const auto present = static_cast<std::int64_t>(std::floor((now_ + same_time)/p.dt()));
    for (std::size_t k = 0; k < inputs_.injections.size(); ++k) {
        const auto& injection = n.injections[inputs_.injections[k]].what;
        auto& noise = noise_[k];
        if (!is_noise(injection) || present == noise.step) continue;
        // the same numbers as under fixed steps: the state of a source advances once a step
        draw_noise(p, injection, present, noise.state);
        noise.current = current_at(injection, p.time_of(present) + p.dt()/2, noise.state);
        noise.step = present;
    }
    segment_end_ = next_jump(p);
    stepper_.start(system{p, *this}, now_, states_, longest_step);
    is_jump_ = false;
}

void adaptive_neuron::note_spike(const plan& p, double at, std::vector<double> then) {
    const auto& n = plan_of(p);
    const auto& kernels = *n.model.kernels;
    spikes_.push_back(at);
    if (!n.model.schema.resets) return;
    now_ = at;
    states_ = std::move(then);
    kernels.spiked(states_.data(), n.parameters.data());
    const double wait = kernels.refractory ? kernels.refractory(n.parameters.data()) : 0;
    released_at_ = wait > 0 ? at + wait : -1;
    if (!(wait > 0) && kernels.released) kernels.released(states_.data(), n.parameters.data());
    is_jump_ = true;
}

/// One step, cut short at a spike. False if the numerics failed.
bool adaptive_neuron::step(const plan& p, const inlet& in) {
    const auto& n = plan_of(p);
    const auto* p_values = n.parameters.data();
    const auto excess = n.model.kernels->excess;
    if (is_jump_) begin_segment(p, in);
    const bool listens = excess && !(released_at_ > segment_);
    if (listens && n.model.schema.resets && excess(states_.data(), p_values) > 0) {
        note_spike(p, now_, states_);
        return spikes_.size() < 2 || spikes_[spikes_.size() - 2] < now_;
    }
    const system f{p, *this};
    if (!stepper_.step(f, std::min({segment_end_, now_ + longest_step, p.horizon_at(now_)}))) {
        // a potential that would be past the threshold within the resolution of time has run to infinity: a spike
        const double still = 1e-11*std::max(1.0, now_);
        auto ahead = states_;
        for (std::size_t k = 0; k < ahead.size(); ++k) ahead[k] += still*stepper_.end_rates()[k];
        if (!(listens && n.model.schema.resets && excess(ahead.data(), p_values) > 0)) return false;
        note_spike(p, now_, states_);
        return true;
    }
    std::vector<double> y(states_.size());
    const auto measure = [&](double t) {
        stepper_.at(t, y);
        return excess(y.data(), p_values);
    };
    if (listens) {
        constexpr int looks = 4;
        double low = stepper_.from();
        bool was_below = !(measure(low) > 0);
        for (int k = 1; k <= looks; ++k) {
            const double t = k == looks ? stepper_.to() : stepper_.from() + (stepper_.to() - stepper_.from())*k/looks;
            const bool is_above = measure(t) > 0;
            if (is_above && was_below) {
                const double at = solvers::rising_root(measure, low, t, 1e-12);
                stepper_.at(at, y);
                note_spike(p, at, y);
                if (n.model.schema.resets) return true;
            }
            was_below = !is_above, low = t;
        }
    }
    now_ = stepper_.to();
    states_.assign(stepper_.end().begin(), stepper_.end().end());
    if (now_ >= segment_end_ - same_time) is_jump_ = true;
    return std::ranges::all_of(states_, [](double x) { return std::isfinite(x); });
}

std::optional<divergence> adaptive_neuron::run(const plan& p, const inlet& in, std::int64_t from, std::int64_t to, block::sink out) {
    const auto& n = plan_of(p);
    std::int64_t sampled = from;
    const auto sample_known = [&] {
        for (; sampled < to && p.time_of(sampled + 1) <= now_; ++sampled)
            if (!inputs_.columns.empty()) sample(p, sampled + 1, out);
    };
    sample_known();
    while (now_ < p.time_of(to) && !failed_) {
        const double before = now_;
        if (!step(p, in)) {
            const auto& cell = p.populations[index(n.population)];
            const int v = std::max(n.model.schema.voltage.front(), 0);
            failed_ = divergence{cell_, cell.name, cell.name_of_node(cell.tree.first.front()), before, v == 0 ? "v" : "state", states_[index(v)]};
        }
        sample_known();
    }
    auto known = std::ranges::upper_bound(spikes_, p.time_of(to));
    for (auto t = spikes_.begin(); t != known; ++t) {
        if (n.sends) out.sent->push_back({p.network.gid(n.population, cell_), *t});
        const auto step = static_cast<std::int64_t>(std::ceil(*t/p.dt() - 1e-9));
        for (int d = n.detectors[index(cell_)]; d > 0; --d) out.spikes->push_back({n.population, cell_, *t, p.time_of(std::max<std::int64_t>(step, 1))});
    }
    spikes_.erase(spikes_.begin(), known);
    return failed_;
}

void adaptive_neuron::transfer(image& i) {
    i(now_), i(segment_), i(segment_end_), i(released_at_), i(is_jump_), i(next_event_), i(next_arrival_), i(spontaneous_), i(random_from_), i(next_random_);
    i(states_), i(spikes_), i(synapses_, i);
    i(noise_, [&](noise& n) { i(n.state), i(n.current), i(n.step); });
    arrivals_.transfer(i), stepper_.transfer(i), i(releases_);
    if (i.reads()) failed_.reset();
}

double adaptive_neuron::state(const plan& p, std::int64_t step, int which) const {
    const double t = p.time_of(step);
    if (t >= now_ || t < stepper_.from()) return states_[index(which)];
    std::vector<double> y(states_.size());
    stepper_.at(t, y);
    return y[index(which)];
}

void adaptive_neuron::sample_start(const plan& p, block::sink out) const { sample(p, 0, out); }

void adaptive_neuron::sample(const plan& p, std::int64_t step, block::sink out) const {
    const auto& n = plan_of(p);
    for (const auto k : inputs_.columns) {
        const auto& column = n.columns[k];
        const auto& probe = p.probes[column.probe];
        if (probe.is_due(step)) probe.put(step, column.place, state(p, step, column.state)*probe.scale, (*out.recordings)[column.probe]);
    }
}

}  // namespace apical
