// SPDX-License-Identifier: BSD-3-Clause
#include "engine/block.hpp"

#include <algorithm>
#include <cmath>

#include "engine/choose_step.hpp"
#include "engine/run_region.hpp"
#include "engine/sampler.hpp"
#include "engine/sources.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

/// What a run of steps needs, and the present one of them.
struct block::cursor {
    const cell_plan& cell;
    const memory_map& map;
    std::vector<kernels::region_view> regions;
    std::vector<kernels::receptor_view> receptors;
    bool covered = false;                       // all voltages are in the range of the tables of rates
    std::vector<double> rhs, diagonal, first;   // for steps in halves: copies, and the first solution
    bool is_read = false;                       // by a ledger
    aligned_vector x;                           // for ledgers: the voltages of the solution
    std::vector<aligned_vector> kept;           // [receptors] and their currents

    std::int64_t position = 0;                  // where the step begins
    int level = 0;                              // its length, as an index of cell_plan::steps
    double start = 0, h = 0;                    // [ms]
    kernels::step times;
    unsigned edges = 0;                         // lanes in which it begins with a jump of a stimulus

    cursor(const plan& p, const block_plan& where, double* memory)
        : cell(p.populations[index(where.population)]), map(p.maps[index(where.population)]) {
        for (std::size_t r = 0; r < cell.regions.size(); ++r) regions.push_back(view_of(p, cell, map, r, memory));
        for (std::size_t g = 0; g < cell.receptors.size(); ++g) {
            const auto& r = cell.receptors[g];
            kernels::receptor_view v;
            v.instances = static_cast<int>(r.rows.size());
            v.rows = r.rows.data(), v.parameters = r.parameters.data(), v.parameter_stride = r.rows.size();
            v.states = memory + map.receptors[g], v.state_stride = r.rows.size()*index(cell.lanes);
            v.reference = memory + map.reference;
            v.v = memory + map.v, v.rhs = memory + map.rhs, v.diagonal = memory + map.diagonal;
            receptors.push_back(v);
        }
    }

    const cell_step& tables() const { return cell.steps[index(level)]; }
    std::int64_t length(const plan& p) const { return p.chooses_steps() ? step_ladder::length(level) : 1; }
    std::int64_t end(const plan& p) const { return position + length(p); }

    /// Points the views to what belongs to a step of this length after one of the length `previous`.
    void set_lengths(bool second_order, int previous) {
        const auto& now = tables();
        const auto& before = cell.steps[index(previous < 0 ? level : previous)];
        h = now.h;
        // Gates are half a step ahead of v: the first step takes them there. Backward Euler starts them level, as NEURON does.
        const double gates = second_order ? (previous < 0 ? h/2 : previous == level ? h : (before.h + h)/2) : previous < 0 ? 0 : h;
        times = {.gates = gates, .pools = previous >= 0, .dt = before.h, .look_ahead = second_order ? 0.5*(h/before.h) : 0};
        for (std::size_t r = 0; r < regions.size(); ++r) {
            const auto first = index(cell.regions[r].first_row);
            regions[r].capacitance = now.capacitance.data() + first, regions[r].fixed_diagonal = now.fixed_diagonal.data() + first;
            regions[r].prepared = before.regions[r].prepared.data();
        }
        for (auto& r : receptors) r.before = second_order ? h/2 : 0, r.after = h - r.before;
    }
};

block::block(const plan& p, const block_plan& where)
    : memory_(p.maps[index(where.population)].total, 0.0), noise_(where.injections.size(), 0.0), seen_(where.detectors.size()),
      ledgers_(where.windows.size(), ledger(p.populations[index(where.population)])), sampled_(p.chooses_steps() ? where.probes.size() : 0) {
    initialise(p, where);
}

void block::initialise(const plan& p, const block_plan& where) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const auto lanes = index(cell.lanes);
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.v), index(cell.rows)*lanes, cell.v_init);
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.rhs), index(cell.rows)*lanes, cell.v_init);
    for (std::size_t r = 0; r < cell.regions.size(); ++r) initialise_region(p, cell, r, map, memory_.data());
    for (std::size_t i = 0; i < where.injections.size(); ++i) noise_[i] = initial_noise(p, p.injections[where.injections[i]]);
    for (std::size_t d = 0; d < where.detectors.size(); ++d) {
        const auto& detector = p.detectors[where.detectors[d]];
        seen_[d].add(0, voltage(p, where, detector.cell, detector.node));
    }
}

