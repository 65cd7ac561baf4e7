// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"
#include "io/experiment.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/sonata/write_circuit.hpp"

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
    m.def("read_sonata", [](const std::filesystem::path& path, const std::optional<std::string>& scheme, const std::optional<std::string>& constants, int threads) {
        sonata::build_options how{.threads = threads};
        if (scheme) how.scheme = parse_scheme(*scheme);
        if (constants) how.constants = parse_constants(*constants);
        const nb::gil_scoped_release others_may_run;
        sonata::findings found;
        const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(path, found));
        found.throw_if_errors();
        auto built = sonata::build_circuit(files, how, found);
        found.throw_if_errors();
        experiment e;
        e.title = path.filename().string(), e.model = std::move(built.model), e.run = built.run, e.until = built.until;
        e.output.folder = files->settings.output.folder;
        for (const auto& f : found.all()) e.warnings.push_back(f.about);
        return e;
    }, nb::arg("path"), nb::arg("scheme") = nb::none(), nb::arg("constants") = nb::none(), nb::arg("threads") = 1,
       nb::sig("def read_sonata(path: str | os.PathLike[str], scheme: str | None = None, constants: str | None = None, threads: int = 1) -> Experiment"),
       R"doc(Read a circuit in the SONATA format, to be run.

Parameters
----------
path : str or path-like
    A configuration.
scheme, constants : str, optional
    Of the run; see :class:`Simulation`. By default those of a circuit that Apical wrote, else ``"backward_euler"`` and ``"modern"``.
threads : int
    Of the run.

Returns
-------
Experiment

Raises
------
apical.InvalidInput, apical.Unsupported
    With everything that is wrong with the files, or that cannot be run.
)doc");
}

void bind_sonata_writer(nb::class_<circuit>& c) {
    static const auto signature = fmt::format("def write_sonata(self, folder: str | os.PathLike[str], until: str | tuple[float, str] | Quantity = '1 s', overwrite: bool = False, *, {}) -> list[pathlib.Path]",
                                              option_signature);
    static const auto doc = fmt::format(R"doc(Write the circuit as SONATA files, for others to run: nodes, edges, types, morphologies, components, spikes of sources, and
a configuration. Every draw is made. What SONATA has no words for is written in Apical's own, and :func:`apical.sonata.read` makes of the files a circuit
with the same spikes, to the last bit.

Parameters
----------
folder : str or path-like
    Where to; it is created.
until : Quantity
    How long the run of the configuration is, and how far random trains are written out [ms].
overwrite : bool
    Whether the folder may hold files already.
{}
Returns
-------
list of pathlib.Path
    The files written.

Raises
------
apical.InvalidModel
    If the circuit does not compile.
apical.Unsupported
    For what no file can hold, such as a name with a slash.
apical.InvalidInput
    If the folder cannot be written to.
)doc", option_parameters);
    c.def("write_sonata", [](const circuit& self, const std::filesystem::path& folder, const quantity_argument& until, bool may_replace, const nb::kwargs& options) {
        const sonata_export how{read_options(options), as<duration>(until, "write_sonata / until"), may_replace ? overwrite::yes : overwrite::no};
        return write_sonata(self, folder, how);
    }, nb::arg("folder"), nb::arg("until") = "1 s", nb::arg("overwrite") = false, nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
}

}  // namespace apical::python
