// SPDX-License-Identifier: BSD-3-Clause
#include "engine/coupled_equations.hpp"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }
std::size_t index(ion i) { return static_cast<std::size_t>(i); }

constexpr double time_difference = 1e-5;      ///< [ms] of inputs
constexpr double same_voltage = 1e-11;        ///< [mV]
constexpr double small_concentration = 1e-5;  ///< [mM]

}  // namespace

coupled_equations::coupled_equations(const plan& p, int population) : population_(population) {
    const auto& c = cell(p);
    size_ = c.first_branch_row;
    for (const auto& r : c.regions) {
        region_work w;
        w.first = size_, w.rows = r.rows, w.states = r.states;
        w.carried_by.assign(index(r.states), -1), w.is_pool.assign(index(r.states), false);
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            const auto& schema = r.mechanisms[m].schema;
            if (schema.kind != mechanism_kind::pool) continue;
            w.pools.push_back(schema.carries), w.pool_state.push_back(r.first_state[m]);
            w.is_pool[index(r.first_state[m])] = true;
            for (int row = 0; row < r.compartments; ++row) concentrations_.push_back(w.first + r.first_state[m]*r.rows + row);
        }
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            const auto& schema = r.mechanisms[m].schema;
            if (schema.kind != mechanism_kind::channel) continue;
            const auto found = std::ranges::find(w.pools, schema.carries);
            if (schema.carries == ion::none || found == w.pools.end()) continue;
            for (std::size_t s = 0; s < schema.states.size(); ++s)
                w.carried_by[index(r.first_state[m]) + s] = static_cast<int>(found - w.pools.begin());
        }
        const auto rows = index(r.rows), states = index(r.states), pools = w.pools.size();
        for (auto* v : {&w.i, &w.i_v}) v->assign(rows, 0);
        for (auto* v : {&w.i_ion, &w.e_rev, &w.e_rev_by_c, &w.i_c, &w.ion_v, &w.pool_by_i}) v->assign(pools*rows, 0);
        w.ion_c.assign(pools*pools*rows, 0);
        for (auto* v : {&w.decay, &w.by_v, &w.into_i, &w.inverse}) v->assign(states*rows, 0);
        w.by_c.assign(pools*states*rows, 0);
        w.block.assign((pools + 1)*(pools + 1)*rows, 0), w.rhs.assign((pools + 1)*rows, 0);
        size_ += r.states*r.rows;
        regions_.push_back(std::move(w));
    }
    const auto rows = index(c.rows);
    const auto& step = c.steps.front();   // of Crank-Nicolson: C/(h/2)
    capacitance_.assign(rows, 0), axial_.assign(rows, 0);
    for (std::size_t row = 0; row < rows; ++row) {
        if (c.node_of_row[row] >= 0) capacitance_[row] = step.capacitance[row]*(step.h/2);
        for (const auto& [other, g] : c.neighbours[row]) axial_[row] += g;
    }
    for (auto* v : {&v_, &current_, &conductance_, &input_slope_}) v->assign(rows, 0);
    for (auto* v : {&diagonal_, &pivots_, &rhs_}) v->assign(rows, 0);
}

int coupled_equations::state_index(std::size_t region, int column, int row_in_region) const {
    return regions_[region].first + column*regions_[region].rows + row_in_region;
}

coupled_equations::place coupled_equations::place_of(const plan& p, int unknown) const {
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        const auto& w = regions_[r];
        if (unknown < w.first || unknown >= w.first + w.states*w.rows) continue;
        return {cell(p).regions[r].first_row + (unknown - w.first) % w.rows, static_cast<int>(r), (unknown - w.first)/w.rows};
    }
    return {unknown, -1, -1};
}

