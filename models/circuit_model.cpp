// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuit_model.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace apical::models {

circuit_model circuit_named(std::string_view name) {
    const auto all = all_circuits();
    const auto found = std::ranges::find(all, name, &circuit_model::name);
    if (found != all.end()) return *found;
    std::vector<std::string> known;
    for (const auto& c : all) known.push_back(c.name);
    throw invalid_model("circuit '" + std::string(name) + "'", "unknown circuit", suggestion(name, known));
}

circuit build_circuit(std::string_view name, const option_values& values) {
    const auto c = circuit_named(name);
    return c.make(completed("circuit '" + c.name + "'", c.options, values));
}

}  // namespace apical::models
