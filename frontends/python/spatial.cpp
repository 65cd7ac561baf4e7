// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/spatial.hpp"

#include <nanobind/stl/string.h>

#include "core/error.hpp"

namespace apical::python {
namespace {

/// Text that is no more than a number and a unit.
bool is_plain(const std::string& text) {
    try {
        static_cast<void>(parse_quantity(text));
        return true;
    } catch (const invalid_model&) {
        return false;
    }
}

spatial_value from_text(const std::string& text, dimension expected, const std::string& where) {
    if (is_plain(text)) return any_quantity{parse_as(text, expected, where), expected};
    try {
        static_cast<void>(parse_value(text, expected));
    } catch (const invalid_model& e) {
        auto problems = e.problems();
        for (auto& p : problems) p.where = p.where.empty() ? where : where + " / " + p.where;
        throw invalid_model(std::move(problems));
    }
    return text;
}

}  // namespace

python_function::python_function(nb::object callable, dimension expected, std::string where)
    : callable_(new nb::object(std::move(callable)), [](nb::object* held) {
          const nb::gil_scoped_acquire gil;
          delete held;
      }),
      expected_(expected), where_(std::move(where)) {}

double python_function::operator()(const place& p) const {
    const nb::gil_scoped_acquire gil;
    const seen_place seen{p.shape->name(p.section), p.x, p.distance, p.diameter, p.order};
    return read_as((*callable_)(seen), expected_, where_);
}

spatial_value read_spatial(nb::handle value, dimension expected, const std::string& where) {
    if (nb::isinstance<nb::str>(value)) return from_text(nb::cast<std::string>(value), expected, where);
    if (PyCallable_Check(value.ptr())) return spatial_value::function(python_function(nb::borrow(value), expected, where));
    return any_quantity{read_as(value, expected, where), expected};
}

nb::object shown(const spatial_value& value) {
    struct visitor {
        nb::object operator()(const any_quantity& q) const { return nb::cast(q); }
        nb::object operator()(const std::string& text) const { return nb::cast(text); }
        nb::object operator()(const spatial_value::function& f) const {
            const auto* held = f.target<python_function>();
            return held ? held->callable() : nb::none();
        }
    };
    return std::visit(visitor{}, value.value());
}

}  // namespace apical::python
