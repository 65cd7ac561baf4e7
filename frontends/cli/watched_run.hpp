// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>

#include "engine/checkpoint.hpp"
#include "engine/simulation.hpp"
#include "frontends/cli/processes.hpp"
#include "frontends/cli/run_log.hpp"
#include "io/report_stream.hpp"

namespace apical::cli {

/// How a run is looked after while it goes on.
struct watch_options {
    std::filesystem::path checkpoint;              ///< where checkpoints go; empty: there are none
    std::optional<duration> every = {};            ///< simulated time between them; nothing: only on a signal and at the end
    run_log* log = nullptr;                        ///< of the first process; null: none
    report_stream* reports = nullptr;              ///< what is written meanwhile, to its last row; null: none
};

/// Runs to `until` on all processes, showing how far it is. Writes checkpoints: regularly, on SIGUSR1 and SIGTERM, at the end.
/// False if SIGTERM has ended it before. All processes call it together.
bool watched_run(simulation& sim, duration until, const watch_options& watch, const processes& all);

/// Takes up a run where a checkpoint has left it, which the first process has read from a file; it is given up then. Rows of reports that it has are
/// for report_stream to take over. All processes call it together.
void resume(simulation& sim, std::optional<struct checkpoint>& from, const std::filesystem::path& file, const processes& all);

}  // namespace apical::cli
