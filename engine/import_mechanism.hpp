// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "engine/paint.hpp"
#include "engine/plan.hpp"

namespace apical {

/// Puts an imported mechanism on rows of an arranged cell, with the values of its schema's parameters [rows][parameters], which are
/// coherent. `where` names it in errors. Throws invalid_model if values contradict each other or what is there already.
void import_mechanism(cell_plan&, const painted_cell&, const run_options&, const catalogue::entry&, std::vector<int> rows,
                      const std::vector<std::vector<double>>& values, const std::string& where);

/// All that a cell is painted with: those that keep account of concentrations first, each kind by name.
void import_layers(cell_plan&, const painted_cell&, const run_options&);

}  // namespace apical