const std::vector<double>& coupled_equations::voltages(const plan& p, double t, const double* y, cell_inputs& inputs) {
    const auto& c = cell(p);
    std::copy_n(y, c.first_branch_row, v_.begin());
    const auto neighbours_current = [&](int row) {
        double sum = 0;
        for (const auto& [other, g] : c.neighbours[index(row)]) sum += g*v_[index(other)];
        return sum;
    };
    const auto has_no_membrane = [&](int row) { return c.node_of_row[index(row)] >= 0 && axial_[index(row)] > 0; };
    for (int row = c.first_branch_row; row < c.rows; ++row)
        if (has_no_membrane(row)) v_[index(row)] = neighbours_current(row)/axial_[index(row)];
    constexpr int most_rounds = 200;
    for (int round = 0; round < most_rounds; ++round) {
        std::ranges::fill(current_, 0.0), std::ranges::fill(conductance_, 0.0);
        inputs.add(t, v_.data(), current_.data(), conductance_.data());
        double change = 0;
        for (int row = c.first_branch_row; row < c.rows; ++row) {
            if (!has_no_membrane(row)) continue;
            const auto k = index(row);
            const double next = (neighbours_current(row) + current_[k] + conductance_[k]*v_[k])/(axial_[k] + conductance_[k]);
            change = std::max(change, std::abs(next - v_[k]));
            v_[k] = next;
        }
        if (!(change > same_voltage)) break;
    }
    return v_;
}

kernels::coupled_view coupled_equations::view_of(const plan& p, std::size_t region, std::size_t mechanism, const double* y) {
    const auto& c = cell(p);
    const auto& r = c.regions[region];
    auto& w = regions_[region];
    kernels::coupled_view v;
    v.packs = r.rows/kernels::width, v.stride = index(r.rows);
    v.v = y + r.first_row;
    v.states = y + w.first + r.first_state[mechanism]*r.rows;
    v.parameters = r.parameters.data() + index(r.first_parameter[mechanism])*v.stride;
    v.pool_density = c.pool_density.data() + r.first_row;
    for (std::size_t i = 0; i < ion_count; ++i) v.ions[i] = r.ions[i];
    for (int n = 0; n < w.pool_count(); ++n) {
        const auto i = index(w.pools[index(n)]);
        v.c_in[i] = y + w.first + w.pool_state[index(n)]*r.rows;
        v.e_rev[i] = w.column(w.e_rev, n), v.e_rev_by_c[i] = w.column(w.e_rev_by_c, n);
    }
    v.q = r.q[mechanism], v.rt_f = p.rt_f();
    return v;
}

kernels::coupled_rates coupled_equations::sums_of(region_work& w) const {
    kernels::coupled_rates to;
    to.i = w.i.data();
    for (int n = 0; n < w.pool_count(); ++n) to.i_ion[index(w.pools[index(n)])] = w.column(w.i_ion, n);
    return to;
}

kernels::coupled_slopes coupled_equations::slopes_of(region_work& w) const {
    kernels::coupled_slopes to;
    to.i_v = w.i_v.data();
    for (int n = 0; n < w.pool_count(); ++n) {
        const auto i = index(w.pools[index(n)]);
        to.i_c[i] = w.column(w.i_c, n), to.ion_v[i] = w.column(w.ion_v, n), to.pool_by_i[i] = w.column(w.pool_by_i, n);
        for (int m = 0; m < w.pool_count(); ++m) to.ion_c[i][index(w.pools[index(m)])] = w.column(w.ion_c, n*w.pool_count() + m);
    }
    return to;
}

/// Sums the currents of a region, and writes the rates of change of its states.
void coupled_equations::find_currents(const plan& p, std::size_t region, const double* y, double* f) {
    const auto& r = cell(p).regions[region];
    auto& w = regions_[region];
    std::ranges::fill(w.i, 0.0), std::ranges::fill(w.i_ion, 0.0);
    auto to = sums_of(w);
    const auto each = [&](mechanism_kind kind, auto&& call) {
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            if (r.mechanisms[m].schema.kind != kind) continue;
            to.states = f + w.first + r.first_state[m]*r.rows;
            call(*r.mechanisms[m].kernels, view_of(p, region, m, y));
        }
    };
    each(mechanism_kind::pool, [](const auto& k, const auto& v) { k.reversal(v); });
    each(mechanism_kind::channel, [&](const auto& k, const auto& v) { k.rates(v, to); });
    each(mechanism_kind::pool, [&](const auto& k, const auto& v) { k.rates(v, to); });
}

