// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

#include "engine/checkpoint.hpp"
#include "io/report_stream.hpp"

namespace apical {

/// Writes a checkpoint to an HDF5 file, in place of one that is there. The file is whole or not there: the checkpoint before stays
/// until this one is complete. The rows of reports that are being written, if there are any, are copied piece by piece. With several
/// processes all call it together, and process 0 writes what the others have as it comes in, piece by piece. Throws invalid_input, there, naming
/// the file and the reason.
void write_checkpoint(const std::filesystem::path& path, const checkpoint& c, const report_stream* reports = nullptr, communicator* ranks = nullptr);

/// Reads one, without the rows of reports, which report_stream takes over. Throws invalid_input, naming the file and the path in it, if it is no checkpoint, of another version, cut off or
/// otherwise not what was written.
checkpoint read_checkpoint(const std::filesystem::path& path);

/// Throws invalid_input if there is something at the path that is no checkpoint, which writing one would destroy.
void check_replaceable(const std::filesystem::path& path);

}  // namespace apical
