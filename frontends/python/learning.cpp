// SPDX-License-Identifier: BSD-3-Clause
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "circuit/circuit.hpp"
#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/catalogue.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/simulation.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

std::map<std::string, any_quantity> rule_settings(const rule_schema& rule, const nb::object& given, const std::string& where) {
    std::map<std::string, any_quantity> values;
    if (given.is_none()) return values;
    std::vector<std::string> known;
    for (const auto& p : rule.parameters) known.emplace_back(p.name);
    for (const auto [key, value] : nb::cast<nb::dict>(nb::module_::import_("builtins").attr("dict")(given))) {
        const auto name = nb::cast<std::string>(key);
        const auto* p = rule.parameter(name);
        if (!p) throw invalid_model(where, fmt::format("'{}' has no parameter '{}'", rule.name, name), suggestion(name, known));
        const auto dimension = parse_unit(p->unit).dimension;
        values[name] = {read_as(value, dimension, where + " / " + name), dimension};
    }
    return values;
}

const char* const learning_doc = R"doc(How the weights of a projection change.

Parameters
----------
rule : str
    One of :func:`apical.rules`, e.g. ``"pair_stdp"``.
parameters : mapping of str to Quantity, optional
    Those that differ from the defaults, or from the published set.
published : str
    A set of the rule's published parameters; empty: its defaults.
unit : Quantity, optional
    The weight that the rule's weight 1 stands for; by default the mean weight of the projection.
low, high : float
    Bounds of the weight, in the rule's unit.
interval : Quantity
    Of the clock of rules that have one [ms]; 0: every step.
start, stop : Quantity
    Weights change from then until then [ms].
region : str
    Whose modulators the synapses feel.
total : float, optional
    Sum of a cell's weights of this projection, in the rule's unit, held by a common factor every `total_interval`.
total_interval : Quantity
    How often [ms].
prediction_gain, prediction_rest : float, Quantity
    Of rules that read a prediction: the potential at the synapse, its distance from rest times the gain.
apical_at : str
    Of rules that read the apical dendrite: where on the cell it is.

Raises
------
apical.InvalidModel
    If there is no such rule or parameter, or a value is of another dimension.

Examples
--------
>>> apical.Projection("in", "inputs", "cells", apical.AllToAll(), "expsyn", weight="1 nS",
...                   learning=apical.Learning("pair_stdp", {"a_plus": 0.01}, high=2))
)doc";

