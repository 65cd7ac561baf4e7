// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include <nanobind/nanobind.h>

#include "engine/catalogue.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {

/// The built-in catalogue, made once.
const catalogue& built_in();

/// A mechanism that was read from NMODL, as a MechanismSchema.
nb::object entry_of(std::shared_ptr<const nmodl::mechanism> imported);

/// MechanismSchema.gates: for each state its steady values and time constants over the voltages.
nb::dict gate_curves(const catalogue::entry& e, nb::handle voltages, const quantity_argument& at_temperature,
                     const nb::kwargs& parameters);

}  // namespace apical::python
