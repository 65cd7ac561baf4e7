// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/cell.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "channels/nmodl/mechanism.hpp"
#include "circuit/artificial_cell.hpp"
#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/catalogue.hpp"
#include "frontends/python/morphology.hpp"
#include "frontends/python/receptor_settings.hpp"
#include "frontends/python/spatial.hpp"

namespace apical::python {
namespace {

const char* const paint_signature =
    "def paint(self, region: str, mechanism: str | MechanismSchema | None = None, *, ion: str | None = None, **values: str | tuple[float, str] | "
    "Quantity | float | collections.abc.Callable[[Place], str | tuple[float, str] | Quantity | float]) -> Cell";

const char* const paint_doc = R"doc(Put something in a region. Later paintings win over earlier ones.

One of three things is painted: a mechanism of the catalogue with the parameters that differ from its defaults; the passive
cable, ``capacitance`` and ``resistivity``; or what is known of an `ion`, ``e_rev``, ``c_in`` and ``c_out``, whose defaults are
NEURON's.

Parameters
----------
region : str
    Where: ``"all"``, ``"soma"``, ``"apical and distance > 100 um"``, ...
mechanism : str or MechanismSchema, optional
    A name of :data:`apical.channels`, or what :func:`load_mechanisms` has read.
ion : str, optional
    ``"na"``, ``"k"``, ``"ca"`` or ``"cl"``, or one that a mechanism painted before has brought from its file.
**values : Quantity, expression or callable
    A quantity (``"2.04 S/cm2"``), an expression in the place (``"2e-4 S/cm2*exp(-distance/300 um)"``), or a function of a
    :class:`Place` that returns a quantity. A resistivity and what is said of an ion are plain quantities.

Returns
-------
Cell
    This cell, so that calls can be chained.

Raises
------
apical.InvalidModel
    If the region, a name, a value or its dimension is wrong.
)doc";

/// The arguments of one call of paint: where it is, for messages, and its keywords.
struct painting_call {
    std::string where;
    nb::kwargs values;

