// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"
#include "models/model.hpp"

namespace apical::models {

/// A ready circuit: a file models/circuits/<name>.cpp that defines `circuit_model <name>_circuit()`. The build finds the file.
struct circuit_model {
    std::string name;
    std::string summary;   ///< one line
    std::string source;    ///< the papers, with their years
    duration dt;           ///< of the runs it is meant for
    apical::temperature temperature = celsius(6.3);
    std::vector<option> options;
    /// Builds the circuit; the values are complete and, where there are choices, one of them.
    std::function<circuit(const option_values&)> make;
};

/// Every circuit of the models/circuits folder, by name.
std::vector<circuit_model> all_circuits();

/// The one of this name. Throws invalid_model with a suggestion.
circuit_model circuit_named(std::string_view name);

/// Builds a ready circuit. Throws invalid_model if the circuit or an option is unknown, with a suggestion, or a value unfit.
///
///     const auto c = models::build_circuit("potjans_diesmann", {{"scale", "0.1"}});
circuit build_circuit(std::string_view name, const option_values& values = {});

}  // namespace apical::models
