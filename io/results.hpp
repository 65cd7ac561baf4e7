// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "engine/simulation.hpp"
#include "io/experiment.hpp"
#include "io/html_report.hpp"
#include "io/report_stream.hpp"

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

/// The traces that are to be written while the run goes on: of the probes with the most samples, so that the rest are no more than
/// output.held_samples, and of those whose samples a checkpoint, from which `s` has been restored, says are written already. Nothing if there are none.
/// With several processes all call it together, with the same. Throws invalid_input as report_stream does, and invalid_model if samples that are
/// written already would be needed again.
std::optional<report_stream> stream_results(const experiment& e, const simulation& s, overwrite mode, const std::filesystem::path& resumed = {});

/// Writes everything that the experiment's output options ask for, creating the folder; `more` are figures for the end of the report.
/// Samples that a report_stream has taken are in its files. Returns the files written.
/// Throws invalid_input naming the file and the reason; each file is whole or not there.
std::vector<std::filesystem::path> write_results(const experiment& e, const simulation& done, const run_times& times, overwrite mode,
                                                 const std::vector<html::figure>& more = {});

/// The report of an experiment: the circuit in space where cells have positions, spikes, rates, traces, a film of each cell that a probe
/// covers, what the run cost and how evenly its work lay.
html::page result_page(const experiment& e, const simulation& done, const run_times& times);

}  // namespace apical
