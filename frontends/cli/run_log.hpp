// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>

#include "engine/simulation.hpp"
#include "io/json.hpp"

namespace apical::cli {

/// Of all processes and threads together, where the time has gone: seconds by phase, spikes, imbalance.
json::value document(std::span<const run_statistics> of_processes);
/// The same in a line for people.
std::string text(std::span<const run_statistics> of_processes);

/// A file to which a run says what it does, one JSON object a line, each complete as soon as it is written. What is in the file stays.
class run_log {
public:
    /// Throws invalid_input if the file cannot be opened.
    explicit run_log(const std::filesystem::path& path);
    /// A line: the event's name and the time of day, then these members.
    void tell(std::string_view event, std::vector<std::pair<std::string, json::value>> members);

private:
    struct closer {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace apical::cli