    bool has(const char* name) const { return values.contains(name); }
    void refuse_others(const std::vector<std::string>& known) const {
        findings found;
        for (const auto& [name, value] : values) {
            const auto text = nb::cast<std::string>(name);
            if (std::find(known.begin(), known.end(), text) == known.end())
                found.add(where + " / " + text, "unknown parameter", suggestion(text, known));
        }
        found.throw_if_any<invalid_model>();
    }
    template <dimension D> quantity<D> plain(const char* name) const {
        return quantity<D>::coherent(read_as(values[name], D, where + " / " + name));
    }
};

mechanism mechanism_of(const painting_call& call, const catalogue::entry& entry) {
    const auto& schema = entry.schema;
    const bool is_artificial = entry.imported && entry.imported->source().is == nmodl::program::kind::artificial_cell;
    if (schema.kind == mechanism_kind::receptor && !is_artificial)   // of an artificial cell it is all there is, see Cell.artificial
        throw invalid_model(call.where, fmt::format("'{}' is a receptor, which sits at a place", schema.name),
                            "add a Receptor to the circuit");
    std::vector<std::string> known;
    for (const auto& f : schema.parameters) known.emplace_back(f.name);
    call.refuse_others(known);
    mechanism m{schema.name, {}, entry.imported};
    for (const auto& [key, value] : call.values) {
        const auto parameter = nb::cast<std::string>(key);
        const auto expected = parse_unit(schema.parameter(parameter)->unit).dimension;
        m.parameters.emplace(parameter, read_spatial(value, expected, call.where + " / " + parameter));
    }
    return m;
}

/// One of the package's, or of a mechanism painted before that was read from NMODL.
ion_setting ion_named(const cell& c, const std::string& name, const std::string& where) {
    std::vector<std::string> known;
    for (int i = 1; i < ion_count; ++i) {
        if (ion_name(static_cast<ion>(i)) == name) return default_ion(static_cast<ion>(i));
        known.emplace_back(ion_name(static_cast<ion>(i)));
    }
    for (const auto& p : c.paintings())
        if (const auto* m = std::get_if<mechanism>(&p.what); m && m->imported)
            for (const auto& use : m->imported->source().ions) {
                if (use.name == name) return other_ion(name);
                known.push_back(use.name);
            }
    throw invalid_model(where, fmt::format("no ion '{}'", name), suggestion(name, known));
}

ion_setting ion_of(const cell& c, const painting_call& call, const std::string& name) {
    auto s = ion_named(c, name, call.where);
    call.refuse_others({"e_rev", "c_in", "c_out"});
    if (call.has("e_rev")) s.e_rev = call.plain<dimensions::voltage>("e_rev");
    if (call.has("c_in")) s.c_in = call.plain<dimensions::concentration>("c_in");
    if (call.has("c_out")) s.c_out = call.plain<dimensions::concentration>("c_out");
    return s;
}

cable cable_of(const painting_call& call) {
    call.refuse_others({"capacitance", "resistivity"});
    if (!call.has("capacitance") || !call.has("resistivity"))
        throw invalid_model(call.where,
                            call.values.size() == 0 ? "nothing to paint" : "the cable needs both capacitance and resistivity",
                            R"(paint(region, "mechanism", ...), paint(region, capacitance="1 uF/cm2", resistivity="100 ohm cm") or )"
                            R"(paint(region, ion="k", e_rev="-85 mV"))");
    return {read_spatial(call.values["capacitance"], dimensions::capacitance_density, call.where + " / capacitance"),
            call.plain<dimensions::resistivity>("resistivity")};
}

using mechanism_argument = std::variant<std::string, catalogue::entry>;

std::string name_of(const mechanism_argument& m) {
    const auto* entry = std::get_if<catalogue::entry>(&m);
    return entry ? entry->schema.name : std::get<std::string>(m);
}

cell& paint(cell& c, const std::string& region, const std::optional<mechanism_argument>& mechanism, const std::optional<std::string>& ion,
            const nb::kwargs& values) {
    static_cast<void>(parse_region(region));
    const painting_call call{fmt::format("paint '{}'{}", region, mechanism ? " / " + name_of(*mechanism) : ion ? " / ion " + *ion : ""),
                             values};
    if (c.point()) throw invalid_model(call.where, "nothing can be painted on a point neuron", "build it with other parameters");
    if (mechanism && ion) throw invalid_model(call.where, "a mechanism and an ion at once", "paint them one after the other");
    if (mechanism) {
        const auto* entry = std::get_if<catalogue::entry>(&*mechanism);
        return c.paint(region, mechanism_of(call, entry ? *entry : built_in().at(std::get<std::string>(*mechanism), call.where)));
    }
    if (ion) return c.paint(region, ion_of(c, call, *ion));
    return c.paint(region, cable_of(call));
}

/// A painting as the arguments that repeat it.
struct seen_painting {
    std::string region;
    std::optional<std::string> mechanism, ion;
    nb::dict values;
    std::shared_ptr<const nmodl::mechanism> imported = {};
    /// What paints it again.
    nb::object argument() const {
        return imported ? entry_of(imported) : nb::cast(mechanism);
    }
};

seen_painting seen(const cell::painting& p) {
    seen_painting s{p.region, {}, {}, {}};
    if (const auto* m = std::get_if<mechanism>(&p.what)) {
        s.mechanism = m->name, s.imported = m->imported;
        for (const auto& [name, value] : m->parameters) s.values[name.c_str()] = shown(value);
    } else if (const auto* c = std::get_if<cable>(&p.what)) {
        s.values["capacitance"] = shown(c->capacitance);
        s.values["resistivity"] = nb::cast(shown(c->resistivity));
    } else {
        const auto& i = std::get<ion_setting>(p.what);
        s.ion = i.ion == ion::none ? i.name : std::string(ion_name(i.ion));
        s.values["e_rev"] = nb::cast(shown(i.e_rev)), s.values["c_in"] = nb::cast(shown(i.c_in)),
            s.values["c_out"] = nb::cast(shown(i.c_out));
    }
    return s;
}

std::vector<seen_painting> paintings(const cell& c) {
    std::vector<seen_painting> all;
    for (const auto& p : c.paintings()) all.push_back(seen(p));
    return all;
}

void bind_place(nb::module_& m) {
    nb::class_<seen_place> p(m, "Place", nb::is_final(), "A point of a neuron, as a function painted on it sees it.");
    p.def_ro("section", &seen_place::section, "str: Name of the section.");
    p.def_ro("x", &seen_place::x, "float: Position along the section, 0 to 1.");
    p.def_ro("distance", &seen_place::distance, "float: Path distance from the origin [um].");
    p.def_ro("diameter", &seen_place::diameter, "float: Local diameter [um].");
    p.def_ro("order", &seen_place::order, "int: Branch points between the root and this section.");
}

void bind_painting(nb::module_& m) {
    nb::class_<seen_painting> p(m, "Painting", nb::is_final(), "One call of :meth:`Cell.paint`.");
    p.def_ro("region", &seen_painting::region, "str: Where.");
    p.def_ro("mechanism", &seen_painting::mechanism, "str or None: The mechanism, if one was painted.");
    p.def_ro("ion", &seen_painting::ion, "str or None: The ion, if one was painted.");
    p.def_ro("values", &seen_painting::values, nb::for_getter(nb::sig("def values(self) -> dict[str, typing.Any]")),
             "dict of str to Quantity, str or callable: What was painted.");
    p.def("__repr__", [](const seen_painting& s) {
        std::string values;
        for (const auto& [name, value] : s.values)
            values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", nb::cast<std::string>(name),
                                  nb::cast<std::string>(nb::str(value)));
        return fmt::format("<Painting '{}': {}{}>", s.region, s.mechanism ? *s.mechanism + " " : s.ion ? *s.ion + " " : "", values);
    });
}

