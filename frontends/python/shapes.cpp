// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frontends/python/bindings.hpp"
#include "morphology/check.hpp"
#include "morphology/read.hpp"
#include "morphology/synthesis.hpp"

namespace apical::python {
namespace {

nb::object problem_of(const std::string& where, const std::string& what, const std::string& hint) {
    return nb::module_::import_("apical.errors").attr("Problem")(where, what, hint);
}

void bind_sizes(nb::module_& m) {
    nb::class_<size_summary> c(m, "SizeSummary", nb::is_final(), "Counts and sizes of the sections of one type, or of all.");
    c.def_ro("name", &size_summary::name,
             "str: ``\"soma\"``, ``\"axon\"``, ``\"dend\"``, ``\"apic\"``, ``\"dend_5\"``; ``\"all\"``.");
    c.def_ro("sections", &size_summary::sections, "int: Number of sections.");
    c.def_ro("points", &size_summary::points, "int: Number of points.");
    c.def_ro("stems", &size_summary::stems, "int: Sections that are roots or hang on a section of another type.");
    c.def_ro("tips", &size_summary::tips, "int: Sections nothing hangs on.");
    c.def_ro("bifurcations", &size_summary::bifurcations, "int: Places where branches leave.");
    c.def_ro("max_order", &size_summary::max_order, "int: Most branch points between the soma and a section.");
    c.def_ro("mean_tip_order", &size_summary::mean_tip_order, "float: Mean order of the tips.");
    c.def_ro("length", &size_summary::length, "float: Total length [um].");
    c.def_ro("area", &size_summary::area, "float: Membrane area [um2].");
    c.def_ro("volume", &size_summary::volume, "float: Volume [um3].");
    c.def_ro("mean_diameter", &size_summary::mean_diameter, "float: Length-weighted [um].");
    c.def_ro("taper", &size_summary::taper, "float: Mean loss of diameter along a section [um per 100 um].");
    c.def_ro("longest_path", &size_summary::longest_path, "float: To the furthest end, along the tree from the origin [um].");
    c.def("__repr__", [](const size_summary& s) {
        return fmt::format("<SizeSummary {}: {} sections, {:.5g} um>", s.name, s.sections, s.length);
    });
}

void bind_report(nb::module_& m) {
    nb::class_<morphology_report> c(m, "MorphologyReport", nb::is_final(),
                                    "What is in a morphology, and what looks wrong with it. ``print`` it.");
    c.def_ro("all", &morphology_report::all, "SizeSummary: Of the whole.");
    c.def_ro("types", &morphology_report::types, "list of SizeSummary: Of each type, in order of the types' numbers.");
    c.def_prop_ro("suspicious", [](const morphology_report& r) {
        nb::list all;
        for (const auto& s : r.suspicious) all.append(problem_of(s.where, s.what, s.hint));
        return all;
    }, nb::sig("def suspicious(self) -> list[typing.Any]"),
       "list of Problem: What is probably a mistake of the tracing or of the file.");
    c.def("__str__", &morphology_report::text);
    c.def("__repr__", [](const morphology_report& r) {
        return fmt::format("<MorphologyReport: {} sections, {} suspicious places; print it>", r.all.sections, r.suspicious.size());
    });
    m.def("check", [](const morphology& shape) { return check(shape); }, nb::arg("morphology"),
          R"doc(Measure and examine a morphology.

Parameters
----------
morphology : Morphology
    What to look at.

Returns
-------
MorphologyReport
    Counts, sizes, and what is probably a mistake of the tracing or of the file.
)doc");
}

void bind_synthesis(nb::module_& m) {
    m.def("cell_families", [] {
        std::vector<std::string> names;
        for (const auto f : cell_families()) names.emplace_back(name_of(f));
        return names;
    }, "Kinds of cell that :func:`synthesise` can make.\n\nReturns\n-------\nlist of str\n");
    m.def("synthesise", [](const std::string& family, std::uint64_t index, std::uint64_t seed) {
        return synthesise(parse_cell_family(family), index, seed);
    }, nb::arg("family"), nb::arg("index") = 0, nb::arg("seed") = 0, R"doc(A made-up cell of rat neocortex: soma and dendrites, no axon.

Lengths, calibres and tip numbers follow reconstructions of Hay et al. (2011) PLoS Comput Biol 7:e1002107 for
``"l5_tufted_pyramidal"``, and population means of Markram et al. (2015) Cell 163:456 for the others. The pia is towards +y.

Parameters
----------
family : str
    ``"l5_tufted_pyramidal"``, ``"l23_pyramidal"``, ``"pv_basket"`` or ``"sst_martinotti"``.
index : int
    Which cell of the family.
seed : int
    Another seed makes other cells. The same numbers make the same cell on every platform.

Returns
-------
Morphology

Raises
------
apical.InvalidModel
    If there is no such family.
)doc");
    m.def("acceptance", [](const morphology& shape, const std::string& family) {
        nb::list all;
        for (const auto& p : acceptance(shape, parse_cell_family(family))) all.append(problem_of(p.where, p.what, p.hint));
        return all;
    }, nb::arg("morphology"), nb::arg("family"), nb::sig("def acceptance(morphology: Morphology, family: str) -> list[typing.Any]"),
          R"doc(What a shape lacks to pass for a member of a family.

Parameters
----------
morphology : Morphology
    What to look at.
family : str
    One of :func:`cell_families`.

Returns
-------
list of Problem
    Empty if it passes.
)doc");
}

}  // namespace

void bind_shapes(nb::module_& m) {
    bind_sizes(m);
    bind_report(m);
    bind_synthesis(m);
    m.def("read_with_warnings", [](const std::filesystem::path& path) {
        auto r = read_morphology(path);
        nb::list warnings;
        for (const auto& w : r.warnings) warnings.append(nb::make_tuple(w.where, w.what, w.hint));
        return nb::make_tuple(std::move(r.shape), warnings);
    }, nb::arg("path"),
       nb::sig("def read_with_warnings(path: str | os.PathLike[str]) -> tuple[Morphology, list[tuple[str, str, str]]]"),
       R"doc(A morphology from a file, and every liberty that was taken with the file.

Parameters
----------
path : str or path-like
    An SWC or Neurolucida file.

Returns
-------
tuple of Morphology and list
    The shape, and for each liberty where, what and hint.
)doc");
}

}  // namespace apical::python
