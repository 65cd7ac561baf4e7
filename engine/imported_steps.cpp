// SPDX-License-Identifier: BSD-3-Clause
#include "engine/imported_events.hpp"

#include <algorithm>

#include "core/random.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }
using ion_column = std::size_t memory_map::of_ion::*;

/// The column of an ion that a variable stands for; nullptr if it stands for none.
ion_column column_of(nmodl::role is) {
    switch (is) {
        case nmodl::role::reversal: return &memory_map::of_ion::e_rev;
        case nmodl::role::inner: return &memory_map::of_ion::c_in;
        case nmodl::role::outer: return &memory_map::of_ion::c_out;
        case nmodl::role::ion_current: return &memory_map::of_ion::i;
        default: return nullptr;
    }
}

/// A variable of the place, which the mechanism finds in its columns. What it computes of currents is for itself.
bool is_supplied(const nmodl::variable& v) {
    return v.is == nmodl::role::voltage || (column_of(v.is) && !(v.is == nmodl::role::ion_current && v.is_written));
}

/// The current of an ion over the step before, which is a line in its solution [mA/cm2].
double density_of_last_step(const plan& p, const cell_plan& cell, const memory_map::of_ion& at, const double* memory, int row, std::size_t element, const memory_map& map) {
    const double intercept = memory[at.intercept + element];
    const double i = p.second_order() ? math::fma(memory[at.slope + element], memory[map.rhs + element], intercept) : intercept;
    return 100*cell.inverse_area[index(row)]*i;
}

int valence_of(const imported_ion& ion) { return ion.valence == 0 ? 1 : ion.valence; }

/// What a block of statements is run for: random numbers of one occasion are those of no other.
enum class occasion { initial, begin, step, currents, end };
std::uint64_t draw_of(occasion what, std::int64_t position) { return static_cast<std::uint64_t>(position)*8 + static_cast<std::uint64_t>(what); }

/// Where what a POINTER of an instance points to is in the memory of a block.
std::size_t place_of(const pointer_plan& p, const cell_plan& cell, const memory_map& map, std::size_t instance, std::size_t lane) {
    const auto lanes = index(cell.lanes), at = index(p.at[instance])*lanes + lane;
    return p.mechanism < 0 ? map.v + at : map.imported[index(p.mechanism)] + index(p.offset)*cell.imported[index(p.mechanism)].rows.size()*lanes + at;
}

}  // namespace

imported_steps::imported_steps(const plan& p, const block_plan& where, double* memory)
    : plan_(p), where_(where), cell_(p.populations[index(where.population)]), map_(p.maps[index(where.population)]), memory_(memory), lanes_(index(cell_.lanes)) {
    all_.resize(cell_.imported.size());
    for (std::size_t m = 0; m < all_.size(); ++m) {
        auto& one = all_[m];
        one.plan = &cell_.imported[m], one.shared = one.plan->shared;
        const auto& program = one.plan->program();
        const auto count = one.plan->rows.size()*lanes_;
        const auto same = std::count_if(cell_.imported.begin(), cell_.imported.begin() + static_cast<std::ptrdiff_t>(m), [&](const imported_plan& x) { return x.program().name == program.name; });
        for (int c = 0; c < program.instance_size; ++c) one.columns.push_back(memory_ + map_.imported[m] + index(c)*count);
        for (std::size_t k = 0; k < one.plan->rows.size(); ++k)
            for (std::size_t l = 0; l < lanes_; ++l) {
                one.elements.push_back(one.plan->rows[k]*cell_.lanes + static_cast<int>(l));
                const auto gid = static_cast<std::uint64_t>(where.first_cell) + l;
                one.identity.push_back(identity(cell_.name)*3 + identity(program.name) + (gid << 24) + k + static_cast<std::uint64_t>(same)*0x9e3779b97f4a7c15u);
            }
        for (const auto& c : program.currents)
            if (c.ion >= 0) one.ion_of_current.push_back(static_cast<int>(one.plan->ions[index(c.ion)]));
        one.currents.assign((2 + 2*one.ion_of_current.size())*count, 0);
        for (std::size_t n = 0; n < one.ion_of_current.size(); ++n)
            one.ion_i.push_back(one.currents.data() + (2 + 2*n)*count), one.ion_g.push_back(one.currents.data() + (3 + 2*n)*count);
        one.view = {.count = static_cast<int>(count), .columns = one.columns.data(), .shared = one.shared.data(), .identity = one.identity.data(), .seed = p.options.seed, .draw = 0};
        list_columns(one);
    }
}

