// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "engine/ledger.hpp"

/// What ledgers sum of mechanisms that were read from NMODL and have no kernels.
namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// The variable that the file's other currents turn round at, by the names it goes by; -1: none is known.
int reversal_of(const nmodl::program& p) {
    for (const auto* name : {"e", "e_rev", "erev", "el"})
        if (const int v = p.find(name); v >= 0 && p.variables[index(v)].is == nmodl::role::parameter) return v;
    return -1;
}
double value_of(const imported_plan& m, int variable, std::size_t instance) {
    const auto& v = m.program().variables[index(variable)];
    return v.kept == nmodl::storage::shared ? m.shared[index(v.offset)] : m.start[index(v.offset)*m.rows.size() + instance];
}
ion known(const cell_plan& cell, const imported_plan& m, int of_program) { return static_cast<ion>(cell.imported_ions[m.ions[index(of_program)]].known); }

/// A current as the voltage has moved from where the step began.
double at_solution(double i, double g, double scale, double from_v) { return scale*math::fma(g, from_v, i); }

}  // namespace

void ledger::take_imported(const cell_plan& cell) {
    for (const auto& m : cell.imported) {
        const auto elements = m.rows.size()*index(cell.lanes);
        of_imported columns;
        bool has_rest = false;
        columns.is_electrode = true;
        for (const auto& c : m.program().currents) {
            if (c.ion >= 0) columns.charge.push_back(take(elements));
            else has_rest = true, columns.is_electrode = columns.is_electrode && c.is_electrode;
        }
        columns.is_electrode = columns.is_electrode && has_rest;
        if (has_rest) columns.rest = take(elements), columns.conductance = take(elements), columns.e_rev = reversal_of(m.program());
        columns.events = take(elements);
        imported_.push_back(std::move(columns));
    }
}

void ledger::read_imported(const solved_step& step, std::size_t mechanism) {
    const auto& m = step.imported[mechanism];
    const auto& columns = imported_[mechanism];
    const auto lanes = index(step.cell.lanes), instances = index(m.of->instances)*lanes;
    for (std::size_t e = 0; e < instances; ++e) {
        const auto at = index((*m.elements)[e]);
        const double scale = m.of->scale[e/lanes], from_v = step.x[at] - step.v[at], weight = weights_[e % lanes];
        double rest = m.i[e], slope = m.g[e];
        for (std::size_t n = 0; n < columns.charge.size(); ++n) {
            const double i = (*m.ion_i)[n][e], g = (*m.ion_g)[n][e];
            sums_[columns.charge[n] + e] += weight*at_solution(i, g, scale, from_v), rest -= i, slope -= g;
        }
        if (columns.rest == none) continue;
        const double i = at_solution(rest, slope, scale, from_v);
        if (columns.is_electrode) {
            inject(e % lanes, -weight*i);
            continue;
        }
        sums_[columns.rest + e] += weight*i;
        if (columns.e_rev >= 0) {
            const double distance = step.x[at] - value_of(*m.of, columns.e_rev, e/lanes);
            sums_[columns.conductance + e] += weight*(std::abs(distance) < 1e-3 ? scale*slope : i/distance);
        }
    }
}

/// What density mechanisms add to the sodium and potassium currents of a region, which `is_first` says are not begun.
void ledger::add_imported_overlap(const solved_step& step, std::size_t region, bool (&is_first)[ion_count]) {
    const auto& r = step.cell.regions[region];
    const auto lanes = index(step.cell.lanes), first = index(r.first_row)*lanes, elements = index(r.rows)*lanes;
    for (const auto which : {ion::na, ion::k}) {
        double* const sum = sums_.data() + (which == ion::na ? sodium_ : potassium_);
        if (is_first[index(static_cast<int>(which))]) std::fill_n(sum, elements, 0.0);
        for (const auto& m : step.imported) {
            std::size_t n = 0;
            for (const auto& c : m.of->program().currents) {
                if (c.ion < 0) continue;
                const double *const i = (*m.ion_i)[n], *const g = (*m.ion_g)[n];
                ++n;
                if (m.of->is_point() || known(step.cell, *m.of, c.ion) != which) continue;
                for (std::size_t e = 0; e < index(m.of->instances)*lanes; ++e) {
                    const auto at = index((*m.elements)[e]);
                    if (at >= first && at < first + elements) sum[at - first] += at_solution(i[e], g[e], m.of->scale[e/lanes], step.x[at] - step.v[at]);
                }
            }
        }
    }
}

void ledger::add_imported(const cell_plan& cell, std::size_t lane, const std::vector<std::size_t>& compartment_of_row, charge_account& to) const {
    const auto lanes = index(cell.lanes);
    for (std::size_t m = 0; m < cell.imported.size(); ++m) {
        const auto& own = cell.imported[m];
        const auto& columns = imported_[m];
        for (std::size_t k = 0; k < index(own.instances); ++k) {
            const auto at = k*lanes + lane;
            const auto* region = cell.region_of(own.rows[k]);
            if (!region) region = &cell.regions.front();   // a point without membrane: ions are the cell's
            charge_account::passage p{.compartment = compartment_of_row[index(own.rows[k])], .mechanism = own.mechanism.schema.name, .is_receptor = own.is_point(),
                                      .e_rev = std::nan(""), .e_na = region->ions[index(static_cast<int>(ion::na))].e_rev,
                                      .e_k = region->ions[index(static_cast<int>(ion::k))].e_rev};
            std::size_t n = 0;
            for (const auto& c : own.program().currents)
                if (c.ion >= 0) p.carries = known(cell, own, c.ion), p.charge = sums_[columns.charge[n++] + at], to.passages.push_back(p);
            if (columns.rest == none || columns.is_electrode) {
                if (!columns.charge.empty()) to.passages.back().events = sums_[columns.events + at];
                continue;
            }
            p.carries = ion::none, p.charge = sums_[columns.rest + at], p.events = sums_[columns.events + at];
            if (columns.e_rev >= 0) p.conductance = sums_[columns.conductance + at], p.e_rev = value_of(own, columns.e_rev, k);
            to.passages.push_back(p);
        }
    }
}

}  // namespace apical
