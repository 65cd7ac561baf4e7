// SPDX-License-Identifier: BSD-3-Clause
#include "models/model.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "core/data_path.hpp"
#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "morphology/read.hpp"

namespace apical::models {
namespace {

template <class Named> std::vector<std::string> names_of(const std::vector<Named>& items) {
    std::vector<std::string> names;
    for (const auto& item : items) names.push_back(item.name);
    return names;
}

/// A path as it is given, or a morphology that ships with Apical by its bare name.
std::filesystem::path shape_file(const std::string& text) {
    const bool is_path = text.find_first_of("./\\") != std::string::npos;
    return is_path ? std::filesystem::path(text) : data_file("morphologies/" + text + ".swc");
}

}  // namespace

option_values completed(const std::string& owner, const std::vector<option>& options, const option_values& given) {
    findings found;
    const auto known = names_of(options);
    for (const auto& [name, value] : given) {
        const auto where = owner + " / " + name;
        const auto o = std::find_if(options.begin(), options.end(), [&key = name](const option& o) { return o.name == key; });
        if (o == options.end()) {
            found.add(where, "unknown option", suggestion(name, known));
        } else if (!o->choices.empty() && std::find(o->choices.begin(), o->choices.end(), value) == o->choices.end()) {
            found.add(where, "'" + value + "' is not one of the choices", suggestion(value, o->choices));
        }
    }
    found.throw_if_any<invalid_model>();
    option_values complete = given;
    for (const auto& o : options) complete.emplace(o.name, o.value);
    return complete;
}

cell build(std::string_view name, const option_values& values, std::vector<problem>* repairs) {
    const auto models = all();
    const auto m = std::find_if(models.begin(), models.end(), [&](const model& m) { return m.name == name; });
    if (m == models.end()) {
        const auto known = names_of(models);
        throw invalid_model("model '" + std::string(name) + "'", "unknown model", suggestion(name, known));
    }
    const auto complete = completed("model '" + m->name + "'", m->options, values);
    auto made = m->make(complete);
    if (const auto shape = complete.find("morphology"); repairs && shape != complete.end()) {
        const auto found = read_morphology(shape_file(shape->second)).warnings;
        repairs->insert(repairs->end(), found.begin(), found.end());
    }
    return made;
}

double positive(const option_values& values, const std::string& name, dimension expected) {
    const double value = parse_as(values.at(name), expected, name);
    if (value > 0 && std::isfinite(value)) return value;
    throw invalid_model(name, "'" + values.at(name) + "' is not positive");
}

double number(const option_values& values, const std::string& name, double low, double high) {
    const double value = parse_as(values.at(name), dimensions::none, name);
    if (value >= low && value <= high) return value;
    throw invalid_model(name, fmt::format("'{}' is out of range", values.at(name)), fmt::format("{:g} to {:g}", low, high));
}

int count(const option_values& values, const std::string& name) {
    const double value = positive(values, name, dimensions::none);
    if (value == std::floor(value) && value <= 32767) return static_cast<int>(value);
    throw invalid_model(name, "'" + values.at(name) + "' is not a count", "give a whole number from 1 to 32767");
}

morphology named_shape(const option_values& values, const std::string& name) {
    return read_morphology(shape_file(values.at(name))).shape;
}

void require_section(const morphology& shape, section_type type, const std::string& model) {
    const auto sections = shape.sections();
    if (std::any_of(sections.begin(), sections.end(), [&](const section& s) { return s.type == type; })) return;
    throw invalid_model("model '" + model + "' / morphology", "has no section of type '" + type_name(type) + "'",
                        "give a morphology that has one");
}

}  // namespace apical::models
