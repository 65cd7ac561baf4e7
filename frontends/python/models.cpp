// SPDX-License-Identifier: BSD-3-Clause
#include "models/model.hpp"

#include <string>

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {

void bind_models(nb::module_& m) {
    nb::class_<models::option> o(m, "ModelOption", nb::is_final(), "A choice that a ready model leaves open.");
    o.def_ro("name", &models::option::name, "str: The keyword.");
    o.def_ro("value", &models::option::value, "str: Default.");
    o.def_ro("meaning", &models::option::meaning, "str: What it decides.");
    o.def_ro("choices", &models::option::choices, "list of str: What it may be; empty: any text of the default's kind.");
    nb::class_<models::model> c(m, "Model", nb::is_final(), "A ready cell: call it to build one, with keywords for its options.");
    c.def_ro("name", &models::model::name, "str: Its name.");
    c.def_ro("summary", &models::model::summary, "str: One line.");
    c.def_ro("source", &models::model::source, "str: The papers, with their years.");
    c.def_prop_ro("temperature", [](const models::model& x) { return shown(x.temperature); },
                  "Quantity: Of the runs it is meant for.");
    c.def_ro("options", &models::model::options, "list of ModelOption: What may be chosen.");
    c.def("__call__", [](const models::model& model, const nb::kwargs& given) {
        models::option_values values;
        for (const auto& [name, value] : given) values[nb::cast<std::string>(name)] = nb::cast<std::string>(nb::str(value));
        return models::build(model.name, values);
    }, nb::arg("options"), nb::sig("def __call__(self, **options: object) -> Cell"), R"doc(Build the cell.

Parameters
----------
**options : str
    Those that differ from the defaults; see `options`.

Returns
-------
Cell
    To be painted further, if you like.

Raises
------
apical.InvalidModel
    If an option is unknown or a value unfit.
)doc");
    c.def("__repr__", [](const models::model& x) { return fmt::format("<Model {}: {}>", x.name, x.summary); });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("model")(self); },
          nb::sig("def _repr_html_(self) -> str"));
    m.def("all_models", &models::all, "Every ready model.\n\nReturns\n-------\nlist of Model\n");
}

}  // namespace apical::python
