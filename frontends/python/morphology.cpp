// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/morphology.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/operators.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/bindings.hpp"
#include "frontends/python/morphology.hpp"
#include "frontends/python/quantity.hpp"
#include "frontends/python/values.hpp"
#include "morphology/compartments.hpp"
#include "io/output_file.hpp"
#include "morphology/expression.hpp"
#include "morphology/swc.hpp"

namespace apical::python {
namespace {

using point_rows = nb::ndarray<const double, nb::shape<-1, 4>, nb::c_contig, nb::device::cpu>;
using view_1d = nb::ndarray<nb::numpy, const double, nb::ndim<1>>;
using view_2d = nb::ndarray<nb::numpy, const double, nb::ndim<2>>;

/// A section of a morphology that Python owns.
struct section_view {
    nb::object owner;
    const morphology* shape;
    int index;
    const section& get() const { return (*shape)[index]; }
};

section_view section_at(nb::handle_t<morphology> self, nb::handle key) {
    const auto& m = nb::cast<const morphology&>(self);
    if (nb::isinstance<nb::str>(key)) {
        const auto name = nb::cast<std::string>(key);
        const int i = m.find(name);
        if (i >= 0) return {nb::borrow(self), &m, i};
        std::vector<std::string> names;
        for (int s = 0; s < m.size(); ++s) names.push_back(m.name(s));
        throw invalid_model("morphology", fmt::format("no section '{}'", name),
                            names.size() <= 12 ? suggestion(name, names)
                                               : fmt::format("it has {} sections, from '{}' to '{}'", names.size(), names.front(), names.back()));
    }
    const long i = nb::cast<long>(key), n = m.size();
    if (i < -n || i >= n) throw nb::index_error(fmt::format("section {} of {}", i, n).c_str());
    return {nb::borrow(self), &m, static_cast<int>(i < 0 ? i + n : i)};
}

/// Any sequence of rows as an array.
point_rows rows_of(nb::handle points) {
    const auto numpy = nb::module_::import_("numpy");
    point_rows rows;
    if (nb::try_cast(numpy.attr("ascontiguousarray")(points, numpy.attr("float64")), rows)) return rows;
    throw invalid_model("Morphology.add / points", "expected rows of x, y, z and diameter",
                        "write [(0, 0, 0, 20), (20, 0, 0, 20)], in um");
}

int add_section(morphology& m, nb::handle type, nb::handle points, nb::handle parent, double parent_x) {
    const auto rows = rows_of(points);
    section s{.type = section_type_of(type), .parent = -1, .parent_x = parent_x, .points = {}};
    if (nb::isinstance<nb::str>(parent)) {
        s.parent = m.find(nb::cast<std::string>(parent));
        if (s.parent < 0) throw invalid_model("Morphology.add / parent", "no section " + nb::cast<std::string>(nb::repr(parent)));
    } else if (!parent.is_none()) {
        s.parent = nb::cast<int>(parent);
    }
    for (std::size_t i = 0; i < rows.shape(0); ++i) s.points.push_back({rows(i, 0), rows(i, 1), rows(i, 2), rows(i, 3)});
    return m.add(std::move(s));
}

nb::object points_of(const section_view& s) {
    static_assert(sizeof(point) == 4*sizeof(double));
    const auto& points = s.get().points;
    return nb::cast(view_2d(&points.front().x, {points.size(), 4}, s.owner));
}

nb::object arc_of(const section_view& s) {
    const auto arc = s.shape->arc(s.index);
    return nb::cast(view_1d(arc.data(), {arc.size()}, s.owner));
}

nb::tuple at_of(const section_view& s, double x) {
    const auto p = s.shape->at({s.index, x});
    return nb::make_tuple(p.x, p.y, p.z, p.diameter);
}

void bind_section(nb::module_& m) {
    nb::class_<section_view> c(m, "Section", nb::is_final(), "An unbranched cable of a morphology; it keeps its morphology alive.");
    c.def_ro("index", &section_view::index, "int: Position in the morphology, parents before children.");
    c.def_prop_ro("name", [](const section_view& s) { return s.shape->name(s.index); },
                  "str: NEURON's name, e.g. ``\"apic[36]\"``.");
    c.def_prop_ro("type", [](const section_view& s) { return type_name(s.get().type); },
                  "str: ``\"soma\"``, ``\"axon\"``, ``\"dend\"``, ``\"apic\"`` or ``\"dend_5\"``.");
    c.def_prop_ro("parent", [](const section_view& s) { return s.get().parent < 0 ? std::nullopt : std::optional(s.get().parent); },
                  "int or None: Index of the parent section; None for a root.");
    c.def_prop_ro("parent_x", [](const section_view& s) { return s.get().parent_x; },
                  "float: Where on the parent, 0 (its start) to 1 (its end).");
    c.def_prop_ro("children", [](const section_view& s) {
        const auto all = s.shape->children(s.index);
        return std::vector<int>(all.begin(), all.end());
    }, "list of int: Indices of the sections that hang on this one.");
    c.def_prop_ro("points", points_of, nb::sig("def points(self) -> numpy.typing.NDArray[numpy.float64]"),
                  "ndarray, shape (n_points, 4), float64, read-only view: x, y, z and full diameter [um].");
    c.def_prop_ro("arc", arc_of, nb::sig("def arc(self) -> numpy.typing.NDArray[numpy.float64]"),
                  "ndarray, shape (n_points,), float64, read-only view: Arc length from the start to each point [um].");
    c.def_prop_ro("length", [](const section_view& s) { return s.shape->length(s.index); }, "float: Arc length [um].");
    c.def_prop_ro("area", [](const section_view& s) { return s.shape->area(s.index); }, "float: Lateral area of the frusta [um2].");
    c.def_prop_ro("order", [](const section_view& s) { return s.shape->order(s.index); },
                  "int: Branch points passed on the way from the root; 0 for stems.");
    c.def("at", at_of, nb::arg("x"), nb::sig("def at(self, x: float) -> tuple[float, float, float, float]"),
          R"doc(Interpolated position and diameter.

Parameters
----------
x : float
    Position along the section, 0 (its start) to 1 (its end).

Returns
-------
tuple of float
    x, y, z and full diameter [um].
)doc");
    c.def("__repr__", [](const section_view& s) {
        return fmt::format("<Section {}: {:.4g} um, {} points>", s.shape->name(s.index), s.shape->length(s.index),
                           s.get().points.size());
    });
}

void bind_location(nb::module_& m) {
    nb::class_<location> l(m, "Location", nb::is_final(), "A position along a section.");
    l.def(nb::init<int, double>(), nb::arg("section"), nb::arg("x") = 0.5);
    l.def_ro("section", &location::section, "int: Index of the section.");
    l.def_ro("x", &location::x, "float: 0 at the section's start, 1 at its end.");
    l.def("__eq__", [](const location& a, const location& b) { return a == b; }, nb::is_operator(),
          nb::sig("def __eq__(self, other: object, /) -> bool"));
    l.def("__hash__", [](const location& a) { return nb::hash(nb::make_tuple(a.section, a.x)); });
    l.def("__repr__", [](const location& a) { return fmt::format("Location(section={}, x={})", a.section, a.x); });
    l.def("__reduce__", [](nb::handle self) {
        return nb::make_tuple(nb::borrow(self.type()), nb::make_tuple(self.attr("section"), self.attr("x")));
    }, nb::sig(reduce_signature));
    nb::class_<stretch> s(m, "Stretch", nb::is_final(), "Part of a section: what a region covers of it.");
    s.def_ro("section", &stretch::section, "int: Index of the section.");
    s.def_ro("start", &stretch::from, "float: Where it starts, 0 to 1 along the section.");
    s.def_ro("end", &stretch::to, "float: Where it ends, 0 to 1 along the section.");
    s.def("__repr__", [](const stretch& a) {
        return fmt::format("Stretch(section={}, start={}, end={})", a.section, a.from, a.to);
    });
}

void add_construction(nb::class_<morphology>& c) {
    c.def(nb::init<>());
    c.def("add", add_section, nb::arg("type"), nb::arg("points"), nb::arg("parent") = nb::none(), nb::arg("parent_x") = 1.0,
          nb::sig("def add(self, type: str | int, points: numpy.typing.ArrayLike, "
                  "parent: int | str | None = None, parent_x: float = 1.0) -> int"),
          R"doc(Append a section.

Parameters
----------
type : str or int
    ``"soma"``, ``"axon"``, ``"basal"``, ``"apical"``, or a number of the SWC format.
points : array_like, shape (n_points, 4)
    x, y, z and full diameter [um], from the parent outwards; two or more.
parent : int or str, optional
    An earlier section; none for a root.
parent_x : float
    Where on the parent, 0 (its start) to 1 (its end).

Returns
-------
int
    Index of the section.

Raises
------
apical.InvalidModel
    If the parent is not an earlier section, there are fewer than two points, or a number is unfit.
)doc");
    c.def("__getstate__", [](nb::handle_t<morphology> self) {
        nb::list all;
        const auto& m = nb::cast<const morphology&>(self);
        for (int i = 0; i < m.size(); ++i) {
            const auto& s = m[i];
            all.append(nb::make_tuple(static_cast<int>(s.type), s.parent, s.parent_x, points_of({nb::borrow(self), &m, i})));
        }
        return all;
    }, nb::sig("def __getstate__(self) -> typing.Any"));
    c.def("__setstate__", [](morphology& m, const std::vector<std::tuple<int, int, double, nb::object>>& state) {
        new (&m) morphology();
        for (const auto& [type, parent, x, rows] : state)
            add_section(m, nb::cast(type), rows, parent < 0 ? nb::none() : nb::cast(parent), x);
    }, nb::sig("def __setstate__(self, state: typing.Any, /) -> None"));
}

void add_access(nb::class_<morphology>& c) {
    c.def("__len__", &morphology::size);
    c.def("__getitem__", section_at, nb::arg("section"), nb::sig("def __getitem__(self, section: int | str) -> Section"),
          "A section by index or name.");
    c.def("__iter__", [](nb::handle_t<morphology> self) {
        nb::list all;
        for (int i = 0; i < nb::cast<const morphology&>(self).size(); ++i) all.append(nb::cast(section_at(self, nb::int_(i))));
        return nb::iter(all);
    }, nb::sig("def __iter__(self) -> collections.abc.Iterator[Section]"));
    c.def_prop_ro("names", [](const morphology& m) {
        std::vector<std::string> all;
        for (int i = 0; i < m.size(); ++i) all.push_back(m.name(i));
        return all;
    }, "list of str: Names of the sections, in order.");
    c.def_prop_ro("origin", [](const morphology& m) { return m.origin(); },
                  "Location: Where path distances start: the middle of the soma.");
    c.def("__eq__", [](const morphology& a, const morphology& b) { return a == b; }, nb::is_operator(),
          nb::sig("def __eq__(self, other: object, /) -> bool"));
    c.def("__repr__", [](const morphology& m) {
        double length = 0;
        for (int i = 0; i < m.size(); ++i) length += m.length(i);
        return fmt::format("<Morphology: {} sections, {:.5g} um>", m.size(), length);
    });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("morphology")(self); },
          nb::sig("def _repr_html_(self) -> str"));
}

