// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/bulk.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "core/error.hpp"

namespace apical::python {
namespace {

/// The array as one of the type, converted in one go where it is of another.
template <class T> std::vector<T> copied(nb::handle array, const char* type) {
    using column = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
    const auto converted = nb::cast<column>(nb::module_::import_("numpy").attr("ascontiguousarray")(array, type));
    return {converted.data(), converted.data() + converted.shape(0)};
}

/// What numpy makes of it; `kinds` are the letters of the types that will do.
nb::object as_array(nb::handle value, std::string_view kinds, std::string_view where, const char* wanted) {
    const auto array = nb::module_::import_("numpy").attr("asarray")(value);
    const auto kind = nb::cast<std::string>(array.attr("dtype").attr("kind"));
    const bool is_empty = nb::cast<std::size_t>(array.attr("size")) == 0;
    if (nb::cast<int>(array.attr("ndim")) != 1 || (!is_empty && kinds.find(kind) == kinds.npos))
        throw invalid_model(std::string(where), fmt::format("expected one column of {}, got an array of shape {} and type {}", wanted,
                                                            attribute_text(array, "shape"), attribute_text(array, "dtype")));
    return array;
}

}  // namespace

std::string attribute_text(nb::handle of, const char* name) {
    const nb::object value = of.attr(name);
    return nb::cast<std::string>(nb::str(nb::handle(value)));
}

std::vector<double> read_bulk(nb::handle array, std::string_view where) { return copied<double>(as_array(array, "fiu", where, "numbers"), "float64"); }

std::vector<int> read_indices(nb::handle array, std::string_view where) {
    const auto wide = copied<std::int64_t>(as_array(array, "iu", where, "whole numbers"), "int64");
    std::vector<int> out;
    out.reserve(wide.size());
    for (const auto x : wide) {
        if (x < 0 || x > std::numeric_limits<int>::max()) throw invalid_model(std::string(where), fmt::format("holds {}", x), "indices are counted from 0");
        out.push_back(static_cast<int>(x));
    }
    return out;
}

bulk_series read_bulk_series(nb::handle series, std::initializer_list<dimension> kinds, std::string_view where) {
    const auto unit = customary_unit(*kinds.begin());
    if (!nb::isinstance<nb::tuple>(series) || nb::len(series) != 2 || !nb::isinstance<nb::str>(series[1]))
        throw invalid_model(std::string(where), fmt::format("expected numbers with one unit in [{}]", unit), fmt::format("write (values, \"{}\"), where values is an array", unit));
    const auto one = parse_unit(nb::cast<std::string>(series[1]));
    if (std::ranges::find(kinds, one.dimension) == kinds.end())
        throw invalid_model(std::string(where), fmt::format("expected numbers in [{}], got them in [{}]", unit, nb::cast<std::string>(series[1])));
    bulk_series out{read_bulk(series[0], where), one.dimension};
    for (auto& x : out.values) x *= one.value;
    return out;
}

}  // namespace apical::python
