// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/error.hpp"
#include "engine/catalogue.hpp"
#include "engine/cell_steps.hpp"
#include "engine/charges.hpp"
#include "engine/options.hpp"
#include "engine/run_statistics.hpp"
#include "engine/weight_table.hpp"

namespace apical {

/// The compiled model: immutable, shared by any number of simulations. See engine/plan.hpp.
struct plan;

/// Compiles a circuit. Throws invalid_model listing every problem found, in the names of the circuit.
std::shared_ptr<const plan> compile(const circuit& c, const run_options& options = {},
                                    const catalogue& mechanisms = catalogue::built_in());

/// An upward crossing of a detector's threshold; the time is interpolated within the step.
struct spike {
    int population;      ///< index into circuit::populations
    int cell;            ///< within the population
    double time;         ///< [ms], cubic interpolation of the samples around the crossing
    double step_time;    ///< [ms], the first step at which v is above the threshold: NEURON's fixed-step time
    bool operator==(const spike&) const = default;
};

/// One column of a recording.
struct probed_place {
    int population, cell;
    location where;      ///< the compartment's centre, or the section's end
    std::string name;    ///< "apic[36](0.97)"
};

/// The samples of one probe. Rows are times, columns places; row-major.
struct recording {
    std::string label, variable, unit;
    double start = 0, interval = 0;               ///< [ms]
    std::vector<probed_place> places;
    std::vector<double> samples;                  ///< [times x places], in `unit`
    std::size_t taken = 0;                        ///< rows before these, which simulation::take_samples has given away

    std::size_t columns() const { return places.size(); }
    std::size_t rows() const { return places.empty() ? 0 : samples.size()/places.size(); }
    double time(std::size_t row) const { return start + interval*static_cast<double>(taken + row); }
    /// A copy of one column.
    std::vector<double> column(std::size_t place) const;
};

/// What a front end wants to know while it waits.
struct progress {
    double time, until;    ///< simulated [ms]
    double wall_seconds;   ///< since run() began
};

/// A model in motion. Copying forks it: both copies go on independently from here.
class simulation {
public:
    explicit simulation(std::shared_ptr<const plan> p);
    explicit simulation(const circuit& c, const run_options& options = {}) : simulation(compile(c, options)) {}
    /// Advances only these cells, (population, index), and those that lie in a SIMD vector with one of them. The others stay where
    /// they start, send no spikes, and probes of them hold NaN. Throws invalid_model for a cell that is not there, and for one that a
    /// gap junction joins to a cell that is not among them.
    simulation(std::shared_ptr<const plan> p, std::span<const std::pair<int, int>> only);
    /// The same, where cells hear the spikes of a run before, its spikes(): those of all cells, and nothing of what they send now. So
    /// their inputs are those of that run, whatever their own scheme and step.
    simulation(std::shared_ptr<const plan> p, std::span<const std::pair<int, int>> only, std::span<const spike> of_all);
    simulation(const simulation&);
    simulation(simulation&&) noexcept;
    simulation& operator=(simulation) noexcept;
    ~simulation();

    /// Advances to `until`, which must be a whole number of steps from 0 and not before time().
    /// `report`, if given, is called now and then from the calling thread; returning false stops after the current epoch.
    /// Throws diverged if a value left the finite numbers or the range of the options.
    void run(duration until, const std::function<bool(const progress&)>& report = {});

    double time() const;                                       ///< [ms]
    std::span<const spike> spikes() const;                     ///< in order of time, then population, cell
    /// In the order of circuit::probes. With several processes, of the places on this one; after collect(), of all on process 0.
    std::span<const recording> recordings() const;
    const recording& operator[](std::string_view probe) const; ///< by label; throws invalid_model with a suggestion
    /// Gives away the first `rows` samples of each place that a probe, by number, has on this process, [rows x places], so that a
    /// long run does not hold them: its recording goes on with the later ones. Throws std::out_of_range if there are not so many yet.
    std::vector<double> take_samples(std::size_t probe, std::size_t rows);
    /// Membrane potential now [mV]; `where` is a location expression with one result.
    double voltage(std::string_view population, int cell, std::string_view where = "soma(0.5)") const;
    /// What crossed the membrane of a cell in the time of an energy meter, or in that before at rest. Throws invalid_model if there
    /// is no such meter or cell, or the time is not over.
    charge_account charges(std::string_view meter, int cell = 0) const;
    charge_account resting_charges(std::string_view meter, int cell = 0) const;
    /// Of every cell that is advanced in steps of its own under a coupled scheme; empty under others.
    std::vector<cell_steps> steps_of_cells() const;
    /// The weights of a projection that learns, now. With several processes all call it together, and process 0 has the result, the
    /// others an empty one. Throws invalid_model if no projection of this name learns.
    weight_table weights(std::string_view projection) const;
    std::span<const weight_recording> weight_recordings() const;   ///< in the order of circuit::weight_probes
    std::vector<std::string> learning_projections() const;     ///< names of those that learn
    /// Releases so much of a neuromodulator now: reward from an environment. Several processes all call it together, alike. Throws
    /// invalid_model if the circuit has no such modulator.
    void release(std::string_view modulator, double amount, std::string_view region = {});
    /// Spikes of a spike_source, (which, time [ms]), none before time(): what an environment shows. They join those that the source has anyway. Several
    /// processes all call it together, alike. Throws invalid_model if the circuit has no such source, or a spike is not one of it.
    void send(std::string_view source, std::span<const std::pair<int, double>> spikes);
    /// All that was sent so far, as spikes of the sources of the circuit: the trains by which the run can be done again without whoever sent them.
    std::vector<std::vector<std::pair<int, double>>> sent() const;
    /// Of gap junctions: the largest current that was left unbalanced in any step so far [nA].
    double gap_residual() const;
    /// Where the time has gone so far, on this process.
    const run_statistics& statistics() const;
    /// With several processes, after run(): brings spikes and recordings of all of them to process 0; all call it together.
    void collect();
    /// The present: states, events under way, spikes and samples so far. With several processes all call it together: each has the blocks of its own
    /// cells, process 0 all else, and write_checkpoint joins them. A run is the same with and without it. Throws invalid_model if the simulation has failed.
    struct checkpoint checkpoint();
    /// Goes on from a checkpoint of the same plan, however many processes and threads there were. With several processes all call it
    /// together: that of process 0 counts, and each is sent its part. Throws invalid_input, on all, if it is of another model or damaged, or if
    /// samples had been taken before, unless the caller says that it has them.
    void restore(const struct checkpoint& c, bool has_taken = false);
    /// What is being run.
    const plan& model() const;

private:
    struct state;
    charge_account account(std::size_t window, int cell) const;
    void record_weights();
    std::unique_ptr<state> state_;
};

/// Sizes of a compiled model, for reports and benchmarks.
struct plan_summary {
    struct template_size {
        std::string population;
        int cells, compartments, nodes, lanes;
        std::size_t bytes_per_cell;             ///< mutable state: voltages, matrix, gates, concentrations
        std::vector<std::string> kernels;       ///< "nata_t + nap_et2 + ... (fused)" a region
    };
    std::vector<template_size> populations;
    std::size_t shared_bytes;                   ///< the plan's own tables
    std::vector<problem> warnings;
};
plan_summary summary(const plan&);

}  // namespace apical
