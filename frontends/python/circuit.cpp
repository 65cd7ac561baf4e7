// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/circuit.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/target.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

std::vector<position> read_positions(nb::handle given, int size, const std::string& where) {
    if (given.is_none()) return {};
    if (!nb::isinstance<nb::tuple>(given) || nb::len(given) != 2) throw invalid_model(where, "expected positions with one unit", "write (xyz, \"um\"), where xyz is an array of shape (size, 3)");
    const auto array = nb::module_::import_("numpy").attr("asarray")(given[0]);
    const auto shape = nb::cast<std::vector<std::size_t>>(array.attr("shape"));
    if (shape.size() != 2 || shape[0] != static_cast<std::size_t>(size) || shape[1] != 3)
        throw invalid_model(where, fmt::format("an array of shape {}", attribute_text(array, "shape")), fmt::format("({}, 3) is expected", size));
    const auto flat = read_bulk_series(nb::make_tuple(array.attr("ravel")(), given[1]), {dimensions::length}, where).values;
    std::vector<position> all;
    for (std::size_t i = 0; i < flat.size(); i += 3) all.push_back({flat[i], flat[i + 1], flat[i + 2]});
    return all;
}

nb::object shown_positions(const population& p) {
    if (p.positions.empty()) return nb::none();
    std::vector<double> flat;
    for (const auto& at : p.positions) flat.insert(flat.end(), {at.x, at.y, at.z});
    return nb::make_tuple(bulk_array(std::move(flat)).attr("reshape")(p.positions.size(), 3), "um");
}

void bind_population(nb::module_& m) {
    nb::class_<population> c(m, "Population", nb::is_final(), R"doc(Neurons of one kind; their ids are 0 to `size` - 1.

Parameters
----------
name : str
    What targets call it.
cell : Cell
    The kind; the population keeps a copy.
size : int
    How many.
positions : tuple of array_like and str, optional
    Where the somata are: an array of shape (size, 3) and its unit, e.g. ``(xyz, "um")``.

Raises
------
apical.InvalidModel
    If the size is not positive, or there are more or fewer positions.
)doc");
    c.def("__init__", [](population* self, const std::string& name, const cell& kind, int size, nb::object positions) {
        const auto where = fmt::format("Population '{}'", name);
        if (size < 1) throw invalid_model(where + " / size", fmt::format("{} cells", size), "write 1 or more");
        new (self) population{name, kind, size, read_positions(positions, size, where + " / positions")};
    }, nb::arg("name"), nb::arg("cell"), nb::arg("size") = 1, nb::arg("positions") = nb::none(),
       nb::sig("def __init__(self, name: str, cell: Cell, size: int = 1, positions: tuple[numpy.typing.ArrayLike, str] | None = None) -> None"));
    c.def_prop_ro("positions", shown_positions, nb::sig("def positions(self) -> tuple[numpy.typing.NDArray[numpy.float64], str] | None"),
                  "tuple of ndarray, shape (size, 3), and str, or None: Where the somata are, in um.");
    c.def_ro("name", &population::name, "str: What targets call it.");
    c.def_ro("size", &population::size, "int: How many neurons.");
    c.def_prop_ro("cell", [](const population& p) { return p.cell; }, "Cell: The kind, a copy.");
    c.def("__repr__", [](const population& p) {
        return fmt::format("<Population '{}': {} x {} sections>", p.name, p.size, p.cell.shape().size());
    });
    c.def("__reduce__", [](nb::handle self) {
        return nb::make_tuple(nb::borrow(self.type()), nb::make_tuple(self.attr("name"), self.attr("cell"), self.attr("size"), self.attr("positions")));
    }, nb::sig(reduce_signature));
}

