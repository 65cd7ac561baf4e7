// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "analysis/flight_record.hpp"
#include "io/experiment.hpp"

/// The last steps of a cell, as the program writes, reads and tells them.
namespace apical::cli {

/// Everything it takes to fly again: the experiment with the values that took the place of its own, and what happened.
void write_flight(const std::filesystem::path& file, const flight_record& r, const std::filesystem::path& experiment, std::span<const setting> settings,
                  overwrite mode);

/// A record as it was written, and the experiment to fly it again with.
struct recorded_flight {
    flight_record record;
    experiment what;
};
/// Throws invalid_input with where the file is not such a record.
recorded_flight read_flight(const std::filesystem::path& file);

std::string text(const flight_record& r, std::size_t most_rows);

}  // namespace apical::cli
