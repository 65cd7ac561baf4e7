// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"

namespace apical {

/// What a run is forecast for.
struct forecast_options {
    int ranks = 1, threads = 1;
    quantity<dimensions::rate> rate = 5*units::Hz;  ///< at which cells are taken to fire
    int most_ranks = 4;                             ///< whose tables are built, one after the other: the busiest, the idlest and some between
};

/// What one process would need.
struct rank_forecast {
    int rank = 0, cells = 0;
    std::int64_t connections = 0;
    std::size_t state_bytes = 0;                    ///< of its cells
    std::size_t connection_bytes = 0;               ///< of the tables of who is heard
    std::size_t shared_bytes = 0;                   ///< of what every process has
    std::size_t result_bytes = 0;                   ///< of samples and spikes at the end of the run
    double seconds = 0;                             ///< of computing
    std::size_t bytes() const { return state_bytes + connection_bytes + shared_bytes + result_bytes; }
};

/// What a run would need, before it is run.
struct run_forecast {
    struct population_cost {
        std::string name;
        int cells = 0;
        double microseconds = 0;                    ///< of a cell for a millisecond of simulated time, measured on some here
    };
    std::vector<population_cost> populations;
    std::vector<rank_forecast> ranks;               ///< those looked at, in order
    double seconds = 0;                             ///< of the process that computes longest
    double balance = 1;                             ///< its time over the mean of all
    double epoch_ms = 0;                            ///< between exchanges of spikes; 0: there are none
    double exchanges = 0;                           ///< in the whole run
    double exchange_bytes = 0;                      ///< that a process receives in one
    double joint_bytes = 0;                         ///< that a process receives for gap junctions in a step, each time they are solved again
};

/// Compiles the circuit as some of the processes would, without the others, and times a block of cells of every population with the
/// spikes that would reach it. `run.ranks` is not used.
run_forecast forecast(const circuit& c, const run_options& run, duration until, const forecast_options& options);

}  // namespace apical
