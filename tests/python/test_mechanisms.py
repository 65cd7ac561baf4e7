# SPDX-License-Identifier: BSD-3-Clause
"""Mechanisms that are read from files of NMODL, in models."""
from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import apical

LEAK = """NEURON { SUFFIX slowleak NONSPECIFIC_CURRENT i RANGE g, x  GLOBAL e }
PARAMETER { g = 0.001 (S/cm2) e = -60 (mV) tau = 2 (ms) }
ASSIGNED { v (mV) i (mA/cm2) }
STATE { x }
INITIAL { x = 0 }
BREAKPOINT { SOLVE states METHOD cnexp  i = g*x*(v - e) }
DERIVATIVE states { x' = (1 - x)/tau }
"""
KICK = """NEURON { POINT_PROCESS kick NONSPECIFIC_CURRENT i RANGE tau }
PARAMETER { tau = 3 (ms) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT { SOLVE states METHOD cnexp  i = g*v }
DERIVATIVE states { g' = -g/tau }
NET_RECEIVE (weight (uS)) { g = g + weight }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, and a cache beside them."""
    monkeypatch.setenv("APICAL_CACHE", str(tmp_path/"cache"))
    (tmp_path/"slowleak.mod").write_text(LEAK)
    (tmp_path/"kick.mod").write_text(KICK)
    return tmp_path


def soma() -> apical.Cell:
    shape = apical.Morphology()
    shape.add("soma", [(0, 0, 0, 20), (20, 0, 0, 20)])
    return apical.Cell(shape, compartments="count(1)").paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")


def run(cell: apical.Cell, *more: apical.Receptor | apical.SpikeTrain, variable: str = "v") -> np.ndarray:
    circuit = apical.Circuit(apical.Population("cell", cell), apical.Probe("p", on="cell", variable=variable), *more)
    simulation = apical.Simulation(circuit)
    simulation.run("30 ms")
    return np.array(simulation["p"].values[:, 0])


@pytest.mark.parametrize("compiled", [False, True])
def test_states_relax_and_currents_flow(folder: Path, compiled: bool) -> None:
    mechanisms = apical.load_mechanisms(folder, compile=compiled)
    assert set(mechanisms) == {"slowleak", "kick"}
    assert mechanisms["slowleak"].parameters["g"].unit == "S/cm2"
    cell = soma().paint("all", mechanisms["slowleak"], g="2 mS/cm2", e="-50 mV")
    x = run(cell, variable="slowleak.x")
    assert x == pytest.approx(1 - np.exp(-np.arange(x.size)*0.025/2), abs=1e-12)
    assert run(cell)[-1] == pytest.approx(-50, abs=1e-3)


def test_events_reach_point_processes(folder: Path) -> None:
    kick = apical.load_mechanisms(folder/"kick.mod", compile=False)["kick"]
    cell = soma().paint("all", "pas", g="1e-4 S/cm2", e_rev="-65 mV")
    receptor = apical.Receptor("synapse", kick, on="cell", tau="5 ms")
    g = run(cell, receptor, apical.SpikeTrain("synapse", ([10.0], "ms"), "2 nS"), variable="kick.g")
    assert g.max() == pytest.approx(0.002, rel=0.01)
    assert g[-1] == pytest.approx(0.002*np.exp(-20/5), rel=0.02)


def test_cells_that_hold_them_can_be_pickled(folder: Path) -> None:
    cell = soma().paint("all", apical.load_mechanisms(folder/"slowleak.mod")["slowleak"], g="2 mS/cm2")
    assert np.array_equal(run(cell), run(pickle.loads(pickle.dumps(cell))))


def test_experiments_name_files(folder: Path) -> None:
    (folder/"soma.swc").write_text("1 1 0 0 0 10 -1\n")
    experiment = {
        "mechanisms": ["slowleak.mod"],
        "cells": {"cell": {"morphology": "soma.swc", "paint": [
            {"region": "all", "capacitance": "1 uF/cm2", "resistivity": "100 ohm cm"},
            {"region": "all", "mechanism": "slowleak", "g": "2 mS/cm2"}]}},
        "probes": [{"label": "v", "population": "cell", "variable": "v"}],
        "run": {"until": "30 ms"},
    }
    (folder/"run.json").write_text(json.dumps(experiment))
    read = apical.read_experiment(folder/"run.json")
    simulation = apical.Simulation(read.circuit)
    simulation.run("30 ms")
    assert simulation["v"].values[-1, 0] == pytest.approx(-60, abs=1e-3)


@pytest.mark.parametrize(("text", "message"), [
    ("NEURON { SUFFIX broken\n", "broken.mod:"),
    (LEAK.replace("x' = (1 - x)/tau", "y' = (1 - x)/tau"), r"broken.mod:7:\d+"),
])
def test_what_is_wrong_is_said_where_it_stands(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path/"broken.mod").write_text(text)
    with pytest.raises(apical.InvalidInput, match=message):
        apical.load_mechanisms(tmp_path/"broken.mod")


def test_units_are_those_of_the_file(folder: Path) -> None:
    leak = apical.load_mechanisms(folder/"slowleak.mod", compile=False)["slowleak"]
    with pytest.raises(apical.InvalidModel, match=r"expected a quantity in \[S/cm2\], got the bare number"):
        soma().paint("all", leak, g=0.002)


