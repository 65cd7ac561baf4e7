// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "analysis/run_forecast.hpp"
#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {
namespace {

/// Rates of all populations [1/ms]: one for all, or by name.
std::vector<double> rates_of(const circuit& c, const nb::object& given) {
    constexpr double customary = 0.005;
    const auto read_rate = [](nb::handle value, const std::string& where) {
        const double rate = read_as(value, dimensions::rate, where);
        if (!(rate >= 0)) throw invalid_model(where, "is negative");
        return rate;
    };
    if (!nb::isinstance<nb::dict>(given)) return std::vector<double>(c.populations.size(), read_rate(given, "forecast / rate"));
    std::vector<double> all(c.populations.size(), customary);
    std::vector<std::string> names;
    for (const auto& p : c.populations) names.push_back(p.name);
    for (const auto& [key, value] : nb::cast<nb::dict>(given)) {
        const auto name = nb::cast<std::string>(nb::str(key));
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) throw invalid_model("forecast / rate", fmt::format("no population '{}'", name), suggestion(name, names));
        all[static_cast<std::size_t>(found - names.begin())] = read_rate(value, fmt::format("forecast / rate / {}", name));
    }
    return all;
}

/// Where the runs are to be, as a machine is described.
struct place {
    int cores, on_machine;
    quantity_argument latency;
    double bandwidth;
};

std::vector<run_forecast> foretold(const circuit& what, const quantity_argument& until, const std::vector<int>& ranks, const nb::object& rate, bool weak, const place& where, const nb::kwargs& options) {
    constexpr double program_bytes = 3e7;   // of the command line's
    const auto base = read_options(options);
    const auto length = as<duration>(until, "forecast / until");
    for (const int n : ranks)
        if (n < 1) throw invalid_model("forecast / ranks", fmt::format("{} processes", n), "at least 1");
    if (where.cores < 0 || where.on_machine < 0) throw invalid_model("forecast / cores", "must not be negative", "0 for as many as there are");
    if (!(where.bandwidth > 0)) throw invalid_model("forecast / bandwidth", fmt::format("{} bytes/s", where.bandwidth), "more than 0");
    const int cores = where.cores > 0 ? where.cores : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    const forecast_options how{.threads = base.threads, .rates = rates_of(what, rate), .cores = cores, .on_machine = where.on_machine,
                               .latency = read_as(where.latency.value, dimensions::time, "forecast / latency")*1e-3, .bandwidth = where.bandwidth, .program_bytes = program_bytes};
    const auto description = what;   // Python may change its own while others run
    const nb::gil_scoped_release others_may_run;
    const forecaster f(description, base, length, how);
    std::vector<run_forecast> all;
    for (const int n : ranks) all.push_back(f.on(n, weak));
    return all;
}

void bind_process(nb::module_& m) {
    nb::class_<rank_forecast> r(m, "ProcessForecast", "What one process of a run would need.");
    r.def_ro("rank", &rank_forecast::rank, "int: Its number.");
    r.def_ro("cells", &rank_forecast::cells, "int: Cells that it would have.");
    r.def_ro("connections", &rank_forecast::connections, "float: Contacts onto them.");
    r.def_ro("state_bytes", &rank_forecast::state_bytes, "float: Memory of its cells [bytes].");
    r.def_ro("connection_bytes", &rank_forecast::connection_bytes, "float: Of the tables of its contacts [bytes].");
    r.def_ro("shared_bytes", &rank_forecast::shared_bytes, "float: Of what every process has: the program, templates, who is where [bytes].");
    r.def_ro("result_bytes", &rank_forecast::result_bytes, "float: Of samples and spikes, on process 0 of all cells [bytes].");
    r.def_ro("building_bytes", &rank_forecast::building_bytes, "float: Of what it needs while it builds [bytes].");
    r.def_prop_ro("bytes", [](const rank_forecast& x) { return x.bytes(); }, "float: All together, when it is most [bytes].");
    r.def_prop_ro("compute_seconds", [](const rank_forecast& x) { return x.rest_seconds + x.joint_seconds; }, "float: Computing for a second of biology [s].");
    r.def("__repr__", [](const rank_forecast& x) { return fmt::format("<ProcessForecast {}: {} cells, {:.3g} MB>", x.rank, x.cells, 1e-6*x.bytes()); });
}

}  // namespace

