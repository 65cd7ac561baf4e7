// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/aligned.hpp"
#include "core/error.hpp"
#include "engine/catalogue.hpp"
#include "engine/communicator.hpp"
#include "engine/imported_plan.hpp"
#include "engine/kernels/rate_table.hpp"
#include "engine/kernels/view.hpp"
#include "engine/network.hpp"
#include "engine/neuron_plan.hpp"
#include "engine/options.hpp"
#include "engine/simulation.hpp"
#include "engine/step_ladder.hpp"
#include "solvers/tree.hpp"

namespace apical {

/// The rows of a cell that hold the same mechanisms in the same ions: one kernel call.
struct region_plan {
    int first_row = 0;
    int rows = 0;                                  ///< padded to whole packs
    int compartments = 0;                          ///< the first of the rows; the rest is padding
    std::vector<catalogue::entry> mechanisms;      ///< in canonical order: pools, then channels by name
    std::vector<int> first_parameter, first_state, first_prepared, first_gate;   ///< column of each mechanism
    int states = 0, prepared = 0, gates = 0;       ///< columns of all mechanisms; gates: those of single precision, 0 in double
    aligned_vector parameters;                     ///< [columns x rows], densities times area
    aligned_singles single_parameters;             ///< the same rounded, where gates are of single precision
    std::array<kernels::ion_values, ion_count> ions{};
    std::array<bool, ion_count> is_pooled{};
    std::array<bool, ion_count> is_imported{};     ///< pooled, but not by a mechanism of the region: imported ones keep account
    std::vector<double> q;                         ///< rate factor of each mechanism
    kernels::region_kernel fused = nullptr;        ///< null: run mechanism by mechanism

    int mechanism(std::string_view name) const;    ///< index, -1 if it is not here
    int gates_of(std::size_t mechanism) const;     ///< how many of single precision it has
};

/// What of a region depends on the length of a step.
struct region_step {
    aligned_vector prepared;                       ///< [columns x rows], what pools prepare for a step
    std::shared_ptr<const kernels::rate_table> rates;   ///< null: no gate is tabulated
    std::vector<std::size_t> tabulated, untabulated;    ///< mechanisms that follow the voltage, and how they do
};
/// What of a cell depends on the length of a step.
struct cell_step {
    double h = 0;                                  ///< [ms]
    aligned_vector capacitance;                    ///< [rows] C over the implicit part of h [uS]
    aligned_vector fixed_diagonal;                 ///< [rows] the same plus the axial conductances [uS]
    std::vector<region_step> regions;
};

/// A node that the matrix does not hold, because no membrane, branch or electrode is there: its voltage follows exactly from
/// one or two rows.
struct eliminated_node {
    int rows[2] = {0, 0};
    double weights[2] = {1, 0};
};

/// Receptors of one kind with the same parameters' names; instance k sits on rows[k].
struct receptor_plan {
    catalogue::entry mechanism;
    int instances = 0;                             ///< without padding
    std::vector<int> rows;                         ///< padded to whole packs
    aligned_vector parameters;                     ///< [columns x rows.size()]
    aligned_vector unit_jump;                      ///< [states x rows.size()] by what an event of weight 1 moves them, where the kinetics are linear
};

/// Everything the cells of one population share.
struct cell_plan {
    std::string name;
    int cells = 0;
    int neurons = -1;                              ///< point neurons: which neuron_plan; of the rest only shape and tree are set then
    int lanes = 1;                                 ///< 1: packs along rows; else that many cells side by side
    std::shared_ptr<const morphology> shape;       ///< shared so that a plan may be moved
    compartments tree;
    double v_init = 0;

    int rows = 0;                                  ///< of the matrix, with padding
    int first_branch_row = 0;                      ///< rows from here on have no membrane
    std::vector<int> row_of_node;                  ///< -1: eliminated
    std::vector<int> node_of_row;                  ///< -1: padding
    /// Of large cells [rows]: within a region rows are ordered by groups, most_groups sets of subtrees of about the same size, and the trunk
    /// they hang on, so that threads which share them out find theirs together. Empty: one group.
    std::vector<int> group_of_row;
    static constexpr int most_groups = 24;         ///< the trunk has this number
    std::vector<eliminated_node> eliminated;       ///< [nodes]; meaningful where row_of_node is -1
    std::vector<cell_step> steps;                  ///< of the lengths of step_ladder, or the one of a fixed step
    aligned_vector inverse_area;                   ///< [rows] [1/um2], 0 on padding
    aligned_vector pool_density;                   ///< [rows] the same for the currents of pools, over their F relative to constants::faraday
    tree_matrix matrix;
    std::vector<std::vector<std::pair<int, double>>> neighbours;   ///< [rows] (row, axial conductance [uS])
    std::vector<region_plan> regions;
    std::vector<receptor_plan> receptors;
    std::vector<imported_plan> imported;           ///< those that keep account of concentrations first
    std::vector<imported_ion> imported_ions;

