// SPDX-License-Identifier: BSD-3-Clause
#include "io/experiment.hpp"

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/arrays.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/simulation.hpp"
#include "io/results.hpp"
#include "io/spikes.hpp"

namespace apical::python {
namespace {

nb::dict options_of(const experiment& e) { return keywords_of(e.run); }

std::vector<setting> settings_of(const nb::dict& given) {
    std::vector<setting> all;
    for (const auto& [pointer, value] : given)
        all.push_back({nb::cast<std::string>(pointer), nb::cast<std::string>(nb::str(value))});
    return all;
}

void bind_experiment_type(nb::module_& m) {
    nb::class_<experiment> c(m, "Experiment", nb::is_final(),
                             R"doc(Everything a run needs: the model, how to run it, and for how long. Made by :func:`read_experiment`,
:func:`apical.sonata.read` and :meth:`apical.circuits.CircuitModel.experiment`.

Examples
--------
>>> experiment = apical.read_experiment("bac_firing.json")
>>> simulation = apical.Simulation(experiment.circuit, **experiment.options)
>>> simulation.run(experiment.until)
)doc");
    c.def_ro("title", &experiment::title, "str: Its title.");
    c.def_prop_ro("circuit", [](const experiment& e) { return e.model; }, "Circuit: The model, a copy.");
    c.def_prop_ro("options", options_of, nb::sig("def options(self) -> dict[str, typing.Any]"),
                  "dict: Keywords for :class:`Simulation` and :func:`compile`.");
    c.def_prop_ro("until", [](const experiment& e) { return shown(e.until); }, "Quantity: How long it runs [ms].");
    c.def("write", [](const experiment& e, const running& done, const std::optional<std::filesystem::path>& folder, bool may_replace) {
        experiment told = e;
        if (folder) told.output.folder = *folder;
        return write_results(told, done.now(), {done.what().seconds, done.seconds(), {done.now().statistics()}}, may_replace ? overwrite::yes : overwrite::no);
    }, nb::arg("simulation"), nb::arg("folder") = nb::none(), nb::arg("overwrite") = false,
       nb::sig("def write(self, simulation: Simulation, folder: str | os.PathLike[str] | None = None, overwrite: bool = False) -> "
               "list[pathlib.Path]"),
       R"doc(Write what the file asks for: spikes, traces, a report.

Parameters
----------
simulation : Simulation
    Of this experiment.
folder : str or path-like, optional
    Where to, in place of the folder that the file names; it is created.
overwrite : bool
    Whether files that are there may be replaced.

Returns
-------
list of pathlib.Path
    The files written.

Raises
------
apical.InvalidInput
    If a file cannot be written; each is whole or not there.
)doc");
    c.def("__repr__", [](const experiment& e) { return fmt::format("<Experiment '{}': {} ms>", e.title, e.until.coherent()); });
}

nb::dict spikes_in(const std::filesystem::path& path) {
    nb::dict all;
    for (auto& p : read_spikes(path)) {
        nb::dict columns;
        const auto owner = keep(std::move(p.cells));
        const auto& cells = *static_cast<const std::vector<std::uint64_t>*>(owner.data());
        using view = nb::ndarray<nb::numpy, const std::uint64_t, nb::ndim<1>>;
        all[p.population.c_str()] = nb::make_tuple(owned_array(std::move(p.times)),
                                                   nb::cast(view(cells.data(), {cells.size()}, owner)));
    }
    return all;
}

}  // namespace

void bind_experiment(nb::module_& m) {
    bind_experiment_type(m);
    m.def("read_experiment", [](const std::filesystem::path& path, const nb::dict& settings) {
        return read_experiment(path, settings_of(settings));
    }, nb::arg("path"), nb::arg("settings") = nb::dict(),
          nb::sig("def read_experiment(path: str | os.PathLike[str], settings: dict[str, object] = {}) -> Experiment"),
          R"doc(Read an experiment from a JSON file, the one that the command line runs.

Parameters
----------
path : str or path-like
    The file; files it names are looked for beside it.
settings : dict of str to object
    Values that take the place of those in the file, by JSON pointer: ``{"/run/dt": "0.1 ms"}``.

Returns
-------
Experiment

Raises
------
apical.InvalidInput
    With every problem found, each with where it is: ``file.json:12 /run/dt``.
)doc");
    m.def("read_spikes", spikes_in, nb::arg("path"),
          nb::sig("def read_spikes(path: str | os.PathLike[str]) -> "
                  "dict[str, tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.uint64]]]"),
          R"doc(Read a SONATA spike file.

Parameters
----------
path : str or path-like
    The file.

Returns
-------
dict of str to (ndarray, ndarray)
    For each population the times [ms] and the cells, of one length.

Raises
------
apical.InvalidInput
    With the file, the place in it and what is wrong.
)doc");
}

}  // namespace apical::python