void bind_probe(nb::module_& m) {
    nb::class_<probe> c(m, "Probe", nb::is_final(), R"doc(A time series to keep.

Parameters
----------
label : str
    What the recording is called.
on : str or Target
    The population, or a population with a place and cells.
variable : str
    What to record: ``"v"`` membrane potential [mV]; ``"nata_t.m"`` a state of a mechanism; ``"nata_t.i"`` its outward current
    [nA], ``"nata_t.g"`` its slope conductance [uS], or one of its parameters; ``"ca.c_in"`` [mM], ``"ca.e_rev"`` [mV] and
    ``"ca.i"`` [nA] of an ion; ``"i_membrane"`` total outward current [nA]; ``"i_clamp"`` current of the voltage clamps [nA].
interval : Quantity
    Between samples [ms]; 0 records every step.
start : Quantity
    Time of the first sample [ms].
at : str, optional
    A location expression, ``"soma(0.5)"`` by default; each location is a column of the recording.
cells : sequence of int, optional
    Indices within the population; by default all.
)doc");
    c.def("__init__", [](probe* self, const std::string& label, const population_argument& on, const std::string& variable,
                         const quantity_argument& interval, const quantity_argument& start, const place_text& at, const cell_list& cells) {
        const auto where = fmt::format("Probe '{}'", label);
        new (self) probe{label, read_target(on, at, cells, where), variable, as<duration>(interval, where + " / interval"),
                         as<duration>(start, where + " / start")};
    }, nb::arg("label"), nb::arg("on"), nb::arg("variable") = "v", nb::arg("interval") = "0 ms", nb::arg("start") = "0 ms",
       nb::arg("at") = nb::none(), nb::arg("cells") = nb::none());
    c.def_ro("label", &probe::label, "str: What the recording is called.");
    c.def_prop_ro("on", [](const probe& p) { return p.on; }, "Target: Where it records.");
    c.def_ro("variable", &probe::variable, "str: What it records.");
    c.def_prop_ro("interval", [](const probe& p) { return shown(p.interval); }, "Quantity: Between samples [ms]; 0: every step.");
    c.def_prop_ro("start", [](const probe& p) { return shown(p.start); }, "Quantity: Time of the first sample [ms].");
    plain_value(c, "label", "on", "variable", "interval", "start");
}

void bind_detector(nb::module_& m) {
    nb::class_<spike_detector> c(m, "SpikeDetector", nb::is_final(), R"doc(Where spikes are seen: upward crossings of a threshold.

Parameters
----------
on : str or Target
    The population, or a population with a place and cells.
threshold : Quantity
    The potential [mV].
at : str, optional
    A location expression, ``"soma(0.5)"`` by default.
cells : sequence of int, optional
    Indices within the population; by default all.
)doc");
    c.def("__init__", [](spike_detector* self, const population_argument& on, const quantity_argument& threshold,
                         const place_text& at, const cell_list& cells) {
        new (self) spike_detector{read_target(on, at, cells, "SpikeDetector"), as<voltage>(threshold, "SpikeDetector / threshold")};
    }, nb::arg("on"), nb::arg("threshold") = "-20 mV", nb::arg("at") = nb::none(), nb::arg("cells") = nb::none());
    c.def_prop_ro("on", [](const spike_detector& d) { return d.on; }, "Target: Where it looks.");
    c.def_prop_ro("threshold", [](const spike_detector& d) { return shown(d.threshold); }, "Quantity: The potential [mV].");
    plain_value(c, "on", "threshold");
}

/// Puts the item where it belongs; false if it is none of T.
template <class T> bool add_if(nb::handle item, std::vector<T>& to) {
    if (!nb::isinstance<T>(item)) return false;
    to.push_back(nb::cast<T>(item));
    return true;
}

void add_item(circuit& c, nb::handle item) {
    const bool added = add_if(item, c.populations) || add_if(item, c.injections) || add_if(item, c.clamps) ||
                       add_if(item, c.receptors) || add_if(item, c.spike_trains) ||
                       add_if(item, c.poisson_trains) || add_if(item, c.spike_sources) || add_if(item, c.projections) || add_if(item, c.gap_junctions) || add_if(item, c.probes) || add_if(item, c.detectors) || add_if(item, c.meters) ||
                       add_if(item, c.modulators) || add_if(item, c.weight_probes);
    if (added) return;
    const auto type = nb::cast<std::string>(item.type().attr("__name__"));
    auto hint = std::string("it takes Population, Injection, VoltageClamp, Receptor, SpikeTrain, PoissonTrain, SpikeSource, Projection, GapJunction, Probe, SpikeDetector, EnergyMeter, Modulator and WeightProbe");
    if (type.ends_with("Current")) hint = fmt::format("write Injection({}(...), on=\"population\", at=\"soma(0.5)\")", type);
    if (type == "Cell") hint = "write Population(\"name\", cell)";
    throw nb::type_error(fmt::format("a {} cannot be added to a circuit; {}", type, hint).c_str());
}

circuit& add(circuit& c, const nb::args& items) {
    circuit with = c;  // all or nothing
    for (nb::handle item : items) add_item(with, item);
    c = std::move(with);
    return c;
}

const char* const item_types = "Population | Injection | VoltageClamp | Receptor | SpikeTrain | PoissonTrain | SpikeSource | Projection | GapJunction | Probe | SpikeDetector | EnergyMeter | Modulator | WeightProbe";