void add_questions(nb::class_<morphology>& c) {
    c.def("locations", [](const morphology& m, const std::string& text) { return parse_locations(text).on(m); },
          nb::arg("expression"),
          R"doc(The places a location expression names.

Parameters
----------
expression : str
    ``"soma(0.5)"``, ``"apic[36](0.97)"``, ``"at(apical, 620 um)"``, ``"thickest(at(apical, 620 um))"``, ``"tips(apical)"``,
    ``"centre(all)"``; several, separated by commas.

Returns
-------
list of Location
    In order of writing, then of section and x; each once.

Raises
------
apical.InvalidModel
    If the text is wrong, a section does not exist, or there is no such place.
)doc");
    c.def("region", [](const morphology& m, const std::string& text) { return parse_region(text).on(m); }, nb::arg("expression"),
          R"doc(What a region expression covers.

Parameters
----------
expression : str
    ``"all"``, ``"apical and distance > 100 um"``, ``"subtree(apic[36])"``, ``"diameter < 1 um or order == 2"``, ...

Returns
-------
list of Stretch
    Pieces of sections, in order of section and x.

Raises
------
apical.InvalidModel
    If the text is wrong or a section does not exist.
)doc");
}

void add_measures(nb::class_<morphology>& c) {
    c.def("distance", [](const morphology& m, nb::handle to, nb::handle from) {
        return from.is_none() ? m.distance(location_of(m, to)) : m.distance(location_of(m, from), location_of(m, to));
    }, nb::arg("to"), nb::arg("start") = nb::none(),
       nb::sig("def distance(self, to: str | Location, start: str | Location | None = None) -> float"),
          R"doc(Path distance along the tree, NEURON's ``distance()``.

Parameters
----------
to : str or Location
    One place.
start : str or Location, optional
    Where to measure from; by default `origin`.

Returns
-------
float
    Distance [um]; infinite between separate trees.
)doc");
    c.def("evaluate", evaluate, nb::arg("value"), nb::arg("unit"), nb::arg("at") = "centre(all)",
          nb::sig("def evaluate(self, value: str, unit: str, at: str | collections.abc.Sequence[Location] = 'centre(all)') -> "
                  "numpy.typing.NDArray[numpy.float64]"),
          R"doc(A value expression at some places.

Parameters
----------
value : str
    ``"2e-4 S/cm2*exp(-distance/300 um)"``, ``"where(distance < 100 um, 1, 2)"``, ``"diameter"``, ...
unit : str
    Unit of the result; ``""`` for a pure number.
at : str or sequence of Location
    The places.

Returns
-------
ndarray, shape (n_places,), float64
    The value at each place, in `unit`.

Raises
------
apical.InvalidModel
    If the expression is wrong or has another dimension than `unit`.
)doc");
}

