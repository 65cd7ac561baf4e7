# SPDX-License-Identifier: BSD-3-Clause
"""Point and few-compartment neurons from Python."""

import copy
import pickle

import numpy as np
import pytest

import apical


def driven(cell: apical.Cell, current: str, size: int = 1) -> apical.Circuit:
    return apical.Circuit(
        apical.Population("n", cell, size=size),
        apical.Injection(apical.StepCurrent("0 ms", "10 s", current), on="n"),
        apical.SpikeDetector(on="n"),
        apical.Probe("v", on="n", interval="1 ms"),
    )


def test_lif_has_its_interval() -> None:
    for neurons in ("fixed_step", "adaptive"):
        simulation = apical.Simulation(driven(apical.models.lif(), "0.5 nA"), dt="0.1 ms", neurons=neurons)
        simulation.run("200 ms")
        times = simulation.spike_times()
        np.testing.assert_allclose(np.diff(times), 2 + 10 * np.log(4), atol=1e-6)


def test_sets_and_parameters_are_options() -> None:
    adex = apical.models.adex
    assert {"tonic", "adapting", "brette_gerstner_2005"} <= set(adex.options[0].choices)
    assert apical.models.adex(set="tonic").neuron == "adex"
    simulation = apical.Simulation(driven(adex(set="tonic", v_peak="10 mV"), "0.5 nA"), dt="0.1 ms")
    simulation.run("100 ms")
    assert len(simulation.spike_times()) > 5
    with pytest.raises(apical.InvalidModel, match="did you mean"):
        adex(set="tonik")
    with pytest.raises(apical.InvalidModel, match="tau_w"):
        adex(tau_w="3 mV")


def test_a_point_neuron_is_a_cell() -> None:
    cell = apical.models.naud_sprekeler()
    assert [s.name for s in cell.morphology] == ["soma[0]", "apic[0]"]
    assert "naud_sprekeler" in repr(cell)
    assert apical.models.squid_axon().neuron is None
    with pytest.raises(apical.InvalidModel, match="nothing can be painted"):
        cell.paint("soma", "pas")
    for again in (pickle.loads(pickle.dumps(cell)), copy.copy(cell)):
        assert again.neuron == "naud_sprekeler"
        simulation = apical.Simulation(apical.Circuit(apical.Population("p", again), apical.Probe("d", on="p", at="apic[0](0.5)")), dt="0.1 ms")
        simulation.run("1 ms")
        assert simulation["d"].values[-1, 0] == pytest.approx(-70, abs=1)


def test_random_events_reach_receptors() -> None:
    train = apical.PoissonTrain("e", rate="2 kHz", weight="1.5 nS", start="1 ms", stream=3)
    assert train == pickle.loads(pickle.dumps(train))
    assert str(train.rate).startswith("2")
    circuit = apical.Circuit(
        apical.Population("n", apical.models.adex(), size=50),
        apical.Receptor("e", "expsyn", on="n", tau="5 ms"),
        train,
        apical.Probe("w", on="n", variable="adex.w"),
        apical.SpikeDetector(on="n"),
    )
    assert len(circuit.poisson_trains) == 1
    assert len(pickle.loads(pickle.dumps(circuit)).poisson_trains) == 1

    def spikes(seed: int, threads: int) -> np.ndarray:
        simulation = apical.Simulation(circuit, dt="0.1 ms", seed=seed, threads=threads)
        simulation.run("300 ms")
        return simulation.spikes["time"]

    one = spikes(1, 1)
    assert len(one) > 20
    np.testing.assert_array_equal(one, spikes(1, 2))
    assert len(one) != len(spikes(2, 1)) or not np.array_equal(one, spikes(2, 1))
    with pytest.raises(apical.InvalidModel, match="PoissonTrain / rate"):
        apical.PoissonTrain("e", rate="2 mV", weight="1 nS")


def test_errors_name_what_is_there() -> None:
    circuit = driven(apical.models.lif(), "0.5 nA")
    circuit.add(apical.Probe("w", on="n", variable="adex.w"))
    with pytest.raises(apical.InvalidModel, match="lif.v"):
        apical.Simulation(circuit)
    with pytest.raises(apical.InvalidModel, match="fixed_step"):
        apical.Simulation(driven(apical.models.lif(), "0.5 nA"), neurons="exact")
    with pytest.raises(apical.InvalidModel, match="tolerance"):
        apical.Simulation(driven(apical.models.lif(), "0.5 nA"), tolerance=0.0)