FIRE = """NEURON { ARTIFICIAL_CELL fire RANGE refrac, m }
PARAMETER { refrac = 5 (ms) }
ASSIGNED { m off }
INITIAL { m = 0 off = 0 }
NET_RECEIVE (w) {
    if (flag == 1) { off = 0 m = 0 }
    else if (off == 0) { m = m + w  if (m > 1) { off = 1  net_send(refrac, 1)  net_event(t) } }
}
"""
FOLLOWER = """NEURON { SUFFIX follower POINTER p RANGE y }
ASSIGNED { p y }
INITIAL { y = 0 }
BREAKPOINT { SOLVE step }
PROCEDURE step() { y = f(p) }
FUNCTION_TABLE f(x)
"""


def test_projections_lead_to_what_was_read(folder: Path) -> None:
    kick = apical.load_mechanisms(folder/"kick.mod", compile=False)["kick"]
    cell = soma().paint("all", "pas", g="1e-4 S/cm2", e_rev="-65 mV")
    inputs = apical.SpikeSource("inputs", 2, sources=[0, 1], times=([10.0, 12.0], "ms"))
    projection = apical.Projection("in", "inputs", "cell", apical.AllToAll(), kick, weight="2 nS", delay="1 ms", parameters={"tau": "5 ms"})
    circuit = apical.Circuit(apical.Population("cell", cell), inputs, projection, apical.Probe("g", on="cell", variable="kick.g"))
    simulation = apical.Simulation(circuit)
    simulation.run("30 ms")
    assert isinstance(pickle.loads(pickle.dumps(projection)), apical.Projection)
    assert simulation["g"].values[-1, 0] == pytest.approx(0.002*(np.exp(-19/5) + np.exp(-17/5)), rel=0.02)


def test_artificial_cells_spike_at_their_own_times(folder: Path) -> None:
    (folder/"fire.mod").write_text(FIRE)
    fire = apical.load_mechanisms(folder/"fire.mod", compile=False)["fire"]
    circuit = apical.Circuit(apical.Population("fire", apical.Cell.artificial(fire, refrac="3 ms"), 2), apical.SpikeSource("inputs", 1, sources=[0, 0], times=([10.003, 12.0], "ms")),
                             apical.Projection("in", "inputs", "fire", apical.AllToAll(), fire, weight=1.5, delay="1.234 ms"))
    simulation = apical.Simulation(circuit)
    simulation.run("30 ms")
    assert sorted(simulation.spike_times()) == pytest.approx([11.237, 11.237], abs=1e-12)
    with pytest.raises(apical.InvalidModel, match="no ARTIFICIAL_CELL"):
        apical.Cell.artificial(apical.load_mechanisms(folder/"kick.mod", compile=False)["kick"])


def test_pointers_and_tables_are_what_the_model_says(folder: Path) -> None:
    (folder/"follower.mod").write_text(FOLLOWER)
    follower = apical.load_mechanisms(folder/"follower.mod", compile=False)["follower"]
    with pytest.raises(apical.InvalidModel, match="the FUNCTION_TABLE has no values"):
        run(soma().paint("all", follower))
    given = follower.supply(tables={"f": ([-80, -60, 0], [1.0, 5.0, 7.0])}, pointers={"p": "v"})
    cell = soma().paint("all", given)
    assert run(cell, variable="follower.y")[-1] == pytest.approx(4, abs=1e-9)
    assert run(pickle.loads(pickle.dumps(cell)), variable="follower.y")[-1] == pytest.approx(4, abs=1e-9)
    with pytest.raises(apical.InvalidModel, match="no such POINTER"):
        follower.supply(pointers={"q": "v"})


def test_experiments_have_them_too(folder: Path) -> None:
    (folder/"soma.swc").write_text("1 1 0 0 0 10 -1\n")
    (folder/"fire.mod").write_text(FIRE)
    (folder/"follower.mod").write_text(FOLLOWER)
    experiment = {
        "mechanisms": ["kick.mod", "fire.mod", "follower.mod"],
        "cells": {"cell": {"morphology": "soma.swc", "paint": [
            {"region": "all", "capacitance": "1 uF/cm2", "resistivity": "100 ohm cm"},
            {"region": "all", "mechanism": "pas", "g": "1e-4 S/cm2", "e_rev": "-65 mV"},
            {"region": "all", "mechanism": "follower", "p": "v at soma(0.5)", "f": "-80: 1, -60: 5, 0: 7"}]},
            "fire": {"model": "fire", "options": {"refrac": "3 ms"}}},
        "populations": [{"name": "cell", "cell": "cell"}, {"name": "fire", "cell": "fire", "size": 2}],
        "spike_sources": [{"name": "inputs", "spikes": [{"source": 0, "times": ["10 ms"]}]}],
        "projections": [
            {"name": "in", "source": "inputs", "target": "fire", "receptor": "fire", "rule": {"type": "all_to_all"}, "weight": 1.5, "delay": "1.234 ms"},
            {"name": "on", "source": "fire", "target": "cell", "receptor": "kick", "rule": {"type": "all_to_all"}, "weight": "2 nS", "delay": "1 ms"}],
        "probes": [{"label": "y", "population": "cell", "variable": "follower.y"}, {"label": "v", "population": "cell", "variable": "v"}],
        "run": {"until": "15 ms"},
    }
    (folder/"run.json").write_text(json.dumps(experiment))
    read = apical.read_experiment(folder/"run.json")
    simulation = apical.Simulation(read.circuit)
    simulation.run("10 ms")
    assert simulation["y"].values[-1, 0] == pytest.approx(4, abs=1e-9)
    simulation.run("15 ms")
    assert sorted(simulation.spike_times()) == pytest.approx([11.234, 11.234], abs=1e-12)
    assert simulation["v"].values[-1, 0] > simulation["v"].values[400, 0] + 0.1
