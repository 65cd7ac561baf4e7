// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "core/error.hpp"

namespace apical {

/// What files of NMODL define, and what is worth a second look in them.
struct loaded_mechanisms {
    std::vector<std::shared_ptr<const nmodl::mechanism>> mechanisms;
    std::vector<problem> warnings;
};

/// Reads a file of NMODL, or all files *.mod of a folder, by name. Throws invalid_input with everything that cannot be translated, at
/// "file:line:column".
loaded_mechanisms load_mechanisms(const std::filesystem::path& path);

}  // namespace apical
