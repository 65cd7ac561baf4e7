// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <string>

#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>

#include "engine/plan.hpp"
#include "frontends/python/simulation.hpp"
#include "io/results.hpp"

namespace apical::python {

void bind_report(nb::class_<running>& c) {
    c.def("write_report", [](const running& r, const std::filesystem::path& path, const std::string& title, bool may_replace) {
        const auto& done = r.now();
        experiment e;
        e.title = title, e.model = *r.what().description, e.run = done.model().options, e.until = duration::coherent(done.time());
        html::write_page(path, result_page(e, done, {r.what().seconds, r.seconds(), {done.statistics()}}), may_replace ? overwrite::yes : overwrite::no);
    }, nb::arg("path"), nb::arg("title") = "Simulation", nb::arg("overwrite") = false,
       nb::sig("def write_report(self, path: str | os.PathLike[str], title: str = 'Simulation', overwrite: bool = False) -> None"),
       R"doc(Write a page about the run so far: the circuit in space, spikes, rates, traces, and what it cost. A probe of 30 places or more on one
cell becomes an animation of that cell. One HTML file that needs nothing else.

Parameters
----------
path : str or path-like
    The file.
title : str
    Its headline.
overwrite : bool
    Whether a file that is there may be replaced.

Raises
------
apical.InvalidInput
    If the file cannot be written.
)doc");
}

}  // namespace apical::python
