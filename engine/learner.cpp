// SPDX-License-Identifier: BSD-3-Clause
#include "engine/learner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "core/math.hpp"
#include "core/pack.hpp"
#include "core/random.hpp"
#include "engine/kernels/rule_view.hpp"

namespace apical {
namespace {

using plasticity::occasion;
using plasticity::reading;
using plasticity::signal;

constexpr std::size_t most_stages = 3;
constexpr double never = -1e300;

/// What an event adds to a trace.
void count(const reading& r, double& x) { x = r.by == reading::filter::nearest ? r.jump : x + r.jump; }

/// Whether a spike is one of the events that a reading counts.
bool is_counted(const reading& r, bool is_onset, bool is_burst) {
    return r.of == signal::spike || r.of == signal::rate || (r.of == signal::onset && is_onset) || (r.of == signal::burst && is_burst);
}

/// x[k] *= e^(rate elapsed[k])
void fade(double* x, const double* elapsed, std::size_t n, double rate) {
    std::size_t k = 0;
    for (; k + native_width <= n; k += native_width)
        (native_pack::load(x + k)*math::exp<native_pack>(native_pack::load(elapsed + k)*native_pack(rate))).store(x + k);
    for (; k < n; ++k) x[k] *= math::exp<double>(elapsed[k]*rate);
}

std::int64_t steps_of(double ms, double dt) { return static_cast<std::int64_t>(std::llround(ms/dt)); }

}  // namespace

learner::learner(const network_plan& net, const learned_table& table, double dt, std::uint64_t seed, int first_cell)
    : rule_(&net.rules[table.rule]), table_(&table), dt_(dt), seed_(seed), first_cell_(first_cell), sees_(rule_->sees.size()),
      is_uniform_(rule_->every == 1 && !rule_->rule.kernels->relax),
      hears_bursts_(std::ranges::any_of(rule_->hears, [](const reading& r) { return r.of == signal::burst || r.of == signal::onset; })),
      third_(net, rule_->fields, dt),
      synapses_(table.size(), heard() + hears_bursts_, is_uniform_ ? synapse_store::layout::columns : synapse_store::layout::records) {
    const auto places = table.places.size();
    begin();
    for (const auto& r : rule_->hears) pre_rates_.push_back(-1/r.tau[0]);
    for (const double tau : rule_->fades) kept_rates_.push_back(tau > 0 ? -1/tau : 0);
    post_.assign(places*sees_, 0.0), stages_.assign(places*sees_*most_stages, 0.0);
    for (const auto& r : rule_->sees) rings_.emplace_back(static_cast<std::size_t>(steps_of(r.late, dt))*places, 0.0);
    cells_.assign(table.first_place.size() - 1, {never, false});
    const auto here = [](const reading& r) { return r.of == signal::plateau || r.of == signal::back_propagation; };
    if (std::ranges::any_of(rule_->sees, here) || rule_->rule.answers(occasion::plateau) || rule_->rule.answers(occasion::back_propagation))
        watched_.assign(places, {});
    for (const auto& r : rule_->sees) {
        step_.push_back({});
        if (r.is_trace()) step_.back()[0] = math::exp<double>(-dt_/r.tau[0]);
        else for (std::size_t k = 0; k < most_stages && r.tau[k] > 0; ++k) step_.back()[k] = math::approach<double>(1/r.tau[k], dt_);
    }
    if (rule_->late > 0) late_.resize(static_cast<std::size_t>(rule_->late) + 1);
}

/// Weights and what is kept at the start.
void learner::begin() {
    const auto& fields = rule_->rule.schema.kept;
    std::vector<double> values;
    for (const auto& f : fields) values.push_back(f.value);
    for (std::size_t k = 0; k < synapses_.size(); ++k) {
        synapses_.at(weight, k) = table_->start[k];
        if (rule_->rule.kernels->begins) rule_->rule.kernels->begins(table_->start[k], rule_->parameters.data(), values.data());
        for (std::size_t c = 0; c < values.size(); ++c) synapses_.at(kept + c, k) = values[c];
    }
    if (hears_bursts_) synapses_.fill(heard(), never);
}

void learner::start(const double* memory) {
    const auto places = table_->places.size();
    for (std::size_t r = 0, s = 0; r < sees_; ++r) {
        const auto& reading = rule_->sees[r];
        if (reading.is_trace() || reading.of == signal::plateau) continue;
        for (std::size_t place = 0; place < places; ++place) {
            const double now = table_->signals[s].value(memory, place);
            post(r, place) = now;
            std::fill_n(stages_.begin() + static_cast<std::ptrdiff_t>((place*sees_ + r)*most_stages), most_stages, now);
            for (std::size_t k = place; k < rings_[r].size(); k += places) rings_[r][k] = now;
        }
        ++s;
    }
}

double learner::arrive(std::uint32_t synapse, std::int64_t step) {
    const double before = synapses_.at(weight, synapse);
    if (rule_->late == 0) feel(synapse, step);
    else late_[static_cast<std::size_t>(step + rule_->late) % late_.size()].push_back(synapse);
    return before*rule_->unit;
}

void learner::begin_step(std::int64_t step) {
    if (late_.empty()) return;
    auto& due = late_[static_cast<std::size_t>(step) % late_.size()];
    for (const auto synapse : due) feel(synapse, step);
    due.clear();
}

/// Does something with synapses of one place that have been brought to a time: f(slice, view).
template <class F> void learner::touch(std::size_t first, std::size_t end, std::size_t place, double time, F&& f) {
    for (auto from = first; from < end; from += synapse_store::most) {
        const auto s = synapses_.open(from, std::min(end, from + synapse_store::most));
        relax(s, place, time);
        f(s, view(s, place));
        synapses_.close(s);
    }
}

/// The rule's answer to an arrival, and then what it hears of it.
void learner::feel(std::uint32_t synapse, std::int64_t step) {
    const double time = static_cast<double>(step)*dt_;
    touch(synapse, synapse + 1, table_->place_of[synapse], time, [&](const synapse_store::slice& s, const kernels::synapse_view& v) {
        if (learns(step)) answer(occasion::arrival, v);
        bool is_onset = true, is_burst = false;
        if (hears_bursts_) {
            double& last = *s.column(heard());
            is_onset = time - std::abs(last) > rule_->burst_interval || last == never;
            is_burst = !is_onset && last >= 0;
            last = is_onset ? time : -time;
        }
        for (std::size_t r = 0; r < rule_->hears.size(); ++r)
            if (is_counted(rule_->hears[r], is_onset, is_burst)) count(rule_->hears[r], *s.column(pre(r)));
    });
}

/// Brings synapses to a time.
void learner::relax(const synapse_store::slice& s, std::size_t place, double time) {
    if (is_uniform_) return;
    const auto some = s.size();
    if (elapsed_.size() < some) elapsed_.resize(some);
    double* const last_time = s.column(last());
    for (std::size_t k = 0; k < some; ++k) elapsed_[k] = time - last_time[k], last_time[k] = time;
    for (std::size_t r = 0; r < pre_rates_.size(); ++r) fade(s.column(pre(r)), elapsed_.data(), some, pre_rates_[r]);
    for (std::size_t c = 0; c < kept_rates_.size(); ++c)
        if (kept_rates_[c] < 0) fade(s.column(kept + c), elapsed_.data(), some, kept_rates_[c]);
    if (!rule_->rule.kernels->relax) return;
    if (rule_->rule.schema.is_noisy) draw_chance(s.first, s.end, time);
    auto v = view(s, place);
    v.elapsed = elapsed_.data(), v.chance = chance_.data();
    rule_->rule.kernels->relax(v);
}

/// All, by one step.
void learner::relax_all() {
    const auto all = synapses_.open(0, synapses_.size());
    const auto fade_column = [&](double* x, double rate) {
        const double left = math::exp<double>(rate*dt_);
        for (std::size_t k = 0; k < all.size(); ++k) x[k] *= left;
    };
    for (std::size_t r = 0; r < pre_rates_.size(); ++r) fade_column(all.column(pre(r)), pre_rates_[r]);
    for (std::size_t c = 0; c < kept_rates_.size(); ++c)
        if (kept_rates_[c] < 0) fade_column(all.column(kept + c), kept_rates_[c]);
}

void learner::draw_chance(std::size_t first, std::size_t end, double time) {
    if (chance_.size() < end - first) chance_.resize(end - first);
    for (std::size_t k = first; k < end; ++k) {
        const auto cell = table_->places[table_->place_of[k]].cell;
        const auto number = k - table_->places[table_->first_place[static_cast<std::size_t>(cell)]].first;
        random_stream draws(seed_, stream_onto(rule_->stream, first_cell_ + cell), identity("learning") + number,
                            std::bit_cast<std::uint64_t>(time));
        chance_[k - first] = draws.normal();
    }
}

/// Synapses of one place, as the functions of a rule want them.
kernels::synapse_view learner::view(const synapse_store::slice& s, std::size_t place) {
    kernels::synapse_view v;
    v.count = s.size();
    v.weight = s.column(weight);
    v.kept = s.column(kept), v.kept_stride = s.stride;
    v.pre = s.column(pre(0)), v.pre_stride = s.stride;
    v.post = post_.data() + place*sees_, v.third = third_.data(), v.parameters = rule_->parameters.data();
    v.low = rule_->low, v.high = rule_->high;
    return v;
}

/// The rule's answer, if it has one.
void learner::answer(occasion o, const kernels::synapse_view& v) const {
    if (auto* const f = rule_->rule.kernels->on[static_cast<std::size_t>(o)]) f(v);
}

void learner::end_step(std::int64_t step, std::span<const int> spiked, const double* memory) {
    third_.follow(step);
    const bool ticks = rule_->every > 0 && step % rule_->every == 0;
    if (is_uniform_) relax_all();
    if (!watched_.empty()) watch(step, memory);
    follow_signals(step, memory);
    for (std::size_t place = 0; place < watched_.size(); ++place) {
        if (watched_[place].begins) happen(signal::plateau, place, step);
        if (watched_[place].arrives) happen(signal::back_propagation, place, step);
    }
    for (const int cell : spiked) spike_of(cell, step);
    if (ticks) tick(step);
    if (rule_->total > 0 && step % rule_->total_every == 0 && learns(step)) hold_totals();
}

/// Traces of events fade, low-passes follow the membrane.
void learner::follow_signals(std::int64_t step, const double* memory) {
    const auto places = table_->places.size();
    for (std::size_t r = 0, s = 0; r < sees_; ++r) {
        const auto& reading = rule_->sees[r];
        if (reading.is_trace()) {
            for (std::size_t place = 0; place < places; ++place) post(r, place) *= step_[r][0];
            continue;
        }
        for (std::size_t place = 0; place < places; ++place) {
            double x = reading.of == signal::plateau ? (watched_[place].in_plateau ? 1.0 : 0.0) : table_->signals[s].value(memory, place);
            double* const stage = stages_.data() + (place*sees_ + r)*most_stages;
            for (std::size_t k = 0; k < most_stages && reading.tau[k] > 0; ++k) x = stage[k] += step_[r][k]*(x - stage[k]);
            post(r, place) = x;
        }
        if (auto& ring = rings_[r]; !ring.empty()) {
            double* const oldest = ring.data() + static_cast<std::size_t>(step) % (ring.size()/places)*places;
            for (std::size_t place = 0; place < places; ++place) std::swap(oldest[place], post(r, place));
        }
        if (reading.of != signal::plateau) ++s;
    }
}

void learner::spike_of(int cell, std::int64_t step) {
    auto& history = cells_[static_cast<std::size_t>(cell)];
    const double time = static_cast<double>(step)*dt_;
    const bool is_onset = history.last == never || time - history.last > rule_->burst_interval;
    const bool is_burst = !is_onset && !history.in_burst;
    history = {time, !is_onset};
    for (auto place = table_->first_place[static_cast<std::size_t>(cell)]; place < table_->first_place[static_cast<std::size_t>(cell) + 1]; ++place) {
        const auto& at = table_->places[place];
        touch(at.first, at.end, place, time, [&](const auto&, const kernels::synapse_view& v) {
            if (!learns(step)) return;
            answer(occasion::spike, v);
            if (is_onset) answer(occasion::onset, v);
            if (is_burst) answer(occasion::burst, v);
        });
        for (std::size_t r = 0; r < sees_; ++r) {
            const auto& seen = rule_->sees[r];
            if (is_counted(seen, is_onset, is_burst)) count(seen, post(r, place));
        }
        if (!watched_.empty()) watched_[place].spike = time, watched_[place].expects = true;
    }
}

/// A plateau begins, or a back-propagating spike arrives, at a place.
void learner::happen(signal what, std::size_t place, std::int64_t step) {
    const auto& at = table_->places[place];
    const auto o = what == signal::plateau ? occasion::plateau : occasion::back_propagation;
    touch(at.first, at.end, place, static_cast<double>(step)*dt_, [&](const auto&, const kernels::synapse_view& v) {
        if (learns(step)) answer(o, v);
    });
    for (std::size_t r = 0; r < sees_; ++r)
        if (rule_->sees[r].of == what && rule_->sees[r].is_trace()) count(rule_->sees[r], post(r, place));
}

/// Looks for plateaus, above -40 mV for 20 ms, until below -50 mV; and for spikes of the cell that arrive here, with a peak above -30 mV
/// within 5 ms.
void learner::watch(std::int64_t step, const double* memory) {
    constexpr double plateau_from = -40, plateau_for = 20, plateau_until = -50, spike_above = -30, spike_within = 5;
    const double time = static_cast<double>(step)*dt_;
    for (std::size_t place = 0; place < watched_.size(); ++place) {
        auto& w = watched_[place];
        const double v = memory[table_->potential[place]];
        if (!(v > plateau_from)) w.above = never;
        else if (w.above == never) w.above = time;
        w.begins = !w.in_plateau && w.above != never && time - w.above >= plateau_for;
        w.in_plateau = w.begins || (w.in_plateau && !(v < plateau_until));
        if (time - w.spike > spike_within) w.expects = false;
        w.arrives = w.expects && w.last > spike_above && v < w.last;   // just past its peak
        w.expects = w.expects && !w.arrives;
        w.last = v;
    }
}

void learner::tick(std::int64_t step) {
    for (std::size_t place = 0; place < table_->places.size(); ++place)
        touch(table_->places[place].first, table_->places[place].end, place, static_cast<double>(step)*dt_, [&](const auto&, kernels::synapse_view v) {
            v.dt = static_cast<double>(rule_->every)*dt_;
            if (learns(step)) answer(occasion::step, v);
        });
}

/// Scales the weights onto each cell, but for the bounds.
void learner::hold_totals() {
    for (std::size_t cell = 0; cell + 1 < table_->first_place.size(); ++cell) {
        const auto first = table_->first_place[cell], end = table_->first_place[cell + 1];
        if (first == end) continue;
        double sum = 0;
        const auto from = table_->places[first].first, to = table_->places[end - 1].end;
        for (auto k = from; k < to; ++k) sum += synapses_.at(weight, k);
        if (!(sum > 0)) continue;
        for (auto k = from; k < to; ++k) synapses_.at(weight, k) = std::clamp(synapses_.at(weight, k)*(rule_->total/sum), rule_->low, rule_->high);
    }
}

std::vector<double> learner::weights(double time) const {
    const auto read = [](const learner& l) {
        std::vector<double> out(l.synapses_.size());
        for (std::size_t k = 0; k < out.size(); ++k) out[k] = l.synapses_.at(weight, k);
        return out;
    };
    if (is_uniform_ || !rule_->rule.kernels->relax) return read(*this);
    learner then = *this;
    for (std::size_t place = 0; place < table_->places.size(); ++place)
        then.touch(table_->places[place].first, table_->places[place].end, place, time, [](const auto&, const auto&) {});
    return read(then);
}

std::size_t learner::bytes() const {
    std::size_t sum = synapses_.bytes() + (post_.size() + stages_.size())*sizeof(double);
    for (const auto& r : rings_) sum += r.size()*sizeof(double);
    return sum;
}

std::size_t learned_table::bytes() const {
    std::size_t sum = places.size()*sizeof(learned_place) + (first_place.size() + place_of.size() + source.size())*sizeof(std::uint32_t) + start.size()*sizeof(double);
    for (const auto& s : signals) sum += s.at.size()*sizeof(std::size_t);
    return sum;
}

void learner::transfer(image& i) {
    synapses_.transfer(i), i(post_), i(stages_);
    i(rings_, [&](auto& ring) { i(ring); });
    i(cells_, [&](auto& c) { i(c.last), i(c.in_burst); });
    i(watched_, [&](auto& w) { i(w.above), i(w.in_plateau), i(w.expects), i(w.begins), i(w.arrives), i(w.last), i(w.spike); });
    third_.transfer(i);
    i(late_, [&](auto& slot) { i(slot, [&](auto& k) { i(k); }); });
}

}  // namespace apical
