// SPDX-License-Identifier: BSD-3-Clause
#include "engine/sampler.hpp"

#include <cmath>

#include "core/quantity_text.hpp"
#include "engine/imported_steps.hpp"
#include "engine/plugged_value.hpp"
#include "engine/sources.hpp"
#include "engine/run_region.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

row_ions constant_ions(const region_plan& r) {
    row_ions ions;
    for (std::size_t i = 0; i < ion_count; ++i)
        ions.e_rev[i] = r.ions[i].e_rev, ions.c_in[i] = r.ions[i].c_in, ions.c_out[i] = r.ions[i].c_out;
    return ions;
}

void set_concentration(row_ions& ions, ion which, double c, double rt_f) {
    const auto i = index(static_cast<int>(which));
    ions.c_in[i] = c;
    ions.e_rev[i] = channels::nernst<double>(c, ions.c_out[i], rt_f, valence(which));
}

membrane<double> seen_by(const mechanism_schema& s, const row_ions& ions, double v, double q, double rt_f) {
    const auto carries = index(static_cast<int>(s.carries)), reads = index(static_cast<int>(s.reads));
    return {v, ions.e_rev[carries], ions.c_in[reads], ions.c_out[reads], q, rt_f};
}

/// One mechanism's row of a region, for the scalar functions.
kernels::scalar_view mechanism_row(const region_plan& r, std::size_t m, int row, double* states, std::size_t stride, const double* all) {
    const double* const parameters = all + index(r.first_parameter[m]*r.rows + row);
    return {states + index(r.first_state[m])*stride, stride, parameters, index(r.rows)};
}

/// What a parameter is divided by that the plan holds times the area.
double per_area_of(const field& f, double inverse_area) {
    const auto d = parse_unit(f.unit).dimension;
    return d == dimensions::conductance_density || d == dimensions::current_density || d == dimensions::permeability ? inverse_area : 1;
}

}  // namespace

void initialise_region(const plan& p, const cell_plan& cell, std::size_t region, const memory_map& map, double* memory) {
    const auto& r = cell.regions[region];
    const auto& at = map.regions[region];
    const auto lanes = index(cell.lanes), stride = index(r.rows)*lanes;
    const double rt_f = p.rt_f();
    for (int row = 0; row < r.rows; ++row)
        for (std::size_t l = 0; l < lanes; ++l) {
            const auto element = index(row)*lanes + l;
            auto ions = constant_ions(r);
            for (std::size_t i = 0; i < ion_count; ++i)
                if (r.is_imported[i]) ions.c_in[i] = memory[at.c_in[i] + element], ions.e_rev[i] = memory[at.e_rev[i] + element];
            std::array<double, ion_count> current{};
            for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
                const auto& schema = r.mechanisms[m].schema;
                const auto view = mechanism_row(r, m, row, memory + at.states + element, stride, r.parameters.data());
                if (schema.kind == mechanism_kind::pool) {
                    view.states[0] = ions.c_in[index(static_cast<int>(schema.carries))];
                    set_concentration(ions, schema.carries, view.states[0], rt_f);
                    continue;
                }
                const auto here = seen_by(schema, ions, cell.v_init, r.q[m], rt_f);
                r.mechanisms[m].kernels->start(view, here);
                current[index(static_cast<int>(schema.carries))] += r.mechanisms[m].kernels->current(view, here).i;
            }
            for (std::size_t i = 0; i < ion_count; ++i)
                if (r.is_pooled[i]) memory[at.intercept[i] + element] = current[i];
        }
}

sampler::sampler(const plan& p, const block_plan& where, snapshot now, int cell)
    : plan_(p), where_(where), now_(now), cell_(p.populations[index(where.population)]), map_(p.maps[index(where.population)]),
      cell_index_(cell), lanes_(index(cell_.lanes)), lane_(index(cell - where.first_cell)) {}

double sampler::column(std::size_t offset, int row) const { return now_.memory[offset + index(row)*lanes_ + lane_]; }

double sampler::neighbours_mean(int row, std::size_t offset) const {
    double sum = 0, total = 0;
    for (const auto& [other, g] : cell_.neighbours[index(row)]) sum += g*column(offset, other), total += g;
    return sum/total;
}

