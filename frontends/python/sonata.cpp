// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "io/sonata/build_circuit.hpp"

namespace apical::python {

void bind_sonata(nb::module_& m) {
    using sonata::finding;
    nb::class_<finding> f(m, "SonataFinding", nb::is_final(), "One thing that is to be said about the files of a circuit.");
    f.def_prop_ro("kind", [](const finding& x) { return std::string(name_of(x.kind)); },
                  "str: 'invalid': the files contradict themselves or the format; 'unsupported': well-formed, but Apical cannot do it; 'ignored': read over.");
    f.def_prop_ro("is_error", &finding::is_error, "bool: Whether the circuit cannot be run because of it.");
    f.def_prop_ro("where", [](const finding& x) { return x.about.where; }, "str: File, and line or path in it.");
    f.def_prop_ro("what", [](const finding& x) { return x.about.what; }, "str: What is wrong.");
    f.def_prop_ro("hint", [](const finding& x) { return x.about.hint; }, "str: What would be right, if there is something to say.");
    f.def("__str__", [](const finding& x) { return fmt::format("{}: {}", name_of(x.kind), x.about.text()); });
    f.def("__repr__", [](const finding& x) { return fmt::format("<SonataFinding {}: {}>", name_of(x.kind), x.about.text()); });
    m.def("check_sonata", [](const std::string& path) {
        const nb::gil_scoped_release others_may_run;
        return sonata::examine(path);
    }, nb::arg("path"), R"doc(Everything that is wrong with the files of a circuit.

Parameters
----------
path : str
    config.json, circuit_config.json or simulation_config.json.

Returns
-------
list of SonataFinding
)doc");
}

}  // namespace apical::python
