// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "circuit/stimulus.hpp"

namespace apical::python {

namespace nb = nanobind;

using place_text = std::optional<std::string>;
using cell_list = std::optional<std::vector<int>>;

/// `on` is a Target, or the name of a population with `at` and `cells` beside it. Throws invalid_model if the location
/// expression is wrong, or a Target comes with `at` or `cells`.
target read_target(nb::handle on, const place_text& at, const cell_list& cells, const std::string& where);

/// The keywords every constructor with a target ends with, and what its docstring says about them.
inline const char* const target_parameters = R"doc(on : str or Target
    The population, or a population with a place and cells.
at : str, optional
    A location expression, ``"soma(0.5)"`` by default; at more than one location there is one copy at each.
cells : sequence of int, optional
    Indices within the population; by default all.
)doc";

}  // namespace apical::python
