// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/spikes.hpp"

namespace apical::sonata {

/// Reads the spikes of a file of Neurodata Without Borders, which has no names of populations: of version 2, /units with `spike_times` in seconds,
/// `spike_times_index` and the units' `node_id` or `id`; or of version 1 as BMTK has it, /processing/TRIAL/spike_train/NODE/data in ms. An empty
/// trial is the only one there is. Throws invalid_input with the path in the file.
std::vector<population_spikes> read_nwb_spikes(const std::filesystem::path& path, const std::string& trial);

}  // namespace apical::sonata
