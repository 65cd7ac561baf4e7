// SPDX-License-Identifier: BSD-3-Clause
#include "engine/place.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace apical {
namespace {

/// What a region knows of an ion that imported mechanisms use lies in the columns of all rows.
void share_ions(const cell_plan& c, const region_plan& r, const memory_map& m, memory_map::of_region& at) {
    const auto first = static_cast<std::size_t>(r.first_row*c.lanes);
    for (std::size_t i = 0; i < c.imported_ions.size(); ++i) {
        const auto ion = static_cast<std::size_t>(c.imported_ions[i].known);
        if (ion == 0 || !r.is_pooled[ion]) continue;
        const auto& all = m.imported_ions[i];
        at.intercept[ion] = all.intercept + first, at.slope[ion] = all.slope + first, at.e_rev[ion] = all.e_rev + first;
        if (r.is_imported[ion]) at.c_in[ion] = all.c_in + first;
    }
}

memory_map map_of(const cell_plan& c, bool has_ledger) {
    memory_map m;
    const auto lanes = static_cast<std::size_t>(c.lanes);
    const auto take = [&](std::size_t columns, int rows) {
        const auto start = m.total;
        m.total += columns*static_cast<std::size_t>(rows)*lanes;
        m.total = (m.total + 7)/8*8;
        return start;
    };
    m.reference = take(1, 1);
    m.v = take(1, c.rows), m.rhs = take(1, c.rows), m.diagonal = take(1, c.rows);
    for (std::size_t i = 0; i < c.imported_ions.size(); ++i)
        m.imported_ions.push_back({take(1, c.rows), take(1, c.rows), take(1, c.rows), take(1, c.rows), take(1, c.rows), take(1, c.rows)});
    for (const auto& r : c.regions) {
        memory_map::of_region at;
        at.states = take(static_cast<std::size_t>(r.states), r.rows);
        at.gates = m.single_total;
        m.single_total += 2*static_cast<std::size_t>(r.gates*r.rows)*lanes;
        for (std::size_t ion = 0; ion < ion_count; ++ion)
            if (r.is_pooled[ion]) {
                at.intercept[ion] = take(1, r.rows), at.slope[ion] = take(1, r.rows);
                if (!r.fused || has_ledger) at.e_rev[ion] = take(1, r.rows);
            }
        share_ions(c, r, m, at);
        m.regions.push_back(at);
    }
    for (const auto& mechanism : c.imported) m.imported.push_back(take(static_cast<std::size_t>(mechanism.program().instance_size), static_cast<int>(mechanism.rows.size())));
    for (const auto& r : c.receptors) m.receptors.push_back(take(r.mechanism.schema.states.size(), static_cast<int>(r.rows.size())));
    return m;
}

/// Times at which a source jumps [ms].
std::vector<double> jumps(const current_source& source) {
    return std::visit([]<class S>(const S& s) -> std::vector<double> {
        if constexpr (requires { s.delay; }) return {s.delay.coherent(), s.delay.coherent() + s.duration.coherent()};
        else if constexpr (requires { s.times_ms; }) return {s.times_ms.front(), s.times_ms.back()};
        else return {};
    }, source);
}

/// The first step of every block, and those in which a stimulus has just jumped, seen at the midpoint of the shortest step there is.
void list_edges(plan& p) {
    for (auto& b : p.blocks) {
        std::map<std::int64_t, unsigned> steps{{0, ~0u}};
        const auto add = [&](int cell, double t) {
            const double n = std::ceil(t/p.time_at(1) - 0.5 - 1e-9);
            if (n > 0 && n < 1e15) steps[static_cast<std::int64_t>(n)] |= 1u << (cell - b.first_cell);
        };
        for (const auto i : b.injections)
            for (const double t : jumps(p.injections[i].source)) add(p.injections[i].cell, t);
        for (const auto i : b.clamps) {
            for (const auto& [from, level] : p.clamps[i].levels) add(p.clamps[i].cell, from);
            add(p.clamps[i].cell, p.clamps[i].stop);
        }
        for (const auto& [position, lanes] : steps) b.edges.push_back({position, lanes});
    }
}

}  // namespace

void divide(plan& p) {
    for (std::size_t n = 0; n < p.populations.size(); ++n) {
        const auto& c = p.populations[n];
        p.maps.push_back(map_of(c, std::ranges::any_of(p.windows, [&](const window_plan& w) { return w.population == static_cast<int>(n); })));
        p.cuts.push_back({p.blocks.size(), c.lanes});
        if (c.neurons >= 0) continue;                        // divide_neurons() has these
        for (int cell = 0; cell < c.cells; cell += c.lanes)
            p.blocks.push_back({static_cast<int>(n), cell, std::min(c.lanes, c.cells - cell), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}});
    }
    const auto block_of = [&](int population, int cell) -> block_plan& { return p.blocks[p.block_of(population, cell)]; };
    const auto route = [&](const auto& list, auto member) {
        for (std::size_t i = 0; i < list.size(); ++i) (block_of(list[i].population, list[i].cell).*member).push_back(i);
    };
    route(p.injections, &block_plan::injections);
    route(p.clamps, &block_plan::clamps);
    route(p.events, &block_plan::events);
    route(p.poisson, &block_plan::poisson);
    route(p.imported_connections, &block_plan::connections);
    route(p.detectors, &block_plan::detectors);
    for (std::size_t i = 0; i < p.probes.size(); ++i)
        for (std::size_t k = 0; k < p.probes[i].places.size(); ++k)
            if (p.populations[static_cast<std::size_t>(p.probes[i].places[k].population)].neurons < 0)
                block_of(p.probes[i].places[k].population, p.probes[i].places[k].cell).probes.push_back({i, k});
    for (auto& b : p.blocks)
        for (std::size_t w = 0; w < p.windows.size(); ++w)
            if (p.windows[w].population == b.population) b.windows.push_back(w);
    list_edges(p);
}

}  // namespace apical
