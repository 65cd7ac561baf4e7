// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/catalogue.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// The last steps of a cell before its numerics failed: what an engineer reads first.
struct flight_record {
    divergence at;
    std::vector<std::string> columns;      ///< what was read at the place that failed: "v", "nata_t.m", ...
    std::vector<double> times;             ///< [ms], in steps of dt
    std::vector<double> values;            ///< [times x columns], in mV, 1 and mM

    /// Whether the other flew the same way, to the last bit.
    bool operator==(const flight_record& other) const;
};

/// Runs the cell that failed again, it alone, on its recorded inputs: those of the circuit's description, noise and random events
/// included, which belong to the seed and the cell; and what it heard of others before it failed, from a run of them all where cells are
/// connected. Cells that gap junctions join to it run with it. It must fail as it did. Keeps the last `steps` samples.
/// Throws invalid_model if it does not fail by `until`, or if the failure does not belong to the circuit.
flight_record record_flight(const circuit& c, const run_options& options, const divergence& at, duration until, int steps = 50,
                            const catalogue& mechanisms = catalogue::built_in());

}  // namespace apical
