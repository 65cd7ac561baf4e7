// SPDX-License-Identifier: BSD-3-Clause
#include "engine/catalogue.hpp"

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "channels/nmodl/supplied.hpp"
#include "circuit/cell.hpp"
#include "core/error.hpp"
#include "engine/kernels/view.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/catalogue.hpp"
#include "io/mechanisms.hpp"

namespace apical::python {
namespace {

nb::object ion_or_none(ion i) { return i == ion::none ? nb::none() : nb::object(nb::str(std::string(ion_name(i)).c_str())); }

const char* kind_name(mechanism_kind k) {
    return k == mechanism_kind::channel ? "channel" : k == mechanism_kind::pool ? "pool" : "receptor";
}

nb::dict by_name(const std::vector<field>& fields) {
    nb::dict all;
    for (const auto& f : fields) all[nb::str(f.name.data(), f.name.size())] = nb::cast(f);
    return all;
}

void bind_field(nb::module_& m) {
    nb::class_<field> f(m, "Field", nb::is_final(), "One parameter or state of a mechanism: a row of its schema.");
    f.def_ro("name", &field::name, "str: What it is called.");
    f.def_ro("value", &field::value, "float: Default, in `unit`.");
    f.def_ro("unit", &field::unit, "str: ``\"S/cm2\"``, ``\"mV\"``, ...; empty for a pure number.");
    f.def_ro("meaning", &field::meaning, "str: What it is.");
    f.def_ro("low", &field::low, "float: Lower end of its range, inclusive, in `unit`.");
    f.def_ro("high", &field::high, "float: Upper end of its range, inclusive, in `unit`.");
    f.def("__repr__", [](const field& a) {
        return fmt::format("<Field {} = {}{}{}: {}>", a.name, a.value, a.unit.empty() ? "" : " ", a.unit, a.meaning);
    });
}

catalogue::entry supply(const catalogue::entry& e, nb::handle tables, nb::handle pointers) {
    if (!e.imported) throw invalid_model("MechanismSchema / " + e.schema.name, "was not read from NMODL, and leaves nothing open");
    nmodl::supplies s;
    const auto dict = nb::module_::import_("builtins").attr("dict");
    if (!tables.is_none())
        for (const auto& [name, value] : nb::cast<nb::dict>(dict(tables))) {
            auto& t = s.tables[nb::cast<std::string>(name)];
            const nb::object points = value[0], values = value[1];
            if (nb::isinstance<nb::tuple>(points) && nb::len(points) > 0 && nb::isinstance<nb::sequence>(points[0]))
                for (nb::handle axis : points) t.axes.push_back(nb::cast<std::vector<double>>(nb::list(axis)));
            else t.axes.push_back(nb::cast<std::vector<double>>(nb::list(points)));
            t.values = nb::cast<std::vector<double>>(nb::list(values));
        }
    if (!pointers.is_none())
        for (const auto& [name, to] : nb::cast<nb::dict>(dict(pointers))) s.pointers[nb::cast<std::string>(name)] = nb::cast<std::string>(to);
    catalogue c;
    c.add(nmodl::supplied(e.imported, std::move(s)));
    return c.entries().front();
}

void bind_supply(nb::class_<catalogue::entry>& c) {
    c.def("supply", supply, nb::arg("tables") = nb::none(), nb::arg("pointers") = nb::none(),
          nb::sig("def supply(self, tables: collections.abc.Mapping[str, tuple[typing.Any, collections.abc.Sequence[float]]] | None = None, "
                  "pointers: collections.abc.Mapping[str, str] | None = None) -> MechanismSchema"),
          R"doc(The mechanism with what its file leaves to the model.

Parameters
----------
tables : mapping of str to (points, values), optional
    Of a FUNCTION_TABLE, by its name: where, ascending, and what it is there, in the units of the file; straight lines between, and constant
    beyond. Of one with several arguments points are a tuple with a sequence for each, and values those of every combination, the last
    argument's fastest.
pointers : mapping of str to str, optional
    What a POINTER points to, by its name: ``"v"``, or a variable of another mechanism that was read, ``"ca_shell.rate"``; on the same
    compartment, or elsewhere on the cell, ``"v at soma(0.5)"``.

Returns
-------
MechanismSchema
    With these besides those that it has; use one for all places.

Raises
------
apical.InvalidModel
    If the file has no such table or pointer, or a table is not right.

Examples
--------
>>> follower = mechanisms["follower"].supply(pointers={"p": "ca_shell.rate"})
)doc");
}

void bind_schema(nb::module_& m) {
    nb::class_<catalogue::entry> c(m, "MechanismSchema", nb::is_final(), R"doc(What is known of a mechanism of the catalogue.

A mechanism is an ion channel or pump (``kind == "channel"``), a concentration pool or a receptor.
)doc");
    using entry = catalogue::entry;
    c.def_prop_ro("name", [](const entry& e) { return e.schema.name; }, "str: Catalogue name.");
    c.def_prop_ro("kind", [](const entry& e) { return kind_name(e.schema.kind); },
                  "str: ``\"channel\"``, ``\"pool\"`` or ``\"receptor\"``.");
    c.def_prop_ro("summary", [](const entry& e) { return e.schema.summary; }, "str: One line.");
    c.def_prop_ro("source", [](const entry& e) { return e.schema.source; }, "str: The papers, with their years.");
    c.def_prop_ro("carries", [](const entry& e) { return ion_or_none(e.schema.carries); },
                  nb::sig("def carries(self) -> str | None"),
                  "str or None: The ion whose current it is, or whose concentration.");
    c.def_prop_ro("reads", [](const entry& e) { return ion_or_none(e.schema.reads); }, nb::sig("def reads(self) -> str | None"),
                  "str or None: The ion whose concentrations it depends on.");
    c.def_prop_ro("q10", [](const entry& e) { return e.schema.q10; }, "float: Rate factor per 10 degrees.");
    c.def_prop_ro("q10_at", [](const entry& e) { return e.schema.q10_at; },
                  "float: Temperature at which the rates hold as written [degC].");
    c.def_prop_ro("parameters", [](const entry& e) { return by_name(e.schema.parameters); },
                  nb::sig("def parameters(self) -> dict[str, Field]"),
                  "dict of str to Field: What :meth:`Cell.paint` takes.");
    c.def_prop_ro("states", [](const entry& e) { return by_name(e.schema.states); },
                  nb::sig("def states(self) -> dict[str, Field]"),
                  "dict of str to Field: What a probe may record as ``<mechanism>.<state>``.");
    bind_supply(c);
    c.def("gates", gate_curves, nb::arg("voltages") = nb::none(), nb::arg("temperature") = "6.3 degC", nb::arg("parameters"),
          nb::sig("def gates(self, voltages: numpy.typing.ArrayLike | None = None, temperature: str | "
                  "tuple[float, str] | Quantity = '6.3 degC', **parameters: str | tuple[float, str] | Quantity | float) -> "
                  "dict[str, tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]]"),
          R"doc(Steady states and time constants over voltage.

Parameters
----------
voltages : array_like, shape (n,), optional
    Membrane potentials [mV]; by default -100 to 50 in steps of 1.
temperature : Quantity
    At which the time constants hold.
**parameters : Quantity
    Parameters of the mechanism that differ from its defaults; ``c_in``, ``c_out`` and ``e_rev`` set the ion it reads or
    carries.

Returns
-------
dict of str to (ndarray, ndarray), each of shape (n,), float64
    For each state its steady value [1] and its time constant [ms]; the latter is nan where the state does not relax
    exponentially at a fixed voltage.

Raises
------
apical.InvalidModel
    If this is not a channel, or a parameter is unknown or has another dimension.
)doc");
    c.def("__reduce__", [](const entry& e) {
        const auto module = nb::module_::import_("apical");
        if (!e.imported) return nb::make_tuple(module.attr("channels").attr("__getitem__"), nb::make_tuple(e.schema.name));
        const auto& given = nmodl::supplies_of(*e.imported);
        nb::dict tables, pointers;
        for (const auto& [name, t] : given.tables) {
            nb::list axes;
            for (const auto& axis : t.axes) axes.append(nb::cast(axis));
            tables[name.c_str()] = nb::make_tuple(nb::tuple(axes), nb::cast(t.values));
        }
        for (const auto& [name, to] : given.pointers) pointers[name.c_str()] = to;
        return nb::make_tuple(module.attr("_reading").attr("mechanism_of"), nb::make_tuple(e.imported->source().file, e.schema.name, tables, pointers));
    }, nb::sig("def __reduce__(self) -> tuple[typing.Any, ...]"));
    c.def("__repr__", [](const entry& e) {
        return fmt::format("<MechanismSchema {} ({}): {}>", e.schema.name, kind_name(e.schema.kind), e.schema.summary);
    });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("mechanism")(self); },
          nb::sig("def _repr_html_(self) -> str"));
}

