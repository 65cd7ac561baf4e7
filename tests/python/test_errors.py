# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import apical


def test_compile_reports_every_problem_at_once(cell: apical.Cell) -> None:
    circuit = apical.Circuit(apical.Population("neuron", cell), apical.Probe("a", on="neurn"), apical.Probe("b", on="neuron", variable="nata_t.m"))
    with pytest.raises(apical.InvalidModel) as caught:
        apical.compile(circuit)
    assert len(caught.value.problems) == 2
    assert all(isinstance(p, apical.Problem) and p.where and p.what for p in caught.value.problems)
    assert "neuron" in caught.value.problems[0].hint
    assert str(caught.value) == "\n".join(str(p) for p in caught.value.problems)


def test_the_errors_are_also_what_python_calls_them() -> None:
    assert issubclass(apical.InvalidModel, ValueError)
    assert issubclass(apical.InvalidInput, ValueError)
    assert issubclass(apical.Unsupported, NotImplementedError)
    assert issubclass(apical.Diverged, ArithmeticError)
    assert all(issubclass(e, apical.Error) for e in (apical.InvalidModel, apical.InvalidInput, apical.Unsupported, apical.Diverged))


def test_a_bad_file_names_its_lines(tmp_path: Path) -> None:
    bad = tmp_path / "bad.swc"
    bad.write_text("1 1 0 0 0 5 -1\n2 3 10 0 zero 1 1\n3 3 20 0 0 1 77\n")
    with pytest.raises(apical.InvalidInput) as caught:
        apical.read_morphology(bad)
    assert "bad.swc:2" in str(caught.value)


def test_a_missing_file_is_bad_input() -> None:
    with pytest.raises(apical.InvalidInput, match="nowhere.swc"):
        apical.read_morphology("nowhere.swc")


def test_divergence_tells_where_and_when(cell: apical.Cell) -> None:
    circuit = apical.Circuit(apical.Population("neuron", cell, size=3),
                             apical.Injection(apical.StepCurrent("2 ms", "5 ms", "1e6 nA"), on="neuron", cells=[2]))
    simulation = apical.Simulation(circuit)
    with pytest.raises(apical.Diverged) as caught:
        simulation.run("10 ms")
    e = caught.value
    assert (e.population, e.cell, e.quantity) == ("neuron", 2, "v")
    assert 2 <= e.time < 10
    assert e.location and abs(e.value) > 1000
    assert e.where == f"neuron[2] / {e.location}"
    assert "smaller dt" in e.hint


def test_errors_survive_pickling() -> None:
    one = apical.InvalidModel([("here", "wrong", "right"), ("there", "worse", "")])
    again = pickle.loads(pickle.dumps(one))
    assert (type(again), again.problems, str(again)) == (apical.InvalidModel, one.problems, "here: wrong; right\nthere: worse")
    far = apical.Diverged([("n[2] / soma[0](0.5)", "v = 1e9", "")], 2, "n", "soma[0](0.5)", 1.5, "v", 1e9)
    back = pickle.loads(pickle.dumps(far))
    assert (back.cell, back.population, back.location, back.time, back.quantity, back.value) == (2, "n", "soma[0](0.5)", 1.5, "v", 1e9)