    bool is_artificial() const { return !imported.empty() && imported.front().is_artificial(); }   ///< it has no membrane; this is the whole cell
    kernels::layout layout() const { return lanes == 1 ? kernels::along_rows : kernels::across_cells; }
    std::string name_of_node(int node) const;      ///< "apic[36](0.97)"
    const region_plan* region_of(int row) const;   ///< null on branch rows
    int imported_at(int row, std::string_view name) const;   ///< the first imported mechanism of this name that has an instance there; -1 if none has
};

/// A voltage clamp of one cell.
struct clamp_plan {
    int population, cell, row;
    double conductance;                            ///< of the electrode [uS]
    std::vector<std::pair<double, double>> levels; ///< from [ms], command [mV]
    double stop;                                   ///< [ms]
};
struct event_plan {
    std::int64_t step;                             ///< the first step that feels it
    int population, cell, group, instance;
    double weight;                                 ///< [uS]
    double time;                                   ///< the same, exactly [ms]
};
/// In event_plan::group and where receptors are numbered with it: the rest is which imported mechanism of the cell; of an event, `instance` is
/// then which of plan::imported_connections.
inline constexpr int imported_group = 1 << 20;
/// In connection::group, a contact that ends at an imported mechanism: the rest of it is which of the cell. Its weight is in the file's unit, and the
/// values that NET_RECEIVE keeps for it are with imported_events. Only contacts of inlet::fixed are of this kind.
inline constexpr std::uint16_t imported_contact = 0x4000;
/// What brings events to an imported point process.
struct imported_connection {
    int population, cell, mechanism, instance;
    double weight;                                 ///< in the file's unit
};
/// Random events for one receptor of one cell.
struct poisson_receptor {
    poisson_plan what;
    int population, cell, group, instance;
};
struct detector_plan {
    int population, cell, node;
    double threshold;                              ///< [mV]
    bool sends = false;                            ///< what it sees goes to other cells
    bool learns = false;                           ///< and to the synapses of its cell
};

/// A gap junction.
struct gap_plan {
    int population[2], cell[2], row[2];
    double conductance;                            ///< [uS]
};
/// An end of one, as its cell sees it.
struct gap_end {
    int cell, row;
    double conductance;                            ///< [uS]
    std::size_t own, peer;                         ///< where this place's voltage goes, and where the other's is, of plan::gap_values
};

/// What a probe reads at one place.
enum class probed { voltage, state, parameter, mechanism_current, mechanism_conductance, concentration, reversal, ion_current, membrane_current, clamp_current, imported };
struct probe_plan {
    std::string label, variable, unit;
    probed what;
    double scale = 1;                              ///< from coherent units to `unit`
    std::int64_t first_step = 0, every = 1;
    struct place { int population, cell, node, mechanism, index; };   ///< mechanism: index in the row's region, or the ion
    std::vector<place> places;
    std::vector<std::size_t> column;               ///< [places] of this process's recording, where it has the cell
    std::size_t columns = 0;                       ///< of that

