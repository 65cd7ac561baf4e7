// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/connection_rules.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "core/error.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/bulk.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/values.hpp"

namespace apical::python {
namespace {

double probability(double p, const char* where) {
    if (!(p >= 0 && p <= 1)) throw invalid_model(where, fmt::format("a probability of {}", p), "between 0 and 1");
    return p;
}
int count(int n, const char* where) {
    if (n < 0) throw invalid_model(where, fmt::format("{}", n), "not negative");
    return n;
}

void bind_simple(nb::module_& m) {
    nb::class_<all_to_all> all(m, "AllToAll", nb::is_final(), R"doc(Each source to each target.

Parameters
----------
allow_self : bool
    Whether a cell may be connected to itself.
)doc");
    all.def("__init__", [](all_to_all* self, bool allow) { new (self) all_to_all{allow}; }, nb::arg("allow_self") = false);
    all.def_ro("allow_self", &all_to_all::self, "bool: Whether a cell may be connected to itself.");
    plain_value(all, "allow_self");

    nb::class_<one_to_one> one(m, "OneToOne", nb::is_final(), "Cell i to cell i of populations of one size.");
    one.def(nb::init<>());
    plain_value(one);

    nb::class_<pairwise_probability> pairs(m, "PairwiseProbability", nb::is_final(), R"doc(Each pair independently.

Parameters
----------
p : float
    The probability.
allow_self : bool
    Whether a cell may be connected to itself.
)doc");
    pairs.def("__init__", [](pairwise_probability* self, double p, bool allow) { new (self) pairwise_probability{probability(p, "PairwiseProbability / p"), allow}; },
              nb::arg("p"), nb::arg("allow_self") = false);
    pairs.def_ro("p", &pairwise_probability::p, "float: The probability.");
    pairs.def_ro("allow_self", &pairwise_probability::self, "bool: Whether a cell may be connected to itself.");
    plain_value(pairs, "p", "allow_self");

    nb::class_<fixed_total> total(m, "FixedTotal", nb::is_final(), R"doc(So many connections in all, both ends drawn with equal probability, any pair any number of times.

Potjans & Diesmann (2014) Cereb Cortex 24:785.

Parameters
----------
connections : int
    How many.
)doc");
    total.def("__init__", [](fixed_total* self, std::int64_t n) {
        if (n < 0) throw invalid_model("FixedTotal / connections", fmt::format("{}", n), "not negative");
        new (self) fixed_total{n};
    }, nb::arg("connections"));
    total.def_ro("connections", &fixed_total::connections, "int: How many.");
    plain_value(total, "connections");
}

/// FixedIndegree and FixedOutdegree.
template <class R> void bind_degree(nb::module_& m, const char* name, const char* many, int R::*member, const char* doc, const char* member_doc) {
    nb::class_<R> c(m, name, nb::is_final(), doc);
    c.def("__init__", [name, many](R* self, int n, bool distinct, bool allow) { new (self) R{count(n, fmt::format("{} / {}", name, many).c_str()), distinct, allow}; },
          nb::arg(many), nb::arg("distinct") = true, nb::arg("allow_self") = false);
    c.def_ro(many, member, member_doc);
    c.def_ro("distinct", &R::distinct, "bool: Whether none comes twice.");
    c.def_ro("allow_self", &R::self, "bool: Whether a cell may be connected to itself.");
    plain_value(c, many, "distinct", "allow_self");
}

/// GaussianProbability and ExponentialProbability.
template <class R> void bind_profile(nb::module_& m, const char* name, distance_profile::kind kind, const char* length_name, double standard_reach, const char* doc) {
    nb::class_<R> c(m, name, nb::is_final(), doc);
    c.def("__init__", [name, kind, length_name](R* self, double p0, const quantity_argument& scale, double reach, bool allow) {
        const double um = as<length>(scale, fmt::format("{} / {}", name, length_name)).coherent();
        if (!(um > 0)) throw invalid_model(fmt::format("{} / {}", name, length_name), fmt::format("{} um", um), "positive");
        if (!(reach > 0)) throw invalid_model(fmt::format("{} / reach", name), fmt::format("{}", reach), "positive");
        new (self) R{{kind, probability(p0, name), um, reach}, allow};
    }, nb::arg("p0"), nb::arg(length_name), nb::arg("reach") = standard_reach, nb::arg("allow_self") = false);
    c.def_prop_ro("p0", [](const R& r) { return r.profile.p0; }, "float: The probability at no distance.");
    c.def_prop_ro(length_name, [](const R& r) { return shown(length::coherent(r.profile.length_um)); }, "Quantity: The length over which it falls [um].");
    c.def_prop_ro("reach", [](const R& r) { return r.profile.reach; }, "float: No further than so many of these lengths.");
    c.def_ro("allow_self", &R::self, "bool: Whether a cell may be connected to itself.");
    plain_value(c, "p0", length_name, "reach", "allow_self");
}

// ---- lists

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b)); }

