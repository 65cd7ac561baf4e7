// SPDX-License-Identifier: BSD-3-Clause
#include "engine/coupled_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/kernels/view.hpp"
#include "engine/receive.hpp"
#include "engine/run_region.hpp"
#include "engine/sampler.hpp"
#include "engine/sources.hpp"
#include "solvers/bdf.hpp"
#include "solvers/dense_stepper.hpp"
#include "solvers/rosenbrock.hpp"

namespace apical {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double same_time = 1e-9;       ///< [ms] jumps closer than this happen together
constexpr double longest_step = 10;      ///< [ms]
constexpr long most_steps_since = 10000;   ///< ... a start, of a method that must do again what it has done: then it is started anew
constexpr double wide_berth = 40;        ///< [mV] from a threshold: a step that ends within is looked at inside too
/// Gauss's rule of two points on [0, 1]: exact up to degree 3, and an error of order 4 as the steps have.
constexpr struct { double at, weight; } gauss[] = {{0.2113248654051871, 0.5}, {0.7886751345948129, 0.5}};

std::size_t index(int i) { return static_cast<std::size_t>(i); }

std::unique_ptr<solvers::stiff_stepper> stepper_for(const plan& p, const coupled_equations& e) {
    if (p.options.scheme == scheme::precise) return std::make_unique<solvers::rosenbrock>(longest_step);
    return std::make_unique<solvers::bdf>(longest_step, e.concentrations());
}

}  // namespace

/// Electrodes and receptors over one segment. Receptors decay freely from its beginning, exactly.
class coupled_cell::inputs final : public cell_inputs {
public:
    inputs(const plan& p, const block_plan& where, coupled_cell& c)
        : p_(p), where_(where), c_(c), cell_(p.populations[index(where.population)]), map_(p.maps[index(where.population)]) {
        const double length = c.at_.segment_end - c.at_.segment;
        margin_ = std::min(same_time, 0.25*length);
    }

    bool vary() const override {
        if (!cell_.receptors.empty()) return true;
        return std::ranges::any_of(where_.injections, [&](std::size_t i) {
            const auto& source = p_.injections[i].source;
            return !std::holds_alternative<step_current>(source) && !std::holds_alternative<noise_current>(source);
        });
    }

    void add(double t, const double* v, double* current, double* conductance) override {
        for (std::size_t k = 0; k < where_.injections.size(); ++k) {
            const auto& injection = p_.injections[where_.injections[k]];
            current[injection.row] += is_noise(injection) ? c_.at_.noises[k].current : current_at(injection, within(t), 0);
        }
        for (const auto i : where_.clamps) {
            const auto& clamp = p_.clamps[i];
            if (const auto command = command_at(clamp, within(t))) {
                current[clamp.row] += clamp.conductance*(*command - v[clamp.row]);
                conductance[clamp.row] += clamp.conductance;
            }
        }
        add_receptors(t, v, current, conductance);
    }