void add_lists(nb::class_<circuit>& c) {
    c.def_prop_ro("populations", [](const circuit& x) { return x.populations; }, "list of Population: The neurons.");
    c.def_prop_ro("injections", [](const circuit& x) { return x.injections; }, "list of Injection: Currents into cells.");
    c.def_prop_ro("clamps", [](const circuit& x) { return x.clamps; }, "list of VoltageClamp: Voltage clamps.");
    c.def_prop_ro("receptors", [](const circuit& x) { return x.receptors; }, "list of Receptor: Where events may end.");
    c.def_prop_ro("spike_trains", [](const circuit& x) { return x.spike_trains; }, "list of SpikeTrain: Spikes onto receptors.");
    c.def_prop_ro("poisson_trains", [](const circuit& x) { return x.poisson_trains; }, "list of PoissonTrain: Random events onto receptors.");
    c.def_prop_ro("spike_sources", [](const circuit& x) { return x.spike_sources; }, "list of SpikeSource: Spikes from outside, for projections.");
    c.def_prop_ro("projections", [](const circuit& x) { return x.projections; }, "list of Projection: Connections between populations.");
    c.def_prop_ro("gap_junctions", [](const circuit& x) { return x.gap_junctions; }, "list of GapJunction: Electrical synapses.");
    c.def_prop_ro("probes", [](const circuit& x) { return x.probes; }, "list of Probe: What is recorded.");
    c.def_prop_ro("detectors", [](const circuit& x) { return x.detectors; }, "list of SpikeDetector: Where spikes are seen.");
    c.def_prop_ro("modulators", [](const circuit& x) { return x.modulators; }, "list of Modulator: Neuromodulators.");
    c.def_prop_ro("weight_probes", [](const circuit& x) { return x.weight_probes; }, "list of WeightProbe: Weights that are recorded.");
    c.def_prop_ro("meters", [](const circuit& x) { return x.meters; }, "list of EnergyMeter: Accounts of what crosses membranes.");
}

nb::list items_of(nb::handle self) {
    nb::list all;
    for (const char* kind : {"populations", "injections", "clamps", "receptors", "spike_trains", "poisson_trains", "spike_sources", "projections", "gap_junctions", "probes", "detectors", "meters", "modulators", "weight_probes"})
        for (nb::handle item : self.attr(kind)) all.append(item);
    return all;
}

}  // namespace

void bind_circuit(nb::module_& m) {
    bind_population(m);
    bind_probe(m);
    bind_detector(m);
    bind_energy_meter(m);
    nb::class_<circuit> c(m, "Circuit", R"doc(The whole model, to be compiled: neurons, what is done to them and what is watched.

Parameters
----------
*items : Population, Injection, VoltageClamp, Receptor, SpikeTrain, PoissonTrain, SpikeSource, Projection, GapJunction, Probe, SpikeDetector or EnergyMeter
    In any order; names are looked up when the circuit is compiled.

Examples
--------
>>> circuit = apical.Circuit(
...     apical.Population("pyramidal", cell),
...     apical.Injection(apical.StepCurrent("100 ms", "500 ms", "0.3 nA"), on="pyramidal"),
...     apical.Probe("soma", on="pyramidal"),
... )
)doc");
    static const auto constructor = fmt::format("def __init__(self, *items: {}) -> None", item_types);
    static const auto adder = fmt::format("def add(self, *items: {}) -> Circuit", item_types);
    c.def("__init__", [](circuit* self, const nb::args& items) {
        circuit made;
        add(made, items);
        new (self) circuit(std::move(made));
    }, nb::arg("items"), nb::sig(constructor.c_str()));
    c.def("add", add, nb::arg("items"), nb::sig(adder.c_str()), nb::rv_policy::none, R"doc(Add to the circuit, which keeps copies.

Parameters
----------
*items : Population, Injection, VoltageClamp, Receptor, SpikeTrain, PoissonTrain, SpikeSource, Projection, GapJunction, Probe, SpikeDetector or EnergyMeter
    In any order.

Returns
-------
Circuit
    This circuit, so that calls can be chained.

Raises
------
TypeError
    If an item is of another type; nothing is added then.
)doc");
    add_lists(c);
    c.def("copy", [](const circuit& x) { return x; }, "A copy that goes its own way.\n\nReturns\n-------\nCircuit\n");
    c.def("__copy__", [](const circuit& x) { return x; });
    c.def("__reduce__", [](nb::handle self) {
        return nb::make_tuple(nb::borrow(self.type()), nb::tuple(items_of(self)));
    }, nb::sig(reduce_signature));
    c.def("__repr__", [](const circuit& x) {
        std::vector<std::string> names;
        for (const auto& p : x.populations) names.push_back(fmt::format("{} x {}", p.size, p.name));
        return fmt::format("<Circuit: {}; {}{} stimuli, {} probes>", names.empty() ? "empty" : fmt::format("{}", fmt::join(names, ", ")),
                           x.projections.empty() ? "" : fmt::format("{} projections, ", x.projections.size()), x.injections.size() + x.clamps.size() + x.spike_trains.size() + x.poisson_trains.size(), x.probes.size());
    });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("circuit")(self); },
          nb::sig("def _repr_html_(self) -> str"));
}

}  // namespace apical::python
