// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "engine/modulation.hpp"
#include "engine/plan.hpp"

namespace apical {

/// The state of a block of cells at the end of a step.
struct snapshot {
    const double* memory;      ///< laid out by the population's memory_map
    double last_step;          ///< its length, 0 before the first and where states and voltages belong to one time [ms]
    bool is_staggered;         ///< the step was one of Crank-Nicolson
    const modulation* modulated = nullptr;   ///< null: parameters are as the plan says
    const float* singles = nullptr;          ///< gates of single precision, where there are any
};

/// What the ions of a row are: constants, or a pool's concentration and its Nernst potential.
struct row_ions {
    std::array<double, ion_count> e_rev, c_in, c_out;
};

/// Reads quantities of one cell out of a block. After a step gates are stored half a step behind what the kernel makes of them next,
/// so they are advanced on a copy: by half a step to the time of v under Crank-Nicolson, by a whole one under backward Euler,
/// which gives the values NEURON records.
class sampler {
public:
    sampler(const plan& p, const block_plan& where, snapshot now, int cell);

    double voltage(int node) const;                                              ///< [mV]
    /// In coherent units; `time` is the end of the last step [ms].
    double value(const probe_plan& probe, const probe_plan::place& at, double time) const;

private:
    struct row_state;   // states of a row, brought to the time of v

    double column(std::size_t offset, int row) const;
    double row_voltage(int row) const;
    double neighbours_mean(int row, std::size_t offset) const;
    row_state bring_up(int row) const;
    void read_gates(const region_plan& r, std::size_t offset, int row, std::vector<double>& states) const;
    double since_gates() const;
    double since(const imported_plan& m) const;
    void read_imported_ion(std::size_t ion, int row, row_ions& to) const;
    double membrane_current(int row) const;
    double imported(const probe_plan::place& at, int row, double time) const;
    double clamp_current(int row, double time) const;

    const plan& plan_;
    const block_plan& where_;
    snapshot now_;
    const cell_plan& cell_;
    const memory_map& map_;
    int cell_index_;
    std::size_t lanes_, lane_;
};

/// Starting values of a region's states, at the starting voltage.
void initialise_region(const plan& p, const cell_plan& cell, std::size_t region, const memory_map& map, double* memory);

}  // namespace apical