/// What goes to and fro in every step; files have hundreds of variables that do not.
void imported_steps::list_columns(one& m) const {
    for (const auto& v : m.plan->program().variables) {
        const auto place = index(v.offset);
        if (v.kept == nmodl::storage::shared && v.is == nmodl::role::time) m.times.push_back(&m.shared[place]);
        if (v.kept == nmodl::storage::shared && v.is == nmodl::role::step) m.steps.push_back(&m.shared[place]);
        if (v.kept != nmodl::storage::instance) continue;
        double* const rows = v.is == nmodl::role::voltage ? memory_ + map_.v : column_of(v.is) ? ion(m.plan->ions[index(v.ion)], column_of(v.is)) : nullptr;
        if (is_supplied(v)) m.gathered.push_back({rows, m.columns[place]});
        if (v.is_written && column_of(v.is) && v.is != nmodl::role::ion_current) m.scattered.push_back({m.columns[place], rows});
    }
}

void imported_steps::set_time(one& m, double t, double dt, std::uint64_t draw) const {
    m.view.draw = draw;
    for (double* const to : m.times) *to = t;
    for (double* const to : m.steps) *to = dt;
}

void imported_steps::gather(one& m) const {
    if (!m.is_gathered) {
        m.is_gathered = true;
        for (const auto& c : m.gathered)
            for (std::size_t k = 0; k < m.elements.size(); ++k) c.to[k] = c.from[m.elements[k]];
    }
    follow_pointers(m);
}

/// Where it is in the memory of the block, of an instance and lane.
double* imported_steps::pointed_to(const pointer_plan& p, std::size_t element) const {
    return memory_ + place_of(p, cell_, map_, element/lanes_, element % lanes_);
}

/// A POINTER has, whenever a block begins, what the other has then.
void imported_steps::follow_pointers(one& m) const {
    for (const auto& p : m.plan->pointers)
        for (std::size_t k = 0; k < m.elements.size(); ++k) m.columns[index(p.own)][k] = *pointed_to(p, k);
}

/// And gives back what the block has made of it, instance after instance.
void imported_steps::write_through_pointers(const one& m, std::size_t first, std::size_t last) {
    for (const auto& p : m.plan->pointers) {
        for (std::size_t k = first; p.is_written && k < last; ++k) *pointed_to(p, k) = m.columns[index(p.own)][k];
        if (p.is_written) forget_gathered();
    }
}

/// What it has made of concentrations and reversal potentials, which the others are to see.
void imported_steps::scatter(one& m) {
    const auto instances = index(m.plan->instances)*lanes_;
    for (const auto& c : m.scattered)
        for (std::size_t k = 0; k < instances; ++k) c.to[m.elements[k]] = c.from[k];
    if (!m.scattered.empty()) forget_gathered();
    write_through_pointers(m, 0, instances);
}

/// The concentrations that pools of the package hold.
void imported_steps::read_pools() const {
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i)
        for (std::size_t r = 0; r < cell_.regions.size(); ++r) {
            const auto& region = cell_.regions[r];
            for (std::size_t m = 0; m < region.mechanisms.size(); ++m) {
                const auto& schema = region.mechanisms[m].schema;
                if (schema.kind != mechanism_kind::pool || static_cast<int>(schema.carries) != cell_.imported_ions[i].known) continue;
                const auto n = index(region.rows)*lanes_;
                std::copy_n(memory_ + map_.regions[r].states + index(region.first_state[m])*n, n, ion(i, &memory_map::of_ion::c_in) + index(region.first_row)*lanes_);
            }
        }
}

/// Ion currents of the step before, which are lines in its solution, as densities [mA/cm2].
void imported_steps::count_currents() const {
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i)
        if (cell_.imported_ions[i].is_counted)
            for (int row = 0; row < cell_.first_branch_row; ++row)
                for (std::size_t l = 0; l < lanes_; ++l) {
                    const auto k = index(row)*lanes_ + l;
                    ion(i, &memory_map::of_ion::i)[k] = density_of_last_step(plan_, cell_, map_.imported_ions[i], memory_, row, k, map_);
                }
}

