// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/spikes.hpp"

namespace apical::sonata {

/// Reads spikes from SONATA's HDF5 file in both layouts (read_spikes), or from its CSV form, told apart by how they begin. The CSV form has a
/// heading with `timestamps`, `node_ids` (or `gids`) and perhaps `population`, and columns in any order, separated by blanks. Throws invalid_input
/// with the path in the file, or "file.csv:line".
std::vector<population_spikes> read_spike_trains(const std::filesystem::path& path);

/// Where the ids of the nodes of a population's spikes are: "spikes.h5:/spikes/a/node_ids" or "spikes.csv".
std::string spike_place(const std::filesystem::path& path, const population_spikes& of);

}  // namespace apical::sonata
