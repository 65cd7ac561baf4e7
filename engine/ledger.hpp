// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "engine/charges.hpp"
#include "core/image.hpp"
#include "engine/imported_currents.hpp"
#include "engine/plan.hpp"

namespace apical {

/// A step that a ledger reads, between its solve and the update of v; or a moment, when x is v.
struct solved_step {
    const cell_plan& cell;
    std::span<const kernels::region_view> regions;
    std::span<const kernels::receptor_view> receptors;
    const double* v;                            ///< [rows*lanes] at the start of the step [mV]
    const double* x;                            ///< [rows*lanes] the voltage its currents are taken at [mV]
    std::int64_t position = 0, length = 0;      ///< meaningless of a moment
    double time_per_position = 0;               ///< [ms]
    std::span<const imported_currents> imported = {};   ///< as many as the cell has mechanisms that were read from NMODL and have no kernels
};

/// The fastest change of any voltage of a cell from v to x, which is `later` ms after; [lanes] [mV/ms].
std::vector<double> fastest_changes(const cell_plan& cell, const double* v, const double* x, double later);

/// The sums of one window over one block of cells. Flat, copied with its block.
///
/// Currents are read once in an interval, at its middle; where the voltage of a cell changes fast when an interval begins, every 0.05 ms
/// of it. Cells decide for themselves, also in SIMD lanes, so that the sums do not depend on who lies beside whom.
class ledger {
public:
    /// Change of any voltage of a cell from which on an interval is read often [mV/ms].
    static constexpr double fast = 4;

    explicit ledger(const cell_plan& cell);

    void open(const double* v);                 ///< [rows*lanes], at the start of the window
    void close(const double* v);                ///< at its end
    /// Whether the step from `position` may be read: before it is done.
    bool may_read(const window_plan& window, std::int64_t position, std::int64_t length) const;
    /// Adds the currents of a step. `fastest`: of all changes of voltage in it, [lanes] [mV/ms].
    void read(const window_plan& window, const solved_step& step, std::span<const double> fastest);
    /// Adds the currents of a moment that stands for some time [ms]; of a block of one cell.
    void read(const solved_step& moment, double stands_for);
    void raise_peak(const double* v);           ///< [rows*lanes]; of a block of one cell
    void inject(std::size_t lane, double charge) { injected_[lane] += charge; }
    void clamp(std::size_t lane, double charge) { clamped_[lane] += charge; }
    void count_event(std::size_t group, std::size_t element) { sums_[receptors_[group].events + element] += 1; }

    /// The same of an imported mechanism.
    void count_imported_event(std::size_t mechanism, std::size_t element) { sums_[imported_[mechanism].events + element] += 1; }

    /// What it holds of the cell in a lane; `implicit_part` of a step is that of cell_step::capacitance.
    charge_account account(const cell_plan& cell, std::size_t lane, double implicit_part) const;
    /// Its sums, to or from an image.
    void transfer(image& i) {
        i(sums_), i(injected_), i(clamped_), i(weights_);
        i(is_dense_, i);
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    /// Columns of sums_, of [rows*lanes] of the region; `none` where there is nothing to sum.
    struct of_region {
        std::vector<std::size_t> charge, conductance;
        bool overlaps = false;                          // there are sodium and potassium channels
        std::vector<const double*> e_rev;               // into the plan
    };
    /// Of one imported mechanism: columns of [rows.size()*lanes] for each current of an ion, and for the sum of its others.
    struct of_imported {
        std::vector<std::size_t> charge;
        std::size_t rest = none, conductance = none, events = 0;
        bool is_electrode = false;                      // the others come in by an electrode
        int e_rev = -1;                                 // the parameter that is the reversal potential of the others
    };
    struct of_receptors { std::size_t charge, conductance, calcium, events; };   // [instances*lanes]

    std::size_t take(std::size_t elements);
    bool weigh(const window_plan& window, const solved_step& step, std::span<const double> fastest);
    void read_all(const solved_step& step);
    void read_region(const solved_step& step, std::size_t region);
    void read_receptors(const solved_step& step, std::size_t group);
    void take_imported(const cell_plan& cell);
    void read_imported(const solved_step& step, std::size_t mechanism);
    void add_imported_overlap(const solved_step& step, std::size_t region, bool (&is_first)[ion_count]);
    void add_imported(const cell_plan& cell, std::size_t lane, const std::vector<std::size_t>& compartment_of_row, charge_account& to) const;
    void add_overlap(std::size_t first, std::size_t elements, int lanes);
    void add_channels(const cell_plan& cell, int row, std::size_t lane, std::size_t compartment, charge_account& to) const;
    void add_receptors(const cell_plan& cell, std::size_t lane, const std::vector<std::size_t>& compartment_of_row, charge_account& to) const;

    aligned_vector sums_;
    std::vector<of_region> regions_;
    std::vector<of_receptors> receptors_;
    std::vector<of_imported> imported_;
    std::size_t v_start_, v_stop_, v_peak_, overlap_;   // columns of the cell's rows
    std::size_t sodium_, potassium_;                    // scratch, of the largest region
    std::vector<double> injected_, clamped_;            // [lanes]
    std::vector<unsigned char> is_dense_;               // [lanes] the present interval is read often
    aligned_vector weights_;                            // [lanes] of the present step [ms]
};

}  // namespace apical