void add_state(nb::class_<cell>& c) {
    c.def("__getstate__", [](nb::handle self) {
        nb::list calls;
        for (const auto& p : paintings(nb::cast<const cell&>(self)))
            calls.append(nb::make_tuple(p.region, p.argument(), p.ion, p.values));
        const auto& c = nb::cast<const cell&>(self);
        nb::object start = c.has_v_init() ? nb::object(self.attr("v_init")) : nb::none(), point = nb::none();
        if (const auto* n = c.point()) {
            nb::dict values;
            for (const auto& [name, q] : n->parameters) values[name.c_str()] = nb::cast(q);
            point = nb::make_tuple(n->name, values);
        }
        return nb::make_tuple(self.attr("morphology"), self.attr("compartments"), start, calls, point);
    }, nb::sig("def __getstate__(self) -> typing.Any"));
    c.def("__setstate__", [](cell& c, const nb::tuple& state) {
        if (!state[4].is_none()) {
            neuron n{nb::cast<std::string>(state[4][0]), {}};
            for (const auto& [name, q] : nb::cast<nb::dict>(state[4][1])) n.parameters.emplace(nb::cast<std::string>(name), nb::cast<any_quantity>(q));
            new (&c) cell(std::move(n), nb::cast<const morphology&>(state[0]).size());
            if (!state[2].is_none()) c.start_at(voltage::coherent(read_as(state[2], dimensions::voltage, "Cell / v_init")));
            return;
        }
        new (&c) cell(nb::cast<morphology>(state[0]), compartment_rule_of(state[1]));
        if (!state[2].is_none()) c.start_at(voltage::coherent(read_as(state[2], dimensions::voltage, "Cell / v_init")));
        for (nb::handle call : state[3])
            paint(c, nb::cast<std::string>(call[0]), nb::cast<std::optional<mechanism_argument>>(call[1]),
                  nb::cast<std::optional<std::string>>(call[2]), nb::cast<nb::kwargs>(call[3]));
    }, nb::sig("def __setstate__(self, state: typing.Any, /) -> None"));
    c.def("copy", [](const cell& c) { return c; }, "A copy that goes its own way.\n\nReturns\n-------\nCell\n");
    c.def("__copy__", [](const cell& c) { return c; });
}

}  // namespace

