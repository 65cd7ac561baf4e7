// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <nanobind/nanobind.h>

#include "frontends/python/quantity.hpp"
#include "morphology/compartments.hpp"
#include "morphology/expression.hpp"
#include "morphology/morphology.hpp"

namespace apical::python {

/// "soma", "axon", "basal" or "dend", "apical" or "apic", "undefined", or a number of the SWC format.
section_type section_type_of(nb::handle);
/// A Location, or a location expression with one result.
location location_of(const morphology&, nb::handle);
/// A rule as text, or one count for each section.
compartment_rule compartment_rule_of(nb::handle);
/// The reverse: text, or a list of counts.
nb::object shown(const compartment_rule&);

/// Morphology.evaluate: a float64 array.
nb::object evaluate(const morphology&, const std::string& value, const std::string& unit, nb::handle at);
/// Morphology.discretise: a structured array of nodes.
nb::object discretise_text(const morphology&, nb::handle rule, const quantity_argument& resistivity,
                           const quantity_argument& capacitance);

}  // namespace apical::python
