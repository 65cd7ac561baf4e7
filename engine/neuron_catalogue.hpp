// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"

namespace apical {

namespace kernels { struct neuron_table; }

/// What people may know about a point or few-compartment neuron: the source of every table, schema and error message about it.
struct neuron_schema {
    std::string name, summary, source;
    std::vector<std::string> compartments;        ///< names of the sections
    std::vector<int> voltage;                     ///< [compartments] which state is the potential, -1: there is none
    bool has_spikes = true, resets = true;
    bool answers_each = false;                    ///< events are answered one by one, each at its own time
    std::vector<field> parameters, states;

    const field* parameter(std::string_view name) const;   ///< nullptr if there is none
    int state(std::string_view name) const;                ///< index, -1 if there is none
};

/// A neuron model: its schema, and its compiled forms.
struct neuron_entry {
    neuron_schema schema;
    std::shared_ptr<const kernels::neuron_table> kernels;
};

}  // namespace apical
