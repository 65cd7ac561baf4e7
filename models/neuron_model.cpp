// SPDX-License-Identifier: BSD-3-Clause
#include "models/neuron_model.hpp"

#include <fmt/format.h>

namespace apical::models {
namespace {

const char* const as_published = "published";   // the value of an option that leaves a parameter to the set

const neuron_set& named(const std::vector<neuron_set>& sets, const std::string& name) {
    return *std::ranges::find(sets, name, &neuron_set::name);
}

cell build_neuron(const std::string& name, int compartments, const std::vector<neuron_set>& sets, const option_values& values) {
    neuron n{name, {}};
    for (const auto& f : named(sets, values.at("set")).parameters) {
        const std::string key(f.name);
        const auto unit = parse_unit(f.unit);
        const auto& text = values.at(key);
        n.parameters[key] = {text == as_published ? f.value*unit.value : parse_as(text, unit.dimension, key), unit.dimension};
    }
    return cell(std::move(n), compartments);
}

}  // namespace

model model_of_neuron(const neuron_info& info, std::vector<neuron_set> sets) {
    model m{.name = std::string(info.name), .summary = std::string(info.summary), .source = std::string(info.source), .options = {}, .make = {}};
    option set{"set", sets.front().name, "published parameters", {}};
    for (const auto& s : sets) set.choices.push_back(s.name);
    m.options.push_back(std::move(set));
    for (const auto& f : sets.front().parameters)
        m.options.push_back({std::string(f.name), as_published, fmt::format("{}; {} {}", f.meaning, f.value, f.unit), {}});
    m.make = [name = m.name, count = info.compartment_count(), sets = std::move(sets)](const option_values& values) {
        return build_neuron(name, count, sets, values);
    };
    return m;
}

}  // namespace apical::models
