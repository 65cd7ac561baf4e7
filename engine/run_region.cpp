// SPDX-License-Identifier: BSD-3-Clause
#include "engine/run_region.hpp"

#include "engine/kernels/rate_table.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

void shift_gates(kernels::region_view& v, std::size_t elements) { v.gates += elements, v.gate_remainders += elements; }

/// One mechanism's part of a region, from pack `first` on.
kernels::region_view part_of(const region_plan& r, kernels::region_view v, std::size_t m, int first, int packs) {
    const auto offset = index(first*kernels::width);
    v.packs = packs, v.v += offset, v.states += index(r.first_state[m])*v.state_stride + offset, v.q += m;
    if (v.gates) shift_gates(v, index(r.first_gate[m])*v.gate_stride + offset);
    return v;
}

}  // namespace

kernels::region_view view_of(const plan& p, const cell_plan& cell, const memory_map& map, std::size_t region, double* memory, const double* parameters,
                              float* singles) {
    const auto& r = cell.regions[region];
    const auto& at = map.regions[region];
    const auto lanes = index(cell.lanes), first = index(r.first_row);
    kernels::region_view v;
    v.packs = r.rows*cell.lanes/kernels::width;
    v.reference = memory + map.reference;
    v.v = memory + map.v + first*lanes, v.rhs = memory + map.rhs + first*lanes, v.diagonal = memory + map.diagonal + first*lanes;
    v.pool_density = cell.pool_density.data() + first;
    v.parameters = parameters ? parameters : r.parameters.data(), v.parameter_stride = index(r.rows);
    v.states = memory + at.states, v.state_stride = index(r.rows)*lanes;
    if (singles && r.gates > 0) {
        v.gate_stride = v.state_stride, v.single_parameters = r.single_parameters.data();
        v.gates = singles + at.gates, v.gate_remainders = v.gates + index(r.gates)*v.gate_stride;
    }
    for (std::size_t ion = 0; ion < ion_count; ++ion) {
        v.ions[ion] = r.ions[ion];
        if (!r.is_pooled[ion]) continue;
        v.ion_intercept[ion] = memory + at.intercept[ion], v.ion_slope[ion] = memory + at.slope[ion];
        if (at.e_rev[ion]) v.ion_e_rev[ion] = memory + at.e_rev[ion];
        if (r.is_imported[ion]) v.ion_c_in[ion] = memory + at.c_in[ion];
    }
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m)
        if (const auto& s = r.mechanisms[m].schema; s.kind == mechanism_kind::pool)
            v.ion_c_in[index(static_cast<int>(s.carries))] = v.states + index(r.first_state[m])*v.state_stride;
    v.q = r.q.data(), v.rt_f = p.rt_f();
    if (!p.second_order()) v.slope_over = 1e-3;
    return v;
}

double gate_at(const region_plan& r, const float* gates, int column, std::size_t element, int lanes) {
    const auto stride = index(r.rows*lanes);
    return static_cast<double>(gates[index(column)*stride + element]) + static_cast<double>(gates[index(r.gates + column)*stride + element]);
}

void round_gates(const cell_plan& cell, const memory_map& map, const double* memory, float* singles) {
    for (std::size_t n = 0; n < cell.regions.size(); ++n) {
        const auto& r = cell.regions[n];
        const auto stride = index(r.rows*cell.lanes), remainders = index(r.gates)*stride;
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            float* const to = singles + map.regions[n].gates + index(r.first_gate[m])*stride;
            const double* const from = memory + map.regions[n].states + index(r.first_state[m])*stride;
            for (std::size_t i = 0; i < index(r.gates_of(m))*stride; ++i) {
                to[i] = static_cast<float>(from[i]);
                to[remainders + i] = static_cast<float>(from[i] - static_cast<double>(to[i]));
            }
        }
    }
}

kernels::region_view part_of(kernels::region_view v, int first, int packs, int lanes) {
    const auto elements = index(first*kernels::width), rows = elements/index(lanes);
    v.packs = packs;
    for (const double** column : {&v.capacitance, &v.fixed_diagonal, &v.pool_density, &v.parameters, &v.prepared})
        if (*column) *column += rows;
    v.v += elements, v.rhs += elements, v.diagonal += elements, v.states += elements;
    if (v.gates) shift_gates(v, elements), v.single_parameters += rows;
    for (std::size_t ion = 0; ion < ion_count; ++ion) {
        for (double** column : {&v.ion_intercept[ion], &v.ion_slope[ion], &v.ion_e_rev[ion]})
            if (*column) *column += elements;
        if (v.ion_c_in[ion]) v.ion_c_in[ion] += elements;
    }
    return v;
}

void run_separately(const region_plan& r, const kernels::region_view& all, const kernels::step& t, kernels::layout layout, bool second_order) {
    bool cleared = false;
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
        auto view = all;
        view.parameters += index(r.first_parameter[m])*view.parameter_stride;
        view.prepared += index(r.first_prepared[m])*view.parameter_stride;
        view.states += index(r.first_state[m])*view.state_stride;
        if (view.gates) shift_gates(view, index(r.first_gate[m])*view.gate_stride), view.single_parameters += index(r.first_parameter[m])*view.parameter_stride;
        view.q += m;
        const auto& table = *r.mechanisms[m].kernels;
        if (const auto pool = table.pool[layout][second_order]) {
            pool(view, t);
            continue;
        }
        if (!cleared) clear_sums(all), cleared = true;   // only now: pools read the last solution from rhs
        table.channel[layout](view, t);
    }
    if (!cleared) clear_sums(all);
    kernels::finish_sums(layout, second_order)(all, t);
}

void advance_by(const region_plan& r, const region_step* tables, const kernels::region_view& all, double dt, bool covered) {
    const kernels::step t{.gates = dt, .pools = false, .dt = dt, .look_ahead = 0};
    const auto by_functions = [&](const std::vector<std::size_t>& mechanisms, int first, int packs) {
        for (const auto m : mechanisms) r.mechanisms[m].kernels->gates(part_of(r, all, m, first, packs), t);
    };
    by_functions(tables->untabulated, 0, all.packs);
    if (!tables->rates) return;
    if (covered) return tables->rates->advance(all, 0, all.packs);
    for (int first = 0; first < all.packs;) {
        int last = first;
        while (last < all.packs && kernels::rate_table::covers(all, last)) ++last;
        tables->rates->advance(all, first, last);
        if (last < all.packs) by_functions(tables->tabulated, last++, 1);
        first = last;
    }
}

}  // namespace apical
