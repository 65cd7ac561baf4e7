// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

#include "core/error.hpp"
#include "morphology/morphology.hpp"

namespace apical {

/// A morphology read from a file, with every liberty that was taken with the file.
struct reading {
    morphology shape;
    std::vector<problem> warnings;  ///< `where` is "file:line"; `what` says what was found and what was done about it
};

/// Reads an SWC (.swc) or Neurolucida (.asc) file; other names are judged by their content.
/// Throws invalid_input with every problem found, each as "file:line".
reading read_morphology(const std::filesystem::path&);

}  // namespace apical
