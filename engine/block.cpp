// SPDX-License-Identifier: BSD-3-Clause
#include "engine/block_cursor.hpp"

#include <algorithm>
#include <cmath>

#include "engine/choose_step.hpp"
#include "engine/kernels/rate_table.hpp"
#include "engine/receive.hpp"
#include "engine/sampler.hpp"
#include "engine/sources.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

/// Whether voltages are in the range of the options, and in that of the tables of rates.
struct block::voltage_check { bool within = true, covered = true; };

block::block(const plan& p, const block_plan& where, const inlet& in)
    : memory_(p.maps[index(where.population)].total, 0.0), singles_(p.maps[index(where.population)].single_total, 0.0f), noise_(where.injections.size(), 0.0), arrivals_(depth_of(p, in)),
      releases_(in.releases_at_start()), imported_events_(p, where, in), modulation_(p, where.population), seen_(where.detectors.size()), ledgers_(where.windows.size(), ledger(p.populations[index(where.population)])),
      sampled_(p.chooses_steps() ? where.probes.size() : 0) {
    for (const auto& table : in.learned) learners_.emplace_back(p.network, table, p.dt(), p.options.seed, where.first_cell);
    initialise(p, where);
    for (auto& l : learners_) l.start(memory_.data());
}

void block::initialise(const plan& p, const block_plan& where) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const auto lanes = index(cell.lanes);
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.v), index(cell.rows)*lanes, cell.v_init);
    std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(map.rhs), index(cell.rows)*lanes, cell.v_init);
    imported_steps imported(p, where, memory_.data());
    imported.start_keepers(imported_events_);
    for (std::size_t r = 0; r < cell.regions.size(); ++r) initialise_region(p, cell, r, map, memory_.data());
    round_gates(cell, map, memory_.data(), singles_.data());
    imported.start_others(imported_events_);
    imported_events_.start(imported);
    for (std::size_t i = 0; i < where.injections.size(); ++i) noise_[i] = initial_noise(p, p.injections[where.injections[i]]);
    for (std::size_t d = 0; d < where.detectors.size(); ++d) {
        const auto& detector = p.detectors[where.detectors[d]];
        seen_[d].add(0, voltage(p, where, detector.cell, detector.node));
    }
}

std::optional<divergence> block::run(const plan& p, const block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, sink out, const crew* together) {
    cursor c(p, where, memory_.data(), singles_.data(), modulation_);
    c.together = together;
    const auto per_dt = p.positions_per_dt();
    for (std::int64_t at = from*per_dt; at < to*per_dt; at = c.end(p)) {
        if (at % per_dt == 0) deliver(p, where, in, at/per_dt, c.imported);
        begin_step(p, where, in, at, c);
        if (c.cell.is_artificial()) {
            finish_artificial(p, where, c, out);
            continue;
        }
        assemble(p, where, c);
        if (c.edges && p.second_order()) solve_in_halves(c, [](double*, int) {});
        else solve(c, memory_.data() + c.map.diagonal, memory_.data() + c.map.rhs);
        if (auto failure = finish_step(p, where, c, out)) return failure;
    }
    return {};
}

/// From the solution on.
std::optional<divergence> block::finish_step(const plan& p, const block_plan& where, cursor& c, sink out) {
    if (!ledgers_.empty()) keep_ledgers(p, where, c);
    if (p.chooses_steps()) fastest_ = fastest_change(c);
    if (!update_voltage(p, c, p.second_order() ? c.edges : ~0u)) return locate(p, where, c.start);
    previous_ = c.level;
    c.imported.end_step(c.start + c.h, c.h, c.position);
    if (!ledgers_.empty()) close_ledgers(p, where, c);
    detect(p, where, c, out);
    for (auto& l : learners_) l.end_step(c.end(p), spiked_, memory_.data());
    if (!where.probes.empty()) sample(p, where, c, out);
    return {};
}

/// Of cells without a membrane, for which nothing but events happens.
void block::finish_artificial(const plan& p, const block_plan& where, cursor& c, sink out) {
    previous_ = c.level;
    detect(p, where, c, out);
    if (!where.probes.empty()) sample(p, where, c, out);
}

void block::begin_step(const plan& p, const block_plan& where, const inlet& in, std::int64_t position, cursor& c) {
    const auto edge = std::ranges::lower_bound(where.edges, position, {}, &block_plan::edge::position);
    c.edges = edge != where.edges.end() && edge->position == position ? edge->lanes : 0;
    c.position = position, c.start = p.time_at(position);
    if (p.chooses_steps()) c.level = choose_step(p, where, {position, c.edges != 0, previous_, fastest_, next_event_, in, arrivals_});
    c.set_lengths(p.second_order(), previous_);
}

