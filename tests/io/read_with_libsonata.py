# SPDX-License-Identifier: BSD-3-Clause
"""Reads a spike file and a compartment report with libsonata, the reference reader of the format, and compares them with JSON.

    read_with_libsonata.py FOLDER

FOLDER holds spikes.h5, report.h5 and expected.json. Exits with 77 if libsonata is not installed.
"""

import json
import pathlib
import sys

try:
    import libsonata
except ImportError:
    print("libsonata is not installed")
    sys.exit(77)


def check_spikes(path, expected):
    reader = libsonata.SpikeReader(str(path))
    assert sorted(reader.get_population_names()) == sorted(expected), reader.get_population_names()
    for name, spikes in expected.items():
        population = reader[name]
        assert population.sorting == spikes["sorting"], (name, population.sorting)
        assert population.time_units == "ms", population.time_units
        assert [[int(cell), float(time)] for cell, time in population.get()] == spikes["spikes"], name


def check_report(path, expected):
    reader = libsonata.ElementReportReader(str(path))
    assert reader.get_population_names() == [expected["population"]]
    population = reader[expected["population"]]
    assert population.data_units == expected["unit"] and population.time_units == "ms"
    assert population.sorted
    start, stop, step = population.times
    assert (start, step) == (expected["start"], expected["step"]), population.times
    assert [int(n) for n in population.get_node_ids()] == expected["cells"]
    frame = population.get()
    assert [[int(node), int(element)] for node, element in frame.ids] == expected["ids"], frame.ids
    assert len(frame.times) == len(expected["data"]), (list(frame.times), population.times)
    for got, want in zip(frame.data.tolist(), expected["data"]):
        assert all(abs(a - b) < 1e-5 for a, b in zip(got, want)), (got, want)
    one = population.get(node_ids=[expected["cells"][-1]])
    assert {int(node) for node, _ in one.ids} == {expected["cells"][-1]}


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text())
    check_spikes(folder / "spikes.h5", expected["spikes"])
    check_report(folder / "report.h5", expected["report"])
    print("libsonata reads what was written")


if __name__ == "__main__":
    main()