void coupled_equations::rates(const plan& p, double t, const double* y, cell_inputs& inputs, double* f) {
    const auto& c = cell(p);
    voltages(p, t, y, inputs);
    for (std::size_t r = 0; r < regions_.size(); ++r) find_currents(p, r, y, f);
    for (const auto& b : c.matrix.branches()) {
        const double i = b.conductance*(v_[index(b.parent)] - v_[index(b.row)]);
        current_[index(b.row)] += i, current_[index(b.parent)] -= i;
    }
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        const auto first = index(c.regions[r].first_row);
        const auto& w = regions_[r];
        for (std::size_t k = 0; k < index(w.rows); ++k)
            f[first + k] = capacitance_[first + k] > 0 ? (current_[first + k] - w.i[k])/capacitance_[first + k] : 0;
    }
}

void coupled_equations::write_reversals(const plan& p, std::size_t region, const kernels::region_view& to) {
    const auto& r = cell(p).regions[region];
    auto& w = regions_[region];
    for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
        if (r.mechanisms[m].schema.kind != mechanism_kind::pool) continue;
        const auto i = index(r.mechanisms[m].schema.carries);
        kernels::coupled_view v;
        v.packs = to.packs, v.stride = to.state_stride, v.states = to.states + index(r.first_state[m])*to.state_stride;
        v.ions[i] = r.ions[i], v.rt_f = to.rt_f;
        v.e_rev[i] = to.ion_e_rev[i], v.e_rev_by_c[i] = w.column(w.e_rev_by_c, static_cast<int>(std::ranges::find(w.pools, r.mechanisms[m].schema.carries) - w.pools.begin()));
        r.mechanisms[m].kernels->reversal(v);
    }
}

void coupled_equations::rates_in_time(const plan& p, double t, const double* y, cell_inputs& inputs, double* to) {
    std::fill_n(to, size_, 0.0);
    if (!inputs.vary()) return;
    const auto& c = cell(p);
    voltages(p, t, y, inputs);
    const auto v = v_, current = current_;
    voltages(p, t + time_difference, y, inputs);
    for (int row = 0; row < c.first_branch_row; ++row) {
        const auto k = index(row);
        if (!(capacitance_[k] > 0)) continue;
        double change = current_[k] - current[k];
        for (const auto& [other, g] : c.neighbours[k]) change += g*(v_[index(other)] - v[index(other)]);
        to[k] = change/(time_difference*capacitance_[k]);
    }
}

void coupled_equations::linearise(const plan& p, const double* y) {
    const auto& c = cell(p);
    input_slope_ = conductance_;
    for (std::size_t region = 0; region < regions_.size(); ++region) {
        const auto& r = c.regions[region];
        auto& w = regions_[region];
        for (auto* v : {&w.i_v, &w.i_c, &w.ion_v, &w.ion_c}) std::ranges::fill(*v, 0.0);
        for (std::size_t m = 0; m < r.mechanisms.size(); ++m) {
            const auto& schema = r.mechanisms[m].schema;
            const auto& kernels = r.mechanisms[m].kernels;
            auto to = slopes_of(w);
            const int s = r.first_state[m];
            to.decay = w.column(w.decay, s), to.by_v = w.column(w.by_v, s), to.into_i = w.column(w.into_i, s);
            for (int n = 0; n < w.pool_count(); ++n) to.by_c[index(w.pools[index(n)])] = w.column(w.by_c, n*w.states + s);
            if (schema.kind == mechanism_kind::pool)
                to.i_v = w.column(w.i_ion, static_cast<int>(std::ranges::find(w.pools, schema.carries) - w.pools.begin()));
            kernels->slopes(view_of(p, region, m, y), to);
        }
    }
}