    /// Tells a ledger what comes in at a time that stands for some [ms], and leaves it the currents of the receptors.
    std::vector<kernels::receptor_view> tell(double t, const double* v, double stands_for, ledger& to) {
        for (std::size_t k = 0; k < where_.injections.size(); ++k) {
            const auto& injection = p_.injections[where_.injections[k]];
            to.inject(0, stands_for*(is_noise(injection) ? c_.at_.noises[k].current : current_at(injection, within(t), 0)));
        }
        for (const auto i : where_.clamps)
            if (const auto command = command_at(p_.clamps[i], within(t))) to.clamp(0, stands_for*p_.clamps[i].conductance*(*command - v[p_.clamps[i].row]));
        std::vector<kernels::receptor_view> told(cell_.receptors.size());
        kept_.resize(told.size());
        for (std::size_t g = 0; g < told.size(); ++g) {
            kept_[g].assign(static_cast<std::size_t>(kernels::kept_count)*cell_.receptors[g].rows.size(), 0.0);
            told[g].kept = kept_[g].data();
        }
        std::vector<double> current(index(cell_.rows)), conductance(index(cell_.rows));
        add_receptors(t, v, current.data(), conductance.data());
        return told;
    }

private:
    /// The edges of the segment belong to the segment.
    double within(double t) const {
        const double low = c_.at_.segment + margin_;
        return std::clamp(t, low, std::max(low, c_.at_.segment_end - margin_));
    }
    void add_receptors(double t, const double* v, double* current, double* conductance) {
        if (cell_.receptors.empty()) return;
        const double reference = 0;
        sum_.assign(index(cell_.rows), 0), slope_.assign(index(cell_.rows), 0);
        for (std::size_t g = 0; g < cell_.receptors.size(); ++g) {
            const auto& r = cell_.receptors[g];
            const auto columns = r.mechanism.schema.states.size()*r.rows.size();
            c_.scratch_.resize(columns);
            std::copy_n(c_.at_.receptors.begin() + static_cast<std::ptrdiff_t>(map_.receptors[g] - map_.receptors.front()), columns, c_.scratch_.begin());
            kernels::receptor_view view;
            view.instances = static_cast<int>(r.rows.size());
            view.rows = r.rows.data(), view.parameters = r.parameters.data(), view.parameter_stride = r.rows.size();
            view.states = c_.scratch_.data(), view.state_stride = r.rows.size();
            view.v = v, view.reference = &reference;
            view.rhs = sum_.data(), view.diagonal = slope_.data();
            view.kept = kept_.empty() ? nullptr : kept_[g].data();
            view.before = std::max(0.0, t - c_.at_.segment), view.after = 0;
            r.mechanism.kernels->receptor[kernels::along_rows](view);
        }
        // kernels make the row of a matrix, g v - i and g; the current at v is what is wanted here
        for (std::size_t row = 0; row < sum_.size(); ++row) current[row] += sum_[row] - slope_[row]*v[row], conductance[row] += slope_[row];
    }

    const plan& p_;
    const block_plan& where_;
    coupled_cell& c_;
    const cell_plan& cell_;
    const memory_map& map_;
    double margin_;
    std::vector<double> sum_, slope_;
    std::vector<aligned_vector> kept_;      // [receptors] where a ledger is told
};

class coupled_cell::system final : public solvers::stiff_system {
public:
    system(const plan& p, const block_plan& where, coupled_cell& c) : p_(p), c_(c), inputs_(p, where, c) {}

    std::size_t size() const override { return index(c_.equations_.size()); }
    void rates(double t, const double* y, double* f) override {
        const double limit = p_.options.v_limit.coherent();
        const int rows = p_.populations[index(c_.equations_.population())].first_branch_row;
        if (!std::all_of(y, y + rows, [&](double v) { return std::abs(v) < limit; }))
            return std::fill_n(f, c_.equations_.size(), std::numeric_limits<double>::quiet_NaN()), void();
        c_.equations_.rates(p_, t, y, inputs_, f);
    }
    void rates_in_time(double t, const double* y, double* to) override { c_.equations_.rates_in_time(p_, t, y, inputs_, to); }
    void linearise(double, const double* y) override { c_.equations_.linearise(p_, y); }
    void factorise(double gamma) override { c_.equations_.factorise(p_, gamma); }
    void solve(double* x) override { c_.equations_.solve(p_, x); }
    void weights(const double* y, double* to) const override { c_.equations_.weights(p_, p_.options.max_error.coherent(), y, to); }

    cell_inputs& outside() { return inputs_; }

private:
    const plan& p_;
    coupled_cell& c_;
    inputs inputs_;
};

coupled_cell::coupled_cell(const plan& p, const block_plan& where, const inlet& in)
    : equations_(p, where.population), stepper_(stepper_for(p, equations_)), events_(where.events), releases_(in.releases_at_start()),
      ledgers_(where.windows.size(), ledger(p.populations[index(where.population)])) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    unknowns_.resize(index(equations_.size()));
    std::iota(unknowns_.begin(), unknowns_.end(), 0);
    memory_.assign(map.total, 0);
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.v), cell.rows, cell.v_init);
    for (std::size_t r = 0; r < cell.regions.size(); ++r) initialise_region(p, cell, r, map, memory_.data());
    if (!map.receptors.empty()) at_.receptors.assign(map.total - map.receptors.front(), 0);
    for (const auto i : where.injections) at_.noises.push_back({initial_noise(p, p.injections[i]), 0});
    std::ranges::stable_sort(events_, {}, [&](std::size_t e) { return p.events[e].time; });
    at_.next_random = next_random(p, where, 0);
    const auto b = std::make_shared<beginning>();
    b->at = at_;
    b->y.assign(index(equations_.size()), 0);
    std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.v), cell.first_branch_row, b->y.begin());
    for (std::size_t r = 0; r < cell.regions.size(); ++r)
        std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.regions[r].states), cell.regions[r].states*cell.regions[r].rows,
                    b->y.begin() + equations_.state_index(r, 0, 0));
    beginning_ = b;
    for (const auto d : where.detectors) last_seen_.push_back(voltage_at(p, where, 0, p.detectors[d].node));
}

