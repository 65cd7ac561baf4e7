// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/energy.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/simulation.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

void bind_meter(nb::module_& m) {
    nb::class_<energy_meter> c(m, "EnergyMeter", nb::is_final(), R"doc(An account of what crosses the membranes of a population, from which ATP is told.

Parameters
----------
label : str
    What `Simulation.energy` calls it.
population : str
    Whose cells; not point neurons.
stop : Quantity
    When it ends [ms].
start : Quantity
    When it begins [ms].
rest : Quantity
    For so long before `start` the cells rest, which is subtracted from a spike's cost [ms]; 0: unknown.
interval : Quantity
    Between the instants at which currents are read where the voltage changes slowly [ms]; 0: every step.
)doc");
    c.def("__init__", [](energy_meter* self, const std::string& label, const std::string& population, const quantity_argument& stop,
                         const quantity_argument& start, const quantity_argument& rest, const quantity_argument& interval) {
        new (self) energy_meter{label, population, as<duration>(start, "EnergyMeter / start"), as<duration>(stop, "EnergyMeter / stop"),
                                as<duration>(rest, "EnergyMeter / rest"), as<duration>(interval, "EnergyMeter / interval")};
    }, nb::arg("label"), nb::arg("population"), nb::arg("stop"), nb::arg("start") = "0 ms", nb::arg("rest") = "0 ms", nb::arg("interval") = "0.7 ms");
    c.def_prop_ro("label", [](const energy_meter& x) { return x.label; }, "str: What `Simulation.energy` calls it.");
    c.def_prop_ro("population", [](const energy_meter& x) { return x.population; }, "str: Whose cells.");
    c.def_prop_ro("stop", [](const energy_meter& x) { return shown(x.stop); }, "Quantity: When it ends [ms].");
    c.def_prop_ro("start", [](const energy_meter& x) { return shown(x.start); }, "Quantity: When it begins [ms].");
    c.def_prop_ro("rest", [](const energy_meter& x) { return shown(x.rest); }, "Quantity: The time at rest before [ms].");
    c.def_prop_ro("interval", [](const energy_meter& x) { return shown(x.interval); }, "Quantity: Between readings [ms].");
    plain_value(c, "label", "population", "stop", "start", "rest", "interval");
}

void bind_item(nb::module_& m) {
    using item = energy_account::item;
    nb::class_<item> c(m, "EnergyItem", "What one mechanism of one section moved of one ion.");
    c.def_ro("section", &item::section, "int: Index of the section.");
    c.def_ro("mechanism", &item::mechanism, "str: Channel or receptor.");
    c.def_prop_ro("ion", [](const item& x) { return std::string(ion_name(x.ion)); }, "str: ``\"na\"``, ``\"k\"``, ``\"ca\"``, ``\"cl\"``, or ``\"none\"`` where it is not known.");
    c.def_ro("charge", &item::charge, "float: Outward charge [pC].");
    c.def_ro("ions", &item::ions, "float: Net number of ions that must be pumped back.");
    c.def_ro("atp", &item::atp, "float: ATP for that.");
    c.def("__repr__", [](const item& x) { return fmt::format("<EnergyItem {} {}: {:.4g} pC, {:.4g} ATP>", x.mechanism, ion_name(x.ion), x.charge, x.atp); });
}

