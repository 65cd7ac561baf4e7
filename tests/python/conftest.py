# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from pathlib import Path

import pytest

import apical

SOURCE = Path(__file__).parents[2]


@pytest.fixture
def ball_and_stick() -> apical.Morphology:
    """A soma of 20 um with a dendrite of 200 um, 2 um thick."""
    m = apical.Morphology()
    m.add("soma", [(0, 0, 0, 20), (20, 0, 0, 20)])
    m.add("dend", [(20, 0, 0, 2), (120, 0, 0, 2), (220, 0, 0, 2)], parent="soma[0]")
    return m


@pytest.fixture
def cell(ball_and_stick: apical.Morphology) -> apical.Cell:
    """Squid membrane on the soma, a leak on the dendrite."""
    c = apical.Cell(ball_and_stick, compartments=[1, 5])
    c.paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")
    c.paint("soma", "hh_na").paint("soma", "hh_k").paint("soma", "hh_leak")
    return c.paint("dend", "pas", g="1e-4 S/cm2", e_rev="-65 mV")


@pytest.fixture
def circuit(cell: apical.Cell) -> apical.Circuit:
    """One cell that spikes under a step current."""
    return apical.Circuit(
        apical.Population("neuron", cell),
        apical.Injection(apical.StepCurrent("1 ms", "40 ms", "0.5 nA"), on="neuron"),
        apical.Probe("soma", on="neuron"),
        apical.Probe("dendrite", on="neuron", at="dend[0](0.1), dend[0](0.5), dend[0](0.9)"),
        apical.SpikeDetector(on="neuron"),
    )


@pytest.fixture
def simulation(circuit: apical.Circuit) -> apical.Simulation:
    return apical.Simulation(circuit)


@pytest.fixture
def data() -> Path:
    """The folder of real data, which is not part of the source."""
    folder = Path(os.environ.get("APICAL_DATA", SOURCE.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no data at {folder}: set APICAL_DATA to the folder that holds morphologies/ and sonata/")
    return folder