void bind_learning_class(nb::module_& m) {
    nb::class_<learning> c(m, "Learning", nb::is_final(), learning_doc);
    c.def("__init__", [](learning* self, const std::string& rule, nb::object parameters, const std::string& published, const std::optional<quantity_argument>& unit, double low,
                         double high, const quantity_argument& interval, const quantity_argument& start, const quantity_argument& stop, const std::string& region,
                         std::optional<double> total, const quantity_argument& total_interval, double prediction_gain, const quantity_argument& prediction_rest,
                         const std::string& apical_at) {
        const auto where = fmt::format("Learning '{}'", rule);
        const auto& entry = built_in().rule_at(rule, where);
        new (self) learning{.rule = rule, .published = published, .parameters = rule_settings(entry.schema, parameters, where), .low = low, .high = high,
                            .interval = as<duration>(interval, where + " / interval"), .start = as<duration>(start, where + " / start"), .stop = as<duration>(stop, where + " / stop"),
                            .region = region, .prediction_gain = prediction_gain, .prediction_rest = as<voltage>(prediction_rest, where + " / prediction_rest"),
                            .apical_at = apical_at, .total = total, .total_interval = as<duration>(total_interval, where + " / total_interval")};
        if (unit) self->unit = read_quantity(unit->value, where + " / unit");
    }, nb::arg("rule"), nb::arg("parameters") = nb::none(), nb::arg("published") = "", nb::arg("unit") = nb::none(), nb::arg("low") = 0.0,
       nb::arg("high") = std::numeric_limits<double>::infinity(), nb::arg("interval") = "0 ms", nb::arg("start") = "0 ms", nb::arg("stop") = "1e15 ms", nb::arg("region") = "",
       nb::arg("total") = nb::none(), nb::arg("total_interval") = "1 s", nb::arg("prediction_gain") = 1.0, nb::arg("prediction_rest") = "-70 mV", nb::arg("apical_at") = "",
       nb::sig("def __init__(self, rule: str, parameters: collections.abc.Mapping[str, str | tuple[float, str] | Quantity | float] | None = None, published: str = '', "
               "unit: str | tuple[float, str] | Quantity | None = None, low: float = 0.0, high: float = float('inf'), interval: str | tuple[float, str] | Quantity = '0 ms', "
               "start: str | tuple[float, str] | Quantity = '0 ms', stop: str | tuple[float, str] | Quantity = '1e15 ms', region: str = '', total: float | None = None, "
               "total_interval: str | tuple[float, str] | Quantity = '1 s', prediction_gain: float = 1.0, prediction_rest: str | tuple[float, str] | Quantity = '-70 mV', "
               "apical_at: str = '') -> None"));
    c.def_ro("rule", &learning::rule, "str: Its name.");
    c.def_ro("parameters", &learning::parameters, "dict of str to Quantity: What differs from the defaults.");
    c.def_ro("published", &learning::published, "str: A set of published parameters.");
    c.def_ro("unit", &learning::unit, "Quantity or None: The weight that the rule's weight 1 stands for.");
    c.def_ro("low", &learning::low, "float: Lower bound, in the rule's unit.");
    c.def_ro("high", &learning::high, "float: Upper bound, in the rule's unit.");
    c.def_prop_ro("interval", [](const learning& l) { return shown(l.interval); }, "Quantity: Of the rule's clock [ms].");
    c.def_prop_ro("start", [](const learning& l) { return shown(l.start); }, "Quantity: When weights begin to change [ms].");
    c.def_prop_ro("stop", [](const learning& l) { return shown(l.stop); }, "Quantity: When they cease to [ms].");
    c.def_ro("region", &learning::region, "str: Whose modulators the synapses feel.");
    c.def_ro("total", &learning::total, "float or None: Sum of a cell's weights.");
    c.def_prop_ro("total_interval", [](const learning& l) { return shown(l.total_interval); }, "Quantity: How often it is held [ms].");
    c.def_ro("prediction_gain", &learning::prediction_gain, "float: Of a prediction.");
    c.def_prop_ro("prediction_rest", [](const learning& l) { return shown(l.prediction_rest); }, "Quantity: Where predictions start from [mV].");
    c.def_ro("apical_at", &learning::apical_at, "str: Where the apical dendrite is looked at.");
    plain_value(c, "rule", "parameters", "published", "unit", "low", "high", "interval", "start", "stop", "region", "total", "total_interval", "prediction_gain", "prediction_rest",
                "apical_at");
}

