// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "morphology/morphology.hpp"

namespace apical {

/// The synapses of a projection that learns, at one time; by target, then place, then as they were drawn.
struct weight_table {
    std::string projection;
    std::string unit;                              ///< of `weight`: that of the receptor's weights
    double time = 0;                               ///< [ms]
    std::vector<int> source, target;               ///< cells, within their populations
    std::vector<location> where;                   ///< compartment's centre on the target
    std::vector<double> weight;                    ///< in `unit`
    std::vector<double> strength;                  ///< the same in the rule's own unit

    std::size_t size() const { return weight.size(); }
};

/// Weights of a projection as a weight_probe has kept them.
struct weight_recording {
    std::string label;
    weight_table synapses;                         ///< which columns are, with their weights at the last sample
    std::vector<double> times;                     ///< [ms]
    std::vector<double> samples;                   ///< [times x synapses], in the unit of the table; with several processes on process 0

    std::size_t columns() const { return synapses.size(); }
    std::size_t rows() const { return times.size(); }
    /// A copy of one synapse's.
    std::vector<double> column(std::size_t synapse) const;
};

}  // namespace apical
