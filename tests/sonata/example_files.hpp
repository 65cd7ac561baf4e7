// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace apical::testing {

/// The examples of the format's authors: in the folder that APICAL_DATA names, else in ../shared/data beside the sources.
inline std::filesystem::path sonata_examples() {
    const char* named = std::getenv("APICAL_DATA");
    const auto data = named ? std::filesystem::path(named) : std::filesystem::path(APICAL_SOURCE_DIR) / "../shared/data";
    return (data / "sonata/examples").lexically_normal();
}

/// The configuration of an example; empty if the examples are not there.
inline std::filesystem::path example_config(const std::string& name) {
    const auto path = sonata_examples() / name / "config.json";
    return std::filesystem::exists(path) ? path : std::filesystem::path{};
}

}  // namespace apical::testing
