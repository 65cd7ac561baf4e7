// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/data_set.hpp"
#include "models/tasks/task.hpp"

namespace apical {

/// The whole file, unpacked if it is gzipped. Throws invalid_input if it cannot be read, is broken off or damaged, or is larger than `most_bytes`.
std::string read_unpacked(const std::filesystem::path& path, std::size_t most_bytes = std::size_t{1} << 30);

/// Handwritten digits as rows of 64 grey levels from 0 to 16 and a label from 0 to 9, gzipped or not: UCI's optical recognition set as
/// scikit-learn ships it, in Debian's package python3-sklearn. Inputs are from 0 to 1. Throws invalid_input ("file:line").
data_set read_digits(const std::filesystem::path& path);

/// Pictures and labels in the IDX format of MNIST, gzipped or not, as in Debian's package dataset-fashion-mnist. Inputs are from 0 to 1.
/// Throws invalid_input for what is not such a pair.
data_set read_idx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Where the files of a data set are, "digits" or "fashion_mnist": in the folder `datasets` of a data folder (APICAL_DATA_DIR first), in
/// the user's, $XDG_DATA_HOME/apical/datasets or ~/.local/share/apical/datasets, where scripts/setup puts them, or where Debian does.
std::optional<std::filesystem::path> find_data_set(std::string_view name);

/// Names of all tasks: those that are made up, "digits" and "fashion_mnist".
std::vector<std::string> task_names();
/// A task: the digits are split 1400 to 397 by the seed. Throws invalid_model for an unknown name and invalid_input, with how to get them,
/// if its files are not there.
models::learning_task task_named(std::string_view name, std::uint64_t seed);

}  // namespace apical