/// By as much as the step says: over a step as long as the last one by the table for it, else by half of either, for which there
/// are tables where there are steps to choose from.
void block::advance_gates(const cursor& c, std::size_t region, const kernels::region_view& rows) const {
    const auto& r = c.cell.regions[region];
    const auto by = [&](int level, double dt) {
        const auto& tables = c.cell.steps[index(level)].regions[region];
        if (c.cell.steps[index(level)].h == dt) return advance_by(r, &tables, rows, dt, c.covered);
        region_step functions;
        for (const auto* list : {&tables.tabulated, &tables.untabulated})
            functions.untabulated.insert(functions.untabulated.end(), list->begin(), list->end());
        advance_by(r, &functions, rows, dt, c.covered);
    };
    if (c.times.gates == c.h) return by(c.level, c.h);
    const auto by_half_of = [&](int level) { by(std::max(level - 1, 0), c.cell.steps[index(level)].h/2); };
    if (c.times.gates == 0) return;
    if (previous_ >= 0) by_half_of(previous_);
    by_half_of(c.level);
}

/// What the mechanisms of some rows of a region do in a step: a strip at a time, so that gates are still in the nearest cache when
/// currents read them.
void block::run_mechanisms(const plan& p, const cursor& c, std::size_t region, const kernels::region_view& rows) const {
    constexpr int strip = kernels::rate_table::strip/kernels::width;
    const auto& r = c.cell.regions[region];
    const auto run = [&](const kernels::region_view& some) {
        advance_gates(c, region, some);
        if (r.fused) r.fused(some, c.times);
        else run_separately(r, some, c.times, c.cell.layout(), p.second_order());
    };
    if (rows.packs <= strip) return run(rows);
    for (int first = 0; first < rows.packs; first += strip) run(part_of(rows, first, std::min(strip, rows.packs - first), c.cell.lanes));
}

void block::run_regions(const plan& p, const cursor& c) const {
    if (!c.together) {
        for (std::size_t r = 0; r < c.regions.size(); ++r) run_mechanisms(p, c, r, c.regions[r]);
        return;
    }
    const auto& pieces = c.together->shares.pieces;
    c.together->workers.for_each(pieces.size(), [&](std::size_t i) {
        for (std::size_t r = 0; r < c.regions.size(); ++r)
            if (const auto [first, packs] = pieces[i][r]; packs > 0) run_mechanisms(p, c, r, part_of(c.regions[r], first, packs, c.cell.lanes));
    });
}

/// The same bits, however many work at it.
void block::solve(const cursor& c, double* diagonal, double* rhs) {
    const auto& matrix = c.cell.matrix;
    const int lanes = c.cell.lanes;
    if (!c.together) return matrix.solve(diagonal, rhs, lanes);
    const auto& [parts, trunk] = c.together->shares.tree;
    auto& workers = c.together->workers;
    workers.for_each(parts.size(), [&](std::size_t i) { tree_matrix::eliminate(parts[i], diagonal, rhs, lanes); });
    tree_matrix::eliminate(trunk, diagonal, rhs, lanes);
    matrix.solve_roots(diagonal, rhs, lanes);
    tree_matrix::substitute(trunk, diagonal, rhs, lanes);
    workers.for_each(parts.size(), [&](std::size_t i) { tree_matrix::substitute(parts[i], diagonal, rhs, lanes); });
}

/// Gates, currents, matrix and right-hand side of a step.
void block::assemble(const plan& p, const block_plan& where, cursor& c) {
    if (!ledgers_.empty()) prepare_ledgers(p, where, c);
    std::copy_n(memory_.data() + c.map.v, c.cell.lanes, memory_.data() + c.map.reference);
    c.imported.before_regions(c.times, c.start, c.position);
    run_regions(p, c);
    double* const rhs = memory_.data() + c.map.rhs;
    double* const diagonal = memory_.data() + c.map.diagonal;
    const int lanes = c.cell.lanes;
    for (int row = c.cell.first_branch_row; row < c.cell.rows; ++row)
        for (int l = 0; l < lanes; ++l) rhs[row*lanes + l] = 0, diagonal[row*lanes + l] = c.tables().fixed_diagonal[index(row)];
    for (std::size_t g = 0; g < c.receptors.size(); ++g)
        c.cell.receptors[g].mechanism.kernels->receptor[c.cell.layout()](c.receptors[g]);
    c.imported.after_regions(c.times, c.start, c.h, c.position);
    stimulate(p, where, c);
}

