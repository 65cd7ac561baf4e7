# SPDX-License-Identifier: BSD-3-Clause
"""Example 6: point neurons are populations like any other.

The rate of the leaky integrate-and-fire neuron has a closed form, which the fixed steps meet whatever their length: they are exact,
and a spike happens where it happens within a step. A thousand adaptive exponential neurons under random input fire irregularly.

Shows: ready point neurons, receptors and random events on them, spikes of many cells as arrays.
"""
# run: python 06_point_neurons.py

import math

import numpy as np

import apical


def interval_of_lif(current_nA: float) -> float:
    """Between the last two spikes [ms]."""
    circuit = apical.Circuit(
        apical.Population("lif", apical.models.lif()),
        apical.Injection(apical.StepCurrent("0 ms", "1 s", (current_nA, "nA")), on="lif"),
        apical.SpikeDetector(on="lif"),
    )
    simulation = apical.Simulation(circuit, dt="0.1 ms")
    simulation.run("500 ms")
    times = simulation.spike_times()
    return times[-1] - times[-2]


def rates_of_adex(cells: int) -> np.ndarray:
    """Of neurons under Poisson input [Hz]."""
    circuit = apical.Circuit(
        apical.Population("adex", apical.models.adex(), size=cells),
        apical.Receptor("excitation", "expsyn", on="adex", tau="5 ms", e_rev="0 mV"),
        apical.PoissonTrain("excitation", rate="2 kHz", weight="1.5 nS"),
        apical.SpikeDetector(on="adex"),
    )
    simulation = apical.Simulation(circuit, dt="0.1 ms", seed=1)
    simulation.run("1 s")
    return np.array([len(simulation.spike_times(cell=i)) for i in range(cells)])


def main() -> None:
    for current in (0.4, 0.5, 1.0, 2.0):
        found, above = interval_of_lif(current), current / 0.025
        expected = 2 + 10 * math.log(above / (above - 15))
        print(f"{current:4} nA {found:10.6f} ms, expected {expected:10.6f}")
        assert abs(found - expected) < 1e-8
    rates = rates_of_adex(1000)
    print(f"adaptive exponential neurons: {rates.mean():.2f} Hz, from {rates.min()} to {rates.max()}")
    assert rates.mean() > 1 and rates.std() > 0


if __name__ == "__main__":
    main()