std::optional<divergence> block::run(const plan& p, const block_plan& where, std::int64_t from, std::int64_t to, sink out) {
    cursor c(p, where, memory_.data());
    const auto per_dt = p.positions_per_dt();
    for (std::int64_t at = from*per_dt; at < to*per_dt; at = c.end(p)) {
        if (at % per_dt == 0) deliver(p, where, at/per_dt);
        begin_step(p, where, at, c);
        if (!ledgers_.empty()) prepare_ledgers(p, where, c);
        step(p, where, c);
        if (!ledgers_.empty()) keep_ledgers(p, where, c);
        if (p.chooses_steps()) fastest_ = fastest_change(c);
        if (!update_voltage(p, c, p.second_order() ? c.edges : ~0u)) return locate(p, where, c.start);
        previous_ = c.level;
        if (!ledgers_.empty()) close_ledgers(p, where, c);
        detect(p, where, c, out);
        if (!where.probes.empty()) sample(p, where, c, out);
    }
    return {};
}

void block::begin_step(const plan& p, const block_plan& where, std::int64_t position, cursor& c) {
    const auto edge = std::ranges::lower_bound(where.edges, position, {}, &block_plan::edge::position);
    c.edges = edge != where.edges.end() && edge->position == position ? edge->lanes : 0;
    c.position = position, c.start = p.time_at(position);
    if (p.chooses_steps()) c.level = choose_step(p, where, {position, c.edges != 0, previous_, fastest_, next_event_});
    c.set_lengths(p.second_order(), previous_);
}

/// By as much as the step says: over a step as long as the last one by the table for it, else by half of either, for which there
/// are tables where there are steps to choose from.
void block::advance_gates(cursor& c, std::size_t region) {
    const auto& r = c.cell.regions[region];
    const auto by = [&](int level, double dt) {
        const auto& tables = c.cell.steps[index(level)].regions[region];
        if (c.cell.steps[index(level)].h == dt) return advance_by(r, &tables, c.regions[region], dt, c.covered);
        region_step functions;
        for (const auto* list : {&tables.tabulated, &tables.untabulated})
            functions.untabulated.insert(functions.untabulated.end(), list->begin(), list->end());
        advance_by(r, &functions, c.regions[region], dt, c.covered);
    };
    if (c.times.gates == c.h) return by(c.level, c.h);
    const auto by_half_of = [&](int level) { by(std::max(level - 1, 0), c.cell.steps[index(level)].h/2); };
    if (c.times.gates == 0) return;
    if (previous_ >= 0) by_half_of(previous_);
    by_half_of(c.level);
}

void block::step(const plan& p, const block_plan& where, cursor& c) {
    const bool second_order = p.second_order();
    std::copy_n(memory_.data() + c.map.v, c.cell.lanes, memory_.data() + c.map.reference);
    for (std::size_t r = 0; r < c.regions.size(); ++r) {
        const auto& region = c.cell.regions[r];
        advance_gates(c, r);
        if (region.fused) region.fused(c.regions[r], c.times);
        else run_separately(region, c.regions[r], c.times, c.cell.layout(), second_order);
    }
    double* const rhs = memory_.data() + c.map.rhs;
    double* const diagonal = memory_.data() + c.map.diagonal;
    const int lanes = c.cell.lanes;
    for (int row = c.cell.first_branch_row; row < c.cell.rows; ++row)
        for (int l = 0; l < lanes; ++l) rhs[row*lanes + l] = 0, diagonal[row*lanes + l] = c.tables().fixed_diagonal[index(row)];
    for (std::size_t g = 0; g < c.receptors.size(); ++g)
        c.cell.receptors[g].mechanism.kernels->receptor[c.cell.layout()](c.receptors[g]);
    stimulate(p, where, c);
    if (c.edges && second_order) solve_in_halves(c);
    else c.cell.matrix.solve(diagonal, rhs, lanes);
}