std::int64_t coupled_cell::next_random(const plan& p, const block_plan& where, std::int64_t from) const {
    constexpr std::int64_t look_ahead = 4096;
    if (where.poisson.empty()) return std::numeric_limits<std::int64_t>::max();
    for (auto n = from; n < from + look_ahead; ++n)
        if (std::ranges::any_of(where.poisson, [&](std::size_t i) { return poisson_events(p, p.poisson[i], n) > 0; })) return n;
    return from + look_ahead;   // look again from there
}

void coupled_cell::receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first) {
    apical::receive(p, in, spikes, first, releases_, [&](const connection& c, double weight, double time, const sent_spike&) {
        arrivals_.add({time, c.group, static_cast<int>(c.element), weight, at_.now}, at_.next_arrival);
    });
    hear();
}

/// The segment ends where something arrives, and be it at once.
void coupled_cell::hear() {
    const double first = arrivals_.time(at_.next_arrival);
    at_.segment_end = std::min(at_.segment_end, std::max(at_.now, first));
    if (first <= at_.now + same_time) is_jump_ = true;
}

void coupled_cell::take_events(const plan& p, const block_plan& where, const inlet& in) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const auto give = [&](int group, int instance, double weight) {
        const auto& r = cell.receptors[index(group)];
        const auto first = map.receptors[index(group)] - map.receptors.front() + index(instance);
        r.mechanism.kernels->on_event({at_.receptors.data() + first, r.rows.size(), r.parameters.data() + instance, r.rows.size()}, weight);
        count_event(p, where, group, instance);
    };
    for (; at_.next_event < events_.size() && p.events[events_[at_.next_event]].time <= at_.now + same_time; ++at_.next_event) {
        const auto& e = p.events[events_[at_.next_event]];
        give(e.group, e.instance, e.weight);
    }
    for (; arrivals_.time(at_.next_arrival) <= at_.now + same_time; ++at_.next_arrival) {
        const auto& e = arrivals_.at(at_.next_arrival);
        give(e.group, e.instance, e.weight);
    }
    for (; !in.spontaneous.empty() && p.time_of(at_.spontaneous) <= at_.now + same_time; ++at_.spontaneous)
        release_spontaneously(p, in, at_.spontaneous, [&](const connection& c) { give(c.group, static_cast<int>(c.element), c.weight); });
    while (at_.next_random < std::numeric_limits<std::int64_t>::max() && p.time_of(at_.next_random) <= at_.now + same_time) {
        for (const auto i : where.poisson) {
            const auto& random = p.poisson[i];
            for (int k = poisson_events(p, random, at_.next_random); k > 0; --k) give(random.group, random.instance, random.what.weight);
        }
        at_.next_random = next_random(p, where, at_.next_random + 1);
    }
}

double coupled_cell::next_jump(const plan& p, const block_plan& where) const {
    double next = never;
    const auto at_most = [&](double t) {
        if (t > at_.now + same_time) next = std::min(next, t);
    };
    for (const auto i : where.injections) {
        for (const double t : edges_of(p.injections[i].source)) at_most(t);
        if (is_noise(p.injections[i])) at_most(p.time_of(static_cast<std::int64_t>(std::floor((at_.now + same_time)/p.dt())) + 1));
    }
    for (const auto i : where.clamps) {
        for (const auto& level : p.clamps[i].levels) at_most(level.first);
        at_most(p.clamps[i].stop);
    }
    if (at_.next_event < events_.size()) at_most(p.events[events_[at_.next_event]].time);
    if (at_.next_random < std::numeric_limits<std::int64_t>::max()) at_most(p.time_of(at_.next_random));
    at_most(arrivals_.time(at_.next_arrival));
    if (at_.spontaneous > 0) at_most(p.time_of(at_.spontaneous));
    return next;
}

