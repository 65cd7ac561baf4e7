// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "engine/library_cache.hpp"
#include "frontends/cli/console.hpp"

namespace apical::cli {

/// `apical channels build`: compiles files of NMODL, or those of folders, and says what became of each. Returns an exit code.
int build_channels(const std::vector<std::string>& paths, const plug_in_options&, const console&);

}  // namespace apical::cli
