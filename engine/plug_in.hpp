// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "engine/library_cache.hpp"

namespace apical {

/// Mechanisms as a compiled library, or evaluated where that cannot be had.
struct plug_in {
    std::vector<std::shared_ptr<const nmodl::mechanism>> mechanisms;   ///< in the order of the programs
    std::vector<std::string> why_general;  ///< of each: what keeps it from the form and the kernels of the package's channels; empty if it has them
    std::filesystem::path library = {};    ///< in the cache; empty: the mechanisms are evaluated
    std::string why_evaluated = {};        ///< why there is no library
    bool was_cached = false;               ///< it was there already
};

/// Compiles mechanisms, unless the same have been compiled before: with this version, compiler and options. Any number of processes may
/// do so at once. Where there is no compiler they are evaluated. Throws invalid_input if the cache cannot be written, or with the
/// compiler's text if it refuses what was written.
plug_in build_plug_in(const std::vector<std::shared_ptr<const nmodl::program>>&, const plug_in_options& = {});

}  // namespace apical
