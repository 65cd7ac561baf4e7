// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/variant.h>

#include "circuit/stimulus.hpp"
#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/catalogue.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/receptor_settings.hpp"
#include "frontends/python/target.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

void bind_injection(nb::module_& m) {
    nb::class_<injection> c(m, "Injection", nb::is_final(), R"doc(A current into cells.

Parameters
----------
source : StepCurrent, RampCurrent, NoiseCurrent, WaveformCurrent or EpspCurrent
    The current.
on : str or Target
    The population, or a population with a place and cells.
at : str, optional
    A location expression, ``"soma(0.5)"`` by default; at more than one location there is one copy at each.
cells : sequence of int, optional
    Indices within the population; by default all.

Examples
--------
>>> apical.Injection(apical.StepCurrent("100 ms", "500 ms", "0.3 nA"), on="l5pc")
)doc");
    c.def("__init__", [](injection* self, const current_source& source, const population_argument& on, const place_text& at,
                         const cell_list& cells) {
        new (self) injection{read_target(on, at, cells, "Injection"), source};
    }, nb::arg("source"), nb::arg("on"), nb::arg("at") = nb::none(), nb::arg("cells") = nb::none());
    c.def_prop_ro("source", [](const injection& i) { return i.source; }, "The current.");
    c.def_prop_ro("on", [](const injection& i) { return i.on; }, "Target: Where it goes.");
    plain_value(c, "source", "on");
}

using level_pairs = std::vector<std::pair<quantity_argument, quantity_argument>>;

nb::tuple shown_levels(const voltage_clamp& v) {
    nb::list all;
    for (const auto& [time, level] : v.levels) all.append(nb::make_tuple(to_text(shown(time)), to_text(shown(level))));
    return nb::tuple(all);
}

void bind_clamp(nb::module_& m) {
    nb::class_<voltage_clamp> c(m, "VoltageClamp", nb::is_final(), R"doc(Single-electrode voltage clamp behind a series resistance.

The command holds each level from its time on; before the first time and after `stop` the electrode is off.

Parameters
----------
levels : sequence of (Quantity, Quantity)
    Times [ms] and the potentials held from then on [mV], e.g. ``[("0 ms", "-70 mV"), ("10 ms", "0 mV")]``.
on : str or Target
    The population, or a population with a place and cells.
stop : Quantity
    When the electrode is switched off [ms].
series : Quantity
    Series resistance [Mohm].
at : str, optional
    A location expression, ``"soma(0.5)"`` by default; at more than one location there is one copy at each.
cells : sequence of int, optional
    Indices within the population; by default all.
)doc");
    c.def("__init__", [](voltage_clamp* self, const level_pairs& levels, const population_argument& on,
                         const quantity_argument& stop, const quantity_argument& series, const place_text& at,
                         const cell_list& cells) {
        voltage_clamp v{.on = read_target(on, at, cells, "VoltageClamp"), .levels = {},
                        .stop = as<duration>(stop, "VoltageClamp / stop"),
                        .series = as<resistance>(series, "VoltageClamp / series")};
        for (const auto& [time, level] : levels)
            v.levels.emplace_back(as<duration>(time, "VoltageClamp / levels"), as<voltage>(level, "VoltageClamp / levels"));
        new (self) voltage_clamp(std::move(v));
    }, nb::arg("levels"), nb::arg("on"), nb::arg("stop") = "1e9 ms", nb::arg("series") = "0.01 Mohm", nb::arg("at") = nb::none(),
       nb::arg("cells") = nb::none());
    c.def_prop_ro("levels", shown_levels, nb::sig("def levels(self) -> tuple[tuple[str, str], ...]"),
                  "tuple of (str, str): Times and potentials.");
    c.def_prop_ro("on", [](const voltage_clamp& v) { return v.on; }, "Target: Where the electrode is.");
    c.def_prop_ro("stop", [](const voltage_clamp& v) { return shown(v.stop); }, "Quantity: When it is switched off [ms].");
    c.def_prop_ro("series", [](const voltage_clamp& v) { return shown(v.series); }, "Quantity: Series resistance [Mohm].");
    plain_value(c, "levels", "on", "stop", "series");
}

