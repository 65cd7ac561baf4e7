// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"
#include "io/spikes.hpp"

namespace apical::python {
namespace {

compiled compile_circuit(const circuit& c, const nb::kwargs& options) {
    const auto since = std::chrono::steady_clock::now();
    auto model = compile(c, read_options(options));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    return {std::move(model), std::make_shared<const circuit>(c), seconds};
}

/// Simulation.run: `shows` is False, True, or a function.
void run(running& r, const quantity_argument& until, nb::handle shows) {
    const auto t = as<duration>(until, "run / until");
    if (PyCallable_Check(shows.ptr())) return r.run(t, shows);
    if (!nb::cast<bool>(nb::bool_(nb::borrow(shows)))) return r.run(t, nb::none());
    const auto bar = nb::module_::import_("apical._progress").attr("Bar")(r.now().time());
    try {
        r.run(t, bar);
    } catch (...) {
        bar.attr("close")();
        throw;
    }
    bar.attr("finish")(t.coherent());
}

nb::object spikes_of(const running& r) {
    const auto s = r.shared();
    const auto all = s->spikes();
    return record_view(all.data(), all.size(), sizeof(spike),
                       {{"population", "i4", offsetof(spike, population)}, {"cell", "i4", offsetof(spike, cell)},
                        {"time", "f8", offsetof(spike, time)}, {"step_time", "f8", offsetof(spike, step_time)}}, keep(s));
}

nb::object spike_times(const running& r, const std::optional<std::string>& population, const std::optional<int>& cell) {
    int wanted = -1;
    const auto names = r.what().populations();
    if (population) {
        const auto found = std::find(names.begin(), names.end(), *population);
        if (found == names.end())
            throw invalid_model("spike_times / population", fmt::format("no population '{}'", *population), suggestion(*population, names));
        wanted = static_cast<int>(found - names.begin());
    }
    std::vector<double> times;
    for (const auto& s : r.now().spikes())
        if ((wanted < 0 || s.population == wanted) && (!cell || s.cell == *cell)) times.push_back(s.time);
    return owned_array(std::move(times));
}

nb::dict size_of(const plan_summary::template_size& t) {
    nb::dict d;
    d["population"] = t.population, d["cells"] = t.cells, d["lanes"] = t.lanes;
    d["compartments"] = t.compartments, d["nodes"] = t.nodes;
    d["bytes_per_cell"] = t.bytes_per_cell, d["kernels"] = t.kernels;
    return d;
}

nb::dict summary_of(const compiled& c) {
    const auto s = summary(*c.model);
    nb::list populations, warnings;
    for (const auto& t : s.populations) populations.append(size_of(t));
    const auto problem_type = nb::module_::import_("apical.errors").attr("Problem");
    for (const auto& w : s.warnings) warnings.append(problem_type(w.where, w.what, w.hint));
    nb::dict d;
    d["populations"] = populations, d["shared_bytes"] = s.shared_bytes, d["warnings"] = warnings;
    return d;
}

void bind_plan(nb::module_& m) {
    nb::class_<compiled> c(m, "Plan", nb::is_final(),
                           "A compiled circuit: immutable, shared by any number of simulations. Made by :func:`compile`.");
    c.def_prop_ro("populations", &compiled::populations, "list of str: Names of the populations, in order.");
    c.def("summary", summary_of, nb::sig("def summary(self) -> dict[str, typing.Any]"), R"doc(Sizes of the compiled model.

Returns
-------
dict
    ``populations``: for each its name, cells, compartments, nodes, SIMD lanes, bytes of state a cell and kernels;
    ``shared_bytes`` of the plan's own tables; ``warnings``, a list of :class:`Problem`.
)doc");
    c.def("__repr__", [](const compiled& p) { return fmt::format("<Plan: {}>", fmt::join(p.populations(), ", ")); });
    static const auto signature = fmt::format("def compile(circuit: Circuit, *, {}) -> Plan", option_signature);
    static const auto doc = fmt::format(R"doc(Compile a circuit, to be shared by several simulations.

Parameters
----------
circuit : Circuit
    The model.
{}
Returns
-------
Plan

Raises
------
apical.InvalidModel
    With every problem found, in the names of the circuit.
)doc", option_parameters);
    m.def("compile", compile_circuit, nb::arg("circuit"), nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
}

const char* const simulation_doc = R"doc(A model in motion.

Parameters
----------
circuit : Circuit or Plan
    The model; one that is compiled already takes no options.
start : path-like, optional
    A checkpoint to go on from, as by :meth:`restore`; by default the run begins at 0 ms.
{}
Raises
------
apical.InvalidModel
    With every problem found, in the names of the circuit.

Examples
--------
>>> simulation = apical.Simulation(circuit, dt="0.025 ms", temperature="34 degC")
>>> simulation.run("600 ms")
>>> simulation["soma"].values.max()
)doc";

void add_motion(nb::class_<running>& c) {
    static const auto signature = fmt::format("def __init__(self, circuit: Circuit | Plan, start: str | os.PathLike[str] | None = None, *, {}) -> None", option_signature);
    static const auto doc = fmt::format(fmt::runtime(simulation_doc), option_parameters);
    c.def("__init__", [](running* self, nb::handle model, const std::optional<std::filesystem::path>& start, const nb::kwargs& options) {
        compiled ready;
        if (!nb::try_cast(model, ready)) ready = compile_circuit(nb::cast<const circuit&>(model), options);
        else if (options.size() > 0) throw nb::type_error("a Plan is compiled already: give the options to compile()");
        new (self) running(std::move(ready));
        if (!start) return;
        try {
            self->restore(*start);
        } catch (...) {
            self->~running();
            throw;
        }
    }, nb::arg("circuit"), nb::arg("start") = nb::none(), nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
    c.def("run", run, nb::arg("until"), nb::arg("progress") = false,
          nb::sig("def run(self, until: str | tuple[float, str] | Quantity, progress: bool | "
                  "collections.abc.Callable[[float, float, float], object] = False) -> None"),
          R"doc(Advance to a time. Other Python threads run meanwhile; Ctrl-C stops at the end of the current epoch.

Parameters
----------
until : Quantity
    A whole number of steps from 0, and not before `time` [ms].
progress : bool or callable
    True shows simulated time, rate and time left; a function is called about ten times a second with the simulated time
    [ms], `until` [ms] and the seconds since the start. What it raises stops the run.

Raises
------
apical.Diverged
    If a value left the finite numbers, or `v_limit`.
apical.InvalidModel
    If `until` is not a whole number of steps, or lies in the past.
)doc");
    c.def("checkpoint", &running::write_checkpoint, nb::arg("path"), nb::sig("def checkpoint(self, path: str | os.PathLike[str]) -> None"),
          R"doc(Write the present to an HDF5 file: states, spikes under way, spikes and samples so far. A file that is there is replaced,
when the new one is complete.

Parameters
----------
path : path-like
    The file.

Raises
------
apical.InvalidModel
    Under schemes that keep a history inside their methods: precise, cvode, and adaptive point neurons.
apical.InvalidInput
    If the file cannot be written.
)doc");
    c.def("restore", &running::restore, nb::arg("path"), nb::sig("def restore(self, path: str | os.PathLike[str]) -> None"),
          R"doc(Go on from a checkpoint of the same model with the same options; threads may differ, and so may the program: `apical run`
writes the same files. What is computed afterwards is bit for bit what the first simulation would have computed.

Parameters
----------
path : path-like
    A file of :meth:`checkpoint` or of ``apical run --checkpoint``.

Raises
------
apical.InvalidInput
    If the file is of another model, damaged, or no checkpoint.
)doc");
    c.def("fork", [](const running& r) { return std::make_shared<running>(r); }, R"doc(A copy that goes on independently from here.

Returns
-------
Simulation
)doc");
    c.def("__copy__", [](const running& r) { return std::make_shared<running>(r); });
    c.def("__deepcopy__", [](const running& r, nb::handle) { return std::make_shared<running>(r); }, nb::arg("memo"));
}

void send(running& r, const std::string& source, nb::handle which, nb::handle times) {
    const auto where = fmt::format("send / {}", source);
    const auto indices = read_indices(which, where + " / sources");
    const auto when = read_bulk_series(times, {dimensions::time}, where + " / times").values;
    if (indices.size() != when.size()) throw invalid_model(where, fmt::format("{} sources but {} times", indices.size(), when.size()), "give one time for each spike");
    std::vector<std::pair<int, double>> spikes;
    spikes.reserve(when.size());
    for (std::size_t i = 0; i < when.size(); ++i) spikes.emplace_back(indices[i], when[i]);
    r.send(source, spikes);
}

/// What an environment tells the circuit.
void add_environment(nb::class_<running>& c) {
    c.def("send", send, nb::arg("source"), nb::arg("sources"), nb::arg("times"),
          nb::sig("def send(self, source: str, sources: numpy.typing.ArrayLike, times: tuple[numpy.typing.ArrayLike, str]) -> None"),
          R"doc(Spikes of a spike source that are still to come: what an environment shows, which may depend on what the circuit did.

They join those that the source has anyway. What is sent piece by piece gives the same bits as the same spikes in the circuit.

Parameters
----------
source : str
    Name of a :class:`SpikeSource`.
sources : array_like of int
    Which of its sources each spike is of.
times : tuple of array_like and str
    When they happen, e.g. ``(t, "ms")``: not before :attr:`time`, in any order.

Raises
------
apical.InvalidModel
    If there is no such source, the columns differ in length, or a spike lies in the past.
)doc");
}

void add_results(nb::class_<running>& c) {
    c.def_prop_ro("time", [](const running& r) { return r.now().time(); }, "float: Simulated time [ms].");
    c.def_prop_ro("gap_residual", [](const running& r) { return r.now().gap_residual(); },
                  "float: Of gap junctions, the largest current left unbalanced in any step so far [nA].");
    c.def_prop_ro("plan", [](const running& r) { return r.what(); }, "Plan: The compiled model.");
    c.def_prop_ro("spikes", spikes_of, nb::sig("def spikes(self) -> numpy.typing.NDArray[numpy.void]"),
                  R"doc(structured ndarray, shape (n_spikes,), read-only view: The spikes, in order of time, then population, cell.

``population`` is an index into ``plan.populations``, ``cell`` one within the population; ``time`` [ms] is interpolated within
the step, ``step_time`` [ms] the first step above the threshold.)doc");
    c.def("spike_times", spike_times, nb::arg("population") = nb::none(), nb::arg("cell") = nb::none(),
          nb::sig("def spike_times(self, population: str | None = None, cell: int | None = None) -> "
                  "numpy.typing.NDArray[numpy.float64]"),
          R"doc(Spike times of all, of a population, or of one cell.

Parameters
----------
population : str, optional
    Name of a population; by default all.
cell : int, optional
    Index within the population; by default all.

Returns
-------
ndarray, shape (n_spikes,), float64
    Times [ms], interpolated within the step.
)doc");
    c.def("write_spikes", [](const running& r, const std::filesystem::path& path, bool may_replace) {
        const auto mode = may_replace ? overwrite::yes : overwrite::no;
        const auto spikes = by_population(r.now().spikes(), *r.what().description);
        if (path.extension() == ".csv") write_spikes_csv(path, spikes, mode);
        else write_spikes(path, spikes, mode);
    }, nb::arg("path"), nb::arg("overwrite") = false,
       nb::sig("def write_spikes(self, path: str | os.PathLike[str], overwrite: bool = False) -> None"), R"doc(Write the spikes to a file: whole, or not at all.

Parameters
----------
path : str or path-like
    ``.csv`` for text; else a SONATA spike file in HDF5.
overwrite : bool
    Whether a file that is there may be replaced.

Raises
------
apical.InvalidInput
    If the file cannot be written.
)doc");
}

void add_recordings(nb::class_<running>& c) {
    c.def("__getitem__", recording_of, nb::arg("label"), nb::sig("def __getitem__(self, label: str) -> Recording"),
          R"doc(The recording of a probe.

Parameters
----------
label : str
    Label of the probe.

Returns
-------
Recording
    A handle that follows the simulation.

Raises
------
apical.InvalidModel
    If there is no such probe; the message suggests one.
)doc");
    c.def_prop_ro("recordings", [](const std::shared_ptr<running>& r) {
        nb::dict all;
        for (const auto& each : r->now().recordings()) all[each.label.c_str()] = recording_of(r, each.label);
        return all;
    }, nb::sig("def recordings(self) -> dict[str, Recording]"), "dict of str to Recording: All recordings, by label.");
    c.def("voltage", [](const running& r, const std::string& population, int cell, const std::string& at) {
        return r.now().voltage(population, cell, at);
    }, nb::arg("population"), nb::arg("cell") = 0, nb::arg("at") = "soma(0.5)", R"doc(Membrane potential now.

Parameters
----------
population : str
    Name of the population.
cell : int
    Index within it.
at : str
    A location expression with one result.

Returns
-------
float
    Membrane potential [mV].
)doc");
}

}  // namespace

void bind_simulation(nb::module_& m) {
    bind_plan(m);
    bind_recording(m);
    nb::class_<running> c(m, "Simulation", nb::is_weak_referenceable());
    add_motion(c);
    add_environment(c);
    add_results(c);
    add_recordings(c);
    add_learning(c);
    bind_report(c);
    c.def("__repr__", [](const running& r) {
        return fmt::format("<Simulation at {} ms: {}; {} recordings, {} spikes>", r.now().time(),
                           fmt::join(r.what().populations(), ", "),
                           r.now().recordings().size(), r.now().spikes().size());
    });
}

}  // namespace apical::python