/// Where no pool of the package does so when it begins.
void imported_steps::clear_currents() const {
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i)
        for (const auto& r : cell_.regions) {
            if (const auto known = index(cell_.imported_ions[i].known); known && r.is_pooled[known] && !r.is_imported[known]) continue;
            for (const auto column : {&memory_map::of_ion::intercept, &memory_map::of_ion::slope})
                std::fill_n(ion(i, column) + index(r.first_row)*lanes_, index(r.rows)*lanes_, 0.0);
        }
}

/// Concentrations where somebody keeps account of them, within and without.
std::vector<double> imported_steps::kept_concentrations() const {
    std::vector<double> all;
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i)
        for (const int row : cell_.imported_ions[i].kept)
            for (std::size_t l = 0; l < lanes_; ++l)
                for (const auto column : {&memory_map::of_ion::c_in, &memory_map::of_ion::c_out}) all.push_back(ion(i, column)[index(row)*lanes_ + l]);
    return all;
}

/// There reversal potentials follow the concentrations, which are carried on by so much of what has changed since `before`: as the package's
/// pools do, whose currents are taken half a step later.
void imported_steps::follow_nernst(const std::vector<double>& before, double look_ahead) const {
    auto was = before.begin();
    const auto later = [&](double now) { return now + look_ahead*(now - *was++); };
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i)
        for (const int row : cell_.imported_ions[i].kept)
            for (std::size_t l = 0; l < lanes_; ++l) {
                const auto k = index(row)*lanes_ + l;
                const double c_in = later(ion(i, &memory_map::of_ion::c_in)[k]), c_out = later(ion(i, &memory_map::of_ion::c_out)[k]);
                ion(i, &memory_map::of_ion::e_rev)[k] = channels::nernst<double>(c_in, c_out, plan_.rt_f(), valence_of(cell_.imported_ions[i]));
            }
}

void imported_steps::start(one& m, imported_events& events) {
    m.is_gathered = false;
    set_time(m, 0, plan_.dt(), draw_of(occasion::initial, 0));
    gather(m);
    imported_events::sink tells(events, static_cast<std::size_t>(&m - all_.data()), 0);
    m.plan->mechanism.imported->initial(m.view, &tells);
    scatter(m);
}

void imported_steps::start_keepers(imported_events& events) {
    for (std::size_t i = 0; i < cell_.imported_ions.size(); ++i) {
        const auto& from = cell_.imported_ions[i];
        for (int row = 0; row < cell_.rows; ++row)
            for (std::size_t l = 0; l < lanes_; ++l) {
                const auto k = index(row)*lanes_ + l, r = index(row);
                ion(i, &memory_map::of_ion::e_rev)[k] = from.e_rev[r], ion(i, &memory_map::of_ion::c_in)[k] = from.c_in[r];
                ion(i, &memory_map::of_ion::c_out)[k] = from.c_out[r];
            }
    }
    follow_nernst(kept_concentrations(), 0);
    for (auto& m : all_) {   // of all before the first INITIAL, which may look at others by a POINTER
        const auto rows = m.plan->rows.size();
        for (std::size_t c = 0; c < m.columns.size(); ++c)
            for (std::size_t k = 0; k < rows; ++k) std::fill_n(m.columns[c] + k*lanes_, lanes_, m.plan->start[c*rows + k]);
    }
    for (auto& m : all_)
        if (m.plan->keeps_concentrations) start(m, events);
    follow_nernst(kept_concentrations(), 0);
}

/// Currents at the start are what a first step finds as those of the one before.
void imported_steps::start_others(imported_events& events) {
    read_pools();
    for (auto& m : all_)
        if (!m.plan->keeps_concentrations) start(m, events);
    forget_gathered();
    for (auto& m : all_) {
        gather(m);
        std::ranges::fill(m.currents, 0.0);
        const auto count = m.elements.size();
        m.plan->mechanism.imported->breakpoint(m.view, {m.currents.data(), m.currents.data() + count, m.ion_i.data(), m.ion_g.data(), 0});
        for (std::size_t n = 0; n < m.ion_of_current.size(); ++n)
            for (std::size_t k = 0; k < index(m.plan->instances)*lanes_; ++k)
                ion(index(m.ion_of_current[n]), &memory_map::of_ion::intercept)[m.elements[k]] += m.plan->scale[k/lanes_]*m.ion_i[n][k];
    }
}

