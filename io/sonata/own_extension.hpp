// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"
#include "io/json.hpp"

namespace apical::sonata {

/// What SONATA's configuration has no words for, in those of experiment files (docs/reference/experiment.md): stimuli, receptors and
/// trains onto them, gap junctions, probes, detectors, energy meters, modulators, probes of weights, and how the circuit is run. The configuration names the file as
/// its member "apical". Throws unsupported for labels that the file cannot hold.
json::value extension_of(const circuit& c, const run_options& run, duration until);

/// Adds what such a file says to a circuit that has its populations and projections; its detectors take the place of those that are there. The options
/// of the run become the file's, but for threads and processes. Throws invalid_input listing what is wrong with it.
void read_extension(const std::filesystem::path& file, circuit& to, run_options& run);

}  // namespace apical::sonata
