// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include <nanobind/nanobind.h>

#include "core/quantity_text.hpp"
#include "engine/catalogue.hpp"

namespace apical::python {

/// The parameters of a receptor, from keywords or a mapping. Throws invalid_model for what is none.
std::map<std::string, any_quantity> settings_of(const std::string& name, const nanobind::dict& given);
std::map<std::string, any_quantity> settings_of(const mechanism_schema& schema, const nanobind::dict& given);

}  // namespace apical::python
