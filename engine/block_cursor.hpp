// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <vector>

#include "core/math.hpp"
#include "engine/block.hpp"
#include "engine/imported_steps.hpp"
#include "engine/run_region.hpp"

namespace apical {

/// What a run of steps needs, and the present one of them.
struct block::cursor {
    const cell_plan& cell;
    const memory_map& map;
    const crew* together = nullptr;             // null, or who shares the work of a step
    std::vector<kernels::region_view> regions;
    std::vector<kernels::receptor_view> receptors;
    imported_steps imported;
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

    struct rounded_parameters { std::size_t region; aligned_singles values; };
    std::vector<rounded_parameters> rounded;    // of regions with gates of single precision whose parameters change

    cursor(const plan& p, const block_plan& where, double* memory, float* singles, const modulation& modulated)
        : cell(p.populations[static_cast<std::size_t>(where.population)]), map(p.maps[static_cast<std::size_t>(where.population)]), imported(p, where, memory) {
        for (std::size_t r = 0; r < cell.regions.size(); ++r) regions.push_back(view_of(p, cell, map, r, memory, modulated.parameters(r), singles));
        for (std::size_t r = 0; r < regions.size(); ++r)
            if (regions[r].gates && modulated.parameters(r)) rounded.push_back({r, aligned_singles(cell.regions[r].parameters.size())});
        for (std::size_t g = 0; g < cell.receptors.size(); ++g) {
            const auto& r = cell.receptors[g];
            kernels::receptor_view v;
            v.instances = static_cast<int>(r.rows.size());
            v.rows = r.rows.data(), v.parameters = r.parameters.data(), v.parameter_stride = r.rows.size();
            v.states = memory + map.receptors[g], v.state_stride = r.rows.size()*static_cast<std::size_t>(cell.lanes);
            v.reference = memory + map.reference;
            v.v = memory + map.v, v.rhs = memory + map.rhs, v.diagonal = memory + map.diagonal;
            receptors.push_back(v);
        }
    }

    const cell_step& tables() const { return cell.steps[static_cast<std::size_t>(level)]; }
    std::int64_t length(const plan& p) const { return p.chooses_steps() ? step_ladder::length(level) : 1; }
    std::int64_t end(const plan& p) const { return position + length(p); }

    /// Points the views to what belongs to a step of this length after one of the length `previous`.
    void set_lengths(bool second_order, int previous) {
        const auto& now = tables();
        const auto& before = cell.steps[static_cast<std::size_t>(previous < 0 ? level : previous)];
        h = now.h;
        // Gates are half a step ahead of v: the first step takes them there. Backward Euler starts them level, as NEURON does.
        const double gates = second_order ? (previous < 0 ? h/2 : previous == level ? h : (before.h + h)/2) : previous < 0 ? 0 : h;
        times = {.gates = gates, .pools = previous >= 0, .dt = before.h, .look_ahead = second_order ? 0.5*(h/before.h) : 0};
        for (auto& [r, values] : rounded) {
            std::copy_n(regions[r].parameters, values.size(), values.begin());
            regions[r].single_parameters = values.data();
        }
        for (std::size_t r = 0; r < regions.size(); ++r) {
            const auto first = static_cast<std::size_t>(cell.regions[r].first_row);
            regions[r].capacitance = now.capacitance.data() + first, regions[r].fixed_diagonal = now.fixed_diagonal.data() + first;
            regions[r].prepared = before.regions[r].prepared.data();
        }
        for (auto& r : receptors) r.before = second_order ? h/2 : 0, r.after = h - r.before;
    }
};

/// Crank-Nicolson hardly damps the fastest modes, which a jump of a stimulus excites. A step that begins with one is therefore
/// done as two implicit Euler steps of half the length, with the same matrix; the order stays 2.
/// Rannacher (1984) Numer Math 43:309. add(rhs, half) adds what flows in only in one of them.
template <class F> void block::solve_in_halves(cursor& c, F&& add) {
    const auto lanes = static_cast<std::size_t>(c.cell.lanes), n = static_cast<std::size_t>(c.cell.rows)*lanes, with_membrane = static_cast<std::size_t>(c.cell.first_branch_row)*lanes;
    double* const rhs = memory_.data() + c.map.rhs;
    double* const diagonal = memory_.data() + c.map.diagonal;
    const double* const v = memory_.data() + c.map.v;
    c.rhs.assign(rhs, rhs + n), c.diagonal.assign(diagonal, diagonal + n);
    add(rhs, 0);
    solve(c, diagonal, rhs);
    c.first.assign(rhs, rhs + n);
    for (std::size_t k = 0; k < with_membrane; ++k) {
        const double change = rhs[k] - (v[k] - memory_[c.map.reference + k % lanes]);
        rhs[k] = math::fma(c.tables().capacitance[k/lanes], change, c.rhs[k]);
    }
    std::copy(c.rhs.begin() + static_cast<std::ptrdiff_t>(with_membrane), c.rhs.end(), rhs + with_membrane);
    std::ranges::copy(c.diagonal, diagonal);
    add(rhs, 1);
    solve(c, diagonal, rhs);
    for (std::size_t k = 0; k < n; ++k)
        if (!(c.edges >> k % lanes & 1)) rhs[k] = c.first[k];   // other cells of the block are not concerned
}

}  // namespace apical
