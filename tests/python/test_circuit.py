# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import apical

EVERY_VALUE = [
    apical.Target("n", at="soma(0.5)", cells=[0, 2]),
    apical.StepCurrent("1 ms", "2 ms", "3 nA"),
    apical.RampCurrent("1 ms", "2 ms", start="0 nA", end="3 nA"),
    apical.NoiseCurrent("1 ms", "2 ms", mean="0 nA", sd="0.1 nA", tau="2 ms", stream=4),
    apical.WaveformCurrent(([0, 1, 2], "ms"), (np.array([0, 500, 0]), "pA")),
    apical.EpspCurrent("1 ms", "0.5 nA", tau_decay="6 ms"),
    apical.Injection(apical.StepCurrent("1 ms", "2 ms", "3 nA"), on="n", at="soma(0.1)", cells=[1]),
    apical.VoltageClamp([("0 ms", "-70 mV"), ("10 ms", (0, "mV"))], on="n", stop="20 ms", series="1 Mohm"),
    apical.Receptor("syn", "exp2syn", on="n", at="dend[0](0.5)", tau_rise="0.5 ms"),
    apical.SpikeTrain("syn", ([1, 2, 3], "ms"), weight="1 nS", delay="1 ms"),
    apical.Probe("v", on="n", variable="nata_t.m", interval="0.1 ms", start="5 ms", at="soma(0.5)"),
    apical.SpikeDetector(on="n", threshold="-10 mV", cells=[0]),
]


@pytest.mark.parametrize("value", EVERY_VALUE, ids=lambda v: type(v).__name__)
def test_values_compare_hash_print_and_pickle(value: object) -> None:
    twin = pickle.loads(pickle.dumps(value))
    assert twin == value and hash(twin) == hash(value) and twin is not value
    assert value != "something else" and sum(value == other for other in EVERY_VALUE) == 1
    assert repr(value).startswith(type(value).__name__ + "(")
    with pytest.raises(AttributeError):
        value.on = 1  # type: ignore[attr-defined]


def test_a_repr_can_be_written_back() -> None:
    for value in EVERY_VALUE:
        if not isinstance(value, apical.Receptor):  # whose parameters are keywords
            assert eval(repr(value), vars(apical)) == value


def test_units_of_series_are_converted() -> None:
    w = apical.WaveformCurrent(([0, 1], "s"), ([0, 1], "uA"))
    assert w.times == ([0, 1000], "ms") and w.values == ([0, 1000], "nA")
    with pytest.raises(apical.InvalidModel, match="2 times but 1 values"):
        apical.WaveformCurrent(([0, 1], "s"), ([0], "uA"))
    with pytest.raises(apical.InvalidModel, match=r"SpikeTrain / times: expected numbers with one unit in \[ms\]; write \(values, \"ms\"\)"):
        apical.SpikeTrain("r", [1, 2, 3], weight="1 nS")  # type: ignore[arg-type]
    with pytest.raises(apical.InvalidModel, match=r"expected numbers in \[ms\], got them in \[mV\]"):
        apical.SpikeTrain("r", ([1], "mV"), weight="1 nS")
    with pytest.raises(apical.InvalidModel, match="not a finite number"):
        apical.SpikeTrain("r", ([float("nan")], "ms"), weight="1 nS")


def test_targets_are_named_or_spelled_out() -> None:
    spelled = apical.Probe("v", on=apical.Target("n", at="soma(0.1)", cells=[3]))
    assert spelled == apical.Probe("v", on="n", at="soma(0.1)", cells=[3])
    with pytest.raises(apical.InvalidModel, match="say it once"):
        apical.Probe("v", on=apical.Target("n"), at="soma(0.1)")
    with pytest.raises(apical.InvalidModel, match="expected a population, got 3"):
        apical.Probe("v", on=3)  # type: ignore[arg-type]
    with pytest.raises(apical.InvalidModel):
        apical.Probe("v", on="n", at="soma(")


def test_receptors_know_their_parameters() -> None:
    with pytest.raises(apical.InvalidModel, match="tau: unknown parameter"):
        apical.Receptor("r", "exp2syn", on="n", tau="1 ms")
    with pytest.raises(apical.InvalidModel, match=r"tau_rise: expected a quantity in \[ms\], got the bare number 1"):
        apical.Receptor("r", "exp2syn", on="n", tau_rise=1)
    with pytest.raises(apical.InvalidModel, match="'pas' is no receptor"):
        apical.Receptor("r", "pas", on="n")


def test_a_circuit_takes_everything_in_any_order(circuit: apical.Circuit) -> None:
    assert [len(x) for x in (circuit.populations, circuit.injections, circuit.probes, circuit.detectors, circuit.clamps)] == [1, 1, 2, 1, 0]
    assert circuit.add(*EVERY_VALUE[6:]) is circuit
    assert len(circuit.receptors) == len(circuit.spike_trains) == len(circuit.clamps) == 1


def test_what_does_not_belong_is_told_where_it_goes(circuit: apical.Circuit, cell: apical.Cell) -> None:
    with pytest.raises(TypeError, match=r"write Injection\(StepCurrent\(...\), on="):
        circuit.add(apical.Probe("new", on="neuron"), apical.StepCurrent("0 ms", "1 ms", "1 nA"))  # type: ignore[arg-type]
    assert len(circuit.probes) == 2, "nothing is added if one item is refused"
    with pytest.raises(TypeError, match=r"write Population\("):
        circuit.add(cell)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a str cannot be added"):
        circuit.add("probe")  # type: ignore[arg-type]


def test_circuits_are_values(circuit: apical.Circuit) -> None:
    for twin in (copy.copy(circuit), circuit.copy(), pickle.loads(pickle.dumps(circuit))):
        assert repr(twin) == repr(circuit) and twin.probes == circuit.probes
        twin.add(apical.Probe("more", on="neuron"))
        assert len(twin.probes) == len(circuit.probes) + 1


def test_a_population_has_at_least_one_cell(cell: apical.Cell) -> None:
    with pytest.raises(apical.InvalidModel, match="0 cells"):
        apical.Population("n", cell, size=0)
