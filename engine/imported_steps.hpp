// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/imported_currents.hpp"
#include "engine/plan.hpp"

namespace apical {

class imported_events;

/// The imported mechanisms of one block, in a run. Everything they keep is in the block's memory; this is how they see it.
class imported_steps {
public:
    imported_steps(const plan& p, const block_plan& where, double* memory);
    bool is_empty() const { return all_.empty(); }

    /// Their INITIAL blocks, which may send events: of those that keep account of concentrations, before regions start, then of the others.
    void start_keepers(imported_events& events);
    void start_others(imported_events& events);
    /// The INITIAL block of NET_RECEIVE, for the values of a connection that ends at an element (instance times lanes plus lane).
    void start_connection(std::size_t mechanism, std::size_t element, double* connection);

    /// What a step begins with: the ion currents of the last one, by which who keeps account of concentrations advances, as the package's
    /// pools do.
    void before_regions(const kernels::step& times, double t, std::int64_t position);
    /// The others advance, and all currents are added to the matrix, which regions have filled. The step is h long.
    void after_regions(const kernels::step& times, double t, double h, std::int64_t position);
    /// At its end, with the voltage solved: point processes do the rest of their step.
    void end_step(double t, double h, std::int64_t position);

    /// What each of them adds to the present step.
    std::vector<imported_currents> currents() const;

    /// An event at an element, at its own time; `draw` belongs to it alone.
    void receive(std::size_t mechanism, std::size_t element, double* connection, double flag, double time, std::uint64_t draw, nmodl::event_sink& sink);
    /// What WATCH compares with 0.
    double condition(std::size_t mechanism, std::size_t element, int n, double t);
    /// Voltages and concentrations have changed since an event last looked at them.
    void forget_gathered() {
        for (auto& m : all_) m.is_gathered = false;
    }

private:
    /// A mechanism with its columns.
    struct one {
        const imported_plan* plan = nullptr;
        std::vector<double*> columns;
        std::vector<double> shared;
        std::vector<int> elements;              // of the block's rows and lanes, one an instance
        std::vector<std::uint64_t> identity;
        nmodl::instance_view view;
        aligned_vector currents;                // columns: i, g, then i and g of each ion current
        std::vector<double*> ion_i, ion_g;
        std::vector<int> ion_of_current;        // of the cell's ions
        struct copied { const double* from; double* to; };
        std::vector<copied> gathered;           // columns of rows to columns of instances
        std::vector<copied> scattered;          // and back: what it makes of ions
        std::vector<double*> times, steps;      // where it looks for t and dt
        bool is_gathered = false;               // its columns hold the present voltages and concentrations
    };

    void list_columns(one& m) const;
    void set_time(one& m, double t, double dt, std::uint64_t draw) const;
    void gather(one& m) const;
    void scatter(one& m);
    double* pointed_to(const pointer_plan& p, std::size_t element) const;
    void follow_pointers(one& m) const;
    void write_through_pointers(const one& m, std::size_t first, std::size_t last);
    void advance(one& m, double dt, double t, std::uint64_t draw);
    using hook = void (nmodl::mechanism::*)(const nmodl::instance_view&) const;
    void run_hook(one& m, const nmodl::block& what, hook run);
    void before_step(one& m, double t, double dt, std::uint64_t draw);
    void after_solve(one& m);
    void add_currents(one& m) const;
    void keep_current(const one& m, std::size_t n, std::size_t k, double from_reference) const;
    void start(one& m, imported_events& events);
    void read_pools() const;
    void count_currents() const;
    void clear_currents() const;
    std::vector<double> kept_concentrations() const;
    void follow_nernst(const std::vector<double>& before, double look_ahead) const;
    double* ion(std::size_t which, std::size_t memory_map::of_ion::*column) const { return memory_ + map_.imported_ions[which].*column; }

    const plan& plan_;
    const block_plan& where_;
    const cell_plan& cell_;
    const memory_map& map_;
    double* memory_;
    std::size_t lanes_;
    std::vector<one> all_;
};

/// A variable, or the element of an array, of an imported mechanism in one row of a cell.
struct imported_place { std::size_t mechanism; int cell, row, offset; };

/// What it is [the file's unit] after `dt` ms more with the voltage held, at the time t of the voltage.
double imported_value(const plan& p, const block_plan& where, const double* memory, const imported_place& at, double dt, double t);

}  // namespace apical
