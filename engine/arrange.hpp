// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>

#include "engine/paint.hpp"
#include "engine/plan.hpp"

namespace apical {

/// Lays a painted cell out in memory: rows by region, the tree matrix over them, tables in kernel units. Nodes in `keep` stay
/// rows of the matrix even where they have no membrane and no branch.
cell_plan arrange(const painted_cell& painted, const population& p, const std::set<int>& keep, const run_options& options,
                  const catalogue& mechanisms);

}  // namespace apical
