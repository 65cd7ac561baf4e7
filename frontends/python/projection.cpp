// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/projection.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "circuit/layout.hpp"
#include "core/error.hpp"
#include "engine/release_catalogue.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/catalogue.hpp"
#include "frontends/python/connection_rules.hpp"
#include "frontends/python/random_value.hpp"
#include "frontends/python/receptor_settings.hpp"
#include "morphology/expression.hpp"

namespace apical::python {
namespace {

using rate = quantity<dimensions::rate>;
using speed = quantity<dimensions::permeability>;

/// Attributes hold what the constructor takes.
nb::object shown_or_none(const std::optional<speed>& v) { return v ? nb::cast(shown(*v)) : nb::none(); }

void bind_short_term(nb::module_& m) {
    nb::class_<short_term_plasticity> c(m, "ShortTermPlasticity", nb::is_final(), R"doc(Short-term plasticity of release, and its chance.

Models: ``"tsodyks_markram"``, of the mean or of vesicles by chance (Tsodyks & Markram 1997, Fuhrmann et al. 2002);
``"tsodyks_uziel_markram"``, with an active and an inactive state (Tsodyks, Uziel & Markram 2000); ``"hennig"``, with recovery that
depends on use, facilitation and desensitisation (Hennig 2013).

Parameters
----------
use : float or RandomValue
    Release probability from rest.
tau_recovery : Quantity or RandomValue
    Time constant of the recovery from depression [ms].
tau_facilitation : Quantity or RandomValue
    Time constant of facilitation [ms]; 0: none.
vesicles : int
    Ready for release, each released by chance; 0: the mean of very many, without chance.
model : str
    Of release. Those above are parameters of each model that has such.
parameters : dict, optional
    Others of the model that differ from its defaults, by name; values as those above.

Raises
------
apical.InvalidModel
    If a value is of another dimension.
)doc");
    c.def("__init__", [](short_term_plasticity* self, const random_argument& use, const random_argument& recovery, const random_argument& facilitation, int vesicles,
                         const std::string& model, nb::object parameters) {
        short_term_plasticity s{read_random(use.value, dimensions::none, "ShortTermPlasticity / use"), read_random(recovery.value, dimensions::time, "ShortTermPlasticity / tau_recovery"),
                                read_random(facilitation.value, dimensions::time, "ShortTermPlasticity / tau_facilitation"), vesicles, model, {}};
        const auto& schema = release_model_at(model, "ShortTermPlasticity / model").schema;
        for (const auto [name, value] : parameters.is_none() ? nb::dict() : nb::cast<nb::dict>(parameters)) {
            const auto key = nb::cast<std::string>(name), where = "ShortTermPlasticity / " + key;
            const auto* p = schema.parameter(key);
            if (!p) throw invalid_model(where, "'" + model + "' has no such parameter");
            s.parameters.emplace(key, read_random(value, parse_unit(p->unit).dimension, where));
        }
        new (self) short_term_plasticity(std::move(s));
    }, nb::arg("use") = 0.5, nb::arg("tau_recovery") = "100 ms", nb::arg("tau_facilitation") = "0 ms", nb::arg("vesicles") = 0, nb::arg("model") = "tsodyks_markram",
       nb::arg("parameters") = nb::none(),
       nb::sig("def __init__(self, use: float | str | tuple[float, str] | Quantity | RandomValue = 0.5, "
               "tau_recovery: float | str | tuple[float, str] | Quantity | RandomValue = '100 ms', "
               "tau_facilitation: float | str | tuple[float, str] | Quantity | RandomValue = '0 ms', vesicles: int = 0, model: str = 'tsodyks_markram', "
               "parameters: dict[str, typing.Any] | None = None) -> None"));
    const auto random = [&](const char* name, random_value short_term_plasticity::*member, const char* signature, const char* doc) {
        c.def_prop_ro(name, [member](const short_term_plasticity& s) { return shown_random(s.*member); }, nb::sig(signature), doc);
    };
    random("use", &short_term_plasticity::use, "def use(self) -> Quantity | RandomValue", "Quantity or RandomValue: Release probability from rest.");
    random("tau_recovery", &short_term_plasticity::tau_recovery, "def tau_recovery(self) -> Quantity | RandomValue", "Quantity or RandomValue: Of the recovery from depression [ms].");
    random("tau_facilitation", &short_term_plasticity::tau_facilitation, "def tau_facilitation(self) -> Quantity | RandomValue", "Quantity or RandomValue: Of facilitation [ms].");
    c.def_ro("vesicles", &short_term_plasticity::vesicles, "int: Ready for release; 0: their mean.");
    c.def_ro("model", &short_term_plasticity::model, "str: Of release.");
    c.def_prop_ro("parameters", [](const short_term_plasticity& s) {
        nb::dict all;
        for (const auto& [name, value] : s.parameters) all[name.c_str()] = shown_random(value);
        return all;
    }, nb::sig("def parameters(self) -> dict[str, Quantity | RandomValue]"), "dict of str to Quantity or RandomValue: Others of the model that differ from its defaults.");
    plain_value(c, "use", "tau_recovery", "tau_facilitation", "vesicles", "model", "parameters");
}

// ---- sources of spikes

bool same_source(const spike_source& a, const spike_source& b) {
    return a.name == b.name && a.size == b.size && a.spikes == b.spikes && a.rate == b.rate && a.start == b.start && a.length == b.length;
}

spike_source source_of(const std::string& name, int size, nb::handle sources, nb::handle times, const quantity_argument& r, const quantity_argument& start,
                       const quantity_argument& length) {
    const auto where = fmt::format("SpikeSource '{}'", name);
    if (size < 1) throw invalid_model(where + " / size", fmt::format("{} sources", size), "write 1 or more");
    spike_source s{.name = name, .size = size, .rate = as<rate>(r, where + " / rate"), .start = as<duration>(start, where + " / start"), .length = as<duration>(length, where + " / duration")};
    if (sources.is_none() != times.is_none()) throw invalid_model(where, "sources without times, or times without sources", "give both");
    if (sources.is_none()) return s;
    const auto which = read_indices(sources, where + " / sources");
    const auto when = read_bulk_series(times, {dimensions::time}, where + " / times").values;
    if (which.size() != when.size()) throw invalid_model(where, fmt::format("{} sources but {} times", which.size(), when.size()), "give one time for each spike");
    s.spikes.reserve(which.size());
    for (std::size_t i = 0; i < which.size(); ++i) s.spikes.emplace_back(which[i], when[i]);
    return s;
}

void bind_spike_source(nb::module_& m) {
    nb::class_<spike_source> c(m, "SpikeSource", nb::is_final(), R"doc(Spikes from outside the circuit: so many sources, each with a train that all its targets receive.

Parameters
----------
name : str
    What projections call it.
size : int
    How many sources.
sources : array_like of int, optional
    Which source each of the given spikes is of.
times : tuple of array_like and str, optional
    When they happen, e.g. ``(t, "ms")``, in any order.
rate : Quantity
    Besides, random spikes of each source at this rate.
start, duration : Quantity
    When the random ones begin and how long they last [ms].

Raises
------
apical.InvalidModel
    If a value is of another dimension, or the columns differ in length.
)doc");
    c.def("__init__", [](spike_source* self, const std::string& name, int size, nb::object sources, nb::object times, const quantity_argument& r,
                         const quantity_argument& start, const quantity_argument& length) {
        new (self) spike_source(source_of(name, size, sources, times, r, start, length));
    }, nb::arg("name"), nb::arg("size") = 1, nb::arg("sources") = nb::none(), nb::arg("times") = nb::none(), nb::arg("rate") = "0 Hz", nb::arg("start") = "0 ms",
       nb::arg("duration") = "1e9 ms",
       nb::sig("def __init__(self, name: str, size: int = 1, sources: numpy.typing.ArrayLike | None = None, times: tuple[numpy.typing.ArrayLike, str] | None = None, "
               "rate: str | tuple[float, str] | Quantity = '0 Hz', start: str | tuple[float, str] | Quantity = '0 ms', "
               "duration: str | tuple[float, str] | Quantity = '1e9 ms') -> None"));
    c.def_ro("name", &spike_source::name, "str: What projections call it.");
    c.def_ro("size", &spike_source::size, "int: How many sources.");
    c.def_prop_ro("sources", [](const spike_source& s) {
        std::vector<std::int32_t> which;
        for (const auto& x : s.spikes) which.push_back(x.first);
        return bulk_array(std::move(which));
    }, nb::sig("def sources(self) -> numpy.typing.NDArray[numpy.int32]"), "ndarray of int32: Which source each spike is of.");
    c.def_prop_ro("times", [](const spike_source& s) {
        std::vector<double> when;
        for (const auto& x : s.spikes) when.push_back(x.second);
        return nb::make_tuple(bulk_array(std::move(when)), "ms");
    }, nb::sig("def times(self) -> tuple[numpy.typing.NDArray[numpy.float64], str]"), "tuple of ndarray and str: When they happen, in ms.");
    c.def_prop_ro("rate", [](const spike_source& s) { return shown(s.rate); }, "Quantity: Of the random spikes of each source.");
    c.def_prop_ro("start", [](const spike_source& s) { return shown(s.start); }, "Quantity: When they begin [ms].");
    c.def_prop_ro("duration", [](const spike_source& s) { return shown(s.length); }, "Quantity: How long they last [ms].");
    bulk_value(c, same_source, [](const spike_source& s) {
        return fmt::format("<SpikeSource '{}': {} x {}, {} given spikes>", s.name, s.size, to_text(shown(s.rate)), s.spikes.size());
    }, {"name", "size", "sources", "times", "rate", "start", "duration"});
}

// ---- projections

/// Everything a projection is made of but its rule.
struct projection_arguments {
    std::string name, source, target;
    catalogue::entry receptor;
    nb::handle weight, delay;
    std::optional<quantity_argument> velocity;
    std::string at;
    int contacts;
};

projection made(const projection_arguments& a, nb::handle rule, const std::optional<short_term_plasticity>& short_term, const std::optional<learning>& learns,
                const quantity_argument& spontaneous, const nb::object& parameters) {
    const auto where = fmt::format("Projection '{}'", a.name);
    const auto& receptor = a.receptor.schema;
    const auto unit = parse_unit(receptor.weight_unit).dimension;
    if (a.contacts < 1) throw invalid_model(where + " / contacts", fmt::format("{}", a.contacts), "at least 1");
    if (const std::string_view at = a.at; at.starts_with("in ")) static_cast<void>(parse_region(at.substr(3)));
    else static_cast<void>(parse_locations(at));
    projection p{.name = a.name, .source = a.source, .target = a.target, .rule = read_rule(rule, unit, where + " / rule"), .receptor = receptor.name};
    if (!parameters.is_none()) p.parameters = settings_of(receptor, nb::cast<nb::dict>(nb::module_::import_("builtins").attr("dict")(parameters)));
    p.weight = a.weight.is_none() ? random_value(any_quantity{0, unit}) : read_random(a.weight, unit, where + " / weight");
    p.imported = a.receptor.imported;
    const auto* list = std::get_if<contact_list>(&p.rule);
    if (a.weight.is_none() && !list) throw invalid_model(where + " / weight", "is missing", "only a ContactList may have its own");
    p.delay = read_random(a.delay, dimensions::time, where + " / delay");
    if (a.velocity) p.velocity = as<speed>(*a.velocity, where + " / velocity");
    p.at = a.at, p.contacts = a.contacts, p.short_term = short_term, p.learns = learns, p.spontaneous = as<rate>(spontaneous, where + " / spontaneous");
    return p;
}

const char* const projection_doc = R"doc(Connections from the spikes of a population, or of a SpikeSource, to receptors on a population.

Parameters
----------
name : str
    What to call it; its random numbers belong to the name.
source : str
    Whose spikes: a population or a spike source.
target : str
    Onto which population.
rule : AllToAll, OneToOne, PairwiseProbability, FixedIndegree, FixedOutdegree, FixedTotal, GaussianProbability, ExponentialProbability or ContactList
    Who is connected to whom.
receptor : str or MechanismSchema
    A receptor of :data:`apical.channels` whose inputs share a state, e.g. ``"exp2syn"``; or a point process that :func:`load_mechanisms` has
    read, of which contacts on one compartment share an instance, each with values of its own; or the mechanism of artificial cells.
weight : Quantity or RandomValue, optional
    Of each contact: a peak conductance [uS], or a current [nA] where the receptor takes one. A ContactList may have its own.
delay : Quantity or RandomValue
    Of all contacts of a pair [ms]; at least one step.
velocity : Quantity, optional
    Speed of conduction: adds the distance of the cells' positions over it; by default nothing is added.
at : str
    Where contacts lie: a location expression with one result; or, after ``"in "``, a region, in which they lie with equal probability
    per length: ``"in apical and distance > 100 um"``.
contacts : int
    Of each connected pair.
short_term : ShortTermPlasticity, optional
    By default there is none.
spontaneous : Quantity
    Besides, spontaneous release of each contact at this rate.
learning : Learning, optional
    How its weights change; by default they do not.
parameters : mapping of str to Quantity, optional
    Those that differ from the receptor's defaults.
spontaneous_depletes : bool
    Whether each spontaneous event is to its terminal like a spike: it releases what short-term plasticity lets it, and depletes.

Raises
------
apical.InvalidModel
    If a name, a dimension or an expression is wrong.

Examples
--------
>>> apical.Projection("e to i", "e", "i", apical.PairwiseProbability(0.1), "exp2syn", weight=apical.RandomValue.lognormal("2 nS", "1 nS"),
...                   delay="1.5 ms", parameters={"tau_decay": "3 ms"})
)doc";

void bind_projection_class(nb::module_& m) {
    nb::class_<projection> c(m, "Projection", nb::is_final(), projection_doc);
    c.def("__init__", [](projection* self, const std::string& name, const std::string& source, const std::string& target, const rule_argument& rule,
                         const std::variant<std::string, catalogue::entry>& receptor, const std::optional<random_argument>& weight, const random_argument& delay, const std::optional<quantity_argument>& velocity,
                         const std::string& at, int contacts, const std::optional<short_term_plasticity>& short_term, const quantity_argument& spontaneous,
                         nb::object parameters, const std::optional<learning>& learns, bool depletes) {
        const auto none = nb::none();
        const auto* read = std::get_if<catalogue::entry>(&receptor);
        const auto& entry = read ? *read : built_in().at(std::get<std::string>(receptor), fmt::format("Projection '{}' / receptor", name));
        const projection_arguments plain{name, source, target, entry, weight ? nb::handle(weight->value) : nb::handle(none), delay.value, velocity, at, contacts};
        auto p = made(plain, rule.value, short_term, learns, spontaneous, parameters);
        p.spontaneous_depletes = depletes;
        new (self) projection(std::move(p));
    }, nb::arg("name"), nb::arg("source"), nb::arg("target"), nb::arg("rule"), nb::arg("receptor"), nb::arg("weight") = nb::none(), nb::arg("delay") = "1 ms",
       nb::arg("velocity") = nb::none(), nb::arg("at") = "soma(0.5)", nb::arg("contacts") = 1, nb::arg("short_term") = nb::none(), nb::arg("spontaneous") = "0 Hz",
       nb::arg("parameters") = nb::none(), nb::arg("learning") = nb::none(), nb::arg("spontaneous_depletes") = false,
       nb::sig("def __init__(self, name: str, source: str, target: str, "
               "rule: AllToAll | OneToOne | PairwiseProbability | FixedIndegree | FixedOutdegree | FixedTotal | GaussianProbability | ExponentialProbability | ContactList, "
               "receptor: str | MechanismSchema, weight: str | tuple[float, str] | Quantity | RandomValue | None = None, delay: str | tuple[float, str] | Quantity | RandomValue = '1 ms', "
               "velocity: str | tuple[float, str] | Quantity | None = None, at: str = 'soma(0.5)', contacts: int = 1, short_term: ShortTermPlasticity | None = None, "
               "spontaneous: str | tuple[float, str] | Quantity = '0 Hz', "
               "parameters: collections.abc.Mapping[str, str | tuple[float, str] | Quantity | float] | None = None, learning: Learning | None = None, "
               "spontaneous_depletes: bool = False) -> None"));
    c.def_ro("name", &projection::name, "str: What it is called.");
    c.def_ro("source", &projection::source, "str: Whose spikes.");
    c.def_ro("target", &projection::target, "str: Onto which population.");
    c.def_prop_ro("rule", [](const projection& p) { return shown_rule(p.rule); },
                  nb::sig("def rule(self) -> AllToAll | OneToOne | PairwiseProbability | FixedIndegree | FixedOutdegree | FixedTotal | GaussianProbability | ExponentialProbability | ContactList"),
                  "Who is connected to whom.");
    c.def_prop_ro("receptor", [](const projection& p) { return p.imported ? entry_of(p.imported) : nb::cast(p.receptor); },
                  nb::sig("def receptor(self) -> str | MechanismSchema"), "str or MechanismSchema: Its name in the catalogue, or what was read.");
    c.def_prop_ro("weight", [](const projection& p) { return shown_random(p.weight); }, nb::sig("def weight(self) -> Quantity | RandomValue"), "Quantity or RandomValue: Of each contact.");
    c.def_prop_ro("delay", [](const projection& p) { return shown_random(p.delay); }, nb::sig("def delay(self) -> Quantity | RandomValue"), "Quantity or RandomValue: Of all contacts of a pair [ms].");
    c.def_prop_ro("velocity", [](const projection& p) { return shown_or_none(p.velocity); }, nb::sig("def velocity(self) -> Quantity | None"), "Quantity or None: Speed of conduction.");
    c.def_ro("at", &projection::at, "str: Where contacts lie.");
    c.def_ro("contacts", &projection::contacts, "int: Of each connected pair.");
    c.def_ro("short_term", &projection::short_term, "ShortTermPlasticity or None: Of release.");
    c.def_prop_ro("spontaneous", [](const projection& p) { return shown(p.spontaneous); }, "Quantity: Rate of spontaneous release of each contact.");
    c.def_ro("spontaneous_depletes", &projection::spontaneous_depletes, "bool: Whether spontaneous events are to terminals like spikes.");
    c.def_ro("parameters", &projection::parameters, "dict of str to Quantity: What differs from the receptor's defaults.");
    c.def_ro("learning", &projection::learns, "Learning or None: How its weights change.");
    plain_value(c, "name", "source", "target", "rule", "receptor", "weight", "delay", "velocity", "at", "contacts", "short_term", "spontaneous", "parameters", "learning", "spontaneous_depletes");
}

// ---- gap junctions

gap_junction::end read_end(nb::handle value, const char* where) {
    const auto n = nb::isinstance<nb::tuple>(value) ? nb::len(value) : 0;
    if (n != 2 && n != 3) throw invalid_model(where, "expected a population, a cell and perhaps a place", "write (\"pv\", 0) or (\"pv\", 0, \"soma(0.5)\")");
    gap_junction::end e{nb::cast<std::string>(value[0]), nb::cast<int>(value[1])};
    if (n == 3) e.at = nb::cast<std::string>(value[2]);
    static_cast<void>(parse_locations(e.at));
    return e;
}

void bind_gap_junction(nb::module_& m) {
    nb::class_<gap_junction> c(m, "GapJunction", nb::is_final(), R"doc(An electrical synapse: a conductance between two places of cells.

Parameters
----------
a, b : tuple of (str, int) or (str, int, str)
    The ends: population, cell, and a location expression with one result, ``"soma(0.5)"`` by default.
conductance : Quantity
    The conductance [uS].

Raises
------
apical.InvalidModel
    If an end or the conductance is wrong.
)doc");
    c.def("__init__", [](gap_junction* self, nb::object a, nb::object b, const quantity_argument& g) {
        new (self) gap_junction{read_end(a, "GapJunction / a"), read_end(b, "GapJunction / b"), as<conductance>(g, "GapJunction / conductance")};
    }, nb::arg("a"), nb::arg("b"), nb::arg("conductance"),
       nb::sig("def __init__(self, a: tuple[str, int] | tuple[str, int, str], b: tuple[str, int] | tuple[str, int, str], conductance: str | tuple[float, str] | Quantity) -> None"));
    const auto end = [](gap_junction::end gap_junction::*member) {
        return [member](const gap_junction& g) { return nb::make_tuple((g.*member).population, (g.*member).cell, (g.*member).at); };
    };
    c.def_prop_ro("a", end(&gap_junction::a), nb::sig("def a(self) -> tuple[str, int, str]"), "tuple of (str, int, str): One end.");
    c.def_prop_ro("b", end(&gap_junction::b), nb::sig("def b(self) -> tuple[str, int, str]"), "tuple of (str, int, str): The other.");
    c.def_prop_ro("conductance", [](const gap_junction& g) { return shown(g.conductance); }, "Quantity: The conductance [uS].");
    plain_value(c, "a", "b", "conductance");
}

}  // namespace

