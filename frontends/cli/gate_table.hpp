// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apical::cli {

/// Steady state and time constant of each state of a channel under given conditions.
struct gate_row {
    double v = 0;               ///< [mV]
    double concentration = 0;   ///< inner, of the ion the channel reads [mM]
    struct value {
        double inf, tau;        ///< tau [ms], measured on the channel's own exponential step
    };
    std::vector<value> gates;   ///< in the order of the schema's states
};

/// Rows over voltage, or, for a channel that reads a concentration, over that concentration at -65 mV. Empty for pools, receptors
/// and channels without states.
std::vector<gate_row> gate_table(std::string_view channel, double celsius);

}  // namespace apical::cli
