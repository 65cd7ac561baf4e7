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

/// An argument that is the name of a population, or a Target.
struct population_argument { nb::object value; };
using place_text = std::optional<std::string>;
using cell_list = std::optional<std::vector<int>>;

/// `on` is a Target, or the name of a population with `at` and `cells` beside it. Throws invalid_model if the location
/// expression is wrong, or a Target comes with `at` or `cells`.
target read_target(const population_argument& on, const place_text& at, const cell_list& cells, const std::string& where);

}  // namespace apical::python

namespace nanobind::detail {

template <> struct type_caster<apical::python::population_argument> {
    NB_TYPE_CASTER(apical::python::population_argument, const_name("str | ") + make_caster<apical::target>::Name)
    bool from_python(handle source, uint32_t, cleanup_list*) noexcept {
        value.value = borrow(source);
        return true;
    }
    static handle from_cpp(const apical::python::population_argument& a, rv_policy, cleanup_list*) noexcept {
        return a.value.inc_ref();
    }
};

}  // namespace nanobind::detail
