// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/quantity_text.hpp"
#include "models/model.hpp"
#include "neurons/neuron.hpp"

namespace apical::models {

/// The schema of a neuron model's parameters with the values of one published set, in the units of the schema.
struct neuron_set {
    std::string name, source;
    std::vector<field> parameters;
};

/// A model of the neurons folder as a ready cell: an option for the published set, and one for each parameter.
model model_of_neuron(const neuron_info& info, std::vector<neuron_set> sets);

/// The same from the model's own file.
template <class M> model neuron_model() {
    std::vector<neuron_set> sets;
    for (const auto& s : M::published) {
        neuron_set set{std::string(s.name), std::string(s.source), {}};
        for_each_member(M::defaults, [&](const field& f) { set.parameters.push_back(f); });
        std::size_t k = 0;
        for_each_member(s.values, [&](double x) { set.parameters[k++].value = x; });
        sets.push_back(std::move(set));
    }
    return model_of_neuron(M::info, std::move(sets));
}

}  // namespace apical::models