/// Crank-Nicolson hardly damps the fastest modes, which a jump of a stimulus excites. A step that begins with one is therefore
/// done as two implicit Euler steps of half the length, with the same matrix; the order stays 2.
/// Rannacher (1984) Numer Math 43:309.
void block::solve_in_halves(cursor& c) {
    const auto lanes = index(c.cell.lanes), n = index(c.cell.rows)*lanes, with_membrane = index(c.cell.first_branch_row)*lanes;
    double* const rhs = memory_.data() + c.map.rhs;
    double* const diagonal = memory_.data() + c.map.diagonal;
    const double* const v = memory_.data() + c.map.v;
    c.rhs.assign(rhs, rhs + n), c.diagonal.assign(diagonal, diagonal + n);
    c.cell.matrix.solve(diagonal, rhs, c.cell.lanes);
    c.first.assign(rhs, rhs + n);
    for (std::size_t k = 0; k < with_membrane; ++k) {
        const double change = rhs[k] - (v[k] - memory_[c.map.reference + k % lanes]);
        rhs[k] = math::fma(c.tables().capacitance[k/lanes], change, c.rhs[k]);
    }
    std::copy(c.rhs.begin() + static_cast<std::ptrdiff_t>(with_membrane), c.rhs.end(), rhs + with_membrane);
    std::ranges::copy(c.diagonal, diagonal);
    c.cell.matrix.solve(diagonal, rhs, c.cell.lanes);
    for (std::size_t k = 0; k < n; ++k)
        if (!(c.edges >> k % lanes & 1)) rhs[k] = c.first[k];   // other cells of the block are not concerned
}

/// What reaches the cells at the beginning of step n of dt.
void block::deliver(const plan& p, const block_plan& where, std::int64_t n) {
    for (std::size_t i = 0; i < where.injections.size(); ++i) draw_noise(p, p.injections[where.injections[i]], n, noise_[i]);
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    for (; next_event_ < where.events.size() && p.events[where.events[next_event_]].step <= n; ++next_event_) {
        const auto& e = p.events[where.events[next_event_]];
        const auto& r = cell.receptors[index(e.group)];
        const auto lane = index(e.cell - where.first_cell), instance = index(e.instance);
        r.mechanism.kernels->on_event({memory_.data() + map.receptors[index(e.group)] + instance*index(cell.lanes) + lane,
                                       r.rows.size()*index(cell.lanes), const_cast<double*>(r.parameters.data()) + instance, r.rows.size()},
                                      e.weight);
        count_event(p, where, n, index(e.group), instance*index(cell.lanes) + lane);
    }
    for (const auto i : where.poisson) {
        const auto& random = p.poisson[i];
        const auto& r = cell.receptors[index(random.group)];
        const auto lane = index(random.cell - where.first_cell), instance = index(random.instance);
        for (int k = poisson_events(p, random, n); k > 0; --k) {
            count_event(p, where, n, index(random.group), instance*index(cell.lanes) + lane);
            r.mechanism.kernels->on_event({memory_.data() + map.receptors[index(random.group)] + instance*index(cell.lanes) + lane,
                                           r.rows.size()*index(cell.lanes), r.parameters.data() + instance, r.rows.size()},
                                          random.what.weight);
        }
    }
}

void block::stimulate(const plan& p, const block_plan& where, cursor& c) {
    const double middle = c.start + c.h/2;
    const auto element = [&](int row, int cell) { return index(row*c.cell.lanes + cell - where.first_cell); };
    double* const rhs = memory_.data() + c.map.rhs;
    double* const diagonal = memory_.data() + c.map.diagonal;
    for (std::size_t i = 0; i < where.injections.size(); ++i) {
        const auto& injection = p.injections[where.injections[i]];
        const double current = current_at(injection, middle, noise_[i]);
        rhs[element(injection.row, injection.cell)] += current;
        for (std::size_t k = 0; k < ledgers_.size(); ++k)
            if (p.windows[where.windows[k]].contains(c.position)) ledgers_[k].inject(index(injection.cell - where.first_cell), current*c.h);
    }
    for (const auto i : where.clamps) {
        const auto& clamp = p.clamps[i];
        if (const auto command = command_at(clamp, middle)) {
            const double reference = memory_[c.map.reference + index(clamp.cell - where.first_cell)];
            rhs[element(clamp.row, clamp.cell)] += clamp.conductance*(*command - reference);
            diagonal[element(clamp.row, clamp.cell)] += clamp.conductance;
        }
    }
}