/// What reaches the cells at the beginning of step n of dt.
void block::deliver(const plan& p, const block_plan& where, const inlet& in, std::int64_t n, imported_steps& imported) {
    if (!modulation_.is_empty()) modulation_.begin_step(n);
    for (std::size_t i = 0; i < where.injections.size(); ++i) draw_noise(p, p.injections[where.injections[i]], n, noise_[i]);
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    for (; next_event_ < where.events.size() && p.events[where.events[next_event_]].step <= n; ++next_event_) {
        const auto& e = p.events[where.events[next_event_]];
        if (e.group & imported_group) {
            imported_events_.arrive(index(e.instance), e.time);
            continue;
        }
        const auto& r = cell.receptors[index(e.group)];
        const auto lane = index(e.cell - where.first_cell), instance = index(e.instance);
        r.mechanism.kernels->on_event({memory_.data() + map.receptors[index(e.group)] + instance*index(cell.lanes) + lane,
                                       r.rows.size()*index(cell.lanes), const_cast<double*>(r.parameters.data()) + instance, r.rows.size()},
                                      e.weight);
        count_event(p, where, n, index(e.group), instance*index(cell.lanes) + lane);
    }
    for (const auto i : where.poisson) {
        const auto& random = p.poisson[i];
        if (random.group & imported_group) {
            for (int k = poisson_events(p, random, n); k > 0; --k) imported_events_.arrive(index(random.instance), p.time_of(n));
            continue;
        }
        const auto& r = cell.receptors[index(random.group)];
        const auto lane = index(random.cell - where.first_cell), instance = index(random.instance);
        for (int k = poisson_events(p, random, n); k > 0; --k) {
            count_event(p, where, n, index(random.group), instance*index(cell.lanes) + lane);
            r.mechanism.kernels->on_event({memory_.data() + map.receptors[index(random.group)] + instance*index(cell.lanes) + lane,
                                           r.rows.size()*index(cell.lanes), r.parameters.data() + instance, r.rows.size()},
                                          random.what.weight);
        }
    }
    if (!in.is_empty()) deliver_arrivals(p, where, in, n);
    imported.forget_gathered();
    imported_events_.deliver(imported, n, [&](std::size_t mechanism, std::size_t element) { count_imported_event(p, where, n, mechanism, element); });
}

void block::receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first) {
    apical::receive(p, in, spikes, first, releases_, [&](const connection& c, double weight, double time, const sent_spike& from) {
        if ((c.group & (learned_group | imported_contact)) == imported_contact)
            return imported_events_.arrive(static_cast<std::size_t>(&c - in.fixed.connections.data()), time, from);
        arrivals_.add(arrival_step(time, p.dt(), p.options.steps_per_input), {weight, c.element, c.group});
    });
    for (auto& l : learners_) l.receive(spikes, p.options.steps_per_input);
    modulation_.receive(spikes, p.options.steps_per_input);
}

