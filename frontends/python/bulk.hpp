// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/python/arrays.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/values.hpp"

/// The door for long columns: whole arrays, without a Python object for each element.
namespace apical::python {

/// A column of numbers, nan among them. Throws invalid_model naming `where` if it has more than one dimension or is no array of numbers.
std::vector<double> read_bulk(nb::handle array, std::string_view where);
/// A column of whole numbers.
std::vector<int> read_indices(nb::handle array, std::string_view where);

/// str() of an attribute, for messages.
std::string attribute_text(nb::handle of, const char* name);

/// Numbers of one unit, coherent, and what kind they are of.
struct bulk_series {
    std::vector<double> values;
    dimension unit;
};
/// (array, unit), where the unit is of one of these dimensions; the first is what a message shows.
bulk_series read_bulk_series(nb::handle series, std::initializer_list<dimension> kinds, std::string_view where);

/// A read-only array that owns the values.
template <class T> nb::object bulk_array(std::vector<T> values) {
    const auto owner = keep(std::move(values));
    const auto& kept = *static_cast<std::vector<T>*>(owner.data());
    using array = nb::ndarray<nb::numpy, const T, nb::ndim<1>>;
    return nb::cast(array(kept.data(), {kept.size()}, owner));
}

/// Gives a bound class the manners of a value whose members are long: equality by `same`, a short repr, and pickling by the attributes,
/// which are the positional arguments of its constructor.
template <class T, class Same, class Repr> void bulk_value(nb::class_<T>& c, Same same, Repr repr, std::initializer_list<const char*> attributes) {
    nb::list names;
    for (const char* a : attributes) names.append(a);
    set_method(c, "__repr__", "def __repr__(self) -> str", [repr](const T& self) { return repr(self); });
    set_method(c, "__hash__", "def __hash__(self) -> int", [repr](const T& self) { return std::hash<std::string>{}(repr(self)); });
    set_method(c, "__eq__", "def __eq__(self, other: object, /) -> bool", [same](const T& self, nb::handle other) -> nb::object {
        if (!nb::isinstance<T>(other)) return nb::borrow(Py_NotImplemented);
        return nb::borrow(same(self, nb::cast<const T&>(other)) ? Py_True : Py_False);
    });
    set_method(c, "__reduce__", reduce_signature, [names](nb::handle self) {
        nb::list values;
        for (nb::handle name : names) values.append(self.attr(nb::cast<const char*>(name)));
        return nb::make_tuple(nb::borrow(self.type()), nb::tuple(values));
    });
}

}  // namespace apical::python
