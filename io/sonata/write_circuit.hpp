// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"
#include "io/output_file.hpp"

namespace apical {

/// How a circuit that is written would be run: seed and step decide its draws, and `until` how far random trains are written out.
struct sonata_export {
    run_options run = {};
    duration until = 1000*units::ms;
    overwrite mode = overwrite::no;                ///< whether the folder may hold files already
};

/// Writes a circuit as SONATA files: circuit_config.json, simulation_config.json, nodes, edges, types, morphologies, components and the
/// spikes of its sources. Every draw is made: edges say who is connected to whom, how much, when and where. What SONATA has no words
/// for is written in Apical's own, as docs/sonata.md says; sonata::build_circuit makes of them a circuit with the same spikes, to
/// the last bit. Edges are drawn and written target by target. Returns the files.
///
/// Throws invalid_model for a circuit that does not compile, unsupported for what no file can hold, each with its place in the circuit,
/// and invalid_input for a folder that cannot be written to.
std::vector<std::filesystem::path> write_sonata(const circuit& c, const std::filesystem::path& folder, const sonata_export& how = {});

}  // namespace apical