    /// Writes the sample of a place at a step [unit], into the recording of this process.
    void put(std::int64_t step, std::size_t of_place, double value, recording& to) const {
        to.samples[(static_cast<std::size_t>((step - first_step)/every) - to.taken)*columns + column[of_place]] = value;
    }
    bool is_due(std::int64_t step) const { return step >= first_step && (step - first_step) % every == 0; }
};
/// Rows of samples up to and including those at a step.
inline std::size_t rows_at(const probe_plan& probe, std::int64_t step) {
    return step < probe.first_step ? 0 : static_cast<std::size_t>((step - probe.first_step)/probe.every) + 1;
}

/// A span of time over which charges are summed, of an energy meter: from the beginning of one step to that of another.
struct window_plan {
    int population = 0;
    std::int64_t start = 0, stop = 0;              ///< [positions]
    std::int64_t every = 0;                        ///< length of an interval [positions]; 0: currents are read in every step
    std::int64_t dense = 1;                        ///< of one where voltages change fast, a part of the other
    bool contains(std::int64_t position) const { return position >= start && position < stop; }
    /// The first start of an interval that is not before a position.
    std::int64_t next_interval(std::int64_t position) const { return start + (position - start + every - 1)/every*every; }
    /// The lengths of the intervals of `each` positions whose middles are in [from, to), together.
    std::int64_t middles(std::int64_t from, std::int64_t to, std::int64_t each) const;
};
struct meter_plan {
    std::string label;
    int population = 0;
    std::size_t active = 0;                        ///< its window
    std::size_t rest = 0;                          ///< the one before; may be empty
};

/// Where the columns of a block of cells lie in its memory, in doubles; the same for all blocks of a population.
struct memory_map {
    struct of_region {
        std::size_t states = 0;
        std::size_t gates = 0;                         ///< of single precision: columns of gates, then of their remainders, in a block's own memory of singles
        std::array<std::size_t, ion_count> intercept{}, slope{}, e_rev{};   ///< meaningful for pooled ions
        std::array<std::size_t, ion_count> c_in{};     ///< of those that imported mechanisms keep account of
    };
    /// Of an ion of imported mechanisms: columns of all rows. Regions have parts of them.
    struct of_ion { std::size_t e_rev = 0, c_in = 0, c_out = 0, i = 0, intercept = 0, slope = 0; };
    /// The matrix is solved for voltages from a reference, one of the cell's own: differences within a cell are small, so that
    /// rounding is too, and charge is conserved to the last digits. [lanes]
    std::size_t reference = 0;
    std::size_t v = 0, rhs = 0, diagonal = 0, total = 0, single_total = 0;
    std::vector<of_region> regions;
    std::vector<std::size_t> receptors;
    std::vector<of_ion> imported_ions;
    std::vector<std::size_t> imported;
};

/// Cells that are advanced together: one, or a lane each. Lists index the plan's own lists.
struct block_plan {
    int population = 0, first_cell = 0, cells = 0;
    std::vector<std::size_t> injections, clamps, events, poisson, detectors;
    /// Positions at which steps begin with a jump of a stimulus, in order, and the lanes it is seen in (bit l: lane l).
    struct edge { std::int64_t position; unsigned lanes; };
    std::vector<edge> edges;
    struct column { std::size_t probe, place; };
    std::vector<column> probes;
    std::vector<std::size_t> windows;
    std::vector<std::size_t> connections;          ///< to imported point processes
    std::vector<gap_end> gaps;
};

struct plan {
    run_options options;
    std::vector<cell_plan> populations;
    std::vector<injection_plan> injections;
    std::vector<clamp_plan> clamps;
    std::vector<event_plan> events;                ///< by step
    std::vector<poisson_receptor> poisson;
    std::vector<imported_connection> imported_connections;
    std::vector<detector_plan> detectors;          ///< of cells on this process
    std::size_t all_detectors = 0;                 ///< on all processes
    std::vector<probe_plan> probes;
    std::vector<meter_plan> meters;
    std::vector<window_plan> windows;
    std::vector<memory_map> maps;                  ///< [populations]
    std::vector<block_plan> blocks;                ///< lists of those that other processes have are empty
    std::vector<neuron_plan> neurons;
    std::vector<neuron_block_plan> neuron_blocks;
    struct cut { std::size_t first; int size; };   ///< how a population is cut: its first block, of all kinds, and how many cells each has
    std::vector<cut> cuts;                         ///< [populations]
    int rank = 0;                                  ///< of this process
    std::vector<int> ranks;                        ///< [blocks, then blocks of point neurons] the process that advances each
    std::vector<double> costs;                     ///< [the same] by which they were dealt out; empty: there is one process
    network_plan network;
    std::vector<gap_plan> gaps;
    std::size_t gap_values = 0;                    ///< ends of gap junctions of which one is on this process
    double largest_gap = 0;                        ///< conductance of all [uS]
    std::vector<value_route> gap_routes;           ///< of their voltages, by process
    std::vector<problem> warnings;
    std::vector<std::string> spike_sources;        ///< their names, in the order of the circuit

    /// The block that holds a cell, counted through `blocks` and then `neuron_blocks`, as `ranks` and network_plan::inlets are.
    std::size_t block_of(int population, int cell) const {
        const auto& c = cuts[static_cast<std::size_t>(population)];
        return c.first + static_cast<std::size_t>(cell/c.size);
    }
    /// Whether this process advances it.
    bool has(int population, int cell) const { return ranks[block_of(population, cell)] == rank; }
    /// When a spike sets out to other cells [ms]. Those of compartments under backward Euler are on the grid, as NEURON's are.
    double departure(int population, double time, double step_time) const {
        return second_order() || populations[static_cast<std::size_t>(population)].neurons >= 0 ? time : step_time;
    }
    double dt() const { return options.dt.coherent(); }
    double rt_f() const { return constants::thermal_voltage(options.temperature.coherent(), options.constants); }   ///< RT/F [mV]
    bool second_order() const { return options.scheme != scheme::backward_euler; }
    bool chooses_steps() const { return options.scheme == scheme::automatic; }
    bool is_coupled() const { return coupled(options.scheme); }
    double time_of(std::int64_t step) const { return static_cast<double>(step)*dt(); }
    /// Steps begin at whole positions: multiples of dt, or of the finest step there is.
    std::int64_t positions_per_dt() const { return chooses_steps() ? step_ladder::positions_per_dt : 1; }
    /// Up to when it is known, at a time, what cells send each other: no cell looks further [ms].
    double horizon_at(double t) const {
        if (network.is_empty()) return std::numeric_limits<double>::infinity();
        const double epoch = time_of(network.epoch);
        return (std::floor(t/epoch + 1e-9) + 1)*epoch;
    }
    double time_at(std::int64_t position) const { return static_cast<double>(position)*(dt()/static_cast<double>(positions_per_dt())); }
};

}  // namespace apical