nb::dict shown_settings(const receptor& r) {
    nb::dict all;
    for (const auto& [name, value] : r.parameters) all[name.c_str()] = nb::cast(value);
    return all;
}

void bind_receptor(nb::module_& m) {
    nb::class_<receptor> c(m, "Receptor", nb::is_final(),
                           R"doc(A receptor of the catalogue at a place. Events reach it by its label.

Parameters
----------
label : str
    What spike trains call it.
name : str or MechanismSchema
    A receptor of :data:`apical.channels`, e.g. ``"exp2syn"``, or a point process that :func:`load_mechanisms` has read.
on : str or Target
    The population, or a population with a place and cells.
at : str, optional
    A location expression, ``"soma(0.5)"`` by default; at more than one location there is one copy at each.
cells : sequence of int, optional
    Indices within the population; by default all.
**parameters : Quantity
    Those that differ from the receptor's defaults.

Raises
------
apical.InvalidModel
    If the name, a parameter or its dimension is wrong.
)doc");
    c.def("__init__", [](receptor* self, const std::string& label, const std::variant<std::string, catalogue::entry>& name, const population_argument& on,
                         const place_text& at, const cell_list& cells, const nb::kwargs& parameters) {
        const auto* given = std::get_if<catalogue::entry>(&name);
        const auto& entry = given ? *given : built_in().at(std::get<std::string>(name), "Receptor");
        new (self) receptor{label, read_target(on, at, cells, "Receptor"), entry.schema.name, settings_of(entry.schema, parameters), entry.imported};
    }, nb::arg("label"), nb::arg("name"), nb::arg("on"), nb::arg("at") = nb::none(), nb::arg("cells") = nb::none(),
       nb::arg("parameters"),
       nb::sig("def __init__(self, label: str, name: str | MechanismSchema, on: str | Target, at: str | None = None, "
               "cells: collections.abc.Sequence[int] | None = None, **parameters: str | tuple[float, str] | Quantity | float) -> None"));
    c.def_ro("label", &receptor::label, "str: What spike trains call it.");
    c.def_ro("name", &receptor::name, "str: Its name in the catalogue.");
    c.def_prop_ro("on", [](const receptor& r) { return r.on; }, "Target: Where it sits.");
    c.def_prop_ro("parameters", shown_settings, nb::sig("def parameters(self) -> dict[str, Quantity]"),
                  "dict of str to Quantity: What differs from its defaults.");
    plain_value(c, "label", "name", "on", "parameters");
    set_method(c, "__reduce__", reduce_signature, [](nb::handle self) {  // the parameters are keywords
        const auto partial = nb::module_::import_("functools").attr("partial");
        const auto& r = nb::cast<const receptor&>(self);
        const auto made = partial(nb::borrow(self.type()), self.attr("label"), r.imported ? entry_of(r.imported) : nb::object(self.attr("name")), self.attr("on"),
                                  **nb::dict(self.attr("parameters")));
        return nb::make_tuple(made, nb::make_tuple());
    });
}

/// A conductance or a current.
event_weight weight_of(const quantity_argument& a, const char* where) {
    if (const auto q = read_quantity(a.value, where); q.dimension == dimensions::current) return q;
    return as<conductance>(a, where);
}

void bind_train(nb::module_& m) {
    nb::class_<spike_train> c(m, "SpikeTrain", nb::is_final(), R"doc(Spikes onto the receptors of a label.

Parameters
----------
receptor : str
    The label.
times : tuple of array_like and str
    Spike times and their unit, e.g. ``([10, 20, 50], "ms")``.
weight : Quantity
    What each spike adds: a peak conductance [uS], or a current [nA] where the receptor takes one.
delay : Quantity
    From spike to receptor [ms].
)doc");
    c.def("__init__", [](spike_train* self, const std::string& receptor, const series_argument& times,
                         const quantity_argument& weight,
                         const quantity_argument& delay) {
        new (self) spike_train{receptor, read_series(times, dimensions::time, "SpikeTrain / times"),
                               weight_of(weight, "SpikeTrain / weight"),
                               as<duration>(delay, "SpikeTrain / delay")};
    }, nb::arg("receptor"), nb::arg("times"), nb::arg("weight"), nb::arg("delay") = "0 ms");
    c.def_ro("receptor", &spike_train::receptor, "str: The label of the receptors.");
    c.def_prop_ro("times", [](const spike_train& t) { return shown_series(t.times_ms, "ms"); },
                  nb::sig("def times(self) -> tuple[list[float], str]"),
                  "tuple of list and str: The times, in ms.");
    c.def_prop_ro("weight", [](const spike_train& t) { return any_quantity(t.weight.quantity()); }, "Quantity: Peak conductance of each spike [uS].");
    c.def_prop_ro("delay", [](const spike_train& t) { return shown(t.delay); }, "Quantity: From spike to receptor [ms].");
    plain_value(c, "receptor", "times", "weight", "delay");
}

