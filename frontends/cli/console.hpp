// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "engine/simulation.hpp"
#include "io/json.hpp"

namespace apical::cli {

/// Exit codes of the program.
enum exit_code { ok = 0, failed = 1, wrong_usage = 2, did_diverge = 3, stopped = 4 };

/// What every command shares: how to talk. Results go to the standard output, everything else to the standard error.
struct console {
    bool json = false;     ///< results and errors for programs
    bool quiet = false;    ///< no progress, no remarks
    int rank = 0;          ///< of this process, where several run a command

    /// A result: the document if programs read it, else the text.
    void result(const json::value& document, std::string_view text) const;
    /// A remark for people.
    void remark(std::string_view text) const;
    /// "error: where: what; hint" for each problem, or one JSON object.
    void report(std::string_view kind, const std::vector<problem>& problems) const;
    /// Reports the exception that is being handled, and returns the exit code; throws it again if it is none of ours.
    int report_failure() const;

    /// Draws a line that tells how far a run is, if somebody may be looking; empty otherwise.
    /// `from`: the simulated time when it begins [ms].
    std::function<bool(const progress&)> progress_line(double from = 0) const;
    /// Removes that line.
    void end_progress() const;
};

/// Rows of words in columns, two blanks apart. The first row is the heading; columns of numbers stand flush right.
std::string columns(const std::vector<std::vector<std::string>>& rows);

/// A text broken into lines of at most `width`, each after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 100);

}  // namespace apical::cli