nb::tuple loaded(const std::filesystem::path& path, bool compile) {
    catalogue all;
    auto read = load_mechanisms(path, compile ? mechanism_form::compiled : mechanism_form::evaluated);
    for (auto& m : read.mechanisms) all.add(std::move(m));
    nb::dict by_name;
    for (const auto& e : all.entries()) by_name[e.schema.name.c_str()] = nb::cast(e);
    nb::list warnings;
    for (const auto& w : read.warnings) warnings.append(nb::make_tuple(w.where, w.what, w.hint));
    return nb::make_tuple(by_name, warnings);
}

nb::list records(const std::vector<nmodl::diagnostic>& found, nmodl::severity wanted) {
    nb::list all;
    for (const auto& d : found) {
        if (d.is != wanted) continue;
        nb::dict one;
        one["line"] = d.at.line, one["column"] = d.at.column, one["message"] = d.message, one["hint"] = d.hint;
        all.append(one);
    }
    return all;
}

/// What became of each file.
nb::list built(const std::vector<std::filesystem::path>& paths, const plug_in_options& options) {
    const auto all = build_mechanisms(paths, options);
    nb::list files;
    for (const auto& f : all.files) {
        nb::dict one;
        one["file"] = f.file, one["ok"] = f.ok, one["mechanism"] = f.mechanism;
        one["errors"] = records(f.found, nmodl::severity::error), one["warnings"] = records(f.found, nmodl::severity::warning);
        one["form"] = !f.ok ? "" : all.made.library.empty() ? "evaluated" : f.why_general.empty() ? "channel" : "general";
        one["why_general"] = f.why_general, one["library"] = f.ok ? all.made.library.string() : std::string();
        files.append(one);
    }
    return files;
}

