// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// How far a run is from what its equations say, told by runs of some of its cells with a half and a quarter of the step.
struct verification {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    /// A size of an error, and bounds that hold it as long as halving the step halves the error or better.
    struct estimate { double value = none, low = none, high = none; };

    struct of_population {
        std::string name;
        int cells = 0;                      ///< that were run again
        int spikes = 0;                     ///< of theirs, in the run
        int missed = 0, extra = 0;          ///< spikes that only the finest run has, and that only the run has
        estimate median, p95, largest;      ///< of the absolute errors of spike times [ms]; none without a spike in all three runs
    };
    struct of_probe {
        std::string label, variable, unit;
        estimate rms, largest;              ///< over all samples in the cells that were run again, spikes and all
    };

    double dt = 0;                          ///< of the run [ms]
    double max_error = none;                ///< of the run, if its scheme integrates the coupled equations [mV]
    double until = 0;                       ///< [ms]
    std::vector<of_population> populations;
    std::vector<of_probe> probes;
};

struct verify_options {
    int cells_per_population = 4;           ///< drawn by `seed`, all if there are no more
    std::uint64_t seed = 0;
    duration limit = 5*units::ms;           ///< spikes further apart are not the same spike
    /// Of the run that is verified, if it is at hand: what its cells heard of each other. Left out where cells are connected: the whole
    /// circuit is run once more to know.
    std::optional<std::span<const spike>> spikes = {};
};

/// Runs a sample of a circuit's cells for `until` three times, in steps of dt, dt/2 and dt/4 on the same inputs, noise and rounded
/// times of events included, and compares spikes and probes; adaptive integrations of point neurons, and coupled schemes,
/// are repeated with tolerances 10 and 100 times smaller. What is left of the error after the last halving is extrapolated with the order of the scheme (Richardson
/// 1911 Phil Trans R Soc A 210:307); the bounds suppose no more than first order.
/// Cells that hear others hear the same spikes in all three runs, those of the run in steps of dt: the errors are those that a cell
/// makes of its inputs, not what a network makes of them in turn. Cells that gap junctions join to the sample are in it.
/// Takes about seven times as long as the cells of the sample took. Throws what compile() and simulation::run() throw, and
/// invalid_model for options that are none.
verification verify(const circuit& c, const run_options& options, duration until, const verify_options& how = {});

}  // namespace apical
