// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/data_path.hpp"

namespace apical::testing {

/// The examples of the format's authors: those that APICAL_SONATA_EXAMPLES names, else shared/data/sonata/examples beside the source tree.
inline std::filesystem::path sonata_examples() {
    if (const char* named = std::getenv("APICAL_SONATA_EXAMPLES")) return named;
    return std::filesystem::path(APICAL_SOURCE_DIR).parent_path() / "shared/data/sonata/examples";
}

/// The configuration of an example; empty if the examples are not there.
inline std::filesystem::path example_config(const std::string& name) {
    const auto path = sonata_examples() / name / "config.json";
    return std::filesystem::exists(path) ? path : std::filesystem::path{};
}

}  // namespace apical::testing