bool same(const listed_contacts& a, const listed_contacts& b) {
    const auto alike = [](const contact& x, const contact& y) {
        return x.source == y.source && same_bits(x.weight, y.weight) && same_bits(x.delay, y.delay) && x.where == y.where;
    };
    return a.weight == b.weight && a.table.targets() == b.table.targets() && std::ranges::equal(a.table.contacts(), b.table.contacts(), alike);
}

/// One column of the contacts, by what is taken of each.
template <class T> nb::object column_of(const listed_contacts& l, auto&& part) {
    std::vector<T> values;
    values.reserve(l.table.contacts().size());
    for (const auto& c : l.table.contacts()) values.push_back(static_cast<T>(part(c)));
    return bulk_array(std::move(values));
}

bool any_given(const listed_contacts& l, auto&& part) { return std::ranges::any_of(l.table.contacts(), part); }

nb::object weights_of(const listed_contacts& l) {
    if (l.weight.is_none()) return nb::none();
    return nb::make_tuple(column_of<double>(l, [](const contact& c) { return c.weight; }), customary_unit(l.weight));
}
nb::object delays_of(const listed_contacts& l) {
    if (!any_given(l, [](const contact& c) { return !std::isnan(c.delay); })) return nb::none();
    return nb::make_tuple(column_of<double>(l, [](const contact& c) { return c.delay; }), "ms");
}
bool has_places(const listed_contacts& l) {
    return any_given(l, [](const contact& c) { return c.where.section >= 0; });
}

listed_contacts list_of(nb::handle source, nb::handle target, nb::handle weight, nb::handle delay, nb::handle section, nb::handle x) {
    listed_contacts out{contact_table({}, {}), {}};
    std::vector<double> weights, delays;
    if (!weight.is_none()) {
        const auto column = read_bulk_series(weight, {dimensions::conductance, dimensions::current}, "ContactList / weight");
        weights = column.values, out.weight = column.unit;
    }
    if (!delay.is_none()) delays = read_bulk_series(delay, {dimensions::time}, "ContactList / delay").values;
    if (section.is_none() != x.is_none()) throw invalid_model("ContactList", "section without x, or x without section", "a place needs both");
    std::vector<location> places;
    if (!section.is_none()) {
        const auto sections = read_indices(section, "ContactList / section");
        const auto along = read_bulk(x, "ContactList / x");
        if (along.size() != sections.size()) throw invalid_model("ContactList", fmt::format("{} sections but {} x", sections.size(), along.size()), "as many of each");
        for (std::size_t i = 0; i < sections.size(); ++i) places.push_back({sections[i], along[i]});
    }
    const auto list = contact_list::of(read_indices(source, "ContactList / source"), read_indices(target, "ContactList / target"), weights, delays, places);
    out.table = *list.onto.target<contact_table>();
    return out;
}