void bind_cell(nb::module_& m) {
    bind_place(m);
    bind_painting(m);
    nb::class_<cell> c(m, "Cell", R"doc(A kind of neuron: a shape, how finely it is cut, and what sits where.

Parameters
----------
morphology : Morphology
    The shape; the cell keeps a copy.
compartments : str or sequence of int
    ``"d_lambda(0.1, 100 Hz)"``, ``"max_length(40 um)"``, ``"per_length(40 um)"``, ``"count(1)"``, or a number for each section.
v_init : Quantity
    Membrane potential at the start [mV].

Raises
------
apical.InvalidModel
    If the rule or the potential makes no sense.

Examples
--------
>>> cell = apical.Cell(morphology, compartments="max_length(20 um)")
>>> cell.paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")
>>> cell.paint("soma", "nata_t", g_max="2.04 S/cm2").paint("all", ion="k", e_rev="-85 mV")
)doc");
    c.def("__init__", [](cell* self, const morphology& shape, nb::handle compartments, const quantity_argument& v_init) {
        new (self) cell(shape, compartment_rule_of(compartments));
        self->start_at(as<voltage>(v_init, "Cell / v_init"));
    }, nb::arg("morphology"), nb::arg("compartments") = "d_lambda(0.1, 100 Hz)", nb::arg("v_init") = "-65 mV",
    nb::sig("def __init__(self, morphology: Morphology, compartments: str | collections.abc.Sequence[int] = 'd_lambda(0.1, 100 Hz)', "
            "v_init: str | tuple[float, str] | Quantity = '-65 mV') -> None"));
    c.def_static("artificial", [](const catalogue::entry& entry, const nb::kwargs& values) {
        mechanism m{entry.schema.name, {}, entry.imported};
        for (const auto& [name, value] : settings_of(entry.schema, values)) m.parameters.emplace(name, value);
        return artificial_cell(std::move(m));
    }, nb::arg("mechanism"), nb::arg("parameters"),
    nb::sig("def artificial(mechanism: MechanismSchema, **parameters: str | tuple[float, str] | Quantity | float) -> Cell"), R"doc(A cell without a membrane: an ARTIFICIAL_CELL read from NMODL.

It receives events, sends itself events, and spikes by net_event, all at their own times. Projections onto it name the mechanism as their receptor.

Parameters
----------
mechanism : MechanismSchema
    What :func:`load_mechanisms` has read.
**parameters : Quantity
    Those that differ from the file's.

Returns
-------
Cell

Raises
------
apical.InvalidModel
    If it is no ARTIFICIAL_CELL, or a parameter is wrong.

Examples
--------
>>> fire = apical.Cell.artificial(apical.load_mechanisms("fire.mod")["fire"], tau="20 ms")
)doc");
    c.def("paint", paint, nb::arg("region"), nb::arg("mechanism") = nb::none(), nb::kw_only(), nb::arg("ion") = nb::none(),
          nb::arg("values"), nb::sig(paint_signature), nb::rv_policy::none, paint_doc);
    c.def_prop_ro("morphology", [](const cell& c) { return c.shape(); }, "Morphology: The shape, a copy.");
    c.def_prop_ro("compartments", [](const cell& c) { return shown(c.rule()); },
                  nb::sig("def compartments(self) -> str | list[int]"), "str or list of int: How finely it is cut.");
    c.def_prop_rw("v_init", [](const cell& c) { return shown(c.v_init()); },
                  [](cell& c, const quantity_argument& v) { c.start_at(as<voltage>(v, "Cell / v_init")); },
                  "Quantity: Membrane potential at the start [mV].");
    c.def_prop_ro("paintings", paintings, "list of Painting: What sits where, in the order it was painted.");
    c.def_prop_ro("neuron", [](const cell& c) { return c.point() ? std::optional<std::string>(c.point()->name) : std::nullopt; },
                  "str or None: The model of a point or few-compartment neuron; None for a cell with a membrane to paint.");
    c.def("__repr__", [](const cell& c) {
        if (const auto* n = c.point()) return fmt::format("<Cell: {}, a point neuron>", n->name);
        return fmt::format("<Cell: {} sections, {}, {} paintings>", c.shape().size(), to_text(c.rule()), c.paintings().size());
    });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("cell")(self); },
          nb::sig("def _repr_html_(self) -> str"));
    add_state(c);
}

}  // namespace apical::python