void coupled_cell::begin_segment(const plan& p, const block_plan& where, const inlet& in) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    auto start = can_be_copied() ? nullptr : std::make_shared<beginning>();
    if (start) start->at = at_;
    for (std::size_t g = 0; g < cell.receptors.size(); ++g) {
        const auto& r = cell.receptors[g];
        for (int k = 0; k < r.instances; ++k)
            r.mechanism.kernels->receptor_advance({at_.receptors.data() + (map.receptors[g] - map.receptors.front()) + k, r.rows.size(),
                                                   r.parameters.data() + k, r.rows.size()}, at_.now - at_.segment);
    }
    at_.segment = at_.now;
    take_events(p, where, in);
    const auto present = static_cast<std::int64_t>(std::floor((at_.now + same_time)/p.dt()));
    if (present != at_.noise_step)
        for (std::size_t k = 0; k < where.injections.size(); ++k) {
            const auto& injection = p.injections[where.injections[k]];
            if (!is_noise(injection)) continue;
            // the same numbers as under fixed steps: the state of a source advances once a step
            draw_noise(p, injection, present, at_.noises[k].state);
            at_.noises[k].current = current_at(injection, p.time_of(present) + p.dt()/2, at_.noises[k].state);
        }
    at_.noise_step = present;
    at_.segment_end = next_jump(p, where);
    begin_steps(p, where, std::move(start));
    arrivals_.forget(can_be_copied() ? at_.next_arrival : beginning_->at.next_arrival);
    must_start_ = is_jump_ = false;
}

/// Brings the stepper into the segment. `start`: where it is, to be kept if the stepper begins anew and cannot be copied.
void coupled_cell::begin_steps(const plan& p, const block_plan& where, std::shared_ptr<beginning> start) {
    system s(p, where, *this);
    if (must_start_) {
        stepper_->start(s, at_.now, beginning_->y);
        steps_since_ = 0;
        return;
    }
    const bool is_tired = start && steps_since_ >= most_steps_since;
    if (start) start->y.assign(stepper_->state().begin(), stepper_->state().end()), start->counts = counts();
    if (is_tired) stepper_->start(s, at_.now, start->y);
    if ((is_tired || stepper_->jump(s)) && start) beginning_ = std::move(start), steps_since_ = 0;
}

/// False if the numerics failed.
bool coupled_cell::step(const plan& p, const block_plan& where, const inlet& in) {
    if (is_jump_) begin_segment(p, where, in);
    system s(p, where, *this);
    if (!stepper_->step(s, std::min(at_.segment_end, p.horizon_at(at_.now)))) return false;
    ++steps_since_;
    at_.now = stepper_->time();
    if (at_.now >= at_.segment_end - same_time || (!can_be_copied() && steps_since_ >= most_steps_since)) is_jump_ = true;
    return true;
}

/// Brings memory_ to a time within the last step.
void coupled_cell::look_at(const plan& p, const block_plan& where, double t) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    std::vector<double> y(unknowns_.size());
    if (steps_since_ == 0) y = beginning_->y;
    else stepper_->interpolate(t, unknowns_, y.data());
    system s(p, where, *this);
    std::ranges::copy(equations_.voltages(p, t, y.data(), s.outside()), memory_.begin() + static_cast<std::ptrdiff_t>(map.v));
    for (std::size_t r = 0; r < cell.regions.size(); ++r)
        std::copy_n(y.begin() + equations_.state_index(r, 0, 0), cell.regions[r].states*cell.regions[r].rows,
                    memory_.begin() + static_cast<std::ptrdiff_t>(map.regions[r].states));
}

double coupled_cell::voltage_at(const plan& p, const block_plan& where, double t, int node) {
    const auto& cell = p.populations[index(where.population)];
    const int row = cell.row_of_node[index(node)];
    const auto& e = cell.eliminated[index(node)];
    const int rows[2] = {row >= 0 ? row : e.rows[0], row >= 0 ? row : e.rows[1]};
    if (steps_since_ > 0 && rows[0] < cell.first_branch_row && rows[1] < cell.first_branch_row) {
        double v[2];
        stepper_->interpolate(t, rows, v);
        return row >= 0 ? v[0] : e.weights[0]*v[0] + e.weights[1]*v[1];
    }
    look_at(p, where, t);
    return sampler(p, where, {memory_.data(), 0, false}, where.first_cell).voltage(node);
}

