// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "channels/channel.hpp"
#include "core/pack.hpp"

/// What kernels are given. Plain pointers into a plan's tables and a block's state; nothing here owns anything.
///
/// There are two layouts of a block, served by one kernel source:
///   along_rows    one cell; a pack holds neighbouring compartments ("rows"), parameters are loaded as packs
///   across_cells  as many cells as a pack has lanes; a pack holds one row of all of them, parameters are broadcast
/// In both, pack k of a state column starts at element k*width. Lanes never mix, so both give the same bits.
namespace apical::kernels {

using V = twin<native_pack>;
inline constexpr int width = V::width;          ///< elements of a pack
inline constexpr int lane_count = native_width;  ///< cells side by side
enum layout { along_rows, across_cells };

/// Times of one step, the same for every row [ms].
struct step {
    double gates = 0;      ///< by how much gates advance, at the voltage the step starts from
    bool pools = false;    ///< whether pools advance, by dt and with the ion current of the step before; not in the first step
    double dt = 0;
    double look_ahead = 0; ///< by how much of their last change pools are extrapolated for the reversal potential: 1/2 or 0
};

/// An ion where no pool keeps account of it.
struct ion_values { double e_rev = 0, c_in = 0, c_out = 0; };   // [mV, mM, mM]

/// The rows of one block that have the same mechanisms.
struct region_view {
    int packs = 0;
    const double* v = nullptr;                 ///< [packs*width] at the start of the step [mV]
    const double* reference = nullptr;         ///< [lanes] what the matrix measures voltages from, see memory_map [mV]
    double* rhs = nullptr;                     ///< in: solution of the last solve [mV]; out: right-hand side [nA]
    double* diagonal = nullptr;                ///< out [uS]
    const double* capacitance = nullptr;       ///< [rows], over the implicit part of dt [uS]
    const double* fixed_diagonal = nullptr;    ///< [rows], capacitance term plus axial conductances [uS]
    const double* pool_density = nullptr;      ///< [rows] what makes an ion's current the density its pool takes [1/um2]
    const double* parameters = nullptr;        ///< columns of [rows], mechanism after mechanism
    std::size_t parameter_stride = 0;
    const double* prepared = nullptr;          ///< what pools prepare for a step of dt: columns of [rows], pool after pool
    double* states = nullptr;                  ///< columns of [packs*width], mechanism after mechanism
    std::size_t state_stride = 0;
    float* gates = nullptr;                    ///< null, or where gates are of single precision: those of channels that follow the voltage, columns of
                                               ///< [packs*width], mechanism after mechanism; the columns of `states` are then not up to date
    float* gate_remainders = nullptr;          ///< what rounding left of them, in the same order
    std::size_t gate_stride = 0;
    const float* single_parameters = nullptr;  ///< `parameters` rounded, where gates are of single precision
    double* ion_intercept[ion_count] = {};     ///< of pooled ions: the current of the step is intercept + slope*x [nA]
    double* ion_slope[ion_count] = {};         ///< [uS]
    double* ion_e_rev[ion_count] = {};         ///< of pooled ions: from pool to channels, in unfused kernels, and to ledgers [mV]
    const double* ion_c_in[ion_count] = {};    ///< of pooled ions, unfused kernels only
    ion_values ions[ion_count];
    const double* q = nullptr;                 ///< rate factor of each mechanism
    double rt_f = 0;                           ///< [mV]
    double slope_over = 0;                     ///< [mV] over which slopes of currents that bend are differences, as NEURON's; 0: derivatives
};

using region_kernel = void (*)(const region_view&, const step&);

/// Where a ledger wants what one mechanism of a region lets pass in a step, taken at the voltage of the solution.
struct ledger_view {
    const double* weights = nullptr;           ///< [lanes] time the step stands for [ms]
    const double* x = nullptr;                 ///< [packs*width] the voltage that currents are taken at [mV]
    double* charge = nullptr;                  ///< [packs*width] adds the outward charge [pC]
    double* conductance = nullptr;             ///< [packs*width] non-specific channels: adds i/(v - e_rev) over time [uS ms]
    const double* e_rev = nullptr;             ///< [rows] theirs
    double* of_ion = nullptr;                  ///< [packs*width] null or the current of the channel's ion so far, which it adds to [nA]
    bool is_first = false;                     ///< of that ion's channels: there is nothing to add to yet
};
using ledger_kernel = void (*)(const region_view&, const ledger_view&);

/// Receptors of one kind in one block.
struct receptor_view {
    int instances = 0;                         ///< padded to whole packs; padding holds no conductance
    const int* rows = nullptr;                 ///< [instances]
    const double* parameters = nullptr;        ///< columns of [instances]
    std::size_t parameter_stride = 0;
    double* states = nullptr;                  ///< columns of [instances*lanes]
    std::size_t state_stride = 0;
    const double* v = nullptr;
    const double* reference = nullptr;         ///< [lanes]
    double* rhs = nullptr;
    double* diagonal = nullptr;
    double* kept = nullptr;                    ///< null, or where a ledger wants columns of [instances*lanes]: see kept_columns
    double before = 0, after = 0;              ///< by how much states advance before and after being used [ms]
};
/// The current at v and its slope, and those of the calcium in it [nA, uS].
enum kept_columns { kept_i, kept_g, kept_calcium_i, kept_calcium_g, kept_count };
using receptor_kernel = void (*)(const receptor_view&);

/// A region of one cell as a coupled system: what its equations read. Pointers are to mechanism's own columns where they say so.
struct coupled_view {
    int packs = 0;
    const double* v = nullptr;                 ///< [rows] [mV]
    const double* states = nullptr;            ///< the mechanism's: columns of [rows]
    std::size_t stride = 0;                    ///< of states, parameters and everything below
    const double* parameters = nullptr;        ///< the mechanism's
    const double* pool_density = nullptr;      ///< [rows] what makes an ion's current the density its pool takes [1/um2]
    const double* c_in[ion_count] = {};        ///< of pooled ions [mM]
    double* e_rev[ion_count] = {};             ///< of pooled ions: written by their pool [mV]
    double* e_rev_by_c[ion_count] = {};        ///< the same, its slope [mV/mM]
    ion_values ions[ion_count];
    double q = 1, rt_f = 0;
};
/// What they give: rates of change, and the outward currents that flow.
struct coupled_rates {
    double* states = nullptr;                  ///< the mechanism's: columns of [rows], per ms
    double* i = nullptr;                       ///< [rows] added to [nA]
    double* i_ion[ion_count] = {};             ///< of pooled ions: added to [nA]
};
/// The derivatives of that. A state depends on itself, the voltage and the concentrations of its place; a current on these and the
/// states of its mechanism.
struct coupled_slopes {
    double* decay = nullptr;                   ///< the mechanism's states: -dx'/dx [1/ms]
    double* by_v = nullptr;                    ///< dx'/dv
    double* by_c[ion_count] = {};              ///< dx'/dc, of pooled ions
    double* into_i = nullptr;                  ///< di/dx
    double* i_v = nullptr;                     ///< [rows] di/dv, added to
    double* i_c[ion_count] = {};               ///< [rows] di/dc, added to
    double* ion_v[ion_count] = {};             ///< [rows] of a pooled ion's current, added to
    double* ion_c[ion_count][ion_count] = {};  ///< [rows] [current of][concentration of], added to
    double* pool_by_i[ion_count] = {};         ///< [rows] dc'/di of a pool [mM/(nA ms)]
};

/// One row of a mechanism as doubles, for starting values, probes and checks; columns `stride` apart.
struct scalar_view {
    double* states = nullptr;
    std::size_t state_stride = 0;
    const double* parameters = nullptr;
    std::size_t parameter_stride = 0;
};
struct current_and_slope { double i = 0, g = 0; };   // [nA, uS]

/// The compiled forms of one mechanism; null where its kind has none.
struct mechanism_table {
    region_kernel channel[2] = {};             ///< [layout]: adds current and slope to rhs and diagonal; before, unless `gates` does, advances
    ledger_kernel ledger[2] = {};              ///< [layout]: sums the currents of a channel
    region_kernel gates = nullptr;             ///< advances channels that follow the voltage, in both layouts
    region_kernel pool[2][2] = {};             ///< [layout][second order]
    receptor_kernel receptor[2] = {};          ///< [layout]
    void (*rates)(const coupled_view&, const coupled_rates&) = nullptr;   ///< null: the mechanism gives no rates of change
    void (*slopes)(const coupled_view&, const coupled_slopes&) = nullptr;
    void (*reversal)(const coupled_view&) = nullptr;   ///< of a pool: e_rev from c_in
    /// Receptors of point neurons: instance k is of row k, parameters are the same for all, states advance by `before` twice.
    receptor_kernel receptor_in_order = nullptr;
    void (*rest)(const scalar_view&, const membrane<double>&) = nullptr;
    void (*start)(const scalar_view&, const membrane<double>&) = nullptr;
    void (*advance)(const scalar_view&, const membrane<double>&, double dt) = nullptr;
    current_and_slope (*current)(const scalar_view&, const membrane<double>&) = nullptr;
    /// c after dt of the outward current density i [nA/um2].
    int prepared = 0;                          ///< columns that a pool prepares for a step
    void (*prepare)(const scalar_view& from, double dt, double* to, std::size_t stride) = nullptr;
    double (*pool_advance)(double c, const scalar_view&, double i, double dt) = nullptr;
    void (*on_event)(const scalar_view&, double weight) = nullptr;
    /// counts[k] events for neighbour k of the first of n that share their parameters.
    void (*on_events)(const scalar_view& first, int n, const double* counts, double weight) = nullptr;
    current_and_slope (*receptor_current)(const scalar_view&, double v) = nullptr;
    void (*receptor_advance)(const scalar_view&, double dt) = nullptr;
};

/// A kernel for a whole set of mechanisms, which are named in canonical order.
struct fused_table {
    std::vector<std::string> mechanisms;
    region_kernel run[2][2] = {};              ///< [layout][second order]
};

/// Start and end of a region that is run mechanism by mechanism: clears the sums, and turns them into the matrix row.
void clear_sums(const region_view&);
region_kernel finish_sums(layout l, bool second_order);

}  // namespace apical::kernels
