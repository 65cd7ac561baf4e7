// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <nanobind/nanobind.h>

#include "circuit/projection.hpp"
#include "frontends/python/quantity.hpp"

/// The door for values that may differ from contact to contact.
namespace apical::python {

/// An argument that is a quantity, a pure number or a RandomValue.
struct random_argument { nb::object value; };

/// Throws invalid_model naming `where` unless it is of this dimension.
random_value read_random(nb::handle value, dimension expected, const std::string& where);
/// A RandomValue, or the quantity that a constant one is.
nb::object shown_random(const random_value& v);

}  // namespace apical::python

namespace nanobind::detail {

template <> struct type_caster<apical::python::random_argument> {
    NB_TYPE_CASTER(apical::python::random_argument,
                   const_name("str | tuple[float, str] | float | ") + make_caster<apical::any_quantity>::Name + const_name(" | ") + make_caster<apical::random_value>::Name)
    bool from_python(handle source, uint32_t, cleanup_list*) noexcept {
        value.value = borrow(source);
        return true;
    }
    static handle from_cpp(const apical::python::random_argument& a, rv_policy, cleanup_list*) noexcept { return a.value.inc_ref(); }
};

}  // namespace nanobind::detail