void add_copies(nb::class_<morphology>& c) {
    c.def("without", [](const morphology& m, nb::handle type) { return m.without(section_type_of(type)); }, nb::arg("type"),
          nb::sig("def without(self, type: str | int) -> Morphology"),
          R"doc(A copy without the sections of one type and all that hangs on them.

Parameters
----------
type : str or int
    ``"soma"``, ``"axon"``, ``"basal"``, ``"apical"``, or a number of the SWC format.

Returns
-------
Morphology
)doc");
    c.def("with_stub_axon", [](const morphology& m, int pieces, const quantity_argument& length,
                               const quantity_argument& diameter) {
        return with_stub_axon(m, pieces, as<apical::length>(length, "with_stub_axon / length").coherent(),
                              as<apical::length>(diameter, "with_stub_axon / diameter").coherent());
    }, nb::arg("pieces") = 2, nb::arg("length") = "30 um", nb::arg("diameter") = "1 um",
          R"doc(A copy with the axon replaced by a chain of cylinders.

Hay et al. (2011) PLoS Comput Biol 7:e1002107 use two pieces of 30 um, 1 um thick.

Parameters
----------
pieces : int
    Number of cylinders.
length, diameter : Quantity
    Of each cylinder [um].

Returns
-------
Morphology
)doc");
    c.def("rounded_like_neuron", &morphology::rounded_like_neuron,
          R"doc(A copy with points rounded as NEURON's importer rounds them.

For comparisons with NEURON to more than six digits.

Returns
-------
Morphology
)doc");
}

