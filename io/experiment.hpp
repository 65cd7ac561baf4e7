// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/error.hpp"
#include "engine/options.hpp"
#include "io/spikes.hpp"

namespace apical {

/// What a run leaves behind.
struct output_options {
    std::filesystem::path folder = "out";
    bool spikes = true;      ///< spikes.h5, SONATA
    bool traces = true;      ///< <label>.h5 for each probe, a SONATA compartment report
    bool csv = false;        ///< the same as text
    bool report = true;      ///< report.html
    std::uint64_t held_samples = std::uint64_t{1} << 24;   ///< of all probes, that are kept until the end; what is more is written while the run goes on
    apical::spike_time spike_time = spike_time::interpolated;
};

/// Everything a run needs: the model, how to run it, for how long, and what to keep.
struct experiment {
    std::string title;
    circuit model;
    run_options run;
    duration until = 0*units::ms;
    output_options output;
    std::vector<problem> warnings;   ///< liberties that were taken with the files it names
};

/// A value that takes the place of one in the file: "/run/dt" and "0.1 ms". The text is read as JSON if it is JSON, else as text.
struct setting {
    std::string pointer, text;
};

/// Reads an experiment from JSON; docs/reference/experiment.md describes the format. Files it names are looked for beside it.
/// Throws invalid_input listing every problem, each with where it is: "file.json:12 /run/dt".
experiment read_experiment(const std::filesystem::path& path, std::span<const setting> settings = {});
/// The same from text; `name` stands for the file in messages, and files are looked for in `folder`.
experiment parse_experiment(std::string_view text, std::string_view name, const std::filesystem::path& folder,
                            std::span<const setting> settings = {});

/// The JSON schema of an experiment, for editors that check while one types.
std::string experiment_schema();
/// The tables of the reference page: every object, its keys, their values and defaults.
std::string experiment_tables();

}  // namespace apical
