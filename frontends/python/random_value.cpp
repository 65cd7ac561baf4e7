// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/random_value.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

using bound = std::optional<quantity_argument>;

const std::vector<std::string>& kinds() {
    static const std::vector<std::string> names{"constant", "uniform", "normal", "lognormal"};
    return names;
}

random_value made(const std::string& kind, const quantity_argument& a, const quantity_argument& b, const bound& low, const bound& high) {
    const auto at = std::ranges::find(kinds(), kind);
    if (at == kinds().end() || at == kinds().begin()) throw invalid_model("RandomValue / kind", fmt::format("'{}' is no distribution", kind), "uniform, normal or lognormal");
    const auto first = read_quantity(a.value, "RandomValue"), second = read_quantity(b.value, "RandomValue");
    const auto same = [&](const quantity_argument& x) { return any_quantity{read_as(x.value, first.dimension, "RandomValue"), first.dimension}; };
    if (second.dimension != first.dimension) same(b);   // says what is expected
    random_value v(static_cast<random_value::kind>(at - kinds().begin()), first, second);
    if (low) v.low = same(*low);
    if (high) v.high = same(*high);
    return v;
}

/// A distribution with a name of its own.
void add_kind(nb::class_<random_value>& c, const char* kind, const char* a, const char* b, const char* doc) {
    c.def_static(kind, [kind](const quantity_argument& x, const quantity_argument& y, const bound& low, const bound& high) { return made(kind, x, y, low, high); },
                 nb::arg(a), nb::arg(b), nb::arg("low") = nb::none(), nb::arg("high") = nb::none(), doc);
}

}  // namespace

random_value read_random(nb::handle value, dimension expected, const std::string& where) {
    random_value v = any_quantity{};
    if (!nb::try_cast(value, v)) return any_quantity{read_as(value, expected, where), expected};
    if (v.mean.dimension != expected)
        throw invalid_model(where, fmt::format("expected {}, got {}", expected.is_none() ? "a pure number" : fmt::format("a quantity in [{}]", customary_unit(expected)), to_text(v.mean)));
    return v;
}

nb::object shown_random(const random_value& v) { return v.of == random_value::kind::constant ? nb::cast(v.mean) : nb::cast(v); }

void bind_random_value(nb::module_& m) {
    nb::class_<random_value> c(m, "RandomValue", nb::is_final(), R"doc(A quantity that differs from contact to contact.

Every contact has a draw of its own, which belongs to the seed, the projection, the cell and the contact.

Parameters
----------
kind : str
    ``"normal"``, ``"lognormal"`` or ``"uniform"``.
mean, spread : Quantity
    Mean and standard deviation, of the value itself also if it is lognormal; or lowest and highest value if it is uniform.
low, high : Quantity, optional
    Values outside are drawn again.

Raises
------
apical.InvalidModel
    If there is no such distribution, or the quantities differ in dimension.

Examples
--------
>>> apical.RandomValue.lognormal("4 nS", "2 nS")
>>> apical.RandomValue.normal("1.5 ms", "0.5 ms", low="0.1 ms")
)doc");
    c.def("__init__", [](random_value* self, const std::string& kind, const quantity_argument& a, const quantity_argument& b, const bound& low, const bound& high) {
        new (self) random_value(made(kind, a, b, low, high));
    }, nb::arg("kind"), nb::arg("mean"), nb::arg("spread"), nb::arg("low") = nb::none(), nb::arg("high") = nb::none());
    add_kind(c, "normal", "mean", "sd", R"doc(A normal value.

Parameters
----------
mean, sd : Quantity
    Mean and standard deviation.
low, high : Quantity, optional
    Values outside are drawn again.

Returns
-------
RandomValue
)doc");
    add_kind(c, "lognormal", "mean", "sd", R"doc(A value whose logarithm is normal.

Parameters
----------
mean, sd : Quantity
    Mean and standard deviation of the value itself.
low, high : Quantity, optional
    Values outside are drawn again.

Returns
-------
RandomValue
)doc");
    add_kind(c, "uniform", "lowest", "highest", R"doc(A value anywhere between two.

Parameters
----------
lowest, highest : Quantity
    The two.
low, high : Quantity, optional
    Values outside are drawn again.

Returns
-------
RandomValue
)doc");
    c.def_prop_ro("kind", [](const random_value& v) { return kinds()[static_cast<std::size_t>(v.of)]; }, "str: The distribution.");
    c.def_ro("mean", &random_value::mean, "Quantity: Its mean; the lowest value if it is uniform.");
    c.def_ro("spread", &random_value::spread, "Quantity: Its standard deviation; the highest value if it is uniform.");
    c.def_ro("low", &random_value::low, "Quantity or None: No value is below.");
    c.def_ro("high", &random_value::high, "Quantity or None: No value is above.");
    plain_value(c, "kind", "mean", "spread", "low", "high");
}

}  // namespace apical::python
