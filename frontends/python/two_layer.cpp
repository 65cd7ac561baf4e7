// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/two_layer.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"

namespace apical::python {
namespace {

/// A table [placements x branches] of counts.
placements read_placements(nb::handle active, nb::handle rates, nb::handle group) {
    const nb::object table = nb::module_::import_("numpy").attr("asarray")(active, "float64");
    const auto shape = nb::cast<nb::tuple>(table.attr("shape"));
    if (shape.size() != 2) throw invalid_model("placements / active", "needs two dimensions", "[placements x branches]");
    placements d{.branches = nb::cast<int>(shape[1])};
    d.active = read_bulk(table.attr("ravel")(), "placements / active");
    d.rates = read_bulk(rates, "placements / rates");
    d.group = group.is_none() ? std::vector<int>(static_cast<std::size_t>(d.branches), 0) : read_indices(group, "placements / group");
    return d;
}

template <placement_fit (*fit)(const placements&)> placement_fit fitted(nb::handle active, nb::handle rates, nb::handle group) {
    const auto data = read_placements(active, rates, group);
    const nb::gil_scoped_release others_may_run;
    return fit(data);
}

void bind_branch(nb::module_& m) {
    nb::class_<branch_subunit> s(m, "BranchSubunit", R"doc(What a thin branch makes of n active synapses on it.

``s(n) = 1/(1 + exp((threshold - n)/width)) + linear*n + quadratic*n**2``; the defaults are those of Poirazi, Brannon & Mel (2003) Neuron
37:989.

Parameters
----------
threshold : float
    Synapses at which the step is half done.
width : float
    Of the step, in synapses.
linear, quadratic : float
    Of the slope before and after.

Examples
--------
>>> s = apical.BranchSubunit()
>>> apart, together = 2*s(2), s(4)
>>> round(apart, 2), round(together, 2)
(1.29, 2.26)
)doc");
    s.def(nb::init<double, double, double, double>(), nb::arg("threshold") = 3.6, nb::arg("width") = 0.2, nb::arg("linear") = 0.30, nb::arg("quadratic") = 0.0114);
    s.def_ro("threshold", &branch_subunit::threshold, "float: Synapses at which the step is half done.");
    s.def_ro("width", &branch_subunit::width, "float: Of the step, in synapses.");
    s.def_ro("linear", &branch_subunit::linear, "float: Slope.");
    s.def_ro("quadratic", &branch_subunit::quadratic, "float: Of the slope's growth.");
    s.def("__call__", &branch_subunit::operator(), nb::arg("n"), R"doc(What the branch makes of n synapses.

Parameters
----------
n : float
    Active synapses.

Returns
-------
float
    Its share of the cell's drive.
)doc");
}

void bind_fit(nb::module_& m) {
    nb::class_<placement_fit> f(m, "PlacementFit", "How well a model of the whole cell explains its rates: see `fit_two_layer`.");
    f.def_ro("explained", &placement_fit::explained, "float: Share of the variance of the placements that were not fitted; can be below 0.");
    f.def_prop_ro("predicted", [](const placement_fit& x) { return bulk_array(x.predicted); }, nb::sig("def predicted(self) -> numpy.typing.NDArray[numpy.float64]"),
                  "ndarray: [placements] rates, fitted ones included [Hz].");
    f.def_prop_ro("weight", [](const placement_fit& x) { return bulk_array(x.weight); }, nb::sig("def weight(self) -> numpy.typing.NDArray[numpy.float64]"),
                  "ndarray: [groups] of a branch, relative to the first group's.");
    f.def_ro("branch", &placement_fit::branch, "BranchSubunit: What a branch does, in two-layer models.");
    f.def("__repr__", [](const placement_fit& x) { return fmt::format("<PlacementFit: {:.1f} % explained>", 100*x.explained); });
}

}  // namespace

void bind_two_layer(nb::module_& m) {
    bind_branch(m);
    bind_fit(m);
    const auto define = [&](const char* name, auto function, const char* what) {
        const auto signature = fmt::format(
            "def {}(active: numpy.typing.ArrayLike, rates: numpy.typing.ArrayLike, group: numpy.typing.ArrayLike | None = None) -> PlacementFit", name);
        const auto text = fmt::format("{}{}", what, R"doc(
Parameters
----------
active : array_like
    [placements x branches] synapses active on each branch.
rates : array_like
    [placements] what the cell did [Hz]. Even placements are fitted, odd ones judge.
group : array_like, optional
    [branches] branches of a group count alike; all, if not given.

Returns
-------
PlacementFit
    How well it explains the placements that were not fitted.

Raises
------
apical.InvalidInput
    If the data do not fit together, are fewer than 40 placements or do not vary.
)doc");
        m.def(name, function, nb::arg("active"), nb::arg("rates"), nb::arg("group") = nb::none(), nb::sig(signature.c_str()), text.c_str());
    };
    define("fit_one_layer", fitted<fit_one_layer>, "Fit a cell that adds all its synapses up, ``rate = g(sum_b weight_b n_b)`` with a sigmoid g.\n");
    define("fit_two_layer", fitted<fit_two_layer>, R"doc(Fit a cell whose branches are subunits, ``rate = g(sum_b weight_b s(n_b))`` with sigmoid g and s.

Poirazi, Brannon & Mel (2003) Neuron 37:989.
)doc");
}

}  // namespace apical::python