/// Rows without membrane hold the solution of the last half step. At the whole step they follow their neighbours, apart from
/// what a current injected there adds.
double sampler::row_voltage(int row) const {
    if (row < cell_.first_branch_row || !now_.is_staggered || cell_.neighbours[index(row)].empty()) return column(map_.v, row);
    return neighbours_mean(row, map_.v) + (column(map_.rhs, row) - neighbours_mean(row, map_.rhs));
}

double sampler::voltage(int node) const {
    if (const int row = cell_.row_of_node[index(node)]; row >= 0) return row_voltage(row);
    const auto& e = cell_.eliminated[index(node)];
    return e.weights[0]*row_voltage(e.rows[0]) + (e.weights[1] != 0 ? e.weights[1]*row_voltage(e.rows[1]) : 0);
}

struct sampler::row_state {
    const region_plan* region;
    int row;                         // within the region
    const double* parameters;        // of the region
    std::vector<double> states;
    row_ions ions;
    double v, rt_f;

    kernels::scalar_view of(std::size_t m) { return mechanism_row(*region, m, row, states.data(), 1, parameters); }
    membrane<double> seen(std::size_t m) const { return seen_by(region->mechanisms[m].schema, ions, v, region->q[m], rt_f); }
};

double sampler::since_gates() const { return now_.is_staggered ? now_.last_step/2 : now_.last_step; }

double sampler::since(const imported_plan& m) const { return m.keeps_concentrations ? now_.last_step : since_gates(); }

/// An ion that imported mechanisms keep account of, at the time of the voltage.
void sampler::read_imported_ion(std::size_t ion, int row, row_ions& to) const {
    const auto& all = cell_.imported_ions;
    const auto which = static_cast<std::size_t>(std::ranges::find(all, static_cast<int>(ion), &imported_ion::known) - all.begin());
    to.c_in[ion] = column(map_.imported_ions[which].c_in, row), to.c_out[ion] = column(map_.imported_ions[which].c_out, row);
    to.e_rev[ion] = column(map_.imported_ions[which].e_rev, row);
    for (std::size_t m = 0; m < cell_.imported.size(); ++m)
        for (const auto& v : cell_.imported[m].program().variables) {
            if (v.is != nmodl::role::inner || !v.is_written || cell_.imported[m].ions[index(v.ion)] != which || cell_.imported[m].instance_at(row) < 0) continue;
            const double c = imported_value(plan_, where_, now_.memory, {m, cell_index_, row, v.offset}, since(cell_.imported[m]), 0);
            to.c_in[ion] = c, to.e_rev[ion] = channels::nernst<double>(c, to.c_out[ion], plan_.rt_f(), all[which].valence);
        }
}

/// Gates of single precision, in their places among the states.
void sampler::read_gates(const region_plan& r, std::size_t offset, int row, std::vector<double>& states) const {
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m)
        for (int g = 0; g < r.gates_of(m); ++g)
            states[index(r.first_state[m] + g)] = gate_at(r, now_.singles + offset, r.first_gate[m] + g, index(row)*lanes_ + lane_, cell_.lanes);
}

sampler::row_state sampler::bring_up(int row) const {
    const auto& r = *cell_.region_of(row);
    const auto& at = map_.regions[static_cast<std::size_t>(&r - cell_.regions.data())];
    const auto region = static_cast<std::size_t>(&r - cell_.regions.data());
    const double* const changed = now_.modulated ? now_.modulated->parameters(region) : nullptr;
    row_state s{&r, row - r.first_row, changed ? changed : r.parameters.data(), {}, constant_ions(r), column(map_.v, row), plan_.rt_f()};
    for (std::size_t i = 0; i < ion_count; ++i)
        if (r.is_imported[i]) read_imported_ion(i, row, s.ions);
    for (int k = 0; k < r.states; ++k) s.states.push_back(column(at.states + index(k*r.rows)*lanes_, s.row));
    if (now_.singles) read_gates(r, at.gates, s.row, s.states);
    const double dt = now_.last_step, dt_gates = since_gates();
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
        const auto& mechanism = r.mechanisms[m];
        if (mechanism.schema.kind == mechanism_kind::pool) {
            const auto i = index(static_cast<int>(mechanism.schema.carries));
            double current = column(at.intercept[i], s.row);
            if (now_.is_staggered) current += column(at.slope[i], s.row)*column(map_.rhs, row);
            const auto view = s.of(m);
            view.states[0] = mechanism.kernels->pool_advance(view.states[0], view, current*cell_.pool_density[index(row)], dt);
            set_concentration(s.ions, mechanism.schema.carries, view.states[0], s.rt_f);
        } else {
            mechanism.kernels->advance(s.of(m), s.seen(m), dt_gates);
        }
    }
    return s;
}