void coupled_cell::detect(const plan& p, const block_plan& where) {
    constexpr int looks = 4;
    const double from = stepper_->before(), to = stepper_->time();
    for (std::size_t d = 0; d < where.detectors.size(); ++d) {
        const auto& detector = p.detectors[where.detectors[d]];
        const auto excess = [&](double t) { return voltage_at(p, where, t, detector.node) - detector.threshold; };
        const double end = excess(to), start = last_seen_[d] - detector.threshold;
        last_seen_[d] = end + detector.threshold;
        const bool is_near = std::abs(start) < wide_berth || std::abs(end) < wide_berth || (start > 0) != (end > 0);
        if (!is_near) continue;
        double low = from;
        bool was_below = !(start > 0);
        for (int k = 1; k <= looks; ++k) {
            const double t = k == looks ? to : from + (to - from)*k/looks;
            const bool is_above = (k == looks ? end : excess(t)) > 0;
            if (is_above && was_below) spikes_.push_back({solvers::rising_root(excess, low, t, 1e-10), d});
            was_below = !is_above, low = t;
        }
    }
}

void coupled_cell::count_event(const plan& p, const block_plan& where, int group, int instance) {
    for (std::size_t k = 0; k < ledgers_.size(); ++k) {
        const auto& window = p.windows[where.windows[k]];
        if (at_.now >= p.time_at(window.start) - same_time && at_.now < p.time_at(window.stop) - same_time)
            ledgers_[k].count_event(index(group), index(instance));
    }
}

/// Sums the currents over the part of the last step that a window covers, on the continuous output: steps know nothing of windows.
void coupled_cell::keep_ledgers(const plan& p, const block_plan& where) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const double* const v = memory_.data() + map.v;
    for (std::size_t k = 0; k < ledgers_.size(); ++k) {
        const auto& window = p.windows[where.windows[k]];
        const double start = p.time_at(window.start), stop = p.time_at(window.stop);
        const double from = std::max(stepper_->before(), start), to = std::min(stepper_->time(), stop);
        if (!(from < to)) continue;
        if (from == start) look_at(p, where, from), ledgers_[k].open(v);
        std::vector<kernels::region_view> regions;
        for (std::size_t r = 0; r < cell.regions.size(); ++r) regions.push_back(view_of(p, cell, map, r, memory_.data()));
        inputs outside(p, where, *this);
        for (const auto& [at, weight] : gauss) {
            const double t = from + at*(to - from), stands_for = weight*(to - from);
            look_at(p, where, t);
            for (std::size_t r = 0; r < cell.regions.size(); ++r) equations_.write_reversals(p, r, regions[r]);
            const auto receptors = outside.tell(t, v, stands_for, ledgers_[k]);
            ledgers_[k].read({.cell = cell, .regions = regions, .receptors = receptors, .v = v, .x = v}, stands_for);
        }
        look_at(p, where, to);
        ledgers_[k].raise_peak(v);
        if (to == stop) ledgers_[k].close(v);
    }
}

charge_account coupled_cell::account(const plan& p, const block_plan& where, std::size_t window) const {
    const auto k = static_cast<std::size_t>(std::ranges::find(where.windows, window) - where.windows.begin());
    auto a = ledgers_[k].account(p.populations[index(where.population)], 0, 0.5);
    a.cell = where.first_cell, a.population = p.populations[index(where.population)].name;
    a.start = p.time_at(p.windows[window].start), a.stop = p.time_at(p.windows[window].stop);
    return a;
}

cell_steps coupled_cell::steps(const plan& p, const block_plan& where) const {
    const auto n = counts();
    return {.population = where.population, .cell = where.first_cell, .time = at_.now, .accepted = n.steps, .rejected = n.rejected,
            .worth = worth_in_fixed_steps(p.options.scheme)};
}