void add_results(nb::class_<morphology>& c) {
    c.def("write", [](const morphology& m, const std::filesystem::path& path, bool may_replace) {
        std::ostringstream text;
        write_swc(m, text);
        write_text(path, text.str(), may_replace ? overwrite::yes : overwrite::no);
    }, nb::arg("path"), nb::arg("overwrite") = false,
       nb::sig("def write(self, path: str | os.PathLike[str], overwrite: bool = False) -> None"),
       R"doc(Write an SWC file: whole, or not at all.

Parameters
----------
path : str or path-like
    The file.
overwrite : bool
    Whether a file that is there may be replaced.

Raises
------
apical.InvalidInput
    If the file cannot be written.
)doc");
    c.def("discretise", discretise_text, nb::arg("compartments") = "d_lambda(0.1, 100 Hz)", nb::arg("resistivity") = "100 ohm cm",
          nb::arg("capacitance") = "1 uF/cm2",
          nb::sig("def discretise(self, compartments: str | collections.abc.Sequence[int] = 'd_lambda(0.1, 100 Hz)', resistivity: str | "
                  "tuple[float, str] | Quantity = '100 ohm cm', capacitance: str | tuple[float, str] | Quantity = '1 uF/cm2') "
                  "-> numpy.typing.NDArray[numpy.void]"),
          R"doc(Cut into compartments, with NEURON's nodes and conventions (Hines & Carnevale 1997, Neural Comput 9:1179).

Parameters
----------
compartments : str or sequence of int
    ``"d_lambda(0.1, 100 Hz)"``, ``"max_length(40 um)"``, ``"per_length(40 um)"``, ``"count(1)"``, or a number for each section.
resistivity, capacitance : Quantity
    Axial resistivity [ohm cm] and specific capacitance [uF/cm2], the same everywhere.

Returns
-------
structured ndarray, shape (n_nodes,)
    ``section``, ``x`` (0 or 1 at ends, which have no membrane), ``parent`` (node, -1 for a root), ``area`` [um2],
    ``resistance`` to the parent [Mohm], ``diameter`` [um], ``distance`` from the origin [um].
)doc");
}

}  // namespace

void bind_morphology(nb::module_& m) {
    bind_location(m);
    nb::class_<morphology> c(m, "Morphology", R"doc(A neuron's shape: a tree of tapered sections, parents before children.

Sections of one type are numbered in order of appearance, so their names are NEURON's: ``soma[0]``, ``dend[12]``, ``apic[36]``.
Index with a number or a name, iterate over the sections.

See Also
--------
read_morphology : from an SWC or Neurolucida file.

Examples
--------
>>> m = apical.Morphology()
>>> m.add("soma", [(0, 0, 0, 20), (20, 0, 0, 20)])
0
>>> m["soma"].area
1256.6370614359173
)doc");
    bind_section(m);
    add_construction(c);
    add_access(c);
    add_questions(c);
    add_measures(c);
    add_copies(c);
    add_results(c);
}

}  // namespace apical::python