void bind_projection(nb::module_& m) {
    bind_random_value(m);
    bind_connection_rules(m);
    bind_short_term(m);
    bind_spike_source(m);
    bind_projection_class(m);
    bind_gap_junction(m);
}

void bind_gap_rule(nb::module_& m) {
    m.def("draw_gap_junctions", [](const circuit& c, const std::string& name, const std::string& a, const std::string& b, double p, const quantity_argument& g,
                                   const std::optional<quantity_argument>& within, const std::string& at_a, const std::string& at_b, std::uint64_t seed) {
        gap_junction_rule rule{.name = name, .a = a, .b = b, .probability = p, .conductance = as<conductance>(g, "draw_gap_junctions / conductance"), .at_a = at_a, .at_b = at_b};
        if (within) rule.within = as<length>(*within, "draw_gap_junctions / within");
        return draw_gap_junctions(c, rule, seed);
    }, nb::arg("circuit"), nb::arg("name"), nb::arg("a"), nb::arg("b"), nb::arg("probability"), nb::arg("conductance"), nb::arg("within") = nb::none(),
       nb::arg("at_a") = "soma(0.5)", nb::arg("at_b") = "soma(0.5)", nb::arg("seed") = 0, R"doc(Gap junctions by chance, between cells of two populations or of one.

Parameters
----------
circuit : Circuit
    Whose populations.
name : str
    The random numbers belong to the name and the seed.
a, b : str
    Two populations, or twice the same.
probability : float
    Of each pair; a cell is not joined to itself.
conductance : Quantity
    Of each [uS].
within : Quantity, optional
    Only pairs whose positions are no further apart [um].
at_a, at_b : str
    A place on the first cell, and one on the second.
seed : int
    Another number, other junctions.

Returns
-------
list of GapJunction
    To be added to the circuit.

Raises
------
apical.InvalidModel
    If there is no such population, or a distance is given and cells have no positions.
)doc");
}

}  // namespace apical::python