void bind_list(nb::module_& m) {
    nb::class_<listed_contacts> c(m, "ContactList", nb::is_final(), R"doc(Contacts one by one. What is not given is as the projection says.

The arrays are taken in whole, without an object for each element; they are kept in order of the targets.

Parameters
----------
source, target : array_like of int
    Indices within the two populations.
weight : tuple of array_like and str, optional
    Weights and their unit, e.g. ``(w, "nS")``; nan: as the projection says.
delay : tuple of array_like and str, optional
    Delays and their unit; nan: as the projection says.
section, x : array_like, optional
    Where contacts lie on the target: the number of the section and the place along it, 0 to 1.

Raises
------
apical.InvalidModel
    If the columns differ in length, or a unit is wrong.
)doc");
    c.def("__init__", [](listed_contacts* self, nb::object source, nb::object target, nb::object weight, nb::object delay, nb::object section, nb::object x) {
        new (self) listed_contacts(list_of(source, target, weight, delay, section, x));
    }, nb::arg("source"), nb::arg("target"), nb::arg("weight") = nb::none(), nb::arg("delay") = nb::none(), nb::arg("section") = nb::none(), nb::arg("x") = nb::none(),
       nb::sig("def __init__(self, source: numpy.typing.ArrayLike, target: numpy.typing.ArrayLike, weight: tuple[numpy.typing.ArrayLike, str] | None = None, "
               "delay: tuple[numpy.typing.ArrayLike, str] | None = None, section: numpy.typing.ArrayLike | None = None, x: numpy.typing.ArrayLike | None = None) -> None"));
    c.def_prop_ro("source", [](const listed_contacts& l) { return column_of<std::int32_t>(l, [](const contact& x) { return x.source; }); },
                  nb::sig("def source(self) -> numpy.typing.NDArray[numpy.int32]"), "ndarray of int32: Indices within the source population.");
    c.def_prop_ro("target", [](const listed_contacts& l) { return bulk_array(std::vector<std::int32_t>(l.table.targets().begin(), l.table.targets().end())); },
                  nb::sig("def target(self) -> numpy.typing.NDArray[numpy.int32]"), "ndarray of int32: Indices within the target population, ascending.");
    c.def_prop_ro("weight", weights_of, nb::sig("def weight(self) -> tuple[numpy.typing.NDArray[numpy.float64], str] | None"),
                  "tuple of ndarray and str, or None: Weights and their unit.");
    c.def_prop_ro("delay", delays_of, nb::sig("def delay(self) -> tuple[numpy.typing.NDArray[numpy.float64], str] | None"),
                  "tuple of ndarray and str, or None: Delays, in ms.");
    c.def_prop_ro("section", [](const listed_contacts& l) -> nb::object {
        return has_places(l) ? column_of<std::int32_t>(l, [](const contact& x) { return x.where.section; }) : nb::none();
    }, nb::sig("def section(self) -> numpy.typing.NDArray[numpy.int32] | None"), "ndarray of int32 or None: Sections of the target.");
    c.def_prop_ro("x", [](const listed_contacts& l) -> nb::object {
        return has_places(l) ? column_of<double>(l, [](const contact& x) { return x.where.x; }) : nb::none();
    }, nb::sig("def x(self) -> numpy.typing.NDArray[numpy.float64] | None"), "ndarray or None: Places along the sections, 0 to 1.");
    c.def("__len__", [](const listed_contacts& l) { return l.table.targets().size(); });
    bulk_value(c, same, [](const listed_contacts& l) { return fmt::format("<ContactList: {} contacts>", l.table.targets().size()); },
               {"source", "target", "weight", "delay", "section", "x"});
}

template <class R> bool take(nb::handle value, connection_rule& rule) {
    if (!nb::isinstance<R>(value)) return false;
    const auto& r = nb::cast<const R&>(value);
    if constexpr (requires { r.profile; }) rule = spatial_probability{r.profile, r.profile.p0, r.self};
    else if constexpr (requires { r.table; }) rule = contact_list{r};
    else if constexpr (requires { r.list; }) rule = r.list;
    else rule = r;
    return true;
}

}  // namespace