void block::count_event(const plan& p, const block_plan& where, std::int64_t n, std::size_t group, std::size_t element) {
    for (std::size_t k = 0; k < ledgers_.size(); ++k)
        if (p.windows[where.windows[k]].contains(n*p.positions_per_dt())) ledgers_[k].count_event(group, element);
}

/// Windows that begin with this step; if one reads it, the receptors are to leave their currents.
void block::prepare_ledgers(const plan& p, const block_plan& where, cursor& c) {
    c.is_read = false;
    for (std::size_t k = 0; k < ledgers_.size(); ++k) {
        const auto& window = p.windows[where.windows[k]];
        if (window.contains(c.position) && c.position == window.start) ledgers_[k].open(memory_.data() + c.map.v);
        c.is_read = c.is_read || ledgers_[k].may_read(window, c.position, c.length(p));
    }
    if (c.is_read) c.kept.resize(c.receptors.size());
    for (std::size_t g = 0; g < c.receptors.size(); ++g) {
        auto& r = c.receptors[g];
        if (c.is_read && c.kept[g].empty()) c.kept[g].assign(index(kernels::kept_count)*r.state_stride, 0.0);
        r.kept = c.is_read ? c.kept[g].data() : nullptr;
    }
}

/// The currents of a step are those at its solution; of a step in halves, at the mean of the two.
void block::keep_ledgers(const plan& p, const block_plan& where, cursor& c) {
    clamp_ledgers(p, where, c);
    if (!c.is_read) return;
    const auto lanes = index(c.cell.lanes), n = index(c.cell.rows)*lanes;
    const double* const solution = memory_.data() + c.map.rhs;
    const double* const reference = memory_.data() + c.map.reference;
    const unsigned halved = p.second_order() ? c.edges : 0;
    c.x.resize(n);
    double* const x = c.x.data();
    if (lanes == 1) for (std::size_t k = 0; k < n; ++k) x[k] = *reference + solution[k];
    else for (std::size_t k = 0; k < n; ++k) x[k] = reference[k % lanes] + solution[k];
    for (std::size_t l = 0; l < lanes; ++l)
        for (std::size_t k = l; halved >> l & 1 && k < n; k += lanes) x[k] = reference[l] + (c.first[k] + solution[k])/2;
    const double* const v = memory_.data() + c.map.v;
    const auto fastest = fastest_changes(c.cell, v, c.x.data(), p.second_order() ? c.h/2 : c.h);
    const solved_step solved{c.cell, c.regions, c.receptors, v, c.x.data(), c.position, c.length(p), p.time_at(1)};
    for (std::size_t k = 0; k < ledgers_.size(); ++k)
        if (const auto& window = p.windows[where.windows[k]]; window.contains(c.position)) ledgers_[k].read(window, solved, fastest);
}

void block::clamp_ledgers(const plan& p, const block_plan& where, const cursor& c) {
    for (const auto i : where.clamps) {
        const auto& clamp = p.clamps[i];
        const auto command = command_at(clamp, c.start + c.h/2);
        if (!command) continue;
        const auto lane = index(clamp.cell - where.first_cell), at = index(clamp.row*c.cell.lanes) + lane;
        double x = memory_[c.map.rhs + at];
        if (p.second_order() && c.edges >> lane & 1) x = (x + c.first[at])/2;
        const double charge = clamp.conductance*(*command - memory_[c.map.reference + lane] - x)*c.h;
        for (std::size_t k = 0; k < ledgers_.size(); ++k)
            if (p.windows[where.windows[k]].contains(c.position)) ledgers_[k].clamp(lane, charge);
    }
}

void block::close_ledgers(const plan& p, const block_plan& where, const cursor& c) {
    for (std::size_t k = 0; k < ledgers_.size(); ++k)
        if (const auto& window = p.windows[where.windows[k]]; window.start < window.stop && c.end(p) == window.stop)
            ledgers_[k].close(memory_.data() + c.map.v);
}