void bind_modulator_effect(nb::module_& m) {
    nb::class_<modulator_effect> c(m, "ModulatorEffect", nb::is_final(), R"doc(What a neuromodulator does to a parameter of cells, or to the strength of a projection: p (1 + scale R) + shift R.

Parameters
----------
parameter : str
    Which it changes; of a projection ``"weight"``.
population : str
    Whose cells; or
projection : str
    which contacts.
mechanism : str
    A channel; empty: the point neuron itself.
at : str
    A region of the cells; empty: wherever the channel is.
scale : float
    Where R = 1, the parameter is multiplied by 1 + scale.
shift : Quantity, optional
    And grows by this.
half, hill : float
    R is c^hill/(c^hill + half^hill) of the concentration c; with half = 0 it is c itself, held between 0 and 1.
tau_on, tau_off : Quantity
    With which R rises and falls [ms]; 0: at once.
interval : Quantity
    Between the times at which R follows [ms]; 0: every step.

Raises
------
apical.InvalidModel
    If a value is of another dimension.
)doc");
    c.def("__init__", [](modulator_effect* self, const std::string& parameter, const std::string& population, const std::string& projection, const std::string& mechanism, const std::string& at,
                         double scale, const nb::object& shift, double half, double hill, const quantity_argument& tau_on, const quantity_argument& tau_off, const quantity_argument& interval) {
        const std::string where = "ModulatorEffect";
        modulator_effect e{.population = population, .projection = projection, .at = at, .mechanism = mechanism, .parameter = parameter, .scale = scale};
        if (!shift.is_none()) e.shift = read_quantity(shift, where + " / shift");
        e.half = half, e.hill = hill;
        e.tau_on = as<duration>(tau_on, where + " / tau_on"), e.tau_off = as<duration>(tau_off, where + " / tau_off"), e.interval = as<duration>(interval, where + " / interval");
        new (self) modulator_effect(std::move(e));
    }, nb::arg("parameter"), nb::arg("population") = "", nb::arg("projection") = "", nb::arg("mechanism") = "", nb::arg("at") = "", nb::arg("scale") = 0.0, nb::arg("shift") = nb::none(),
       nb::arg("half") = 0.0, nb::arg("hill") = 1.0, nb::arg("tau_on") = "0 ms", nb::arg("tau_off") = "0 ms", nb::arg("interval") = "0 ms",
       nb::sig("def __init__(self, parameter: str, population: str = '', projection: str = '', mechanism: str = '', at: str = '', scale: float = 0.0, "
               "shift: str | tuple[float, str] | Quantity | float | None = None, half: float = 0.0, hill: float = 1.0, tau_on: str | tuple[float, str] | Quantity = '0 ms', "
               "tau_off: str | tuple[float, str] | Quantity = '0 ms', interval: str | tuple[float, str] | Quantity = '0 ms') -> None"));
    c.def_ro("parameter", &modulator_effect::parameter, "str: Which it changes.");
    c.def_ro("population", &modulator_effect::population, "str: Whose cells.");
    c.def_ro("projection", &modulator_effect::projection, "str: Or which contacts.");
    c.def_ro("mechanism", &modulator_effect::mechanism, "str: A channel; empty: the point neuron itself.");
    c.def_ro("at", &modulator_effect::at, "str: A region of the cells.");
    c.def_ro("scale", &modulator_effect::scale, "float: Where R = 1, the parameter is multiplied by 1 + scale.");
    c.def_ro("shift", &modulator_effect::shift, "Quantity or None: And grows by this.");
    c.def_ro("half", &modulator_effect::half, "float: Concentration at which R is one half.");
    c.def_ro("hill", &modulator_effect::hill, "float: Exponent of the occupancy.");
    c.def_prop_ro("tau_on", [](const modulator_effect& x) { return shown(x.tau_on); }, "Quantity: With which R rises [ms].");
    c.def_prop_ro("tau_off", [](const modulator_effect& x) { return shown(x.tau_off); }, "Quantity: With which R falls [ms].");
    c.def_prop_ro("interval", [](const modulator_effect& x) { return shown(x.interval); }, "Quantity: Between the times at which R follows [ms].");
    plain_value(c, "parameter", "population", "projection", "mechanism", "at", "scale", "shift", "half", "hill", "tau_on", "tau_off", "interval");
}

