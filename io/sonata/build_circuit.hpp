// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation.hpp"
#include "io/report_stream.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/node_places.hpp"

namespace apical::sonata {

/// One report of the configuration, and the probes that fill it: one for each population of the circuit it covers.
struct report_plan {
    std::string name;
    std::filesystem::path file;
    std::vector<std::string> probes;               ///< labels
    std::size_t most_rows = 0;                     ///< of which no more are written; 0: all
};

/// A SONATA circuit as Apical runs it.
struct built_circuit {
    circuit model;
    run_options run;
    duration until;
    std::vector<report_plan> reports;
    std::shared_ptr<const circuit_files> files;
    std::shared_ptr<const built_nodes> nodes;      ///< which node each cell is
};

/// What the files leave open.
struct build_options {
    /// How coordinates of morphologies are rounded; exact: not at all. as_configured: as BMTK's own importer does, which published circuits
    /// were made with, or as NEURON's does where the configuration says "use_old_import3d": false.
    enum class geometry { as_configured, exact, bmtk, neuron8, neuron9 } rounding = geometry::as_configured;
    /// Empty: as a circuit that Apical has written says; of others backward Euler, which is what SONATA's simulators do. Others are more exact.
    std::optional<apical::scheme> scheme = {};
    std::optional<physical_constants> constants = {};      ///< empty: as such a circuit says, else modern
    int threads = 1;
};

/// The names of build_options::geometry, in its order.
std::vector<std::string> geometry_names();
/// Throws invalid_input for other texts.
build_options::geometry parse_geometry(const std::string& name);

/// Builds circuit and run of a configuration. Edges are read again, piece by piece, when the circuit is compiled. What is wrong or
/// cannot be done is found; the result is usable only if there are no errors.
built_circuit build_circuit(std::shared_ptr<const circuit_files> files, const build_options& options, findings& found);

/// What check() finds and, if nothing is invalid, what is wrong with the models, the morphologies and the synapses that the types name:
/// all for which a run would be refused. Cells are made and edges are read, and nothing is simulated.
std::vector<finding> examine(const std::filesystem::path& config);

/// Throws invalid_input, listing every output that is there already and may not be replaced. To be asked before a long run.
void check_outputs(const built_circuit& built, overwrite mode);

/// The reports that are to be written while the run goes on: those with the most samples, so that the rest have no more than `held_samples`.
/// Nothing if there are none. With several processes all call it together. Throws as report_stream does.
std::optional<report_stream> stream_outputs(const built_circuit& built, const simulation& s, overwrite mode, double held_samples = 1 << 24);

/// Writes the spikes and the reports, but for those that a report_stream has written, that the configuration asks for into its output folder. Returns the files written. Spike times
/// are those of steps, as SONATA's simulators give them.
std::vector<std::filesystem::path> write_outputs(const built_circuit& built, const simulation& done, overwrite mode);

}  // namespace apical::sonata
