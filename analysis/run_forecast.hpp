// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/calibration.hpp"
#include "circuit/circuit.hpp"
#include "engine/options.hpp"

namespace apical {

/// Where a run is to be, for its forecast.
struct forecast_options {
    int threads = 1;                                ///< of each process
    std::vector<double> rates = {};                 ///< of the cells of each population [1/ms]; one: of all
    int cores = 1;                                  ///< of a machine, as fast as one of this
    int on_machine = 0;                             ///< processes that share a machine; 0: as many as have cores of their own
    double latency = 2e-6;                          ///< of a message between processes [s]
    double bandwidth = 10e9;                        ///< that a process receives with [bytes/s]
    double held_samples = 1 << 24;                  ///< of all probes, that are kept until the end; traces of more are written while the run goes on
    double program_bytes = 0;                       ///< of a process before there is a model
    double describing_seconds = 0;                  ///< what making or reading the circuit took
    std::optional<calibration> costs = {};          ///< measured before, by a forecaster of the same circuit and rates; nothing: they are measured
};

/// What one process would need.
struct rank_forecast {
    int rank = 0;
    std::int64_t cells = 0;
    double connections = 0, gap_ends = 0;
    double state_bytes = 0;                         ///< of its cells
    double connection_bytes = 0;                    ///< of the tables of who is heard, and what they hold for plasticity
    double shared_bytes = 0;                        ///< of what every process has: the program, templates, who is where
    double result_bytes = 0;                        ///< of samples and spikes at the end of the run; of all cells on process 0
    double building_bytes = 0;                      ///< for a while
    double rest_seconds = 0, joint_seconds = 0;     ///< computing, without and with cells that gap junctions join, for a second of biology
    /// At the most, in building or at the end.
    double bytes() const;
};

/// What a run on so many processes would need.
struct run_forecast {
    int ranks = 1, on_machine = 1;
    double cells = 0, connections = 0;
    std::vector<rank_forecast> processes;           ///< all, in order
    double build_seconds = 0;
    // for a second of biology [s]:
    double compute_seconds = 0;                     ///< of the busiest
    double spike_seconds = 0;                       ///< taking in spikes
    double message_seconds = 0;                     ///< spikes and voltages on their way
    double balance = 1;                             ///< computing of the busiest over the mean of all
    double epoch_ms = 0;                            ///< between exchanges of spikes; 0: there are none
    double exchange_bytes = 0;                      ///< that a process receives in one
    double rounds = 0;                              ///< in which gap junctions are solved, in a second of biology
    double shares = 0;                              ///< of voltages at their ends: after every round, and of a first guess in every step
    double round_bytes = 0, round_messages = 0;     ///< that a process receives in one of these, at the most
    /// Wall time for a second of biology.
    double seconds() const { return compute_seconds + spike_seconds + message_seconds; }
    const rank_forecast& largest() const;           ///< which needs most memory
    /// Bytes that a process receives in a second of biology.
    double received_bytes() const;
};

/// Says what runs would need before they are run: contacts by the rules of projections, times and bytes measured on some cells of every
/// population. The circuit is not built, whatever its size.
class forecaster {
public:
    /// `run.ranks` is not used. Throws what compile() would throw of a block of each population.
    forecaster(const circuit& c, const run_options& run, duration until, const forecast_options& options);

    /// Of the circuit on so many processes; or, `weak`, of so many circuits side by side, each cell with as many contacts and gap junctions as
    /// in the one, whose other ends are anywhere in the whole; each circuit has its own sources of spikes. Describing takes as long as for one.
    run_forecast on(int ranks, bool weak = false) const;
    /// The fewest processes on which none needs more; nothing if even `most` are not enough.
    std::optional<int> fewest(double bytes, int most = 1 << 20) const;
    const calibration& costs() const { return costs_; }

private:
    struct load;
    void share_out(int ranks, int copies, run_forecast& f) const;
    void weigh(int copies, run_forecast& f) const;
    void tell_messages(int copies, run_forecast& f) const;

    calibration costs_;
    forecast_options options_;
    double until_ms_, dt_;
    std::vector<double> rates_;
    std::vector<double> samples_;                   ///< of each probe in the whole run
    double gids_ = 0, gaps_ = 0;
};

}  // namespace apical