charge_account block::account(const plan& p, const block_plan& where, std::size_t window, int cell) const {
    const auto k = static_cast<std::size_t>(std::ranges::find(where.windows, window) - where.windows.begin());
    auto a = ledgers_[k].account(p.populations[index(where.population)], index(cell - where.first_cell), p.second_order() ? 0.5 : 1);
    a.cell = cell, a.population = p.populations[index(where.population)].name;
    a.start = p.time_at(p.windows[window].start), a.stop = p.time_at(p.windows[window].stop);
    return a;
}

/// Of any voltage in a step of Crank-Nicolson [mV/ms].
double block::fastest_change(const cursor& c) const {
    using pack = native_pack;
    const double* const v = memory_.data() + c.map.v;
    const double* const x = memory_.data() + c.map.rhs;
    const pack from(memory_[c.map.reference]);
    pack most(0.0);
    for (int k = 0; k < c.cell.first_branch_row; k += pack::width)
        most = math::at_least(math::absolute(pack::load(x + k) + from - pack::load(v + k)), most);
    double largest = 0;
    for (int l = 0; l < pack::width; ++l) largest = std::max(largest, most[l]);
    return largest/(c.h/2);
}

/// From the solution x to v at the end of the step; x is at the end already in the lanes `at_end`, else at the midpoint. Rows without membrane have no memory: they take x
/// itself, so that Crank-Nicolson cannot ring there; sampler::voltage gives their value at whole steps.
bool block::update_voltage(const plan& p, cursor& c, unsigned at_end) {
    using pack = native_pack;
    const auto& cell = c.cell;
    const auto& map = c.map;
    double* const v = memory_.data() + map.v;
    const double* const x = memory_.data() + map.rhs;
    const double* const reference = memory_.data() + map.reference;
    const pack from = cell.lanes == 1 ? pack(*reference) : pack::load(reference), limit(p.options.v_limit.coherent());
    auto within = limit > pack(0.0), covered = within;
    pack twice(2.0), minus(-1.0);   // v(t + dt) = 2 x - v(t), or x
    for (int l = 0; l < pack::width; ++l)
        if (at_end >> (cell.lanes == 1 ? 0 : l) & 1) twice.set(l, 1), minus.set(l, 0);
    for (int k = 0; k < cell.first_branch_row*cell.lanes; k += pack::width) {
        const pack solution = pack::load(x + k) + from;
        const pack next = math::fma(twice, solution, minus*pack::load(v + k));
        next.store(v + k);
        within &= math::absolute(next) < limit;   // false for NaN
        covered &= (next > pack(kernels::rate_table::low)) & (next < pack(kernels::rate_table::high));
    }
    for (int k = cell.first_branch_row*cell.lanes; k < cell.rows*cell.lanes; k += pack::width) (pack::load(x + k) + from).store(v + k);
    bool ok = true;
    c.covered = true;
    for (int l = 0; l < pack::width; ++l) ok = ok && within[l], c.covered = c.covered && covered[l];
    return ok;
}

/// Spikes are upward crossings; the time is where the cubic through the last four samples meets the threshold.
void block::detect(const plan& p, const block_plan& where, const cursor& c, sink out) {
    const double end = static_cast<double>(c.end(p));
    for (std::size_t d = 0; d < where.detectors.size(); ++d) {
        const auto& detector = p.detectors[where.detectors[d]];
        const double now = voltage(p, where, detector.cell, detector.node);
        auto& seen = seen_[d];
        if (now > detector.threshold && seen.value[0] <= detector.threshold)
            out.spikes->push_back({where.population, detector.cell, c.start + crossing(seen, end, now, detector.threshold)*c.h, p.time_at(c.end(p))});
        seen.add(end, now);
    }
}

double block::last_step(const plan& p, const block_plan& where) const {
    return previous_ < 0 ? 0 : p.populations[index(where.population)].steps[index(previous_)].h;
}
snapshot block::now(const plan& p, const block_plan& where) const { return {memory_.data(), last_step(p, where), p.second_order()}; }

double block::voltage(const plan& p, const block_plan& where, int cell, int node) const {
    return sampler(p, where, now(p, where), cell).voltage(node);
}