void bind_forecast(nb::module_& m) {
    bind_process(m);
    nb::class_<run_forecast> f(m, "RunForecast", "What a run on so many processes would need: see `forecast`.");
    f.def_ro("ranks", &run_forecast::ranks, "int: Processes.");
    f.def_ro("on_machine", &run_forecast::on_machine, "int: Processes that share a machine.");
    f.def_ro("cells", &run_forecast::cells, "float: Cells of all processes.");
    f.def_ro("connections", &run_forecast::connections, "float: Contacts of all processes.");
    f.def_ro("build_seconds", &run_forecast::build_seconds, "float: Compiling the circuit [s].");
    f.def_prop_ro("seconds", [](const run_forecast& x) { return x.seconds(); }, "float: Wall time of a second of biology [s].");
    f.def_ro("compute_seconds", &run_forecast::compute_seconds, "float: Of that, computing [s].");
    f.def_ro("spike_seconds", &run_forecast::spike_seconds, "float: Taking in spikes [s].");
    f.def_ro("message_seconds", &run_forecast::message_seconds, "float: Spikes and voltages on their way [s].");
    f.def_ro("balance", &run_forecast::balance, "float: Computing of the busiest process over the mean; 1 is best.");
    f.def_prop_ro("received_bytes", [](const run_forecast& x) { return x.received_bytes(); }, "float: What a process receives in a second of biology [bytes].");
    f.def_ro("processes", &run_forecast::processes, "list of ProcessForecast: All, in order.");
    f.def_prop_ro("largest", [](const run_forecast& x) { return x.largest(); }, "ProcessForecast: The one that needs most memory.");
    f.def("__repr__", [](const run_forecast& x) {
        return fmt::format("<RunForecast on {}: {:.3g} s for a second of biology, {:.3g} MB>", x.ranks, x.seconds(), 1e-6*x.largest().bytes());
    });

    static const auto signature = fmt::format(
        "def forecast(circuit: Circuit, until: str | tuple[float, str] | Quantity, ranks: collections.abc.Sequence[int] = (1,), "
        "rate: str | tuple[float, str] | Quantity | dict[str, str] = '5 Hz', weak: bool = False, cores: int = 0, on_machine: int = 0, "
        "latency: str | tuple[float, str] | Quantity = '2 us', bandwidth: float = 10e9, *, {}) -> list[RunForecast]", option_signature);
    static const auto doc = fmt::format(R"doc(Tell what runs of a circuit on many processes would need, before any is run.

The circuit is not built. The rules of its projections say how many contacts a cell will have; some cells of every population are made
with that many, weighed, and timed on this machine. The command line's ``apical plan`` tells the same.

Parameters
----------
circuit : Circuit
    The model.
until : Quantity
    How long the run is [ms]; its results take memory.
ranks : sequence of int
    Numbers of processes.
rate : Quantity or dict
    At which cells fire [Hz]: all, or populations by name; those that are not named at 5 Hz.
weak : bool
    So many circuits side by side, one a process, instead of one circuit on all.
cores : int
    Of a machine; 0: as many as this has.
on_machine : int
    Processes that share a machine; 0: as many as have cores of their own.
latency : Quantity
    Of a message between processes [us].
bandwidth : float
    With which a process receives [bytes/s].
{}
Returns
-------
list of RunForecast
    One for each number of processes.

Raises
------
apical.InvalidModel
    With every problem found, in the names of the circuit.

Examples
--------
>>> piece = apical.circuits.l5_microcircuit.experiment("1 s", cells=1000)
>>> for f in apical.forecast(piece.circuit, piece.until, ranks=[1, 16, 256], rate={{"pyramidal": "4 Hz"}}, **piece.options):
...     print(f.ranks, f.seconds, f.largest.bytes)
)doc", option_parameters);
    m.def("forecast", [](const circuit& c, const quantity_argument& until, const std::vector<int>& ranks, const nb::object& rate, bool weak, int cores, int on_machine,
                         const quantity_argument& latency, double bandwidth, const nb::kwargs& options) {
              return foretold(c, until, ranks, rate, weak, {cores, on_machine, latency, bandwidth}, options);
          },
          nb::arg("circuit"), nb::arg("until"), nb::arg("ranks") = std::vector<int>{1}, nb::arg("rate") = "5 Hz", nb::arg("weak") = false, nb::arg("cores") = 0,
          nb::arg("on_machine") = 0, nb::arg("latency") = "2 us", nb::arg("bandwidth") = 10e9, nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
}

}  // namespace apical::python
