// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <nanobind/nanobind.h>

namespace apical::python {

namespace nb = nanobind;

/// Sets a method of a bound class, in place of one that is there. The signature is what stubs show, "def name(self) -> str".
template <class F> void set_method(nb::handle type, const char* name, const char* signature, F f) {
    if (nb::dict own = nb::dict(type.attr("__dict__")); own.contains(name)) nb::delattr(type, name);  // else it would be an overload
    type.attr(name) = nb::cpp_function(std::move(f), nb::name(name), nb::scope(type), nb::is_method(), nb::sig(signature));
}

inline const char* const reduce_signature = "def __reduce__(self) -> tuple[typing.Any, ...]";

/// Gives a bound class the manners of a plain value: repr, equality, hash and pickling, all from these attributes, which are
/// the positional arguments of its constructor.
void make_plain_value(nb::handle type, nb::tuple attributes);

template <class... Name> void plain_value(nb::handle type, Name... attributes) {
    make_plain_value(type, nb::make_tuple(attributes...));
}

}  // namespace apical::python