/// What is left of a region's rows when gates are expressed by v and concentrations, and concentrations by v.
void coupled_equations::eliminate(region_work& w) {
    const int pools = w.pool_count(), rows = w.rows, side = pools + 1;
    const auto entry = [&](int r, int c) { return w.column(w.block, r*side + c); };
    for (int n = 0; n < pools; ++n) {
        std::copy_n(w.column(w.i_c, n), rows, entry(pools, n));
        std::copy_n(w.column(w.ion_v, n), rows, entry(n, pools));
        for (int m = 0; m < pools; ++m) std::copy_n(w.column(w.ion_c, n*pools + m), rows, entry(n, m));
    }
    std::copy_n(w.i_v.data(), rows, entry(pools, pools));
    for (int s = 0; s < w.states; ++s) {
        double* const inverse = w.column(w.inverse, s);
        const double* const decay = w.column(w.decay, s);
        for (int k = 0; k < rows; ++k) inverse[k] = 1/(1 + gamma_*decay[k]);
        if (w.is_pool[index(s)]) continue;
        const double* const into = w.column(w.into_i, s);
        const auto add = [&](double* to, const double* by) {
            for (int k = 0; k < rows; ++k) to[k] += into[k]*inverse[k]*gamma_*by[k];
        };
        const int ion = w.carried_by[index(s)];
        add(entry(pools, pools), w.column(w.by_v, s));
        if (ion >= 0) add(entry(ion, pools), w.column(w.by_v, s));
        for (int n = 0; n < pools; ++n) {
            add(entry(pools, n), w.column(w.by_c, n*w.states + s));
            if (ion >= 0) add(entry(ion, n), w.column(w.by_c, n*w.states + s));
        }
    }
    // the rows of concentrations: (1 + gamma decay) c - gamma (dc'/di) i = b
    for (int n = 0; n < pools; ++n) {
        const double* const by_i = w.column(w.pool_by_i, n);
        const double* const decay = w.column(w.decay, w.pool_state[index(n)]);
        for (int m = 0; m < side; ++m) {
            double* const e = entry(n, m);
            for (int k = 0; k < rows; ++k) e[k] *= -gamma_*by_i[k];
        }
        double* const e = entry(n, n);
        for (int k = 0; k < rows; ++k) e[k] += 1 + gamma_*decay[k];
    }
    for (int n = 0; n < pools; ++n)
        for (int m = n + 1; m < side; ++m) {
            double* const factor = entry(m, n);
            for (int k = 0; k < rows; ++k) factor[k] /= entry(n, n)[k];
            for (int j = n + 1; j < side; ++j)
                for (int k = 0; k < rows; ++k) entry(m, j)[k] -= factor[k]*entry(n, j)[k];
        }
}

void coupled_equations::factorise(const plan& p, double gamma) {
    const auto& c = cell(p);
    gamma_ = gamma;
    for (std::size_t row = 0; row < diagonal_.size(); ++row) diagonal_[row] = capacitance_[row]/gamma + axial_[row] + input_slope_[row];
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        auto& w = regions_[r];
        eliminate(w);
        const int pools = w.pool_count();
        const double* const left = w.column(w.block, (pools + 1)*(pools + 1) - 1);
        double* const d = diagonal_.data() + c.regions[r].first_row;
        for (int k = 0; k < w.rows; ++k) d[k] += left[k];
    }
}

/// The right-hand side of what is left; the last column of w.rhs is -(what the gates add to the current).
void coupled_equations::reduce(region_work& w, const double* x) {
    const int pools = w.pool_count(), rows = w.rows, side = pools + 1;
    std::ranges::fill(w.rhs, 0.0);
    double* const total = w.column(w.rhs, pools);
    for (int s = 0; s < w.states; ++s) {
        if (w.is_pool[index(s)]) continue;
        const double* const b = x + w.first + s*rows;
        const double* const into = w.column(w.into_i, s);
        const double* const inverse = w.column(w.inverse, s);
        for (int k = 0; k < rows; ++k) total[k] -= into[k]*inverse[k]*b[k];
        if (const int ion = w.carried_by[index(s)]; ion >= 0) {
            double* const to = w.column(w.rhs, ion);
            for (int k = 0; k < rows; ++k) to[k] += into[k]*inverse[k]*b[k];
        }
    }
    for (int n = 0; n < pools; ++n) {
        double* const r = w.column(w.rhs, n);
        const double* const by_i = w.column(w.pool_by_i, n);
        const double* const b = x + w.first + w.pool_state[index(n)]*rows;
        for (int k = 0; k < rows; ++k) r[k] = b[k] + gamma_*by_i[k]*r[k];
    }
    for (int n = 0; n < pools; ++n)
        for (int m = n + 1; m < side; ++m) {
            double* const to = w.column(w.rhs, m);
            const double* const factor = w.column(w.block, m*side + n);
            const double* const from = w.column(w.rhs, n);
            for (int k = 0; k < rows; ++k) to[k] -= factor[k]*from[k];
        }
}