std::optional<divergence> coupled_cell::run(const plan& p, const block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out) {
    if (!stepper_) redo(p, where, in);
    std::int64_t sampled = from;
    const auto sample_known = [&] {
        for (; sampled < to && p.time_of(sampled + 1) <= at_.now; ++sampled) sample(p, where, sampled + 1, out);
    };
    sample_known();
    while (at_.now < p.time_of(to) && !failed_) {
        if (!step(p, where, in)) {
            failed_ = locate(p, where);
            break;
        }
        detect(p, where);
        keep_ledgers(p, where);
        sample_known();
    }
    std::ranges::stable_sort(spikes_, {}, &found::time);
    const auto known = std::ranges::upper_bound(spikes_, p.time_of(to), {}, &found::time);
    for (auto s = spikes_.begin(); s != known; ++s) {
        const auto step = static_cast<std::int64_t>(std::ceil(s->time/p.dt() - 1e-9));
        out.spikes->push_back({where.population, where.first_cell, s->time, p.time_of(std::max<std::int64_t>(step, 1))});
        if (p.detectors[where.detectors[s->detector]].sends) out.sent->push_back({p.network.gid(where.population, where.first_cell), s->time});
    }
    spikes_.erase(spikes_.begin(), known);
    return failed_;
}

double coupled_cell::voltage(const plan& p, const block_plan& where, const inlet& in, std::int64_t step, int node) {
    if (!stepper_) redo(p, where, in);
    return voltage_at(p, where, p.time_of(step), node);
}

void coupled_cell::sample_start(const plan& p, const block_plan& where, block::sink out) { sample(p, where, 0, out); }

void coupled_cell::sample(const plan& p, const block_plan& where, std::int64_t step, block::sink out) {
    bool is_filled = false;
    for (const auto& column : where.probes) {
        const auto& probe = p.probes[column.probe];
        if (!probe.is_due(step)) continue;
        const auto& at = probe.places[column.place];
        const double t = p.time_of(step);
        double value;
        if (probe.what == probed::voltage && !is_filled) {
            value = voltage_at(p, where, t, at.node);
        } else {
            if (!is_filled) look_at(p, where, t), is_filled = true;
            value = sampler(p, where, {memory_.data(), 0, false}, at.cell).value(probe, at, t);
        }
        probe.put(step, column.place, value*probe.scale, (*out.recordings)[column.probe]);
    }
}

/// The unknown whose rate of change is no number where the last good step ended or straight ahead of it; else the one that changes
/// fastest for its tolerance.
divergence coupled_cell::locate(const plan& p, const block_plan& where) {
    const auto& cell = p.populations[index(where.population)];
    const auto y = steps_since_ > 0 ? std::vector(stepper_->state().begin(), stepper_->state().end()) : beginning_->y;
    std::vector<double> f(y.size()), w(y.size()), ahead = y, f_ahead(y.size());
    system s(p, where, *this);
    equations_.rates(p, at_.now, y.data(), s.outside(), f.data());
    s.weights(y.data(), w.data());
    const auto no_number = [&](const std::vector<double>& rates) {
        for (std::size_t i = 0; i < y.size(); ++i)
            if (w[i] > 0 && !std::isfinite(rates[i])) return static_cast<int>(i);
        return -1;
    };
    int found = no_number(f);
    for (double h = 1e-9; found < 0 && h < 1; h *= 2) {
        for (std::size_t i = 0; i < y.size(); ++i) ahead[i] = y[i] + h*f[i];
        equations_.rates(p, at_.now, ahead.data(), s.outside(), f_ahead.data());
        found = no_number(f_ahead);
    }
    std::size_t worst = 0;
    if (found >= 0) worst = index(found);
    else for (std::size_t i = 0; i < y.size(); ++i)
        if (std::abs(f[i])*w[i] > std::abs(f[worst])*w[worst]) worst = i;
    divergence d{where.first_cell, cell.name, {}, at_.now, "v", y[worst], stepper_->failure()};
    const auto place = equations_.place_of(p, static_cast<int>(worst));
    d.location = cell.name_of_node(cell.node_of_row[index(place.row)]);
    if (place.region >= 0) {
        const auto& r = cell.regions[index(place.region)];
        std::size_t m = r.mechanisms.size() - 1;
        while (r.first_state[m] > place.column || r.mechanisms[m].schema.states.empty()) --m;
        d.quantity = r.mechanisms[m].schema.name + "." + std::string(r.mechanisms[m].schema.states[index(place.column - r.first_state[m])].name);
    }
    return d;
}

}  // namespace apical