void bind_compilation(nb::module_& m) {
    m.def("build_channels", [](const std::vector<std::filesystem::path>& paths, const std::filesystem::path& cache, const std::string& compiler, int jobs) {
        return built(paths, {.cache = cache, .compiler = compiler, .jobs = jobs});
    }, nb::sig("def build_channels(paths: collections.abc.Sequence[str | os.PathLike[str]], *, cache: str | os.PathLike[str] = ..., compiler: str = ..., "
               "jobs: int = ...) -> list[dict[str, typing.Any]]"),
       nb::arg("paths"), nb::kw_only(), nb::arg("cache") = std::filesystem::path(), nb::arg("compiler") = "", nb::arg("jobs") = 0,
       R"doc(Compile mechanisms that are written in NMODL beforehand, and tell what became of each file.

:func:`load_mechanisms` finds them compiled then.

Parameters
----------
paths : list of path-like
    Files, or folders whose files ``*.mod`` are read in the order of their names.
cache : path-like, optional
    Folder that compiled mechanisms are kept in; ``$APICAL_CACHE``, or ``apical`` in ``$XDG_CACHE_HOME`` or ``~/.cache``, by default.
compiler : str, optional
    C++ compiler; ``$CXX``, or the first of ``c++``, ``g++`` and ``clang++`` that there is, by default.
jobs : int, optional
    Compilers that run at once; 0: one a core.

Returns
-------
list of dict
    One a file: ``file``, ``ok``, ``mechanism`` (its name), ``errors`` and ``warnings`` (each with ``line``, ``column``, ``message``, ``hint``), ``form``
    (``"channel"``: it has the kernels of the package's channels; ``"general"``; ``"evaluated"``: there is no compiler), ``why_general``, ``library``.

Raises
------
apical.InvalidInput
    If a folder has no files, if the cache cannot be written, or with what the compiler says.

Examples
--------
>>> [r["form"] for r in apical.build_channels(["channels"])]
)doc");
}

}  // namespace

nb::object entry_of(std::shared_ptr<const nmodl::mechanism> imported) {
    catalogue c;
    c.add(std::move(imported));
    return nb::cast(c.entries().front());
}

const catalogue& built_in() {
    static const catalogue all = catalogue::built_in();
    return all;
}

void bind_catalogue(nb::module_& m) {
    bind_field(m);
    bind_schema(m);
    nb::class_<catalogue> c(m, "Catalogue", nb::is_final(), R"doc(The mechanisms a model may name.

Index with a name (letter case does not matter), or write the name as an attribute; iterate over the entries.
)doc");
    c.def("__getitem__", [](const catalogue& all, const std::string& name) { return all.at(name, "catalogue"); }, nb::arg("name"));
    c.def("__getattr__", [](const catalogue& all, const std::string& name) {
        if (const auto* e = all.find(name)) return *e;
        const auto known = all.names();
        throw nb::attribute_error(fmt::format("no mechanism '{}'; {}", name, suggestion(name, known)).c_str());
    }, nb::arg("name"));
    c.def("__dir__", &catalogue::names);
    c.def("__len__", [](const catalogue& all) { return all.entries().size(); });
    c.def("__iter__", [](const catalogue& all) { return nb::iter(nb::cast(all.entries())); },
          nb::sig("def __iter__(self) -> collections.abc.Iterator[MechanismSchema]"));
    c.def("__contains__", [](const catalogue& all, const std::string& name) { return all.find(name) != nullptr; }, nb::arg("name"));
    c.def_prop_ro("names", &catalogue::names, "list of str: All names.");
    c.def("__repr__", [](const catalogue& all) { return fmt::format("<Catalogue: {}>", fmt::join(all.names(), ", ")); });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("catalogue")(self); },
          nb::sig("def _repr_html_(self) -> str"));
    m.def("load_with_warnings", loaded, nb::arg("path"), nb::arg("compile"),
          nb::sig("def load_with_warnings(path: str | os.PathLike[str], compile: bool) -> tuple[dict[str, MechanismSchema], list[tuple[str, str, str]]]"),
          R"doc(Mechanisms of files of NMODL, and what is worth a second look in them, for apical.load_mechanisms().

Parameters
----------
path : path-like
    A file or a folder.
compile : bool
    Whether code is made of them.

Returns
-------
tuple of (dict of str to MechanismSchema, list of (str, str, str))
    Mechanisms by name; where, what and hint of each warning.
)doc");
    bind_compilation(m);
    m.def("built_in_catalogue", [] { return built_in(); }, "The mechanisms of the channels folder.\n\nReturns\n-------\nCatalogue\n");
}

}  // namespace apical::python
