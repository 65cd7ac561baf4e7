// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <system_error>

namespace apical {

/// How much room a disk has for a file there [bytes]; nothing if the system does not say.
inline std::optional<double> room_for(const std::filesystem::path& file) {
    std::error_code unknown;
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const auto there = std::filesystem::space(parent, unknown);
    return unknown ? std::nullopt : std::optional(static_cast<double>(there.available));
}

}  // namespace apical