void bind_poisson(nb::module_& m) {
    nb::class_<poisson_train> c(m, "PoissonTrain", nb::is_final(), R"doc(Random events onto the receptors of a label, others at each of them.

The number of events in a step is Poisson distributed, and they arrive at its beginning. They belong to the seed, the population,
the cell, the place and the stream, and are the same for any number of threads.

Parameters
----------
receptor : str
    The label.
rate : Quantity
    Events per time at each receptor: the sum of the rates of its inputs.
weight : Quantity
    What each event adds: a peak conductance [uS], or a current [nA] where the receptor takes one.
start, duration : Quantity
    When they begin and how long they last [ms].
stream : int
    Trains of one number onto one label are the same train.
)doc");
    c.def("__init__", [](poisson_train* self, const std::string& receptor, const quantity_argument& rate, const quantity_argument& weight,
                         const quantity_argument& start, const quantity_argument& length, std::uint64_t stream) {
        new (self) poisson_train{receptor, as<quantity<dimensions::rate>>(rate, "PoissonTrain / rate"), weight_of(weight, "PoissonTrain / weight"),
                                 as<duration>(start, "PoissonTrain / start"), as<duration>(length, "PoissonTrain / duration"), stream};
    }, nb::arg("receptor"), nb::arg("rate"), nb::arg("weight"), nb::arg("start") = "0 ms", nb::arg("duration") = "1e9 ms", nb::arg("stream") = 0);
    c.def_ro("receptor", &poisson_train::receptor, "str: The label of the receptors.");
    c.def_prop_ro("rate", [](const poisson_train& t) { return shown(t.rate); }, "Quantity: Events per time at each receptor.");
    c.def_prop_ro("weight", [](const poisson_train& t) { return any_quantity(t.weight.quantity()); }, "Quantity: Peak conductance of each event [uS].");
    c.def_prop_ro("start", [](const poisson_train& t) { return shown(t.start); }, "Quantity: When they begin [ms].");
    c.def_prop_ro("duration", [](const poisson_train& t) { return shown(t.duration); }, "Quantity: How long they last [ms].");
    c.def_ro("stream", &poisson_train::stream, "int: Which train.");
    plain_value(c, "receptor", "rate", "weight", "start", "duration", "stream");
}

}  // namespace

std::map<std::string, any_quantity> settings_of(const std::string& name, const nb::dict& given) { return settings_of(built_in().at(name, "Receptor").schema, given); }

std::map<std::string, any_quantity> settings_of(const mechanism_schema& schema, const nb::dict& given) {
    const auto where = "Receptor / " + schema.name;
    if (schema.kind != mechanism_kind::receptor)
        throw invalid_model(where, fmt::format("'{}' is no receptor", schema.name), "paint it on a region with Cell.paint");
    std::vector<std::string> known;
    for (const auto& f : schema.parameters) known.emplace_back(f.name);
    std::map<std::string, any_quantity> settings;
    for (const auto& [key, value] : given) {
        const auto parameter = nb::cast<std::string>(key);
        const auto* f = schema.parameter(parameter);
        if (!f) throw invalid_model(where + " / " + parameter, "unknown parameter", suggestion(parameter, known));
        const auto expected = parse_unit(f->unit).dimension;
        settings[parameter] = {read_as(value, expected, where + " / " + parameter), expected};
    }
    return settings;
}

void bind_receptors(nb::module_& m) {
    bind_injection(m);
    bind_clamp(m);
    bind_receptor(m);
    bind_train(m);
    bind_poisson(m);
}

}  // namespace apical::python