void imported_steps::advance(one& m, double dt, double t, std::uint64_t draw) {
    if (!(dt > 0)) return;
    set_time(m, t, dt, draw);
    gather(m);
    m.plan->mechanism.imported->advance(m.view);
    scatter(m);
}

/// What the file does beside: BEFORE STEP with what a step begins with, AFTER SOLVE with what its states have become.
void imported_steps::run_hook(one& m, const nmodl::block& what, hook run) {
    if (what.empty()) return;
    gather(m);
    (*m.plan->mechanism.imported.*run)(m.view);
    scatter(m);
}
void imported_steps::before_step(one& m, double t, double dt, std::uint64_t draw) {
    set_time(m, t, dt, draw);
    run_hook(m, m.plan->program().before_step, &nmodl::mechanism::before_step);
}
void imported_steps::after_solve(one& m) { run_hook(m, m.plan->program().after_solve, &nmodl::mechanism::after_solve); }

void imported_steps::before_regions(const kernels::step& times, double t, std::int64_t position) {
    if (all_.empty()) return;
    forget_gathered();   // the voltage is another
    read_pools();
    count_currents();
    const auto before = kept_concentrations();
    for (auto& m : all_)
        if (m.plan->keeps_concentrations) {
            advance(m, times.pools ? times.dt : 0, t, draw_of(occasion::begin, position));
            if (times.pools && !m.plan->is_point()) after_solve(m);
        }
    follow_nernst(before, times.look_ahead);
    clear_currents();
}

void imported_steps::after_regions(const kernels::step& times, double t, double h, std::int64_t position) {
    if (all_.empty()) return;
    read_pools();
    forget_gathered();   // and so are concentrations now
    for (auto& m : all_)
        if (!m.plan->keeps_concentrations) {
            advance(m, m.plan->is_point() ? (plan_.second_order() ? h/2 : 0) : times.gates, t, draw_of(occasion::begin, position));
            if (times.pools && !m.plan->is_point()) after_solve(m);
        }
    for (auto& m : all_) before_step(m, t, h, draw_of(occasion::step, position));
    for (auto& m : all_) {
        set_time(m, t + h/2, h, draw_of(occasion::currents, position));
        add_currents(m);
    }
}

void imported_steps::add_currents(one& m) const {
    gather(m);
    std::ranges::fill(m.currents, 0.0);
    const auto count = m.elements.size();
    double* const i = m.currents.data();
    double* const g = i + count;
    m.plan->mechanism.imported->breakpoint(m.view, {i, g, m.ion_i.data(), m.ion_g.data(), plan_.second_order() ? 0 : 1e-3});
    double* const rhs = memory_ + map_.rhs;
    double* const diagonal = memory_ + map_.diagonal;
    for (std::size_t k = 0; k < index(m.plan->instances)*lanes_; ++k) {
        const auto at = index(m.elements[k]);
        const double scale = m.plan->scale[k/lanes_], u = memory_[map_.v + at] - memory_[map_.reference + at % lanes_];
        rhs[at] += math::fma(scale*g[k], u, -scale*i[k]), diagonal[at] += scale*g[k];
        for (std::size_t n = 0; n < m.ion_of_current.size(); ++n) keep_current(m, n, k, u);
    }
}

std::vector<imported_currents> imported_steps::currents() const {
    std::vector<imported_currents> all;
    for (const auto& m : all_) all.push_back({m.plan, &m.elements, m.currents.data(), m.currents.data() + m.elements.size(), &m.ion_i, &m.ion_g});
    return all;
}

/// As kernels::keep_ion_current does.
void imported_steps::keep_current(const one& m, std::size_t n, std::size_t k, double u) const {
    const auto which = index(m.ion_of_current[n]), at = index(m.elements[k]);
    const double scale = m.plan->scale[k/lanes_], i = scale*m.ion_i[n][k], g = scale*m.ion_g[n][k];
    if (plan_.second_order()) {
        ion(which, &memory_map::of_ion::slope)[at] += g;
        ion(which, &memory_map::of_ion::intercept)[at] += math::fma(-g, u, i);
    } else {
        ion(which, &memory_map::of_ion::intercept)[at] += i;
    }
}