connection_rule read_rule(nb::handle value, dimension weight, const std::string& where) {
    connection_rule rule;
    const bool is_rule = take<all_to_all>(value, rule) || take<one_to_one>(value, rule) || take<pairwise_probability>(value, rule) || take<fixed_indegree>(value, rule) ||
                         take<fixed_outdegree>(value, rule) || take<fixed_total>(value, rule) || take<gaussian_probability>(value, rule) ||
                         take<exponential_probability>(value, rule) || take<listed_contacts>(value, rule) || take<given_contacts>(value, rule);
    if (!is_rule)
        throw invalid_model(where, "expected a rule, got " + nb::cast<std::string>(nb::repr(value)), "such as PairwiseProbability(0.1)");
    if (nb::isinstance<listed_contacts>(value))
        if (const auto given = nb::cast<const listed_contacts&>(value).weight; !given.is_none() && given != weight)
            throw invalid_model(where + " / weight", fmt::format("expected weights in [{}], got them in [{}]", customary_unit(weight), customary_unit(given)));
    return rule;
}

nb::object shown_rule(const connection_rule& rule) {
    return std::visit([]<class R>(const R& r) -> nb::object {
        if constexpr (std::is_same_v<R, spatial_probability>) {
            const auto* profile = r.p.template target<distance_profile>();
            if (!profile) throw nb::type_error("the probability is a function that Python cannot show");
            if (profile->of == distance_profile::kind::gaussian) return nb::cast(gaussian_probability{*profile, r.self});
            return nb::cast(exponential_probability{*profile, r.self});
        } else if constexpr (std::is_same_v<R, contact_list>) {
            if (const auto* listed = r.onto.template target<listed_contacts>()) return nb::cast(*listed);
            const auto* table = r.onto.template target<contact_table>();
            if (!table) return nb::cast(given_contacts{r});
            const bool has_weights = std::ranges::any_of(table->contacts(), [](const contact& c) { return !std::isnan(c.weight); });
            return nb::cast(listed_contacts{*table, has_weights ? dimensions::conductance : dimensions::none});
        } else {
            return nb::cast(r);
        }
    }, rule);
}

void bind_connection_rules(nb::module_& m) {
    bind_simple(m);
    bind_degree(m, "FixedIndegree", "sources", &fixed_indegree::sources, R"doc(Each target has so many sources, drawn with equal probability.

Parameters
----------
sources : int
    How many.
distinct : bool
    Whether no source comes twice.
allow_self : bool
    Whether a cell may be connected to itself.
)doc", "int: Sources of each target.");
    bind_degree(m, "FixedOutdegree", "targets", &fixed_outdegree::targets, R"doc(Each source has so many targets, drawn with equal probability.

Parameters
----------
targets : int
    How many.
distinct : bool
    Whether no target comes twice.
allow_self : bool
    Whether a cell may be connected to itself.
)doc", "int: Targets of each source.");
    bind_profile<gaussian_probability>(m, "GaussianProbability", distance_profile::kind::gaussian, "sigma", 5, R"doc(Each pair independently, with probability p0 exp(-d^2/(2 sigma^2)) at the distance d of their positions.

Parameters
----------
p0 : float
    The probability at no distance.
sigma : Quantity
    The standard deviation [um].
reach : float
    No further than so many sigma.
allow_self : bool
    Whether a cell may be connected to itself.
)doc");
    bind_profile<exponential_probability>(m, "ExponentialProbability", distance_profile::kind::exponential, "length", 10, R"doc(Each pair independently, with probability p0 exp(-d/length) at the distance d of their positions.

Parameters
----------
p0 : float
    The probability at no distance.
length : Quantity
    The length constant [um].
reach : float
    No further than so many lengths.
allow_self : bool
    Whether a cell may be connected to itself.
)doc");
    bind_list(m);
    nb::class_<given_contacts> given(m, "GivenContacts", nb::is_final(),
                                     "Contacts that nobody holds: a ready circuit or a SONATA file gives those onto one cell after the other. It can be used in other projections, but not be made or pickled.");
    given.def("__repr__", [](const given_contacts&) { return "<GivenContacts>"; });
}

}  // namespace apical::python
