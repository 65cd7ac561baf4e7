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
      is_uniform_(rule_->every == 1 && !rule_->rule.kernels->relax), third_(net, rule_->fields, dt) {
    const auto n = table.size(), places = table.places.size();
    weight_.assign(table.start.begin(), table.start.end());
    for (const auto& k : rule_->rule.schema.kept) kept_.insert(kept_.end(), n, k.value);
    if (rule_->rule.kernels->begins) {
        std::vector<double> one(rule_->rule.schema.kept.size());
        for (std::size_t k = 0; k < n; ++k) {
            rule_->rule.kernels->begins(weight_[k], rule_->parameters.data(), one.data());
            for (std::size_t s = 0; s < one.size(); ++s) kept_[s*n + k] = one[s];
        }
    }
    for (const auto& r : rule_->hears) pre_rates_.push_back(-1/r.tau[0]);
    for (const double tau : rule_->fades) kept_rates_.push_back(tau > 0 ? -1/tau : 0);
    pre_.assign(rule_->hears.size()*n, 0.0);
    if (!is_uniform_) last_.assign(n, 0.0);
    const auto of_bursts = [](const reading& r) { return r.of == signal::burst || r.of == signal::onset; };
    if (std::ranges::any_of(rule_->hears, of_bursts)) heard_.assign(n, never);
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
    const double before = weight_[synapse];
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

/// The rule's answer to an arrival, and then what it hears of it.
void learner::feel(std::uint32_t synapse, std::int64_t step) {
    const double time = static_cast<double>(step)*dt_;
    relax(synapse, synapse + 1, time);
    if (learns(step)) answer(occasion::arrival, synapse, synapse + 1, table_->place_of[synapse]);
    bool is_onset = true, is_burst = false;
    if (!heard_.empty()) {
        const double last = heard_[synapse];
        is_onset = time - std::abs(last) > rule_->burst_interval || last == never;
        is_burst = !is_onset && last >= 0;
        heard_[synapse] = is_onset ? time : -time;
    }
    for (std::size_t r = 0; r < rule_->hears.size(); ++r) {
        const auto& heard = rule_->hears[r];
        if (is_counted(heard, is_onset, is_burst)) count(heard, pre(r)[synapse]);
    }
}

/// Brings synapses to a time.
void learner::relax(std::size_t first, std::size_t end, double time) {
    if (is_uniform_) return;
    const auto n = weight_.size(), some = end - first;
    if (elapsed_.size() < some) elapsed_.resize(some);
    for (std::size_t k = 0; k < some; ++k) elapsed_[k] = time - last_[first + k], last_[first + k] = time;
    for (std::size_t r = 0; r < pre_rates_.size(); ++r) fade(pre(r) + first, elapsed_.data(), some, pre_rates_[r]);
    for (std::size_t s = 0; s < kept_rates_.size(); ++s)
        if (kept_rates_[s] < 0) fade(kept_.data() + s*n + first, elapsed_.data(), some, kept_rates_[s]);
    if (!rule_->rule.kernels->relax) return;
    if (rule_->rule.schema.is_noisy) draw_chance(first, end, time);
    for (std::size_t from = first; from < end;) {
        const auto place = table_->place_of[from];
        const auto to = std::min<std::size_t>(end, table_->places[place].end);
        auto v = view(from, to, place);
        v.elapsed = elapsed_.data() + (from - first), v.chance = chance_.data() + (from - first);
        rule_->rule.kernels->relax(v);
        from = to;
    }
}

/// All, by one step.
void learner::relax_all() {
    const auto n = weight_.size();
    const auto all = [&](double* x, double rate) {
        const double left = math::exp<double>(rate*dt_);
        for (std::size_t k = 0; k < n; ++k) x[k] *= left;
    };
    for (std::size_t r = 0; r < pre_rates_.size(); ++r) all(pre(r), pre_rates_[r]);
    for (std::size_t s = 0; s < kept_rates_.size(); ++s)
        if (kept_rates_[s] < 0) all(kept_.data() + s*n, kept_rates_[s]);
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

/// Synapses of one place.
kernels::synapse_view learner::view(std::size_t first, std::size_t end, std::size_t place) {
    const auto n = weight_.size();
    kernels::synapse_view v;
    v.count = end - first;
    v.weight = weight_.data() + first;
    v.kept = kept_.data() + first, v.kept_stride = n;
    v.pre = pre_.data() + first, v.pre_stride = n;
    v.post = post_.data() + place*sees_, v.third = third_.data(), v.parameters = rule_->parameters.data();
    v.low = rule_->low, v.high = rule_->high;
    return v;
}

/// The rule's answer, if it has one.
void learner::answer(occasion o, std::size_t first, std::size_t end, std::size_t place, double dt) {
    auto* const f = rule_->rule.kernels->on[static_cast<std::size_t>(o)];
    if (!f) return;
    auto v = view(first, end, place);
    v.dt = dt;
    f(v);
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
        relax(at.first, at.end, time);
        if (learns(step)) {
            answer(occasion::spike, at.first, at.end, place);
            if (is_onset) answer(occasion::onset, at.first, at.end, place);
            if (is_burst) answer(occasion::burst, at.first, at.end, place);
        }
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
    relax(at.first, at.end, static_cast<double>(step)*dt_);
    if (learns(step)) answer(o, at.first, at.end, place);
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
    if (!is_uniform_) relax(0, weight_.size(), static_cast<double>(step)*dt_);
    if (!learns(step)) return;
    for (std::size_t place = 0; place < table_->places.size(); ++place)
        answer(occasion::step, table_->places[place].first, table_->places[place].end, place, static_cast<double>(rule_->every)*dt_);
}

/// Scales the weights onto each cell, but for the bounds.
void learner::hold_totals() {
    for (std::size_t cell = 0; cell + 1 < table_->first_place.size(); ++cell) {
        const auto first = table_->first_place[cell], end = table_->first_place[cell + 1];
        if (first == end) continue;
        double sum = 0;
        const auto from = table_->places[first].first, to = table_->places[end - 1].end;
        for (auto k = from; k < to; ++k) sum += weight_[k];
        if (!(sum > 0)) continue;
        for (auto k = from; k < to; ++k) weight_[k] = std::clamp(weight_[k]*(rule_->total/sum), rule_->low, rule_->high);
    }
}

std::vector<double> learner::weights(double time) const {
    if (is_uniform_ || !rule_->rule.kernels->relax) return {weight_.begin(), weight_.end()};
    learner then = *this;
    then.relax(0, weight_.size(), time);
    return {then.weight_.begin(), then.weight_.end()};
}

std::size_t learner::bytes() const {
    std::size_t sum = (weight_.size() + kept_.size() + pre_.size() + last_.size() + heard_.size() + post_.size() + stages_.size())*sizeof(double);
    for (const auto& r : rings_) sum += r.size()*sizeof(double);
    return sum;
}

std::size_t learned_table::bytes() const {
    std::size_t sum = places.size()*sizeof(learned_place) + (first_place.size() + place_of.size() + source.size())*sizeof(std::uint32_t) + start.size()*sizeof(double);
    for (const auto& s : signals) sum += s.at.size()*sizeof(std::size_t);
    return sum;
}

void learner::transfer(image& i) {
    i(weight_), i(kept_), i(pre_), i(last_), i(heard_), i(post_), i(stages_);
    i(rings_, [&](auto& ring) { i(ring); });
    i(cells_, [&](auto& c) { i(c.last), i(c.in_burst); });
    i(watched_, [&](auto& w) { i(w.above), i(w.in_plateau), i(w.expects), i(w.begins), i(w.arrives), i(w.last), i(w.spike); });
    third_.transfer(i);
    i(late_, [&](auto& slot) { i(slot, [&](auto& k) { i(k); }); });
}

}  // namespace apical