void bind_modulator(nb::module_& m) {
    nb::class_<modulator> c(m, "Modulator", nb::is_final(), R"doc(A neuromodulator in a region: a concentration that decays, and grows by what is released.

Parameters
----------
name : str
    As rules call it, e.g. ``"dopamine"``.
region : str
    Projections say whose modulators they feel.
tau : Quantity
    Time constant of its decay [ms].
baseline : float
    To which it decays, in the unit of the amounts.
releases : sequence of (float, float)
    Times [ms] and amounts.
sources : sequence of (str, float) or (str, float, Quantity)
    Populations or spike sources each spike of which releases an amount, after a delay of 1 ms or as given.
effects : sequence of ModulatorEffect
    What it does to parameters of cells and to the strength of projections.

Raises
------
apical.InvalidModel
    If a value is of another dimension.
)doc");
    c.def("__init__", [](modulator* self, const std::string& name, const std::string& region, const quantity_argument& tau, double baseline,
                         const std::vector<std::pair<double, double>>& releases, nb::object sources, const std::vector<modulator_effect>& effects) {
        const auto where = fmt::format("Modulator '{}'", name);
        modulator made{.name = name, .region = region, .tau = as<duration>(tau, where + " / tau"), .baseline = baseline, .releases = releases, .sources = {}, .effects = effects};
        for (nb::handle s : sources) {
            const auto n = nb::len(s);
            if (n != 2 && n != 3) throw invalid_model(where + " / sources", "expected a population, an amount and perhaps a delay", "write (\"vta\", 0.1) or (\"vta\", 0.1, \"2 ms\")");
            modulator::source one{nb::cast<std::string>(s[0]), nb::cast<double>(s[1])};
            if (n == 3) one.delay = duration::coherent(read_as(s[2], dimensions::time, where + " / sources"));
            made.sources.push_back(std::move(one));
        }
        new (self) modulator(std::move(made));
    }, nb::arg("name"), nb::arg("region") = "", nb::arg("tau") = "200 ms", nb::arg("baseline") = 0.0, nb::arg("releases") = nb::make_tuple(), nb::arg("sources") = nb::make_tuple(), nb::arg("effects") = nb::make_tuple(),
       nb::sig("def __init__(self, name: str, region: str = '', tau: str | tuple[float, str] | Quantity = '200 ms', baseline: float = 0.0, "
               "releases: collections.abc.Sequence[tuple[float, float]] = (), sources: collections.abc.Sequence[tuple[typing.Any, ...]] = (), effects: collections.abc.Sequence[ModulatorEffect] = ()) -> None"));
    c.def_ro("name", &modulator::name, "str: As rules call it.");
    c.def_ro("region", &modulator::region, "str: Where it is.");
    c.def_prop_ro("tau", [](const modulator& x) { return shown(x.tau); }, "Quantity: Time constant of its decay [ms].");
    c.def_ro("baseline", &modulator::baseline, "float: To which it decays.");
    c.def_ro("releases", &modulator::releases, "list of (float, float): Times [ms] and amounts.");
    c.def_prop_ro("sources", [](const modulator& x) {
        nb::list all;
        for (const auto& s : x.sources) all.append(nb::make_tuple(s.population, s.amount, shown(s.delay)));
        return all;
    }, nb::sig("def sources(self) -> list[tuple[str, float, Quantity]]"), "list of (str, float, Quantity): Who releases it, how much, and how late.");
    c.def_ro("effects", &modulator::effects, "list of ModulatorEffect: What it does to parameters.");
    plain_value(c, "name", "region", "tau", "baseline", "releases", "sources", "effects");
}

void bind_weight_probe(nb::module_& m) {
    nb::class_<weight_probe> c(m, "WeightProbe", nb::is_final(), R"doc(Weights to keep, of a projection that learns.

Parameters
----------
label : str
    What the recording is called.
projection : str
    Of which projection.
interval, start : Quantity
    Between samples, and of the first [ms].
)doc");
    c.def("__init__", [](weight_probe* self, const std::string& label, const std::string& projection, const quantity_argument& interval, const quantity_argument& start) {
        const auto where = fmt::format("WeightProbe '{}'", label);
        new (self) weight_probe{label, projection, as<duration>(interval, where + " / interval"), as<duration>(start, where + " / start")};
    }, nb::arg("label"), nb::arg("projection"), nb::arg("interval") = "100 ms", nb::arg("start") = "0 ms");
    c.def_ro("label", &weight_probe::label, "str: What the recording is called.");
    c.def_ro("projection", &weight_probe::projection, "str: Of which projection.");
    c.def_prop_ro("interval", [](const weight_probe& p) { return shown(p.interval); }, "Quantity: Between samples [ms].");
    c.def_prop_ro("start", [](const weight_probe& p) { return shown(p.start); }, "Quantity: Of the first [ms].");
    plain_value(c, "label", "projection", "interval", "start");
}

