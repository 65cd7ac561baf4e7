// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/every_compartment.hpp"

#include <fmt/format.h>

namespace apical::cli {

std::string every_compartment(const cell& c) {
    const auto& shape = c.shape();
    const std::vector<cable_properties> cables(static_cast<std::size_t>(shape.size()));
    const auto counts = compartment_counts(shape, c.rule(), cables);
    std::string places;
    for (int s = 0; s < shape.size(); ++s) {
        const int n = counts[static_cast<std::size_t>(s)];
        for (int k = 0; k < n; ++k) places += fmt::format("{}{}({})", places.empty() ? "" : ", ", shape.name(s), (k + 0.5)/n);
    }
    return places;
}

}  // namespace apical::cli