void bind_account(nb::module_& m) {
    using account = energy_account;
    nb::class_<account> c(m, "EnergyAccount", "The ATP of one cell in one span of time.");
    c.def_ro("duration", &account::duration, "float: Length of the span [ms].");
    c.def_ro("sections", &account::sections, "list of str: Names of the sections.");
    c.def_ro("items", &account::items, "list of EnergyItem: By section, mechanism and ion.");
    c.def_prop_ro("atp", [](const account& a) { return a.atp(); }, "float: ATP of ions and synapses.");
    c.def_ro("capacitive_minimum", &account::capacitive_minimum, "float: Na+ ions that charge the membrane from its start to its peak.");
    c.def_ro("overlap", &account::overlap, "float: Integral of min(inward sodium, outward potassium current) [pC].");
    c.def_ro("sodium_load", &account::sodium_load, "float: Inward charge through sodium channels [pC].");
    c.def_ro("residual", &account::residual, "float: How well the currents balance: their sum over the sum of magnitudes.");
    c.def("by_section", [](const account& a) {
        nb::dict sums;
        for (std::size_t s = 0; s < a.sections.size(); ++s) sums[a.sections[s].c_str()] = a.atp_in(static_cast<int>(s));
        return sums;
    }, nb::sig("def by_section(self) -> dict[str, float]"), R"doc(ATP of every section, synapses included.

Returns
-------
dict of str to float
    By the name of the section.
)doc");
    c.def("by_mechanism", [](const account& a) {
        nb::dict sums;
        const auto add = [&](const auto& list) { for (const auto& x : list) sums[x.mechanism.c_str()] = a.atp_of(x.mechanism); };
        add(a.items), add(a.synapses);
        return sums;
    }, nb::sig("def by_mechanism(self) -> dict[str, float]"), R"doc(ATP of every mechanism, release of transmitter included.

Returns
-------
dict of str to float
    By the name of the channel or receptor.
)doc");
    c.def("by_ion", [](const account& a) {
        nb::dict sums;
        for (const auto i : {ion::na, ion::ca, ion::cl}) sums[std::string(ion_name(i)).c_str()] = a.atp(i);
        return sums;
    }, nb::sig("def by_ion(self) -> dict[str, float]"), R"doc(ATP of pumping sodium, calcium and chloride.

Returns
-------
dict of str to float
    By ``"na"``, ``"ca"`` and ``"cl"``.
)doc");
    c.def("__repr__", [](const account& a) { return fmt::format("<EnergyAccount of {:g} ms: {:.4g} ATP, residual {:.1e}>", a.duration, a.atp(), a.residual); });
}

void bind_report(nb::module_& m) {
    using report = energy_report;
    nb::class_<report> c(m, "EnergyReport", "The ATP of a cell while a meter ran, beside that at rest. ``nan`` is what is not known.");
    c.def_ro("population", &report::population, "str: Name of the population.");
    c.def_ro("cell", &report::cell, "int: Index within it.");
    c.def_ro("active", &report::active, "EnergyAccount: While the meter ran.");
    c.def_ro("rest", &report::rest, "EnergyAccount: Of the time at rest before.");
    c.def_ro("spikes", &report::spikes, "int: Of the cell's detectors.");
    c.def_ro("rest_rate", &report::rest_rate, "float: At rest [ATP/s].");
    c.def_ro("housekeeping_rate", &report::housekeeping_rate, "float: An estimate of what does not serve signals [ATP/s].");
    c.def_ro("above_rest", &report::above_rest, "float: ATP beyond the resting rate.");
    c.def_ro("per_spike", &report::per_spike, "float: The same over the number of spikes.");
    c.def_ro("sodium_above_rest", &report::sodium_above_rest, "float: Na+ ions through sodium channels, beyond those at rest.");
    c.def_ro("excess_ratio", &report::excess_ratio, "float: These over spikes times the capacitive minimum.");
    c.def_ro("separability", &report::separability, "float: 1 - overlap/sodium load, Crotty et al. (2006).");
    c.def("__repr__", [](const report& r) {
        return fmt::format("<EnergyReport of {}[{}]: {:.4g} ATP in {:g} ms, {} spikes>", r.population, r.cell, r.active.atp(), r.active.duration, r.spikes);
    });
}

}  // namespace

void bind_energy_meter(nb::module_& m) { bind_meter(m); }

void bind_energy(nb::module_& m) {
    bind_item(m);
    bind_account(m);
    bind_report(m);
    nb::handle simulation = m.attr("Simulation");
    const auto report_of = [](const running& r, const std::string& meter, int cell) { return energy(r.now(), meter, cell); };
    simulation.attr("energy") = nb::cpp_function(report_of, nb::name("energy"), nb::scope(simulation), nb::is_method(), nb::arg("meter"),
                                                 nb::arg("cell") = 0, R"doc(The ATP of a cell while an energy meter ran.

Parameters
----------
meter : str
    Label of an `EnergyMeter`.
cell : int
    Index within the meter's population.

Returns
-------
EnergyReport

Raises
------
apical.InvalidModel
    If there is no such meter or cell, or the meter's time is not over.
)doc");
}

}  // namespace apical::python