/// What other cells have sent, and what their synapses release by themselves. Kinetics are linear here.
void block::deliver_arrivals(const plan& p, const block_plan& where, const inlet& in, std::int64_t n) {
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const auto lanes = index(cell.lanes);
    const auto give = [&](std::size_t group, std::size_t element, double weight) {
        const auto& r = cell.receptors[group];
        double* const states = memory_.data() + map.receptors[group] + element;
        const double* const jump = r.unit_jump.data() + element/lanes;
        const auto count = r.mechanism.schema.states.size(), rows = r.rows.size();
        weight *= modulation_.strength(group);
        for (std::size_t s = 0; s < count; ++s) states[s*rows*lanes] += weight*jump[s*rows];
        if (!ledgers_.empty()) count_event(p, where, n, group, element);
    };
    for (auto& l : learners_) l.begin_step(n);
    for (const auto& e : arrivals_.at(n)) {
        if (!(e.group & learned_group)) {
            give(e.group, e.element, e.weight);
            continue;
        }
        const auto t = static_cast<std::size_t>(e.group & ~learned_group);
        const auto& place = in.learned[t].places[in.learned[t].place_of[e.element]];
        give(place.group, place.element, e.weight*learners_[t].arrive(e.element, n));
    }
    arrivals_.clear(n);
    release_spontaneously(p, in, n, [&](const connection& c) { give(c.group, c.element, c.weight); });
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

void block::count_imported_event(const plan& p, const block_plan& where, std::int64_t n, std::size_t mechanism, std::size_t element) {
    for (std::size_t k = 0; k < ledgers_.size(); ++k)
        if (p.windows[where.windows[k]].contains(n*p.positions_per_dt())) ledgers_[k].count_imported_event(mechanism, element);
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
    const auto imported = c.imported.currents();
    const solved_step solved{c.cell, c.regions, c.receptors, v, c.x.data(), c.position, c.length(p), p.time_at(1), imported};
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
    const int all = c.cell.rows*c.cell.lanes;
    voltage_check check;
    if (!c.together) {
        update_rows(p, c, at_end, 0, all, check);
    } else {
        const auto& pieces = c.together->shares.pieces;
        std::vector<voltage_check> of_piece(pieces.size());
        c.together->workers.for_each(pieces.size(), [&](std::size_t i) {
            for (std::size_t r = 0; r < c.regions.size(); ++r) {
                const int first = c.cell.regions[r].first_row*c.cell.lanes + pieces[i][r].first*kernels::width;
                update_rows(p, c, at_end, first, first + pieces[i][r].packs*kernels::width, of_piece[i]);
            }
        });
        update_rows(p, c, at_end, c.cell.first_branch_row*c.cell.lanes, all, check);
        for (const auto& piece : of_piece) check.within = check.within && piece.within, check.covered = check.covered && piece.covered;
    }
    c.covered = check.covered;
    return check.within;
}

/// Elements first to last - 1 of it.
void block::update_rows(const plan& p, const cursor& c, unsigned at_end, int first, int last, voltage_check& to) {
    using pack = native_pack;
    const auto& cell = c.cell;
    const auto& map = c.map;
    const int with_membrane = std::clamp(cell.first_branch_row*cell.lanes, first, last);
    double* const v = memory_.data() + map.v;
    const double* const x = memory_.data() + map.rhs;
    const double* const reference = memory_.data() + map.reference;
    const pack from = cell.lanes == 1 ? pack(*reference) : pack::load(reference), limit(p.options.v_limit.coherent());
    auto within = limit > pack(0.0), covered = within;
    pack twice(2.0), minus(-1.0);   // v(t + dt) = 2 x - v(t), or x
    for (int l = 0; l < pack::width; ++l)
        if (at_end >> (cell.lanes == 1 ? 0 : l) & 1) twice.set(l, 1), minus.set(l, 0);
    for (int k = first; k < with_membrane; k += pack::width) {
        const pack solution = pack::load(x + k) + from;
        const pack next = math::fma(twice, solution, minus*pack::load(v + k));
        next.store(v + k);
        within &= math::absolute(next) < limit;   // false for NaN
        covered &= (next > pack(kernels::rate_table::low)) & (next < pack(kernels::rate_table::high));
    }
    for (int k = with_membrane; k < last; k += pack::width) (pack::load(x + k) + from).store(v + k);
    for (int l = 0; l < pack::width; ++l) to.within = to.within && within[l], to.covered = to.covered && covered[l];
}

/// Spikes are upward crossings; the time is where the cubic through the last four samples meets the threshold.
void block::detect(const plan& p, const block_plan& where, const cursor& c, sink out) {
    const double end = static_cast<double>(c.end(p));
    spiked_.clear();
    tell_events(p, where, out);
    for (std::size_t d = 0; d < where.detectors.size(); ++d) {
        const auto& detector = p.detectors[where.detectors[d]];
        const double now = voltage(p, where, detector.cell, detector.node);
        auto& seen = seen_[d];
        if (now > detector.threshold && seen.value[0] <= detector.threshold)
        {
            const double time = c.start + crossing(seen, end, now, detector.threshold)*c.h, step_time = p.time_at(c.end(p));
            out.spikes->push_back({where.population, detector.cell, time, step_time});
            if (detector.sends) out.sent->push_back({p.network.gid(where.population, detector.cell), p.departure(where.population, time, step_time)});
            if (detector.learns) spiked_.push_back(detector.cell - where.first_cell);
        }
        seen.add(end, now);
    }
}

/// Spikes that imported mechanisms tell of, which have times of their own.
void block::tell_events(const plan& p, const block_plan& where, sink out) {
    for (const auto& [cell, time] : imported_events_.take_spikes()) {
        out.spikes->push_back({where.population, where.first_cell + cell, time, time});
        if (!p.network.is_empty()) out.sent->push_back({p.network.gid(where.population, where.first_cell + cell), time});
        spiked_.push_back(cell);
    }
}

double block::last_step(const plan& p, const block_plan& where) const {
    return previous_ < 0 ? 0 : p.populations[index(where.population)].steps[index(previous_)].h;
}
snapshot block::now(const plan& p, const block_plan& where) const {
    return {memory_.data(), last_step(p, where), p.second_order(), &modulation_, singles_.empty() ? nullptr : singles_.data()};
}

double block::voltage(const plan& p, const block_plan& where, int cell, int node) const {
    return sampler(p, where, now(p, where), cell).voltage(node);
}

void block::transfer(image& i) {
    i(memory_), i(noise_), i(next_event_), arrivals_.transfer(i), i(releases_);
    if (!singles_.empty()) {
        std::vector<double> widened(singles_.begin(), singles_.end());
        i(widened), singles_.assign(widened.begin(), widened.end());
    }
    for (auto* traces : {&seen_, &sampled_}) i(*traces, [&](trace& t) { t.transfer(i); });
    for (auto& l : ledgers_) l.transfer(i);
    for (auto& l : learners_) l.transfer(i);
    modulation_.transfer(i);
    imported_events_.transfer(i);
    i(previous_), i(fastest_);
}

}  // namespace apical