/// A variable of the file: those of mechanisms that have kernels follow from what these keep.
double sampler::imported(const probe_plan::place& at, int row, double time) const {
    const auto general = cell_.imported.size();
    if (index(at.mechanism) < general)
        return imported_value(plan_, where_, now_.memory, {index(at.mechanism), cell_index_, row, at.index}, since(cell_.imported[index(at.mechanism)]), time);
    auto s = bring_up(row);
    const auto m = index(at.mechanism) - general;
    const auto& entry = s.region->mechanisms[m];
    const auto& node = cell_.tree.nodes[index(at.node)];
    const auto own = s.of(m);
    std::vector<double> parameters;
    for (std::size_t f = 0; f < entry.schema.parameters.size(); ++f)
        parameters.push_back(own.parameters[f*own.parameter_stride]*per_area_of(entry.schema.parameters[f], cell_.inverse_area[index(row)]));
    return plugged_value(dynamic_cast<const plugged_channel&>(*entry.imported),
                         {.v = s.v, .ions = s.ions, .states = {own.states, entry.schema.states.size()}, .parameters = parameters, .area = node.area,
                          .diameter = node.diameter, .celsius = in_celsius(plan_.options.temperature), .t = time}, at.index);
}

double sampler::value(const probe_plan& probe, const probe_plan::place& at, double time) const {
    if (probe.what == probed::voltage) return voltage(at.node);
    const int row = cell_.row_of_node[index(at.node)];
    if (probe.what == probed::membrane_current) return membrane_current(row);
    if (probe.what == probed::clamp_current) return clamp_current(row, time);
    if (probe.what == probed::imported) return imported(at, row, time);
    auto s = bring_up(row);
    const auto m = index(at.mechanism), i = index(at.index);
    const auto mechanism_current = [&](std::size_t k) { return s.region->mechanisms[k].kernels->current(s.of(k), s.seen(k)); };
    switch (probe.what) {
        case probed::state: return s.of(m).states[i];
        case probed::parameter: {
            const auto& f = s.region->mechanisms[m].schema.parameters[i];
            return s.of(m).parameters[i*index(s.region->rows)]*per_area_of(f, cell_.inverse_area[index(row)]);
        }
        case probed::mechanism_current: return mechanism_current(m).i;
        case probed::mechanism_conductance: return mechanism_current(m).g;
        case probed::concentration: return s.ions.c_in[i];
        case probed::reversal: return s.ions.e_rev[i];
        case probed::ion_current: {
            double sum = 0;
            for (std::size_t k = 0; k < s.region->mechanisms.size(); ++k) {
                const auto& schema = s.region->mechanisms[k].schema;
                if (schema.kind == mechanism_kind::channel && index(static_cast<int>(schema.carries)) == i) sum += mechanism_current(k).i;
            }
            return sum;
        }
        default: return std::nan("");
    }
}

/// Ionic plus capacitive: what the axial currents bring in. (Electrode and synaptic currents are part of it, with their sign.)
double sampler::membrane_current(int row) const {
    double sum = 0;
    for (const auto& [other, g] : cell_.neighbours[index(row)]) sum += g*(row_voltage(other) - row_voltage(row));
    return sum;
}

double sampler::clamp_current(int row, double time) const {
    double sum = 0;
    if (!(time > 0)) return sum;   // no step has been done
    for (const auto i : where_.clamps) {
        const auto& clamp = plan_.clamps[i];
        if (clamp.row != row || clamp.cell != cell_index_) continue;
        if (const auto command = command_at(clamp, time - now_.last_step/2)) sum += clamp.conductance*(*command - row_voltage(row));
    }
    return sum;
}

}  // namespace apical