namespace {

bool is_due(const probe_plan& probe, std::int64_t step) { return step >= probe.first_step && (step - probe.first_step) % probe.every == 0; }
void write(const probe_plan& probe, std::int64_t step, std::size_t place, double value, recording& to) {
    const auto row = static_cast<std::size_t>((step - probe.first_step)/probe.every);
    to.samples[row*probe.places.size() + place] = value*probe.scale;
}

}  // namespace

void block::sample_start(const plan& p, const block_plan& where, sink out) {
    for (std::size_t k = 0; k < where.probes.size(); ++k) {
        const auto& c = where.probes[k];
        const auto& probe = p.probes[c.probe];
        const auto& at = probe.places[c.place];
        const double value = sampler(p, where, now(p, where), at.cell).value(probe, at, 0);
        if (is_due(probe, 0)) write(probe, 0, c.place, value, (*out.recordings)[c.probe]);
        if (!sampled_.empty()) sampled_[k].add(0, value);
    }
}

/// Writes the samples due at the end of a step; where steps are chosen, also those since its beginning.
void block::sample(const plan& p, const block_plan& where, const cursor& c, sink out) {
    const auto per_dt = p.positions_per_dt(), end = c.end(p);
    if (end % per_dt) return;
    const auto n = end/per_dt;
    for (std::size_t k = 0; k < where.probes.size(); ++k) {
        const auto& column = where.probes[k];
        const auto& probe = p.probes[column.probe];
        if (!sampled_.empty() && (probe.every % step_ladder::longest || probe.first_step % step_ladder::longest)) {
            interpolate(p, where, c, k, out);
            continue;
        }
        if (!is_due(probe, n)) continue;
        const auto& at = probe.places[column.place];
        write(probe, n, column.place, sampler(p, where, now(p, where), at.cell).value(probe, at, p.time_at(end)), (*out.recordings)[column.probe]);
    }
}

/// Samples of a probe that may be due within a step of several dt. What is recorded does not change the steps.
void block::interpolate(const plan& p, const block_plan& where, const cursor& c, std::size_t k, sink out) {
    const auto& column = where.probes[k];
    const auto& probe = p.probes[column.probe];
    const auto& at = probe.places[column.place];
    auto& known = sampled_[k];
    const auto n = c.end(p)/p.positions_per_dt();
    const auto before = static_cast<std::int64_t>(known.at[0]);
    known.add(static_cast<double>(n), sampler(p, where, now(p, where), at.cell).value(probe, at, p.time_of(n)));
    for (auto step = before + 1; step <= n; ++step)
        if (is_due(probe, step)) write(probe, step, column.place, between(known, static_cast<double>(step)), (*out.recordings)[column.probe]);
}

/// A state that is no number, which comes before the voltages it spoils; else the place that left the range furthest, a NaN furthest of all.
divergence block::locate(const plan& p, const block_plan& where, double time) const {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    divergence worst{where.first_cell, cell.name, {}, time, "v", 0};
    for (std::size_t r = 0; r < cell.regions.size(); ++r) {
        const auto& region = cell.regions[r];
        for (std::size_t m = 0; m < region.mechanisms.size(); ++m)
            for (std::size_t s = 0; s < region.mechanisms[m].schema.states.size(); ++s)
                for (int row = 0; row < region.compartments; ++row)
                    for (int l = 0; l < where.cells; ++l) {
                        const double x = memory_[map.regions[r].states + (index(region.first_state[m]) + s)*index(region.rows*cell.lanes) + index(row*cell.lanes + l)];
                        if (std::isfinite(x)) continue;
                        worst.cell = where.first_cell + l, worst.location = cell.name_of_node(cell.node_of_row[index(region.first_row + row)]);
                        worst.quantity = region.mechanisms[m].schema.name + "." + std::string(region.mechanisms[m].schema.states[s].name), worst.value = x;
                        return worst;
                    }
    }
    const double* const v = memory_.data() + map.v;
    for (int row = 0; row < cell.first_branch_row; ++row)
        for (int l = 0; l < where.cells; ++l) {
            const double x = v[row*cell.lanes + l];
            const int node = cell.node_of_row[index(row)];
            if (node < 0 || std::abs(x) <= std::abs(worst.value) || std::isnan(worst.value)) continue;
            worst.cell = where.first_cell + l, worst.location = cell.name_of_node(node), worst.value = x;
        }
    return worst;
}

}  // namespace apical
