// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <vector>

#include <nanobind/nanobind.h>

#include "core/quantity_text.hpp"

/// The door for numbers with units: what a Python user may write where the library wants a quantity.
namespace apical::python {

namespace nb = nanobind;

/// An argument that is a quantity: "0.12 S/cm2", (0.12, "S/cm2") or a Quantity.
struct quantity_argument { nb::object value; };
/// An argument that is many quantities of one unit: ([0, 1, 2], "ms").
struct series_argument { nb::object value; };

/// A quantity of any dimension; a bare number is one of dimension none. Throws invalid_model naming `where`.
any_quantity read_quantity(nb::handle value, std::string_view where);
/// The value in the coherent set. Throws invalid_model if the dimension is another one; a bare number is told what to write.
double read_as(nb::handle value, dimension expected, std::string_view where);
std::vector<double> read_series(const series_argument& series, dimension expected, std::string_view where);

template <dimension D> quantity<D> read(const quantity_argument& a, std::string_view where) {
    return quantity<D>::coherent(read_as(a.value, D, where));
}
template <class Q> Q as(const quantity_argument& a, std::string_view where) {
    return [&]<dimension D>(quantity<D>) { return read<D>(a, where); }(Q{});
}
template <dimension D> any_quantity shown(quantity<D> q) { return {q.coherent(), D}; }

/// A (array, unit) pair as people write it, from numbers in the coherent set.
nb::tuple shown_series(const std::vector<double>& values, const char* unit);

}  // namespace apical::python

namespace nanobind::detail {

template <> struct type_caster<apical::python::quantity_argument> {
    NB_TYPE_CASTER(apical::python::quantity_argument,
                   const_name("str | tuple[float, str] | ") + make_caster<apical::any_quantity>::Name)
    bool from_python(handle source, uint32_t, cleanup_list*) noexcept {
        value.value = borrow(source);
        return true;
    }
    static handle from_cpp(const apical::python::quantity_argument& a, rv_policy, cleanup_list*) noexcept {
        return a.value.inc_ref();
    }
};

template <> struct type_caster<apical::python::series_argument> {
    NB_TYPE_CASTER(apical::python::series_argument,
                   const_name("tuple[numpy.typing.ArrayLike, str]"))
    bool from_python(handle source, uint32_t, cleanup_list*) noexcept {
        value.value = borrow(source);
        return true;
    }
    static handle from_cpp(const apical::python::series_argument& a, rv_policy, cleanup_list*) noexcept {
        return a.value.inc_ref();
    }
};

}  // namespace nanobind::detail