nb::dict columns_of(const weight_table& w) {
    nb::dict d;
    std::vector<int> section;
    std::vector<double> x;
    for (const auto& at : w.where) section.push_back(at.section), x.push_back(at.x);
    d["source"] = bulk_array(std::vector<std::int32_t>(w.source.begin(), w.source.end())), d["target"] = bulk_array(std::vector<std::int32_t>(w.target.begin(), w.target.end()));
    d["section"] = bulk_array(std::vector<std::int32_t>(section.begin(), section.end())), d["x"] = bulk_array(std::move(x));
    d["weight"] = bulk_array(std::vector<double>(w.weight)), d["strength"] = bulk_array(std::vector<double>(w.strength));
    d["unit"] = w.unit;
    return d;
}

}  // namespace

void bind_learning(nb::module_& m) {
    bind_learning_class(m);
    bind_modulator_effect(m);
    bind_modulator(m);
    bind_weight_probe(m);
    m.def("rules", [] {
        nb::list all;
        for (const auto& r : built_in().rules()) {
            nb::dict parameters, one;
            for (const auto& p : r.schema.parameters) parameters[nb::str(p.name.data(), p.name.size())] = nb::make_tuple(p.value, std::string(p.unit), std::string(p.meaning));
            one["name"] = r.schema.name, one["summary"] = r.schema.summary, one["source"] = r.schema.source, one["parameters"] = parameters, one["knows"] = r.locality();
            all.append(one);
        }
        return all;
    }, nb::sig("def rules() -> list[dict[str, typing.Any]]"), R"doc(The learning rules.

Returns
-------
list of dict
    ``name``, ``summary``, ``source``, ``parameters`` (default, unit, meaning by name) and ``knows``: all that a synapse of it can know.
)doc");
}

void add_learning(nb::class_<running>& c) {
    c.def("weights", [](const running& r, const std::string& projection) { return columns_of(r.now().weights(projection)); }, nb::arg("projection"),
          nb::sig("def weights(self, projection: str) -> dict[str, typing.Any]"), R"doc(The weights of a projection that learns, now.

Parameters
----------
projection : str
    Its name.

Returns
-------
dict
    Arrays of shape (n_synapses,): ``source`` and ``target`` cells, ``section`` and ``x`` on the target, ``weight`` in ``unit``, ``strength`` in the
    rule's own unit.

Raises
------
apical.InvalidModel
    If no projection of this name learns.
)doc");
    c.def_prop_ro("weight_recordings", [](const running& r) {
        nb::dict all;
        for (const auto& w : r.now().weight_recordings()) {
            auto one = columns_of(w.synapses);
            one["time"] = bulk_array(std::vector<double>(w.times));
            one["weight"] = bulk_array(std::vector<double>(w.samples)).attr("reshape")(w.rows(), w.columns());
            all[w.label.c_str()] = one;
        }
        return all;
    }, nb::sig("def weight_recordings(self) -> dict[str, dict[str, typing.Any]]"),
       "dict of str to dict: By label, ``time`` [ms], ``weight`` of shape (n_times, n_synapses), and the columns of :meth:`weights`.");
    c.def("release", [](running& r, const std::string& name, double amount, const std::string& region) { r.release(name, amount, region); }, nb::arg("modulator"),
          nb::arg("amount"), nb::arg("region") = "", R"doc(Release a neuromodulator now: reward from an environment.

Parameters
----------
modulator : str
    Its name.
amount : float
    How much.
region : str
    Where.

Raises
------
apical.InvalidModel
    If the circuit has no such modulator.
)doc");
}

}  // namespace apical::python
