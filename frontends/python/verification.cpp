// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/verification.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "engine/plan.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/simulation.hpp"

namespace apical::python {
namespace {

verification verify_run(const running& r, int cells, std::uint64_t seed, const quantity_argument& limit) {
    const std::vector<spike> heard(r.now().spikes().begin(), r.now().spikes().end());   // another thread may run on meanwhile
    const verify_options how{.cells_per_population = cells, .seed = seed, .limit = as<duration>(limit, "verify / limit"), .spikes = heard};
    const auto model = r.now().model().options;
    const auto until = duration::coherent(r.now().time());
    auto description = *r.what().description;
    const auto sent = r.now().sent();
    for (std::size_t k = 0; k < sent.size(); ++k) description.spike_sources[k].spikes.insert(description.spike_sources[k].spikes.end(), sent[k].begin(), sent[k].end());
    const nb::gil_scoped_release others_may_run;
    return verify(description, model, until, how);
}

void bind_parts(nb::module_& m) {
    nb::class_<verification::estimate> e(m, "ErrorEstimate", R"doc(The size of an error and bounds that hold it.

All are ``nan`` where there was nothing to compare.)doc");
    e.def_ro("value", &verification::estimate::value, "float: Extrapolated with the order of the scheme.");
    e.def_ro("low", &verification::estimate::low, "float: Lower bound.");
    e.def_ro("high", &verification::estimate::high, "float: Upper bound.");
    e.def("__repr__", [](const verification::estimate& x) { return fmt::format("<ErrorEstimate {:.3g}, {:.3g} to {:.3g}>", x.value, x.low, x.high); });

    using spikes = verification::of_population;
    nb::class_<spikes> p(m, "SpikeErrors", "Errors of the spike times of one population.");
    p.def_ro("name", &spikes::name, "str: The population.");
    p.def_ro("cells", &spikes::cells, "int: How many were run again.");
    p.def_ro("spikes", &spikes::spikes, "int: Spikes of these cells in the run.");
    p.def_ro("missed", &spikes::missed, "int: Spikes that only the finest run has.");
    p.def_ro("extra", &spikes::extra, "int: Spikes that only the run has.");
    p.def_ro("median", &spikes::median, "ErrorEstimate: Median of the absolute errors [ms].");
    p.def_ro("p95", &spikes::p95, "ErrorEstimate: What 95 % of them stay below [ms].");
    p.def_ro("largest", &spikes::largest, "ErrorEstimate: The largest [ms].");
    p.def("__repr__", [](const spikes& s) {
        return fmt::format("<SpikeErrors of {}: {} spikes of {} cells, {} missed, {} extra, median {:.3g} ms>", s.name, s.spikes, s.cells, s.missed, s.extra,
                           s.median.value);
    });

    using samples = verification::of_probe;
    nb::class_<samples> r(m, "ProbeErrors", "Errors of the samples of one probe.");
    r.def_ro("label", &samples::label, "str: The probe.");
    r.def_ro("variable", &samples::variable, "str: What it reads.");
    r.def_ro("unit", &samples::unit, "str: The unit of the errors.");
    r.def_ro("rms", &samples::rms, "ErrorEstimate: Root of the mean square.");
    r.def_ro("largest", &samples::largest, "ErrorEstimate: The largest.");
    r.def("__repr__", [](const samples& s) { return fmt::format("<ProbeErrors of {}: rms {:.3g} {}>", s.label, s.rms.value, s.unit); });
}

}  // namespace

void bind_verification(nb::module_& m) {
    bind_parts(m);
    nb::class_<verification> v(m, "Verification", R"doc(How far a run is from what its equations say: see `Simulation.verify`.)doc");
    v.def_ro("dt", &verification::dt, "float: Time step of the run [ms].");
    v.def_ro("max_error", &verification::max_error, "float: Of a step of a scheme that integrates the coupled equations [mV]; else nan.");
    v.def_ro("until", &verification::until, "float: Its length [ms].");
    v.def_ro("populations", &verification::populations, "list of SpikeErrors: One for each population.");
    v.def_ro("probes", &verification::probes, "list of ProbeErrors: One for each probe.");
    v.def("__repr__", [](const verification& x) {
        return fmt::format("<Verification of {:g} ms in steps of {:g} ms: {} populations, {} probes>", x.until, x.dt, x.populations.size(), x.probes.size());
    });

    nb::handle simulation = m.attr("Simulation");
    simulation.attr("verify") = nb::cpp_function(verify_run, nb::name("verify"), nb::scope(simulation), nb::is_method(), nb::arg("cells") = 4,
                                                 nb::arg("seed") = 0, nb::arg("limit") = "5 ms", R"doc(Tell how wrong the run so far is.

Some cells are run again from the start in steps of dt, dt/2 and dt/4 on the same inputs, noise included. What is left of the error after
the last halving is extrapolated with the order of the scheme; the bounds suppose no more than first order.

Parameters
----------
cells : int
    How many cells of each population, drawn by `seed`.
seed : int
    Of the choice of cells.
limit : Quantity
    Spikes further apart are not the same spike [ms].

Returns
-------
Verification

Raises
------
apical.Diverged
    If one of these runs diverges.
)doc");
}

}  // namespace apical::python
