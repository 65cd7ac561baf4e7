// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "engine/plan.hpp"

namespace apical {

/// What comes into a cell from outside its membrane's own mechanisms.
class cell_inputs {
public:
    virtual ~cell_inputs() = default;
    /// Adds, for the rows' voltages v [mV] at a time t [ms], the inward current [nA] to every row and -d(current)/dv [uS].
    virtual void add(double t, const double* v, double* current, double* conductance) = 0;
    /// Whether they change with time before the next jump.
    virtual bool vary() const = 0;
};

/// The equations of one cell, all coupled: C v' = axial - membrane currents + inputs, and the rates of change of gates and concentrations. Gates
/// depend on their own place alone and concentrations on little more, so both are eliminated row by row, and a linear system
/// costs what the tree solve costs. Derivatives are exact, by dual numbers.
///
/// Unknowns: v of the rows with membrane, then the states of one region after the other, column by column. Rows without membrane
/// have no equation of their own: their voltage is the one at which currents balance.
class coupled_equations {
public:
    coupled_equations(const plan&, int population);

    int size() const { return size_; }
    int population() const { return population_; }
    /// Where an unknown is: its row, and region and column of states, -1 for a voltage.
    struct place { int row, region, column; };
    place place_of(const plan&, int unknown) const;
    int state_index(std::size_t region, int column, int row_in_region) const;
    /// Unknowns that are concentrations.
    const std::vector<int>& concentrations() const { return concentrations_; }

    /// Voltages of all rows [mV], in the order of the plan.
    const std::vector<double>& voltages(const plan&, double t, const double* y, cell_inputs&);

    void rates(const plan&, double t, const double* y, cell_inputs&, double* f);
    /// Reversal potentials of pooled ions from the concentrations, where the kernels of a step look for them.
    void write_reversals(const plan&, std::size_t region, const kernels::region_view& to);
    /// df/dt where y is held: what the inputs do.
    void rates_in_time(const plan&, double t, const double* y, cell_inputs&, double* to);
    /// At the y that rates() was asked for last.
    void linearise(const plan&, const double* y);
    /// Prepares for solve() with 1 - gamma J.
    void factorise(const plan&, double gamma);
    void solve(const plan&, double* x);
    /// 1/tolerance of each unknown, for errors of `error` [mV] in a voltage, error/100 mV in a gate and the same relative to a
    /// concentration, or to 10 nM where it is less. 0 for padding.
    void weights(const plan&, double error, const double* y, double* to) const;

private:
    /// A region's columns of rows.
    struct region_work {
        int first = 0, rows = 0, states = 0;               ///< index of the first state; rows and columns of states
        std::vector<ion> pools;                            ///< ions with a pool, and its column
        std::vector<int> pool_state;
        std::vector<int> carried_by;                       ///< [states] the pool whose ion's current the state gates, or -1
        std::vector<bool> is_pool;                         ///< [states]
        aligned_vector i, i_ion, e_rev, e_rev_by_c;        ///< [rows]; the others [pools x rows]
        aligned_vector decay, by_v, by_c, into_i;          ///< as coupled_slopes has them
        aligned_vector i_v, i_c, ion_v, ion_c, pool_by_i;
        aligned_vector inverse;                            ///< [states x rows] 1/(1 + gamma decay)
        aligned_vector block;                              ///< [(pools + 1)^2 x rows] factors, concentrations first and v last
        aligned_vector rhs;                                ///< [(pools + 1) x rows]

        double* column(aligned_vector& v, int k) const { return v.data() + static_cast<std::ptrdiff_t>(k)*rows; }
        int pool_count() const { return static_cast<int>(pools.size()); }
    };

    const cell_plan& cell(const plan& p) const { return p.populations[static_cast<std::size_t>(population_)]; }
    kernels::coupled_view view_of(const plan&, std::size_t region, std::size_t mechanism, const double* y);
    kernels::coupled_rates sums_of(region_work&) const;
    kernels::coupled_slopes slopes_of(region_work&) const;
    void find_currents(const plan&, std::size_t region, const double* y, double* f);
    void eliminate(region_work&);
    void reduce(region_work&, const double* x);
    void expand(region_work&, double* x) const;

    int population_, size_ = 0;
    std::vector<region_work> regions_;
    std::vector<int> concentrations_;
    std::vector<double> capacitance_;                      ///< [rows] [nF], 0 without membrane
    std::vector<double> axial_;                            ///< [rows] sum of the axial conductances [uS]
    std::vector<double> v_, current_, conductance_;        ///< [rows]
    std::vector<double> input_slope_;                      ///< [rows] [uS] at the last linearisation
    double gamma_ = 0;
    aligned_vector diagonal_, pivots_, rhs_;               ///< [rows] of the matrix that is left
};

}  // namespace apical
