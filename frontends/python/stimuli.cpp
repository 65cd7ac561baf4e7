// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/stimulus.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/target.hpp"
#include "frontends/python/values.hpp"
#include "morphology/expression.hpp"

namespace apical::python {
namespace {

/// A read-only attribute that is a quantity.
template <class C, class T, dimension D> void add_quantity(nb::class_<T>& c, const char* name, quantity<D> C::*member,
                                                           const char* doc) {
    c.def_prop_ro(name, [member](const T& t) { return shown(t.*member); }, doc);
}

void bind_target(nb::module_& m) {
    nb::class_<target> c(m, "Target", nb::is_final(), R"doc(Cells of a population, and a place on each of them.

Parameters
----------
population : str
    Name of the population.
at : str
    A location expression; at more than one location there is one copy at each.
cells : sequence of int, optional
    Indices within the population; by default all.

Raises
------
apical.InvalidModel
    If the location expression is wrong.
)doc");
    c.def("__init__", [](target* self, const std::string& population, const std::string& at, const cell_list& cells) {
        new (self) target(read_target({nb::cast(population)}, at, cells, "Target"));
    }, nb::arg("population"), nb::arg("at") = "soma(0.5)", nb::arg("cells") = nb::none());
    c.def_ro("population", &target::population, "str: Name of the population.");
    c.def_ro("at", &target::at, "str: A location expression.");
    c.def_prop_ro("cells", [](const target& t) { return nb::tuple(nb::cast(t.cells)); },
                  nb::sig("def cells(self) -> tuple[int, ...]"),
                  "tuple of int: Indices within the population; empty: all.");
    plain_value(c, "population", "at", "cells");
}

void bind_step(nb::module_& m) {
    nb::class_<step_current> c(m, "StepCurrent", nb::is_final(), R"doc(A constant current; positive depolarises.

Parameters
----------
delay, duration : Quantity
    When it starts and how long it lasts [ms].
amplitude : Quantity
    The current [nA].
)doc");
    c.def("__init__", [](step_current* self, const quantity_argument& delay, const quantity_argument& length,
                         const quantity_argument& amplitude) {
        new (self) step_current{as<duration>(delay, "StepCurrent / delay"), as<duration>(length, "StepCurrent / duration"),
                                as<current>(amplitude, "StepCurrent / amplitude")};
    }, nb::arg("delay"), nb::arg("duration"), nb::arg("amplitude"));
    add_quantity(c, "delay", &step_current::delay, "Quantity: When it starts [ms].");
    add_quantity(c, "duration", &step_current::duration, "Quantity: How long it lasts [ms].");
    add_quantity(c, "amplitude", &step_current::amplitude, "Quantity: The current [nA].");
    plain_value(c, "delay", "duration", "amplitude");
}

void bind_ramp(nb::module_& m) {
    nb::class_<ramp_current> c(m, "RampCurrent", nb::is_final(), R"doc(A current that changes linearly; zero outside its duration.

Parameters
----------
delay, duration : Quantity
    When it starts and how long it lasts [ms].
start, end : Quantity
    The current at the start and at the end [nA].
)doc");
    c.def("__init__", [](ramp_current* self, const quantity_argument& delay, const quantity_argument& length,
                         const quantity_argument& start, const quantity_argument& end) {
        new (self) ramp_current{as<duration>(delay, "RampCurrent / delay"), as<duration>(length, "RampCurrent / duration"),
                                as<current>(start, "RampCurrent / start"), as<current>(end, "RampCurrent / end")};
    }, nb::arg("delay"), nb::arg("duration"), nb::arg("start"), nb::arg("end"));
    add_quantity(c, "delay", &ramp_current::delay, "Quantity: When it starts [ms].");
    add_quantity(c, "duration", &ramp_current::duration, "Quantity: How long it lasts [ms].");
    add_quantity(c, "start", &ramp_current::from, "Quantity: The current at the start [nA].");
    add_quantity(c, "end", &ramp_current::to, "Quantity: The current at the end [nA].");
    plain_value(c, "delay", "duration", "start", "end");
}

void bind_noise(nb::module_& m) {
    nb::class_<noise_current> c(m, "NoiseCurrent", nb::is_final(), R"doc(Ornstein-Uhlenbeck noise, sampled exactly at the steps.

Each cell has its own noise, the same for any number of threads. Uhlenbeck & Ornstein (1930) Phys Rev 36:823.

Parameters
----------
delay, duration : Quantity
    When it starts and how long it lasts [ms].
mean, sd : Quantity
    Mean and standard deviation [nA].
tau : Quantity
    Correlation time [ms].
stream : int
    Two noise currents with the same number and target are the same noise.
)doc");
    c.def("__init__", [](noise_current* self, const quantity_argument& delay, const quantity_argument& length,
                         const quantity_argument& mean, const quantity_argument& sd, const quantity_argument& tau,
                         std::uint64_t stream) {
        new (self) noise_current{as<duration>(delay, "NoiseCurrent / delay"), as<duration>(length, "NoiseCurrent / duration"),
                                 as<current>(mean, "NoiseCurrent / mean"), as<current>(sd, "NoiseCurrent / sd"),
                                 as<duration>(tau, "NoiseCurrent / tau"), stream};
    }, nb::arg("delay"), nb::arg("duration"), nb::arg("mean"), nb::arg("sd"), nb::arg("tau"), nb::arg("stream") = 0);
    add_quantity(c, "delay", &noise_current::delay, "Quantity: When it starts [ms].");
    add_quantity(c, "duration", &noise_current::duration, "Quantity: How long it lasts [ms].");
    add_quantity(c, "mean", &noise_current::mean, "Quantity: Mean [nA].");
    add_quantity(c, "sd", &noise_current::sd, "Quantity: Standard deviation [nA].");
    add_quantity(c, "tau", &noise_current::tau, "Quantity: Correlation time [ms].");
    c.def_ro("stream", &noise_current::stream, "int: Which noise.");
    plain_value(c, "delay", "duration", "mean", "sd", "tau", "stream");
}

void bind_waveform(nb::module_& m) {
    nb::class_<waveform_current> c(m, "WaveformCurrent", nb::is_final(),
                                   R"doc(A current given by points, linear between them; zero before the first and after the last.

Parameters
----------
times : tuple of array_like and str
    Increasing times and their unit, e.g. ``([0, 10, 20], "ms")``.
values : tuple of array_like and str
    As many currents and their unit, e.g. ``([0, 0.5, 0], "nA")``.

Raises
------
apical.InvalidModel
    If a unit is wrong or the two have different lengths.
)doc");
    c.def("__init__", [](waveform_current* self, const series_argument& times, const series_argument& values) {
        waveform_current w{read_series(times, dimensions::time, "WaveformCurrent / times"),
                           read_series(values, dimensions::current, "WaveformCurrent / values")};
        if (w.times_ms.size() != w.values_nA.size())
            throw invalid_model("WaveformCurrent", fmt::format("{} times but {} values", w.times_ms.size(), w.values_nA.size()),
                                "give one value for each time");
        new (self) waveform_current(std::move(w));
    }, nb::arg("times"), nb::arg("values"));
    c.def_prop_ro("times", [](const waveform_current& w) { return shown_series(w.times_ms, "ms"); },
                  nb::sig("def times(self) -> tuple[list[float], str]"),
                  "tuple of list and str: The times, in ms.");
    c.def_prop_ro("values", [](const waveform_current& w) { return shown_series(w.values_nA, "nA"); },
                  nb::sig("def values(self) -> tuple[list[float], str]"),
                  "tuple of list and str: The currents, in nA.");
    plain_value(c, "times", "values");
}

void bind_epsp(nb::module_& m) {
    nb::class_<epsp_current> c(m, "EpspCurrent", nb::is_final(),
                               R"doc(A current shaped like an excitatory synaptic potential.

Hay et al. (2011) PLoS Comput Biol 7:e1002107.

Parameters
----------
onset : Quantity
    When it starts [ms].
peak : Quantity
    Largest current [nA].
tau_rise, tau_decay : Quantity
    Time constants of the rise and the decay [ms].
)doc");
    c.def("__init__", [](epsp_current* self, const quantity_argument& onset, const quantity_argument& peak,
                         const quantity_argument& tau_rise, const quantity_argument& tau_decay) {
        new (self) epsp_current{.onset = as<duration>(onset, "EpspCurrent / onset"),
                                .tau_rise = as<duration>(tau_rise, "EpspCurrent / tau_rise"),
                                .tau_decay = as<duration>(tau_decay, "EpspCurrent / tau_decay"),
                                .peak = as<current>(peak, "EpspCurrent / peak")};
    }, nb::arg("onset"), nb::arg("peak"), nb::arg("tau_rise") = "0.5 ms", nb::arg("tau_decay") = "5 ms");
    add_quantity(c, "onset", &epsp_current::onset, "Quantity: When it starts [ms].");
    add_quantity(c, "peak", &epsp_current::peak, "Quantity: Largest current [nA].");
    add_quantity(c, "tau_rise", &epsp_current::tau_rise, "Quantity: Time constant of the rise [ms].");
    add_quantity(c, "tau_decay", &epsp_current::tau_decay, "Quantity: Time constant of the decay [ms].");
    plain_value(c, "onset", "peak", "tau_rise", "tau_decay");
}

}  // namespace

target read_target(const population_argument& on, const place_text& at, const cell_list& cells, const std::string& where) {
    target t;
    if (nb::try_cast(on.value, t)) {
        if (at || cells)
            throw invalid_model(where, "a Target and at or cells", "say it once, in the Target or beside the population's name");
        return t;
    }
    if (!nb::isinstance<nb::str>(on.value))
        throw invalid_model(where + " / on", "expected a population, got " + nb::cast<std::string>(nb::repr(on.value)),
                            "write its name, or a Target");
    t.population = nb::cast<std::string>(on.value);
    if (at) t.at = *at;
    if (cells) t.cells = *cells;
    static_cast<void>(parse_locations(t.at));
    return t;
}

void bind_stimuli(nb::module_& m) {
    bind_target(m);
    bind_step(m);
    bind_ramp(m);
    bind_noise(m);
    bind_waveform(m);
    bind_epsp(m);
}

}  // namespace apical::python
