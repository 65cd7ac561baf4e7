// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/quantity.hpp"

#include <cmath>
#include <functional>
#include <string>

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

std::string repr_of(nb::handle h) { return nb::cast<std::string>(nb::repr(h)); }

bool is_number(nb::handle h) { return !nb::isinstance<nb::str>(h) && PyNumber_Check(h.ptr()) && nb::hasattr(h, "__float__"); }

double finite(nb::handle h, std::string_view where) {
    const double x = PyFloat_AsDouble(h.ptr());
    if (PyErr_Occurred()) throw nb::python_error();
    if (!std::isfinite(x)) throw invalid_model(std::string(where), fmt::format("{} is not a finite number", x));
    return x;
}

bool is_celsius(std::string_view unit) { return unit == "degC" || unit == "celsius"; }

/// Text is parsed with the number, so that degC, which has an offset, works here too.
any_quantity from_pair(nb::handle number, nb::handle unit, std::string_view where) {
    const double x = finite(number, where);
    const auto text = nb::cast<std::string>(unit);
    if (is_celsius(text)) return {celsius(x).coherent(), dimensions::temperature};
    const auto one = parse_unit(text);
    return {x*one.value, one.dimension};
}

bool is_pair(nb::handle h) {
    return (nb::isinstance<nb::tuple>(h) || nb::isinstance<nb::list>(h)) && nb::len(h) == 2 && nb::isinstance<nb::str>(h[1]);
}

/// The same finding, told where it happened.
template <class F> auto told_where(std::string_view where, F&& f) {
    try {
        return f();
    } catch (const invalid_model& e) {
        auto problems = e.problems();
        for (auto& p : problems)
            p.where = p.where.empty() || p.where == where ? std::string(where) : fmt::format("{} / {}", where, p.where);
        throw invalid_model(std::move(problems));
    }
}

std::string unit_of(dimension d) { return d.is_none() ? "1" : customary_unit(d); }

[[noreturn]] void refuse_dimension(nb::handle value, any_quantity got, dimension expected, std::string_view where) {
    const auto unit = customary_unit(expected);
    if (is_number(value) && got.dimension.is_none())
        throw invalid_model(std::string(where),
                            fmt::format("expected a quantity in [{}], got the bare number {}", unit, repr_of(value)),
                            fmt::format("write \"{0} {1}\" or ({0}, \"{1}\")", got.value, unit));
    throw invalid_model(std::string(where), fmt::format("expected a quantity in [{}], got {}", unit_of(expected), to_text(got)),
                        fmt::format("[{}] is another dimension", unit_of(got.dimension)));
}

double in_unit(any_quantity q, const std::string& unit) {
    if (is_celsius(unit) && q.dimension == dimensions::temperature) return in_celsius(temperature::coherent(q.value));
    const auto one = parse_unit(unit);
    if (one.dimension != q.dimension)
        throw invalid_model(fmt::format("'{}'", unit),
                            fmt::format("a quantity in [{}] has no value in this unit", unit_of(q.dimension)));
    return number_of(q, one);
}

void same_dimension(any_quantity a, any_quantity b, std::string_view sign) {
    if (a.dimension != b.dimension)
        throw invalid_model(fmt::format("{} {} {}", to_text(a), sign, to_text(b)), "the two have different dimensions");
}

/// A product that lost its dimension is a plain number.
nb::object reduced(any_quantity q) { return q.dimension.is_none() ? nb::cast(q.value) : nb::cast(q); }

nb::object product(any_quantity a, any_quantity b) { return reduced({a.value*b.value, a.dimension*b.dimension}); }
nb::object ratio(any_quantity a, any_quantity b) { return reduced({a.value/b.value, a.dimension/b.dimension}); }
any_quantity sum(any_quantity a, any_quantity b) {
    same_dimension(a, b, "+");
    return {a.value + b.value, a.dimension};
}
any_quantity difference(any_quantity a, any_quantity b) {
    same_dimension(a, b, "-");
    return {a.value - b.value, a.dimension};
}

/// Defines an operator whose other side is whatever stands for a quantity, or a number.
template <class F> void add_operator(nb::class_<any_quantity>& c, const char* name, const char* returns, F f) {
    const auto signature = fmt::format("def {}(self, other: str | tuple[float, str] | Quantity | float) -> {}", name, returns);
    c.def(name, [f](any_quantity a, nb::handle other) { return f(a, read_quantity(other, "Quantity")); },
          nb::sig(signature.c_str()));
}

void add_arithmetic(nb::class_<any_quantity>& c) {
    const auto reversed = [](auto f) { return [f](any_quantity a, any_quantity b) { return f(b, a); }; };
    add_operator(c, "__mul__", "typing.Any", product), add_operator(c, "__rmul__", "typing.Any", reversed(product));
    add_operator(c, "__truediv__", "typing.Any", ratio), add_operator(c, "__rtruediv__", "typing.Any", reversed(ratio));
    add_operator(c, "__add__", "Quantity", sum), add_operator(c, "__radd__", "Quantity", reversed(sum));
    add_operator(c, "__sub__", "Quantity", difference), add_operator(c, "__rsub__", "Quantity", reversed(difference));
    c.def("__neg__", [](any_quantity a) { return any_quantity{-a.value, a.dimension}; });
    c.def("__abs__", [](any_quantity a) { return any_quantity{std::abs(a.value), a.dimension}; });
}

