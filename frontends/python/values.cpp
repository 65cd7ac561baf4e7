// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/values.hpp"

#include <functional>
#include <string>

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "core/quantity_text.hpp"

namespace apical::python {
namespace {

nb::tuple state_of(nb::handle self, const nb::tuple& attributes) {
    nb::list values;
    for (nb::handle name : attributes) values.append(self.attr(nb::cast<const char*>(name)));
    return nb::tuple(values);
}

/// Quantities are shown as the text one would write.
std::string shown(nb::handle value) {
    const bool is_quantity = nb::isinstance<any_quantity>(value);
    return nb::cast<std::string>(nb::repr(is_quantity ? nb::object(nb::str(value)) : nb::borrow(value)));
}

std::string repr(nb::handle self, const nb::tuple& attributes) {
    std::string arguments;
    const auto values = state_of(self, attributes);
    for (std::size_t i = 0; i < nb::len(attributes); ++i)
        arguments += fmt::format("{}{}={}", i ? ", " : "", nb::cast<std::string>(attributes[i]), shown(values[i]));
    return fmt::format("{}({})", nb::cast<std::string>(self.type().attr("__name__")), arguments);
}

}  // namespace

void make_plain_value(nb::handle type, nb::tuple attributes) {
    set_method(type, "__repr__", "def __repr__(self) -> str", [attributes](nb::handle self) { return repr(self, attributes); });
    set_method(type, "__hash__", "def __hash__(self) -> int", [attributes](nb::handle self) { return std::hash<std::string>{}(repr(self, attributes)); });
    set_method(type, "__reduce__", reduce_signature, [attributes](nb::handle self) {
        return nb::make_tuple(nb::borrow(self.type()), state_of(self, attributes));
    });
    set_method(type, "__eq__", "def __eq__(self, other: object, /) -> bool", [attributes](nb::handle self, nb::handle other) -> nb::object {
        if (!self.type().is(other.type())) return nb::borrow(Py_NotImplemented);
        return nb::borrow(state_of(self, attributes).equal(state_of(other, attributes)) ? Py_True : Py_False);
    });
}

}  // namespace apical::python
