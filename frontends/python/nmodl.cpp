// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "channels/nmodl/held.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/lint.hpp"
#include "channels/nmodl/translate.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/bindings.hpp"

namespace apical::python {
namespace {

using nmodl::diagnostic;

/// A mechanism that is evaluated, and what was found while it was translated.
struct translated {
    std::shared_ptr<const nmodl::mechanism> mechanism;
    std::vector<diagnostic> found;

    const nmodl::program& program() const { return mechanism->source(); }
};

translated translate(const std::string& path, const std::vector<std::string>& folders) {
    auto t = nmodl::translate_file(path, folders);
    if (!t.found.has_errors()) return {nmodl::interpret(t.program), t.found.all()};
    std::vector<problem> problems;
    for (const auto& d : t.found.all())
        if (d.is == nmodl::severity::error) problems.push_back({fmt::format("{}:{}:{}", d.at.in ? d.at.in->file : path, d.at.line, d.at.column), d.message, d.hint});
    throw invalid_input(std::move(problems));
}

std::string kind_of(const nmodl::program& p) {
    constexpr const char* words[] = {"density", "point process", "artificial cell"};
    return words[static_cast<int>(p.is)];
}

template <class Wanted> nb::dict variables(const translated& t, Wanted&& is_wanted) {
    nb::dict all;
    for (const auto& v : t.program().variables)
        if (v.kept != nmodl::storage::local && is_wanted(v)) all[nb::cast(v.name)] = nb::make_tuple(v.value, v.unit);
    return all;
}

bool keeps(const translated& t, const std::string& column) {
    const auto& p = t.program();
    if (column == "v") return true;
    for (const auto& ion : p.ions)
        for (const auto& name : {"i" + ion.name, "e" + ion.name, ion.name + "i", ion.name + "o"})
            if (column == name) return true;
    const int found = p.find(column.substr(0, column.find('[')));
    if (found < 0) return false;
    const auto kept = p.variables[static_cast<std::size_t>(found)].kept;
    return kept == nmodl::storage::instance || kept == nmodl::storage::shared;
}

double call(const translated& t, const std::string& routine, const std::vector<double>& arguments, double v, double celsius) {
    nmodl::patch one(t.mechanism, 1);
    one.fill("v", v);
    one.fill("celsius", celsius);
    double result = 0;
    t.mechanism->call(one.view(), routine, arguments, &result);
    return result;
}

nb::object rows_of(const nmodl::course& c) {
    std::vector<double> flat;
    for (const auto& row : c.rows) flat.insert(flat.end(), row.begin(), row.end());
    return owned_array(std::move(flat)).attr("reshape")(c.rows.size(), c.columns.size());
}

/// Without the number that tells it from others of its name.
std::string name_in_file(const std::string& name) {
    const auto end = name.find_last_not_of("0123456789");
    return end != std::string::npos && end + 1 < name.size() && name[end] == '_' ? name.substr(0, end) : name;
}

void bind_finding(nb::module_& m) {
    nb::class_<diagnostic> d(m, "NmodlFinding", "Something that is wrong, or may be, with a mechanism in NMODL.");
    d.def_prop_ro("file", [](const diagnostic& x) { return x.at.in ? x.at.in->file : std::string(); }, "str: The file, or one that it includes.");
    d.def_prop_ro("line", [](const diagnostic& x) { return x.at.line; }, "int: From 1.");
    d.def_prop_ro("column", [](const diagnostic& x) { return x.at.column; }, "int: From 1.");
    d.def_prop_ro("is_error", [](const diagnostic& x) { return x.is == nmodl::severity::error; }, "bool: Whether the mechanism cannot be translated for it.");
    d.def_ro("rule", &diagnostic::rule, "str: The check that found it; empty for errors.");
    d.def_ro("message", &diagnostic::message, "str: What is wrong.");
    d.def_ro("hint", &diagnostic::hint, "str: The edit that would make it right; empty if there is none to give.");
    d.def("__str__", &diagnostic::text);
    d.def("__repr__", [](const diagnostic& x) { return fmt::format("<NmodlFinding {}:{} {}>", x.at.in ? x.at.in->file : "", x.at.line, x.rule.empty() ? "error" : x.rule); });
}

void bind_mechanism(nb::module_& m) {
    nb::class_<translated> t(m, "NmodlMechanism", "A mechanism that was translated from NMODL and can be looked at by itself.");
    t.def_prop_ro("name", [](const translated& x) { return x.program().name; }, "str: SUFFIX, or the name of the point process.");
    t.def_prop_ro("title", [](const translated& x) { return x.program().title; }, "str: The TITLE.");
    t.def_prop_ro("kind", [](const translated& x) { return kind_of(x.program()); }, "str: \"density\", \"point process\" or \"artificial cell\".");
    t.def_ro("findings", &translated::found, "list of NmodlFinding: What the translation warns of.");
    t.def_prop_ro("parameters", [](const translated& x) { return variables(x, [](const auto& v) { return v.is == nmodl::role::parameter; }); },
                  nb::sig("def parameters(self) -> dict[str, tuple[float, str]]"), "dict of str to (float, str): Value and unit of each parameter.");
    t.def_prop_ro("states", [](const translated& x) { return variables(x, [](const auto& v) { return v.is == nmodl::role::state; }); },
                  nb::sig("def states(self) -> dict[str, tuple[float, str]]"), "dict of str to (float, str): Value at the start and unit of each state.");
    t.def_prop_ro("routines", [](const translated& x) {
        nb::dict all;
        for (const auto& r : x.program().routines) {
            nb::list names;
            for (const int a : r.arguments) names.append(name_in_file(x.program().variables[static_cast<std::size_t>(a)].name));
            all[nb::cast(r.name)] = names;
        }
        return all;
    }, nb::sig("def routines(self) -> dict[str, list[str]]"), "dict of str to list of str: Functions and procedures, with their arguments.");
    t.def("keeps", keeps, nb::arg("column"), R"doc(Whether a value is kept between steps, so that it can be a column of a run.

Parameters
----------
column : str
    ``"v"``, ``"m"``, ``"x[2]"``, ``"ica"``.

Returns
-------
bool
    False for what blocks only compute for themselves.)doc");
    t.def("call", call, nb::arg("routine"), nb::arg("arguments"), nb::arg("v") = -65.0, nb::arg("celsius") = 6.3, R"doc(Value of a FUNCTION.

Parameters
----------
routine : str
    Its name.
arguments : sequence of float
    Numbers in the units of the file.
v : float
    Membrane potential, where it is read [mV].
celsius : float
    Temperature [degC].

Returns
-------
float
    In the unit of the file; 0 of a PROCEDURE.

Raises
------
apical.InvalidModel
    If there is none of this name, or it takes another number of arguments.)doc");
    t.def("__repr__", [](const translated& x) { return fmt::format("<NmodlMechanism {}, {}>", x.program().name, kind_of(x.program())); });
}

void bind_protocol(nb::module_& m) {
    nb::class_<nmodl::ion_surroundings> ion(m, "NmodlIon", "Concentrations, reversal potential and valence of an ion around a mechanism.");
    ion.def(nb::init<double, double, double, int>(), nb::arg("inner"), nb::arg("outer"), nb::arg("reversal"), nb::arg("valence") = 1, R"doc(
Parameters
----------
inner, outer : float
    Concentrations [mM].
reversal : float
    Reversal potential [mV]; computed from concentrations where the mechanism writes one.
valence : int
    Charge of one ion.)doc");
    using nmodl::protocol;
    nb::class_<protocol> p(m, "NmodlProtocol", R"doc(What is done to one compartment with one mechanism.

Steps of value are lists of (first step, value).)doc");
    p.def(nb::init<>());
    p.def_rw("dt", &protocol::dt, "float: Time step [ms].");
    p.def_rw("celsius", &protocol::celsius, "float: Temperature [degC].");
    p.def_rw("steps", &protocol::steps, "int: How many.");
    p.def_rw("v", &protocol::v, "list of (int, float): Potential that is held [mV]; empty: it is free.");
    p.def_rw("start", &protocol::start, "float: Where a free potential begins [mV].");
    p.def_rw("cm", &protocol::cm, "float: Capacitance of a free membrane [uF/cm2].");
    p.def_rw("inject", &protocol::inject, "float: Current into a free compartment [mA/cm2].");
    p.def_rw("diameter", &protocol::diameter, "float: Of the compartment [um].");
    p.def_rw("length", &protocol::length, "float: Of the compartment [um].");
    p.def_rw("ions", &protocol::ions, "dict of str to NmodlIon: Surroundings that are not as usual.");
    p.def_rw("feed", &protocol::feed, "dict of str to list of (int, float): Outward currents of ions besides the mechanism's [mA/cm2].");
    p.def_rw("parameters", &protocol::parameters, "dict of str to float: In the units of the file.");
    p.def_rw("pointers", &protocol::pointers, "dict of str to float: What POINTER variables point to.");
    p.def_rw("weights", &protocol::weights, "list of float: Of connections to the mechanism.");
    p.def_rw("events", &protocol::events, "list of (float, int): Times [ms] and connections.");
    p.def_rw("slope_over", &protocol::slope_over, "float: Voltage over which slopes are differences [mV]; 0: exact. NEURON has 0.001.");
    p.def("set_table", [](protocol& x, const std::string& name, const std::vector<double>& at, const std::vector<double>& values) { x.tables[name] = {{at}, values}; },
          nb::arg("name"), nb::arg("at"), nb::arg("values"), R"doc(Fill a FUNCTION_TABLE of one argument.

Parameters
----------
name : str
    The table.
at : sequence of float
    Where, ascending.
values : sequence of float
    What it is there; straight lines between.)doc");
}

}  // namespace

void bind_nmodl(nb::module_& m) {
    bind_finding(m);
    bind_mechanism(m);
    bind_protocol(m);
    m.def("translate_nmodl", translate, nb::arg("path"), nb::arg("include"),
          nb::sig("def translate_nmodl(path: str, include: collections.abc.Sequence[str]) -> NmodlMechanism"), R"doc(What apical.nmodl.translate() calls.

Parameters
----------
path : str
    The file.
include : sequence of str
    Folders of files that it includes.

Returns
-------
NmodlMechanism
)doc");
    m.def("lint_nmodl", [](const std::string& path, double dt, double celsius, const std::vector<std::string>& folders) {
        return nmodl::lint(path, {.dt = dt, .celsius = celsius}, folders).all();
    }, nb::arg("path"), nb::arg("dt"), nb::arg("celsius"), nb::arg("include"),
          nb::sig("def lint_nmodl(path: str, dt: float, celsius: float, include: collections.abc.Sequence[str]) -> list[NmodlFinding]"),
          R"doc(What apical.nmodl.lint() calls.

Parameters
----------
path : str
    The file.
dt : float
    Step that rates are to be slow for [ms].
celsius : float
    Temperature [degC].
include : sequence of str
    Folders of files that it includes.

Returns
-------
list of NmodlFinding
)doc");
    m.def("run_nmodl", [](const translated& t, const nmodl::protocol& p, const std::vector<std::string>& columns) {
        const auto c = nmodl::run_held(t.mechanism, p, columns);
        return nb::make_tuple(c.columns, rows_of(c), c.spikes);
    }, nb::arg("mechanism"), nb::arg("protocol"), nb::arg("columns"),
          nb::sig("def run_nmodl(mechanism: NmodlMechanism, protocol: NmodlProtocol, columns: collections.abc.Sequence[str]) -> "
                  "tuple[list[str], numpy.typing.NDArray[numpy.float64], list[float]]"),
          R"doc(What apical.nmodl.run() calls.

Parameters
----------
mechanism : NmodlMechanism
    What is run.
protocol : NmodlProtocol
    What is done to it.
columns : sequence of str
    What is recorded; all that is kept if empty.

Returns
-------
tuple of (list of str, ndarray, list of float)
    Names, a row for each sample, and times of events that it told others [ms].
)doc");
}

}  // namespace apical::python
