// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/work_precision.hpp"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {
namespace {

work_precision measured(const circuit& what, const quantity_argument& until, int cells, const nb::kwargs& options) {
    const auto base = read_options(options);
    const auto length = as<duration>(until, "work_precision / until");
    const auto description = what;   // Python may change its own while others run
    const nb::gil_scoped_release others_may_run;
    return measure_work_precision(description, base, length, {.cells_per_population = cells, .seed = base.seed, .candidates = {}});
}

std::optional<work_precision::point> cheapest(const work_precision& w, const quantity_argument& accuracy) {
    const auto best = w.cheapest(as<duration>(accuracy, "cheapest / accuracy"));
    return best ? std::optional(w.points[*best]) : std::nullopt;
}

}  // namespace

void bind_work_precision(nb::module_& m) {
    using point = work_precision::point;
    nb::class_<point> p(m, "WorkPoint", "The error and the time of a model under one way to run it.");
    p.def_prop_ro("options", [](const point& x) { return keywords_of(x.options); }, nb::sig("def options(self) -> dict[str, typing.Any]"),
                  "dict: The way, as keywords of `Simulation`.");
    p.def_ro("setting", &point::setting, "str: The way in words.");
    p.def_ro("seconds", &point::seconds, "float: Wall time of the cells of the sample [s].");
    p.def_ro("spikes", &point::spikes, "int: Spikes of the run.");
    p.def_ro("missed", &point::missed, "int: Spikes that only the reference has.");
    p.def_ro("extra", &point::extra, "int: Spikes that only the run has.");
    p.def_ro("median", &point::median, "float: Median of the absolute errors of spike times [ms]; nan without spikes in common.");
    p.def_ro("p95", &point::p95, "float: What 95 % of them stay below [ms].");
    p.def_ro("largest", &point::largest, "float: The largest [ms].");
    p.def_ro("voltage", &point::voltage, "float: Largest error at the probes of voltage, where there are no spikes [mV]; else nan.");
    p.def_ro("failure", &point::failure, "str: Why the run gave nothing, where it did not.");
    p.def("__repr__", [](const point& x) { return fmt::format("<WorkPoint {}: {:.3g} s, {} spikes, 95 % within {:.3g} ms>", x.setting, x.seconds, x.spikes, x.p95); });

    nb::class_<work_precision> w(m, "WorkPrecision", "What it costs to be right: see `work_precision`.");
    w.def_ro("reference", &work_precision::reference_setting, "str: What the points are compared with.");
    w.def_ro("cells", &work_precision::cells, "int: Cells in the sample.");
    w.def_ro("points", &work_precision::points, "list of WorkPoint: From the roughest to the finest of each scheme.");
    w.def("cheapest", cheapest, nb::arg("accuracy"), nb::sig("def cheapest(self, accuracy: str | tuple[float, str] | Quantity) -> WorkPoint | None"),
          R"doc(The least costly point that is right.

Parameters
----------
accuracy : Quantity
    What 95 % of the errors of spike times stay below [ms]; no spike is missed and none is too many. Where there are no spikes, voltages
    are right within 0.1 mV.

Returns
-------
WorkPoint or None
)doc");
    w.def("__repr__", [](const work_precision& x) { return fmt::format("<WorkPrecision: {} points against {}>", x.points.size(), x.reference_setting); });

    static const auto signature = fmt::format(
        "def work_precision(circuit: Circuit, until: str | tuple[float, str] | Quantity, cells: int = 2, *, {}) -> WorkPrecision", option_signature);
    static const auto doc = fmt::format(R"doc(Run some cells of a circuit under every scheme, and compare error and time.

The inputs are the same in all runs, noise and rounded times of events included as `dt` has them. What they are compared with is far
stricter than any: ``scheme="precise"`` at 1e-6 mV, and point neurons integrated adaptively to 1e-11.

Parameters
----------
circuit : Circuit
    The model.
until : Quantity
    How long each run is [ms].
cells : int
    How many cells of each population, drawn by `seed`.
{}
Returns
-------
WorkPrecision

Raises
------
apical.InvalidModel
    With every problem found, in the names of the circuit.
)doc", option_parameters);
    m.def("work_precision", measured, nb::arg("circuit"), nb::arg("until"), nb::arg("cells") = 2, nb::arg("options"),
          nb::sig(signature.c_str()), doc.c_str());
}

}  // namespace apical::python
