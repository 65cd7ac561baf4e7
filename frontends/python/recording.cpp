// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "core/error.hpp"
#include "frontends/python/arrays.hpp"
#include "frontends/python/simulation.hpp"
#include "io/report.hpp"

namespace apical::python {
namespace {

/// A handle to one recording of a simulation: what it shows grows as the simulation runs on.
struct recording_view {
    std::shared_ptr<running> owner;
    std::size_t index;

    const recording& get() const { return owner->now().recordings()[index]; }
};

struct place_view {
    std::string name, population;
    int cell, section;
    double x;
};

std::vector<place_view> places_of(const recording_view& r) {
    std::vector<place_view> all;
    for (const auto& p : r.get().places)
        all.push_back({p.name, r.owner->what().population(p.population), p.cell, p.where.section, p.where.x});
    return all;
}

nb::object values_of(const recording_view& r) {
    using view = nb::ndarray<nb::numpy, const double, nb::ndim<2>>;
    const auto& data = r.get();
    return nb::cast(view(data.samples.data(), {data.rows(), data.columns()}, keep(r.owner->shared())));
}

nb::object times_of(const recording_view& r) {
    const auto& data = r.get();
    std::vector<double> times(data.rows());
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = data.time(i);
    return owned_array(std::move(times));
}

nb::object column_of(const recording_view& r, nb::handle place) {
    const auto& places = r.get().places;
    const auto n = static_cast<long>(places.size());
    long i = 0;
    if (nb::isinstance<nb::str>(place)) {
        const auto name = nb::cast<std::string>(place);
        i = std::ranges::find(places, name, &probed_place::name) - places.begin();
        std::vector<std::string> names;
        for (const auto& p : places) names.push_back(p.name);
        if (i == n)
            throw invalid_model(fmt::format("recording '{}'", r.get().label), fmt::format("no place '{}'", name), suggestion(name, names));
    } else {
        i = nb::cast<long>(place);
        if (i < -n || i >= n) throw nb::index_error(fmt::format("place {} of {}", i, n).c_str());
    }
    return values_of(r)[nb::make_tuple(nb::slice(nb::none(), nb::none(), nb::none()), i)];
}

void write(const recording_view& r, const std::filesystem::path& path, bool may_replace) {
    const auto mode = may_replace ? overwrite::yes : overwrite::no;
    const auto& model = *r.owner->what().description;
    if (path.extension() == ".csv") return write_recording_csv(path, r.get(), model, mode);
    write_report(path, r.get(), model, mode);
}

void bind_probed_place(nb::module_& m) {
    nb::class_<place_view> p(m, "ProbedPlace", nb::is_final(), "One column of a recording.");
    p.def_ro("name", &place_view::name, "str: E.g. ``\"apic[36](0.97)\"``: the compartment's centre, or the section's end.");
    p.def_ro("population", &place_view::population, "str: Name of the population.");
    p.def_ro("cell", &place_view::cell, "int: Index within the population.");
    p.def_ro("section", &place_view::section, "int: Index of the section.");
    p.def_ro("x", &place_view::x, "float: Position along the section, 0 to 1.");
    p.def("__repr__", [](const place_view& a) { return fmt::format("<ProbedPlace {}[{}] {}>", a.population, a.cell, a.name); });
}

}  // namespace

void bind_recording(nb::module_& m) {
    bind_probed_place(m);
    nb::class_<recording_view> c(m, "Recording", nb::is_final(), R"doc(The samples of one probe.

Rows are times, columns places. Index with a column's number or name for one trace.

Examples
--------
>>> soma = simulation["soma"]
>>> plt.plot(soma.times, soma.values)
)doc");
    c.def_prop_ro("label", [](const recording_view& r) { return r.get().label; }, "str: Label of the probe.");
    c.def_prop_ro("variable", [](const recording_view& r) { return r.get().variable; }, "str: What was recorded.");
    c.def_prop_ro("unit", [](const recording_view& r) { return r.get().unit; }, "str: Unit of `values`.");
    c.def_prop_ro("interval", [](const recording_view& r) { return r.get().interval; }, "float: Between samples [ms].");
    c.def_prop_ro("places", places_of, "list of ProbedPlace, length n_places: Where each column was recorded.");
    c.def_prop_ro("times", times_of, nb::sig("def times(self) -> numpy.typing.NDArray[numpy.float64]"),
                  "ndarray, shape (n_samples,), float64: Time of each sample [ms], from the start and the interval.");
    c.def_prop_ro("values", values_of, nb::sig("def values(self) -> numpy.typing.NDArray[numpy.float64]"),
                  R"doc(ndarray, shape (n_samples, n_places), float64, read-only view: The samples, in `unit`.

No copy is made. The array keeps the samples alive, and does not change when the simulation runs on.)doc");
    c.def("__getitem__", column_of, nb::arg("place"),
          nb::sig("def __getitem__(self, place: int | str) -> numpy.typing.NDArray[numpy.float64]"),
          R"doc(One trace.

Parameters
----------
place : int or str
    Number or name of a column.

Returns
-------
ndarray, shape (n_samples,), float64, read-only view
    The column, in `unit`.
)doc");
    c.def("write", write, nb::arg("path"), nb::arg("overwrite") = false,
          nb::sig("def write(self, path: str | os.PathLike[str], overwrite: bool = False) -> None"), R"doc(Write the recording to a file: whole, or not at all.

Parameters
----------
path : str or path-like
    ``.csv`` for comma-separated text with all digits; else a SONATA compartment report in HDF5, 32 bits a number.
overwrite : bool
    Whether a file that is there may be replaced.

Raises
------
apical.InvalidInput
    If the file cannot be written.
)doc");
    c.def("__len__", [](const recording_view& r) { return r.get().rows(); });
    c.def("__array__", [](nb::handle self, nb::handle dtype, nb::handle copy) {
        static_cast<void>(copy);  // NumPy copies where it is asked to
        return nb::module_::import_("numpy").attr("asarray")(self.attr("values"), dtype);
    }, nb::arg("dtype") = nb::none(), nb::arg("copy") = nb::none(),
       nb::sig("def __array__(self, dtype: typing.Any = None, copy: bool | None = None) -> numpy.typing.NDArray[typing.Any]"));
    c.def("__repr__", [](const recording_view& r) {
        const auto& d = r.get();
        return fmt::format("<Recording '{}': {} [{}], {} samples x {} places>", d.label, d.variable, d.unit, d.rows(), d.columns());
    });
    c.def("_repr_html_", [](nb::handle self) { return nb::module_::import_("apical._html").attr("recording")(self); },
          nb::sig("def _repr_html_(self) -> str"));
}

nb::object recording_of(const std::shared_ptr<running>& owner, const std::string& label) {
    const auto all = owner->now().recordings();
    const auto found = std::ranges::find(all, label, &recording::label);
    if (found == all.end()) static_cast<void>(owner->now()[label]);  // throws, with a suggestion
    return nb::cast(recording_view{owner, static_cast<std::size_t>(found - all.begin())});
}

}  // namespace apical::python
