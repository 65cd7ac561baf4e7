// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

#include "engine/simulation.hpp"
#include "io/experiment.hpp"
#include "io/html_report.hpp"

namespace apical {

/// How long a run took, and on what.
struct run_times {
    double compile_seconds = 0, run_seconds = 0;
    std::vector<run_statistics> of_processes = {};     ///< where the time of each went; empty: not known
};

/// Compartments of all cells together, and the cost of one of them for one step [ns].
long compartments_in(const plan_summary& s);
double nanoseconds_per_compartment_step(const plan_summary& s, const experiment& e, const run_times& times);

/// The files that write_results will write, in its order.
std::vector<std::filesystem::path> result_files(const experiment& e);

/// Throws invalid_input, listing every output that is there already and may not be replaced. To be asked before a long run.
void check_results(const experiment& e, overwrite mode);

/// Writes everything that the experiment's output options ask for, creating the folder; `more` are figures for the end of the report.
/// Returns the files written.
/// Throws invalid_input naming the file and the reason; each file is whole or not there.
std::vector<std::filesystem::path> write_results(const experiment& e, const simulation& done, const run_times& times, overwrite mode,
                                                 const std::vector<html::figure>& more = {});

/// The report of an experiment: the circuit in space where cells have positions, spikes, rates, traces, a film of each cell that a probe
/// covers, what the run cost and how evenly its work lay.
html::page result_page(const experiment& e, const simulation& done, const run_times& times);

}  // namespace apical
