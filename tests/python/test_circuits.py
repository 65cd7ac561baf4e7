# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import apical

SMALL = {
    "brunel": ({"scale": 0.125}, "30 ms"),
    "l5_microcircuit": ({"cells": 12, "background_rate": 8}, "80 ms"),
    "potjans_diesmann": ({"scale": 0.02}, "60 ms"),
    "ring": ({"rings": 1, "cells": 4}, "40 ms"),
}


def run(circuit: apical.Circuit, until: object, **options: object) -> apical.Simulation:
    simulation = apical.Simulation(circuit, **options)  # type: ignore[arg-type]
    simulation.run(until)  # type: ignore[arg-type]
    return simulation


def test_every_ready_circuit_is_there() -> None:
    assert {c.name for c in apical.circuits.all()} == set(SMALL)
    assert apical.circuits.ring is apical.circuits.all()[-1] and "ring" in dir(apical.circuits)
    pd = apical.circuits.potjans_diesmann
    assert "Potjans" in pd.source and pd.dt == apical.Quantity("0.1 ms") and any(o.name == "scale" for o in pd.options)
    assert "pyramidal" in repr(apical.circuits.l5_microcircuit)
    with pytest.raises(apical.InvalidModel, match="did you mean 'cells'"):
        apical.circuits.l5_microcircuit(cels=20)
    with pytest.raises(apical.InvalidModel, match="unknown circuit"):
        apical.circuits.build("column")
    with pytest.raises(AttributeError, match="no ready circuit 'column'"):
        apical.circuits.column  # noqa: B018


@pytest.mark.parametrize("name", SMALL)
def test_a_circuit_runs_shows_itself_and_comes_back_from_sonata(name: str, tmp_path: Path) -> None:
    options, until = SMALL[name]
    experiment = getattr(apical.circuits, name).experiment(until, seed=2, **options)
    assert isinstance(experiment.circuit._repr_html_(), str)
    first = run(experiment.circuit, experiment.until, **experiment.options)
    assert len(first.spikes) > 0
    files = experiment.circuit.write_sonata(tmp_path / "s", until=until, **experiment.options)
    assert all(f.exists() for f in files) and tmp_path / "s" / "circuit_config.json" in files
    again = apical.sonata.read(tmp_path / "s" / "simulation_config.json")
    assert again.until == experiment.until
    assert np.array_equal(run(again.circuit, again.until, **again.options).spikes, first.spikes)
    assert not np.array_equal(run(experiment.circuit, until, **{**experiment.options, "seed": 3}).spikes, first.spikes) or name == "ring"


def test_contacts_that_nobody_holds_are_a_rule_like_others() -> None:
    ring = apical.circuits.ring(rings=1, cells=4)
    rule = ring.projections[0].rule
    assert isinstance(rule, apical.GivenContacts) and repr(rule) == "<GivenContacts>"
    twin = apical.Projection("twin", "cells", "cells", rule, "expsyn", "1 nS")
    assert isinstance(apical.Circuit(twin).projections[0].rule, apical.GivenContacts)
    with pytest.raises(TypeError):
        pickle.dumps(ring)


def test_what_cannot_be_written_or_read_is_refused(tmp_path: Path) -> None:
    circuit = apical.circuits.ring(rings=1)
    circuit.write_sonata(tmp_path / "a", until="1 ms")
    with pytest.raises(apical.InvalidInput, match="is there already and not empty"):
        circuit.write_sonata(tmp_path / "a", until="1 ms")
    circuit.write_sonata(tmp_path / "a", until="1 ms", overwrite=True)
    with pytest.raises(apical.InvalidInput, match="nowhere"):
        apical.sonata.read(tmp_path / "nowhere.json")


def test_functions_are_written_as_their_values(tmp_path: Path, circuit: apical.Circuit) -> None:
    cell = circuit.populations[0].cell.paint("dend", "pas", g=lambda place: (1e-4*(1 + place.distance/100), "S/cm2"))
    step = apical.Injection(apical.StepCurrent("1 ms", "9 ms", "0.5 nA"), on="n")
    painted = apical.Circuit(apical.Population("n", cell), step, apical.Probe("v", on="n", at="dend[0](0.7)"))
    painted.write_sonata(tmp_path / "s", until="10 ms", seed=1)
    again = apical.sonata.read(tmp_path / "s" / "simulation_config.json")
    first, second = run(painted, "10 ms"), run(again.circuit, "10 ms")
    assert np.array_equal(first["v"].values, second["v"].values)


def test_a_run_starts_from_a_checkpoint(circuit: apical.Circuit, tmp_path: Path) -> None:
    whole = apical.Simulation(circuit)
    whole.run("10 ms")
    whole.checkpoint(tmp_path / "c.h5")
    whole.run("40 ms")
    resumed = apical.Simulation(circuit, start=tmp_path / "c.h5", threads=2)
    assert resumed.time == 10
    resumed.run("40 ms")
    assert np.array_equal(resumed.spikes, whole.spikes) and np.array_equal(resumed["soma"].values, whole["soma"].values)
    assert apical.Simulation(apical.compile(circuit), start=str(tmp_path / "c.h5")).time == 10
    with pytest.raises(apical.InvalidInput, match="is of another model"):
        apical.Simulation(circuit, start=tmp_path / "c.h5", dt="0.05 ms")


def test_point_neurons_start_where_they_are_told() -> None:
    neuron = apical.models.lif()
    start = apical.RandomValue.normal("-60 mV", "3 mV")
    p = apical.Population("p", neuron, size=50, start=start)
    assert p.start == start and pickle.loads(pickle.dumps(p)).start == start and apical.Population("p", neuron).start is None
    assert apical.Population("p", neuron, start="-61 mV").start == apical.Quantity("-61 mV")
    simulation = apical.Simulation(apical.Circuit(p))
    v = [simulation.voltage("p", i) for i in range(50)]
    assert len(set(v)) == 50 and -62 < np.mean(v) < -58
    with pytest.raises(apical.InvalidModel, match=r"Population 'p' / start: expected"):
        apical.Population("p", neuron, start="1 nA")


def test_the_report_is_one_file(circuit: apical.Circuit, tmp_path: Path) -> None:
    shape = circuit.populations[0].cell.morphology
    places = ", ".join(f"dend[0]({(k + 0.5)/40})" for k in range(40))
    circuit.add(apical.Probe("film", on="neuron", at=places, interval="0.1 ms"))
    simulation = apical.Simulation(circuit)
    simulation.run("20 ms")
    simulation.write_report(tmp_path / "r.html", title="One <cell>")
    text = (tmp_path / "r.html").read_text()
    assert len(shape) == 2 and "<h1>One &lt;cell&gt;</h1>" in text and 'class="stage film"' in text and "http" not in text and "Real-time factor" in text
    with pytest.raises(apical.InvalidInput, match="already exists"):
        simulation.write_report(tmp_path / "r.html")
    simulation.write_report(tmp_path / "r.html", overwrite=True)