void imported_steps::end_step(double t, double h, std::int64_t position) {
    forget_gathered();
    for (auto& m : all_)
        if (m.plan->is_point()) advance(m, plan_.second_order() ? h/2 : h, t, draw_of(occasion::end, position)), after_solve(m);
}

void imported_steps::receive(std::size_t mechanism, std::size_t element, double* connection, double flag, double time, std::uint64_t draw, nmodl::event_sink& sink) {
    auto& m = all_[mechanism];
    set_time(m, time, plan_.dt(), draw);
    gather(m);
    m.plan->mechanism.imported->receive(m.view, static_cast<int>(element), connection, flag, sink);
    write_through_pointers(m, element, element + 1);
    for (const auto& v : m.plan->program().variables)
        if (v.is == nmodl::role::voltage && v.is_written) memory_[map_.v + index(m.elements[element])] = m.columns[index(v.offset)][element], forget_gathered();
}

double imported_steps::condition(std::size_t mechanism, std::size_t element, int n, double t) {
    auto& m = all_[mechanism];
    set_time(m, t, plan_.dt(), draw_of(occasion::currents, 0));
    gather(m);
    return m.plan->mechanism.imported->condition(m.view, static_cast<int>(element), n);
}

void imported_steps::start_connection(std::size_t mechanism, std::size_t element, double* connection) {
    auto& m = all_[mechanism];
    set_time(m, 0, plan_.dt(), draw_of(occasion::initial, 0));
    m.plan->mechanism.imported->net_initial(m.view, static_cast<int>(element), connection);
}

double imported_value(const plan& p, const block_plan& where, const double* memory, const imported_place& at, double dt, double t) {
    constexpr std::size_t copies = 8;                    // as many as columns are padded to
    const auto& cell = p.populations[index(where.population)];
    const auto& map = p.maps[index(where.population)];
    const auto& mechanism = cell.imported[at.mechanism];
    const auto& program = mechanism.program();
    const auto lanes = index(cell.lanes), lane = index(at.cell - where.first_cell), instance = index(mechanism.instance_at(at.row));
    const auto element = index(at.row)*lanes + lane, stride = mechanism.rows.size()*lanes;
    const auto kept = [&](int column) { return memory[map.imported[at.mechanism] + index(column)*stride + instance*lanes + lane]; };

    std::vector<double> values(index(program.instance_size)*copies), shared = mechanism.shared, currents((2 + 2*program.currents.size())*copies);
    std::vector<double*> columns, ion_i, ion_g;
    const auto set = [&](int column, double x) { std::fill_n(values.data() + index(column)*copies, copies, x); };
    for (int c = 0; c < program.instance_size; ++c) columns.push_back(values.data() + index(c)*copies), set(c, kept(c));
    for (const auto& v : program.variables) {
        if (v.kept == nmodl::storage::shared && v.is == nmodl::role::time) shared[index(v.offset)] = t;
        if (v.kept == nmodl::storage::shared && v.is == nmodl::role::step) shared[index(v.offset)] = dt;
        if (v.kept != nmodl::storage::instance || !is_supplied(v)) continue;
        if (v.is == nmodl::role::voltage) set(v.offset, memory[map.v + element]);
        else if (v.is == nmodl::role::ion_current) set(v.offset, density_of_last_step(p, cell, map.imported_ions[mechanism.ions[index(v.ion)]], memory, at.row, element, map));
        else set(v.offset, memory[map.imported_ions[mechanism.ions[index(v.ion)]].*column_of(v.is) + element]);
    }
    for (const auto& q : mechanism.pointers) set(q.own, memory[place_of(q, cell, map, instance, lane)]);
    for (std::size_t n = 0; n < program.currents.size(); ++n)
        ion_i.push_back(currents.data() + (2 + 2*n)*copies), ion_g.push_back(currents.data() + (3 + 2*n)*copies);
    const std::vector<std::uint64_t> who(copies, 0);
    const nmodl::instance_view view{copies, columns.data(), shared.data(), who.data(), p.options.seed, 0};
    if (dt > 0 && !mechanism.is_point()) mechanism.mechanism.imported->advance(view), mechanism.mechanism.imported->after_solve(view);
    mechanism.mechanism.imported->breakpoint(view, {currents.data(), currents.data() + copies, ion_i.data(), ion_g.data(), 0});
    return columns[index(at.offset)][0];
}

}  // namespace apical
