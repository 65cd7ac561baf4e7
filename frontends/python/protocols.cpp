// SPDX-License-Identifier: BSD-3-Clause
#include "models/protocols.hpp"

#include <string>

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {
namespace {

using models::l5pc_protocols;

void bind_protocol(nb::module_& m) {
    nb::class_<models::experiment> c(m, "Protocol", nb::is_final(),
                                     "What is done to one cell and what is watched: everything of a circuit but the cell.");
    c.def_ro("name", &models::experiment::name, "str: Its name.");
    c.def_ro("summary", &models::experiment::summary, "str: One line.");
    c.def_prop_ro("injections", [](const models::experiment& e) { return e.injections; }, "list of Injection: What is done.");
    c.def_prop_ro("probes", [](const models::experiment& e) { return e.probes; }, "list of Probe: What is recorded.");
    c.def_prop_ro("detectors", [](const models::experiment& e) { return e.detectors; },
                  "list of SpikeDetector: Where spikes are seen.");
    c.def_prop_ro("until", [](const models::experiment& e) { return shown(e.until); }, "Quantity: How long it lasts [ms].");
    c.def("on", [](const models::experiment& e, const cell& c) { return models::on(c, e); }, nb::arg("cell"),
          R"doc(The circuit of one cell under this protocol.

Parameters
----------
cell : Cell
    Its population is called ``"cell"``.

Returns
-------
Circuit
)doc");
    c.def("__repr__", [](const models::experiment& e) { return fmt::format("<Protocol {}: {}>", e.name, e.summary); });
}

void add_methods(nb::class_<l5pc_protocols>& c) {
    c.def("step_firing", [](const l5pc_protocols& p, const quantity_argument& amplitude) {
        return p.step_firing(as<current>(amplitude, "step_firing / amplitude"));
    }, nb::arg("amplitude"), R"doc(A somatic step of 2 s from 700 ms on, for 3 s in all.

Parameters
----------
amplitude : Quantity
    The current [nA]; the authors use 0.619, 0.793 and 1.507.

Returns
-------
Protocol
)doc");
    c.def("bap", [](const l5pc_protocols& p, const quantity_argument& amplitude) {
        return p.bap(as<current>(amplitude, "bap / amplitude"));
    }, nb::arg("amplitude") = "1.9 nA", R"doc(A back-propagating action potential: a somatic pulse of 5 ms at 295 ms.

Parameters
----------
amplitude : Quantity
    The current [nA].

Returns
-------
Protocol
)doc");
    c.def("epsp", [](const l5pc_protocols& p, const quantity_argument& peak) {
        return p.epsp(as<current>(peak, "epsp / peak"));
    }, nb::arg("peak") = "0.5 nA", R"doc(A dendritic EPSP-like current at 300 ms, alone.

Parameters
----------
peak : Quantity
    Largest current [nA].

Returns
-------
Protocol
)doc");
    c.def("calcium_spike", &l5pc_protocols::calcium_spike,
          "A dendritic current strong enough for a calcium spike, alone.\n\nReturns\n-------\nProtocol\n");
    c.def("bac", [](const l5pc_protocols& p, const quantity_argument& amplitude, const quantity_argument& peak) {
        return p.bac(as<current>(amplitude, "bac / amplitude"), as<current>(peak, "bac / peak"));
    }, nb::arg("amplitude") = "1.9 nA", nb::arg("peak") = "0.5 nA",
       R"doc(Back-propagation-activated calcium firing: `bap` and, 5 ms later, `epsp`.

Parameters
----------
amplitude : Quantity
    Of the somatic pulse [nA]; best little stronger than a spike takes.
peak : Quantity
    Largest dendritic current [nA].

Returns
-------
Protocol
)doc");
    c.def("critical_frequency", [](const l5pc_protocols& p, double frequency, const quantity_argument& amplitude) {
        return p.critical_frequency(frequency, as<current>(amplitude, "critical_frequency / amplitude"));
    }, nb::arg("hertz"), nb::arg("amplitude") = "1.99 nA",
       R"doc(Five somatic pulses of 5 ms: above a critical frequency they evoke a calcium spike.

Parameters
----------
hertz : float
    Frequency of the pulses [Hz].
amplitude : Quantity
    The current [nA]; the outcome turns on 1 % of it.

Returns
-------
Protocol
)doc");
}

}  // namespace

void bind_protocols(nb::module_& m) {
    bind_protocol(m);
    nb::class_<l5pc_protocols> c(m, "L5pcProtocols", nb::is_final(),
                                 R"doc(The experiments of Hay et al. (2011) on a layer-5 pyramidal cell: PLoS Comput Biol 7:e1002107, figures 1 to 6.

All probe the soma (``"soma"``) and the apical dendrite (``"trunk"``) at every step, and detect somatic spikes.

Parameters
----------
soma : str
    Location expression of the somatic electrode.
trunk : str
    Of the dendritic electrode.
tuft : str
    Where `critical_frequency` looks for a calcium spike; probed as ``"tuft"``.
threshold : Quantity
    Of somatic spikes [mV].
)doc");
    const l5pc_protocols usual;
    c.def("__init__", [](l5pc_protocols* self, const std::string& soma, const std::string& trunk, const std::string& tuft,
                         const quantity_argument& threshold) {
        new (self) l5pc_protocols();
        self->soma = soma, self->trunk = trunk, self->tuft = tuft;
        self->threshold = as<voltage>(threshold, "L5pcProtocols / threshold");
    }, nb::arg("soma") = usual.soma, nb::arg("trunk") = usual.trunk, nb::arg("tuft") = usual.tuft, nb::arg("threshold") = "-20 mV");
    add_methods(c);
}

}  // namespace apical::python
