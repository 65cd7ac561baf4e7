// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/error.hpp"
#include "engine/catalogue.hpp"

namespace apical {

/// A cell cut into compartments, with what its paintings put on each of them. Units are coherent, densities still per area.
struct painted_cell {
    std::shared_ptr<const morphology> shape;
    compartments tree;
    std::vector<double> capacitance;                             ///< [nodes] specific [nF/um2]
    std::vector<std::array<ion_setting, ion_count>> ions;        ///< [nodes]
    using ion_values = std::vector<std::optional<ion_setting>>;
    std::map<std::string, ion_values> other_ions;                ///< [nodes] of those that only imported mechanisms know

    struct layer {
        catalogue::entry mechanism;
        std::vector<std::optional<std::vector<double>>> values;  ///< [nodes][parameters, of which there may be none]; nothing where it is not
        bool is_at(int node) const { return values[static_cast<std::size_t>(node)].has_value(); }
        double value(int node, std::size_t parameter) const { return (*values[static_cast<std::size_t>(node)])[parameter]; }
    };
    std::vector<layer> layers;                                   ///< in canonical order: pools, then channels, each by name
};

/// Resolves the paintings of a cell. Problems are added to `found`, in the names of the model; the result is usable only if
/// there were none.
painted_cell paint(const population& p, const catalogue& mechanisms, findings& found);

}  // namespace apical