void add_comparisons(nb::class_<any_quantity>& c) {
    c.def("__eq__", [](any_quantity a, any_quantity b) { return a == b; }, nb::is_operator(),
          nb::sig("def __eq__(self, other: object, /) -> bool"));
    c.def("__hash__", [](any_quantity a) { return std::hash<double>{}(a.value); });
    const auto compared = [](const char* sign, auto f) {
        return [sign, f](any_quantity a, any_quantity b) { return same_dimension(a, b, sign), f(a.value, b.value); };
    };
    add_operator(c, "__lt__", "bool", compared("<", std::less<>{}));
    add_operator(c, "__le__", "bool", compared("<=", std::less_equal<>{}));
    add_operator(c, "__gt__", "bool", compared(">", std::greater<>{}));
    add_operator(c, "__ge__", "bool", compared(">=", std::greater_equal<>{}));
}

const char* const quantity_doc = R"doc(A number with its dimension.

Wherever Apical wants a quantity, text (``"0.12 S/cm2"``) or a pair (``(0.12, "S/cm2")``) will do; a ``Quantity`` is what it
gives back. Quantities add, multiply and compare with each other and with text.

Parameters
----------
value : str, Quantity, tuple of float and str, or float
    Text with a number and a unit; or the number alone, with `unit` beside it.
unit : str, optional
    ``"S/cm2"``, ``"ohm cm"``, ``"mV"``, ``"degC"``, ... SI prefixes and integer powers are understood.

Raises
------
apical.InvalidModel
    If the text is not a finite number and a known unit.

Examples
--------
>>> apical.Quantity("0.12 S/cm2").to("mS/cm2")
120.0
>>> apical.Quantity(300, "pA") + "0.2 nA"
Quantity('0.5 nA')
)doc";

}  // namespace

any_quantity read_quantity(nb::handle value, std::string_view where) {
    any_quantity q;
    if (nb::try_cast(value, q)) return q;
    if (nb::isinstance<nb::str>(value)) return told_where(where, [&] { return parse_quantity(nb::cast<std::string>(value)); });
    if (is_pair(value)) return told_where(where, [&] { return from_pair(value[0], value[1], where); });
    if (is_number(value)) return {finite(value, where), dimensions::none};
    throw invalid_model(std::string(where), fmt::format("expected a quantity, got {}", repr_of(value)),
                        R"(write text, "0.12 S/cm2", or a number and a unit, (0.12, "S/cm2"))");
}

double read_as(nb::handle value, dimension expected, std::string_view where) {
    const auto q = read_quantity(value, where);
    if (q.dimension != expected) refuse_dimension(value, q, expected, where);
    return q.value;
}

std::vector<double> read_series(const series_argument& series, dimension expected, std::string_view where) {
    const auto unit = customary_unit(expected);
    if (!is_pair(series.value))
        throw invalid_model(std::string(where), fmt::format("expected numbers with one unit in [{}]", unit),
                            fmt::format("write (values, \"{}\"), where values is a sequence or an array", unit));
    const auto one = told_where(where, [&] { return parse_unit(nb::cast<std::string>(series.value[1])); });
    if (one.dimension != expected)
        throw invalid_model(std::string(where), fmt::format("expected numbers in [{}], got them in [{}]", unit,
                                                            nb::cast<std::string>(series.value[1])));
    std::vector<double> values;
    for (nb::handle item : series.value[0]) values.push_back(one.value*finite(item, where));
    return values;
}

nb::tuple shown_series(const std::vector<double>& values, const char* unit) { return nb::make_tuple(nb::cast(values), unit); }

void bind_quantity(nb::module_& m) {
    nb::class_<any_quantity> c(m, "Quantity", nb::is_final(), quantity_doc);
    c.def("__init__", [](any_quantity* self, const quantity_argument& value, nb::object unit) {
        const auto given = unit.is_none() ? value.value : nb::make_tuple(value.value, unit);
        new (self) any_quantity(read_quantity(given, "Quantity"));
    }, nb::arg("value"), nb::arg("unit") = nb::none(),
    nb::sig("def __init__(self, value: str | tuple[float, str] | Quantity | float, unit: str | None = None) -> None"));
    c.def("to", in_unit, nb::arg("unit"), R"doc(How many of a unit this is.

Parameters
----------
unit : str
    A unit of the same dimension; ``"degC"`` for temperatures.

Returns
-------
float
    The number, in `unit`.

Raises
------
apical.InvalidModel
    If the unit has another dimension.
)doc");
    c.def_prop_ro("value", [](any_quantity q) { return in_unit(q, customary_unit(q.dimension)); }, "float: The number, in `unit`.");
    c.def_prop_ro("unit", [](any_quantity q) { return customary_unit(q.dimension); },
                  "str: The customary unit of this dimension, e.g. ``\"S/cm2\"``.");
    add_arithmetic(c);
    add_comparisons(c);
    c.def("__str__", [](any_quantity q) { return to_text(q); });
    c.def("__repr__", [](any_quantity q) { return fmt::format("Quantity('{}')", to_text(q)); });
    c.def("__reduce__", [](nb::handle self) {
        return nb::make_tuple(nb::borrow(self.type()), nb::make_tuple(self.attr("value"), self.attr("unit")));
    }, nb::sig(reduce_signature));
}

}  // namespace apical::python
