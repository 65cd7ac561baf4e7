// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuit_model.hpp"

#include <string>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"
#include "io/experiment.hpp"

namespace apical::python {
namespace {

models::option_values values_of(const nb::kwargs& given) {
    models::option_values values;
    for (const auto& [name, value] : given) {
        // yes and no are how options say it
        const bool is_truth = nb::isinstance<nb::bool_>(value);
        values[nb::cast<std::string>(name)] = is_truth ? (nb::cast<bool>(value) ? "yes" : "no") : nb::cast<std::string>(nb::str(value));
    }
    return values;
}

}  // namespace

void bind_circuits(nb::module_& m) {
    using models::circuit_model;
    nb::class_<circuit_model> c(m, "CircuitModel", nb::is_final(), "A ready circuit: call it to build one, with keywords for its options.");
    c.def_ro("name", &circuit_model::name, "str: Its name.");
    c.def_ro("summary", &circuit_model::summary, "str: One line.");
    c.def_ro("source", &circuit_model::source, "str: The papers, with their years.");
    c.def_prop_ro("dt", [](const circuit_model& x) { return shown(x.dt); }, "Quantity: Time step of the runs it is meant for [ms].");
    c.def_prop_ro("temperature", [](const circuit_model& x) { return shown(x.temperature); }, "Quantity: Of these runs.");
    c.def_ro("options", &circuit_model::options, "list of ModelOption: What may be chosen.");
    c.def("__call__", [](const circuit_model& x, const nb::kwargs& given) { return models::build_circuit(x.name, values_of(given)); }, nb::arg("options"),
          nb::sig("def __call__(self, **options: object) -> Circuit"), R"doc(Build the circuit.

Parameters
----------
**options : str, float, int or bool
    Those that differ from the defaults; see `options`.

Returns
-------
Circuit
    To be added to, if you like. Run it with `dt` and `temperature`, or take :meth:`experiment`.

Raises
------
apical.InvalidModel
    If an option is unknown or a value unfit.
)doc");
    c.def("experiment", [](const circuit_model& x, const quantity_argument& until, std::uint64_t seed, int threads, const nb::kwargs& given) {
        experiment e;
        e.title = x.name, e.model = models::build_circuit(x.name, values_of(given)), e.until = as<duration>(until, "until");
        e.run.dt = x.dt, e.run.temperature = x.temperature, e.run.seed = seed, e.run.threads = threads;
        return e;
    }, nb::arg("until") = "1 s", nb::arg("seed") = 0, nb::arg("threads") = 1, nb::arg("options"),
       nb::sig("def experiment(self, until: str | tuple[float, str] | Quantity = '1 s', seed: int = 0, threads: int = 1, **options: object) -> Experiment"),
       R"doc(The circuit with all that a run of it needs.

Parameters
----------
until : Quantity
    How long it runs [ms].
seed : int
    Of all random numbers.
threads : int
    How many.
**options : str, float, int or bool
    Those of the circuit that differ from the defaults.

Returns
-------
Experiment
    With the time step and the temperature that the circuit is meant for.

Raises
------
apical.InvalidModel
    If an option is unknown or a value unfit.
)doc");
    c.def("__repr__", [](const circuit_model& x) { return fmt::format("<CircuitModel {}: {}>", x.name, x.summary); });
    m.def("all_circuits", &models::all_circuits, "Every ready circuit.\n\nReturns\n-------\nlist of CircuitModel\n");
}

}  // namespace apical::python
