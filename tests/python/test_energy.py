# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import apical


@pytest.fixture
def metered(circuit: apical.Circuit) -> apical.Circuit:
    """The spiking cell with a meter that reads in every step, and a synapse that is heard once while it runs."""
    circuit.add(apical.Receptor("synapse", "exp2syn", on="neuron", at="dend[0](0.5)"))
    circuit.add(apical.SpikeTrain("synapse", ([3, 20], "ms"), weight="1 nS"))
    circuit.add(apical.EnergyMeter("all", "neuron", start="10 ms", stop="40 ms", rest="1 ms", interval="0 ms"))
    return circuit


def report_of(circuit: apical.Circuit, **options: object) -> apical.EnergyReport:
    simulation = apical.Simulation(circuit, **options)  # type: ignore[arg-type]
    simulation.run("40 ms")
    return simulation.energy("all")


def test_a_meter_is_a_plain_value() -> None:
    m = apical.EnergyMeter("spike", "cell", stop=(0.4, "s"), start="290 ms", rest="20 ms")
    assert (m.label, m.population, m.start, m.stop, m.rest) == ("spike", "cell", apical.Quantity("290 ms"), apical.Quantity("400 ms"), apical.Quantity("20 ms"))
    assert m.interval == apical.Quantity("0.7 ms")
    assert m == copy.copy(m) == pickle.loads(pickle.dumps(m)) and m != apical.EnergyMeter("spike", "cell", stop="400 ms")
    assert "spike" in repr(m) and "290" in repr(m)
    with pytest.raises(apical.InvalidModel, match=r"EnergyMeter / stop: expected a quantity in \[ms\]"):
        apical.EnergyMeter("spike", "cell", stop="400 mV")
    with pytest.raises(apical.InvalidModel, match="EnergyMeter / rest"):
        apical.EnergyMeter("spike", "cell", stop="400 ms", rest=20)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        m.label = "other"  # type: ignore[misc]


def test_a_report_tells_what_the_cell_spent(metered: apical.Circuit) -> None:
    r = report_of(metered)
    assert (r.population, r.cell) == ("neuron", 0) and r.spikes > 0
    assert (r.active.duration, r.rest.duration) == (30, 1)
    assert r.active.atp > 0 and abs(r.active.residual) < 1e-12
    assert r.rest_rate == pytest.approx(r.rest.atp / 1e-3)
    assert r.above_rest == pytest.approx(r.active.atp - 30 * r.rest.atp)
    assert r.per_spike == pytest.approx(r.above_rest / r.spikes)
    assert r.excess_ratio == pytest.approx(r.sodium_above_rest / (r.spikes * r.active.capacitive_minimum))
    assert r.separability == pytest.approx(1 - r.active.overlap / r.active.sodium_load)
    assert r.housekeeping_rate == pytest.approx(r.active.atp / 30e-3 / 2)
    assert "EnergyReport of neuron[0]" in repr(r) and "EnergyAccount of 30 ms" in repr(r.active)


def test_an_account_adds_up(metered: apical.Circuit) -> None:
    a = report_of(metered).active
    ions, sections = a.by_ion(), a.by_section()
    assert a.sections == ["soma[0]", "dend[0]"] == list(sections) and set(ions) == {"na", "ca", "cl"}
    assert sum(sections.values()) == pytest.approx(a.atp)
    one_vesicle = 1.1e4 + 1.2e4 + 821
    assert sum(ions.values()) + one_vesicle == pytest.approx(a.atp), "one of the two events came while it ran"
    assert sum(i.atp for i in a.items) == pytest.approx(sum(ions.values()))
    sodium = [i for i in a.items if i.mechanism == "hh_na"]
    assert [(i.ion, i.section) for i in sodium] == [("na", 0)]
    assert sodium[0].charge == pytest.approx(-a.sodium_load) and sodium[0].charge < 0
    assert sodium[0].ions * 1.602176634e-19 == pytest.approx(-sodium[0].charge * 1e-12) and sodium[0].atp == pytest.approx(sodium[0].ions / 3)
    assert all(i.atp == 0 for i in a.items if i.ion == "k")
    assert "hh_na na" in repr(sodium[0])


@pytest.mark.parametrize("scheme", ["crank_nicolson", "auto", "precise", "cvode"])
def test_a_meter_changes_nothing(circuit: apical.Circuit, scheme: str) -> None:
    bare = apical.Simulation(circuit, scheme=scheme)
    circuit.add(apical.EnergyMeter("all", "neuron", start="3 ms", stop="17 ms"))
    metered = apical.Simulation(circuit, scheme=scheme)
    bare.run("40 ms")
    metered.run("40 ms")
    assert np.array_equal(bare["soma"].values, metered["soma"].values) and np.array_equal(bare.spikes, metered.spikes)
    assert metered.energy("all").active.atp > 0


def test_schemes_agree(metered: apical.Circuit) -> None:
    exact = report_of(metered, dt="0.003125 ms").active.atp
    for scheme, most in (("crank_nicolson", 2e-3), ("auto", 1e-2), ("precise", 1e-3), ("cvode", 1e-3)):
        assert report_of(metered, scheme=scheme).active.atp == pytest.approx(exact, rel=most), scheme


def test_without_rest_what_needs_it_is_nan(circuit: apical.Circuit) -> None:
    circuit.add(apical.EnergyMeter("all", "neuron", stop="40 ms"))
    r = report_of(circuit)
    assert all(math.isnan(x) for x in (r.rest_rate, r.above_rest, r.per_spike, r.sodium_above_rest, r.excess_ratio))
    assert r.active.atp > 0 and r.rest.duration == 0


def test_what_cannot_be_told_is_refused(metered: apical.Circuit) -> None:
    simulation = apical.Simulation(metered)
    simulation.run("20 ms")
    with pytest.raises(apical.InvalidModel, match="closes at 40 ms, now it is 20 ms"):
        simulation.energy("all")
    simulation.run("40 ms")
    with pytest.raises(apical.InvalidModel, match="no energy meter 'al'.*'all'"):
        simulation.energy("al")
    with pytest.raises(apical.InvalidModel, match="no cell 1"):
        simulation.energy("all", cell=1)
    with pytest.raises(apical.InvalidModel, match="did you mean 'neuron'"):
        apical.compile(apical.Circuit(*metered.populations, apical.EnergyMeter("m", "neurons", stop="1 ms")))


def test_point_neurons_have_no_ions_to_count() -> None:
    circuit = apical.Circuit(apical.Population("n", apical.models.lif()), apical.EnergyMeter("m", "n", stop="10 ms"))
    with pytest.raises(apical.InvalidModel, match="point neurons"):
        apical.compile(circuit, dt="0.1 ms")


def test_a_fork_keeps_its_own_account(metered: apical.Circuit) -> None:
    simulation = apical.Simulation(metered, scheme="precise")
    simulation.run("25 ms")
    twin = simulation.fork()
    simulation.run("40 ms")
    twin.run("40 ms")
    assert twin.energy("all").active.atp == simulation.energy("all").active.atp
