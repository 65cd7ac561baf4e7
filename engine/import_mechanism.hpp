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

/// Point processes on which contacts of projections end: those of one mechanism with the same parameters are one instance on each compartment.
class imported_points {
public:
    explicit imported_points(std::size_t populations) : of_population_(populations) {}
    /// Of the imported mechanisms of a population, which one it will be, and which of its instances. `where` names the projection in errors.
    std::pair<int, int> at(int population, const cell_plan& cell, const catalogue::entry& mechanism, const std::vector<double>& values, int row, const std::string& where);
    /// Puts them on the cells. Throws what import_mechanism throws.
    void fill(std::vector<cell_plan>& populations, const std::vector<painted_cell>& painted, const run_options& options) const;

private:
    struct group {
        catalogue::entry mechanism;
        std::vector<double> values;
        std::vector<int> rows;
        std::string where;
    };
    std::vector<std::vector<group>> of_population_;
};

/// Finds what the POINTERs of a cell's imported mechanisms point to, see nmodl::supplies. Throws invalid_model if it is not there.
void point(cell_plan& cell);

/// The catalogue, with what cells, receptors and projections of a circuit bring with them. Problems go to `found`.
catalogue with_imported(const circuit& c, catalogue all, findings& found);

/// All that a cell is painted with: those that keep account of concentrations first, each kind by name.
void import_layers(cell_plan&, const painted_cell&, const run_options&);

}  // namespace apical