/// Concentrations and gates from the voltages, which stand in the last column of w.rhs.
void coupled_equations::expand(region_work& w, double* x) const {
    const int pools = w.pool_count(), rows = w.rows, side = pools + 1;
    for (int n = pools - 1; n >= 0; --n) {
        double* const c = w.column(w.rhs, n);
        for (int m = n + 1; m < side; ++m) {
            const double* const e = w.column(w.block, n*side + m);
            const double* const known = w.column(w.rhs, m);
            for (int k = 0; k < rows; ++k) c[k] -= e[k]*known[k];
        }
        const double* const pivot = w.column(w.block, n*side + n);
        for (int k = 0; k < rows; ++k) c[k] /= pivot[k];
        std::copy_n(c, rows, x + w.first + w.pool_state[index(n)]*rows);
    }
    const double* const v = w.column(w.rhs, pools);
    for (int s = 0; s < w.states; ++s) {
        if (w.is_pool[index(s)]) continue;
        double* const to = x + w.first + s*rows;
        const double* const by_v = w.column(w.by_v, s);
        const double* const inverse = w.column(w.inverse, s);
        for (int k = 0; k < rows; ++k) to[k] += gamma_*by_v[k]*v[k];
        for (int n = 0; n < pools; ++n) {
            const double* const by_c = w.column(w.by_c, n*w.states + s);
            const double* const c = w.column(w.rhs, n);
            for (int k = 0; k < rows; ++k) to[k] += gamma_*by_c[k]*c[k];
        }
        for (int k = 0; k < rows; ++k) to[k] *= inverse[k];
    }
}

void coupled_equations::solve(const plan& p, double* x) {
    const auto& c = cell(p);
    std::ranges::fill(rhs_, 0.0);
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        auto& w = regions_[r];
        reduce(w, x);
        const auto first = index(c.regions[r].first_row);
        const double* const current = w.column(w.rhs, w.pool_count());
        for (std::size_t k = 0; k < index(w.rows); ++k) rhs_[first + k] = capacitance_[first + k]/gamma_*x[first + k] + current[k];
    }
    pivots_ = diagonal_;
    c.matrix.solve(pivots_.data(), rhs_.data(), 1);
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        auto& w = regions_[r];
        const auto first = c.regions[r].first_row;
        for (int k = 0; k < w.rows; ++k) {
            const double v = capacitance_[index(first + k)] > 0 ? rhs_[index(first + k)] : x[first + k];
            x[first + k] = v, w.column(w.rhs, w.pool_count())[k] = v;
        }
        expand(w, x);
    }
}

void coupled_equations::weights(const plan& p, double error, const double* y, double* to) const {
    const auto& c = cell(p);
    const double part = error/100;
    std::fill_n(to, size_, 0.0);
    for (std::size_t r = 0; r < regions_.size(); ++r) {
        const auto& w = regions_[r];
        std::fill_n(to + c.regions[r].first_row, c.regions[r].compartments, 1/error);
        for (int s = 0; s < w.states; ++s) {
            const int first = w.first + s*w.rows;
            for (int k = first; k < first + c.regions[r].compartments; ++k)
                to[k] = w.is_pool[index(s)] ? 1/(part*std::max(std::abs(y[k]), small_concentration)) : 1/part;
        }
    }
}

}  // namespace apical
