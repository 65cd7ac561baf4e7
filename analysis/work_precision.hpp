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

/// What it costs to be right: the error and the time of a model under one way to run it after another.
struct work_precision {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    struct point {
        run_options options;
        std::string setting;               ///< in words: "auto, 1 mV in 0.025 ms"
        double seconds = 0;                ///< of wall time, for the cells of the sample
        int spikes = 0, missed = 0, extra = 0;   ///< of the run; that only the reference has; that only the run has
        double median = none, p95 = none, largest = none;   ///< absolute errors of spike times [ms]; none without spikes in common
        double voltage = none;             ///< largest error at the probes of voltage, where neither run has a spike [mV]
        std::string failure;               ///< why the run gave nothing, where it did not
    };
    run_options reference;
    std::string reference_setting;
    int cells = 0;                         ///< in the sample
    double until = 0;                      ///< [ms]
    std::vector<point> points;             ///< from the roughest to the finest of each scheme

    /// The least costly point that misses no spike, has none too many and whose spikes, 95 % of them, are within `error`; where there are
    /// no spikes, whose voltages are within 0.1 mV. Nothing if there is none.
    std::optional<std::size_t> cheapest(duration error) const;
};

struct work_precision_options {
    int cells_per_population = 2;          ///< drawn by `seed`, all if there are no more
    std::uint64_t seed = 0;
    duration limit = 5*units::ms;          ///< spikes further apart are not the same spike
    /// Of a run as `base` says, if there is one: what cells heard of each other. Left out where cells are connected: it is run to know.
    std::optional<std::span<const spike>> spikes = {};
    std::vector<run_options> candidates;   ///< empty: every scheme in a few settings, from what `base` says
};

/// Runs some of a circuit's cells for `until` in every way, on the same inputs, noise and rounded times of events included as `base.dt`
/// has them, what they hear of each other in a run by `base` included, and compares with a run far stricter than any. The reference is scheme `precise` at 1e-6 mV, or Crank-Nicolson in steps
/// of dt/64 where a mechanism gives no rates of change; point neurons are integrated adaptively to 1e-11.
/// Throws what compile() throws; a way that diverges is a point with a failure.
work_precision measure_work_precision(const circuit& c, const run_options& base, duration until, const work_precision_options& how = {});

}  // namespace apical
