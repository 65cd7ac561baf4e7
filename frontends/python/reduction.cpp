// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/reduction.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/options.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {
namespace {

point_reduction reduced(const cell& of, const quantity_argument& settle, const quantity_argument& step, const quantity_argument& probe,
                        const quantity_argument& weakest, const nb::kwargs& options) {
    const auto run = read_options(options);
    const reduction_options how{as<duration>(settle, "reduce_to_point / settle"), as<duration>(step, "reduce_to_point / step"),
                                as<current>(probe, "reduce_to_point / probe"), as<current>(weakest, "reduce_to_point / weakest")};
    const auto description = of;   // Python may change its own while others run
    const nb::gil_scoped_release others_may_run;
    return reduce_to_point(description, run, how);
}

}  // namespace

void bind_reduction(nb::module_& m) {
    nb::class_<point_reduction> r(m, "PointReduction", "The point neuron that answers current most nearly as a cell does: see `reduce_to_point`.");
    r.def_prop_ro("cell", [](const point_reduction& x) { return cell(x.point); }, nb::sig("def cell(self) -> Cell"), "Cell: The point neuron, an ``adex``.");
    r.def_ro("rest", &point_reduction::rest, "float: Of the cell [mV].");
    r.def_ro("resistance", &point_reduction::resistance, "float: Input resistance at its soma [Mohm].");
    r.def_ro("time_constant", &point_reduction::time_constant, "float: To 1 - 1/e of its answer to a small step [ms].");
    r.def_ro("rheobase", &point_reduction::rheobase, "float: Weakest step that makes it spike [nA].");
    r.def_prop_ro("currents", [](const point_reduction& x) { return bulk_array(x.currents); }, nb::sig("def currents(self) -> numpy.typing.NDArray[numpy.float64]"),
                   "ndarray: Of the steps it is fitted to [nA].");
    r.def_prop_ro("of_cell", [](const point_reduction& x) { return bulk_array(x.of_cell); }, nb::sig("def of_cell(self) -> numpy.typing.NDArray[numpy.float64]"),
                   "ndarray: [currents] rates of the cell [Hz].");
    r.def_prop_ro("of_point", [](const point_reduction& x) { return bulk_array(x.of_point); }, nb::sig("def of_point(self) -> numpy.typing.NDArray[numpy.float64]"),
                   "ndarray: [currents] rates of the point neuron [Hz].");
    r.def_ro("deviation", &point_reduction::deviation, "float: Root of the mean squared difference of the two [Hz].");
    r.def("__repr__", [](const point_reduction& x) { return fmt::format("<PointReduction: rheobase {:.3g} nA, rates within {:.2g} Hz>", x.rheobase, x.deviation); });

    static const auto signature = fmt::format(
        "def reduce_to_point(cell: Cell, settle: str | tuple[float, str] | Quantity = '500 ms', step: str | tuple[float, str] | Quantity = '1 s', "
        "probe: str | tuple[float, str] | Quantity = '-20 pA', weakest: str | tuple[float, str] | Quantity = '10 pA', *, {}) -> PointReduction", option_signature);
    static const auto doc = fmt::format(R"doc(Measure a cell and fit an adaptive exponential integrate-and-fire neuron to it.

Rest, resistance and time constant are those of the cell. Threshold, adaptation, reset and refractory time are those with which the rates
at twelve currents, from the rheobase to three times that, are nearest. What a point neuron cannot have is lost: where inputs arrive, and what
dendrites make of them.

Parameters
----------
cell : Cell
    The cell.
settle : Quantity
    Before a current begins [ms].
step : Quantity
    How long it lasts [ms].
probe : Quantity
    The current that measures resistance and time constant [nA].
weakest : Quantity
    Of the steps that look for the rheobase; each of twelve is 1.7 times the one before [nA].
{}
Returns
-------
PointReduction

Raises
------
apical.InvalidInput
    If the cell does not rest, does not answer the probe or never spikes.
)doc", option_parameters);
    m.def("reduce_to_point", reduced, nb::arg("cell"), nb::arg("settle") = "500 ms", nb::arg("step") = "1 s", nb::arg("probe") = "-20 pA", nb::arg("weakest") = "10 pA",
          nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
}

}  // namespace apical::python
