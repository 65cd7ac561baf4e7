// SPDX-License-Identifier: BSD-3-Clause
#include <cstddef>
#include <utility>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/morphology.hpp"

namespace apical::python {

section_type section_type_of(nb::handle type) {
    if (!nb::isinstance<nb::str>(type)) return static_cast<section_type>(nb::cast<int>(type));
    const auto name = nb::cast<std::string>(type);
    constexpr std::pair<std::string_view, section_type> known[] = {
        {"soma", section_type::soma},   {"axon", section_type::axon},     {"basal", section_type::basal},        {"dend", section_type::basal},
        {"apical", section_type::apical}, {"apic", section_type::apical}, {"undefined", section_type::undefined},
    };
    std::vector<std::string> names;
    for (const auto& [text, value] : known) {
        if (text == name) return value;
        names.emplace_back(text);
    }
    throw invalid_model("section type", fmt::format("unknown type '{}'", name), suggestion(name, names));
}

location location_of(const morphology& m, nb::handle place) {
    location one;
    if (nb::try_cast(place, one)) return one;
    const auto text = nb::cast<std::string>(place);
    const auto all = parse_locations(text).on(m);
    if (all.size() == 1) return all.front();
    throw invalid_model(fmt::format("'{}'", text), fmt::format("expected one place, found {}", all.size()),
                        "write thickest(...), or name the section");
}

compartment_rule compartment_rule_of(nb::handle rule) {
    if (nb::isinstance<nb::str>(rule)) return parse_compartment_rule(nb::cast<std::string>(rule));
    std::vector<int> counts;
    if (nb::try_cast(rule, counts)) return explicit_counts{std::move(counts)};
    throw invalid_model("compartments", "expected a rule or a list of counts, got " + nb::cast<std::string>(nb::repr(rule)),
                        "write \"d_lambda(0.1, 100 Hz)\", \"max_length(40 um)\", \"per_length(40 um)\", \"count(1)\" or [1, 3, ...]");
}

nb::object shown(const compartment_rule& rule) {
    if (const auto* counts = std::get_if<explicit_counts>(&rule)) return nb::cast(counts->per_section);
    return nb::cast(to_text(rule));
}

nb::object evaluate(const morphology& m, const std::string& value, const std::string& unit, nb::handle at) {
    const auto one = parse_unit(unit);
    const auto expression = parse_value(value, one.dimension).bound_to(m);
    std::vector<location> where;
    if (!nb::try_cast(at, where)) where = parse_locations(nb::cast<std::string>(at)).on(m);
    std::vector<double> values;
    for (const auto& l : where) values.push_back(expression.at(apical::at(m, l))/one.value);
    return owned_array(std::move(values));
}

nb::object discretise_text(const morphology& m, nb::handle rule, const quantity_argument& resistivity,
                           const quantity_argument& capacitance) {
    const cable_properties uniform{as<apical::resistivity>(resistivity, "discretise / resistivity").coherent(),
                                   as<capacitance_density>(capacitance, "discretise / capacitance").coherent()};
    const std::vector<cable_properties> properties(static_cast<std::size_t>(m.size()), uniform);
    auto cut = discretise(m, compartment_counts(m, compartment_rule_of(rule), properties), properties);
    const auto owner = keep(std::move(cut.nodes));
    const auto& kept = *static_cast<const std::vector<node>*>(owner.data());
    return record_view(kept.data(), kept.size(), sizeof(node),
                       {{"section", "i4", offsetof(node, section)}, {"x", "f8", offsetof(node, x)},
                        {"parent", "i4", offsetof(node, parent)},
                        {"area", "f8", offsetof(node, area)}, {"resistance", "f8", offsetof(node, resistance)},
                        {"diameter", "f8", offsetof(node, diameter)}, {"distance", "f8", offsetof(node, distance)}}, owner);
}

}  // namespace apical::python
