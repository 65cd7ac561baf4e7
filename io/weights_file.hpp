// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

#include "engine/weight_table.hpp"
#include "io/output_file.hpp"

namespace apical {

/// Weights over time as HDF5: group /weights/<projection> with `time` [ms], `weight` [times x synapses] with an attribute `units`, and of each
/// synapse `source_id`, `target_id`, `section` and `section_pos`, the last two as the target's morphology counts them.
/// Throws invalid_input naming the file and the reason; the file is whole or not there.
void write_weights(const std::filesystem::path& path, const weight_recording& r, overwrite mode = overwrite::no);
/// The same as text: a line "time [ms],source>target [unit],..." and one for each sample.
void write_weights_csv(const std::filesystem::path& path, const weight_recording& r, overwrite mode = overwrite::no);
/// Reads what write_weights wrote. Throws invalid_input.
weight_recording read_weights(const std::filesystem::path& path);

}  // namespace apical
