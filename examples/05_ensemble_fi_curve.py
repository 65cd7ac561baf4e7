# SPDX-License-Identifier: BSD-3-Clause
"""Example 5: firing rate against current, all currents at once.

A population of equal cells is compiled once; each gets its own current, and they are computed side by side, several to a SIMD
register. The rates of the squid's membrane at 6.3 degC are known to five digits. It starts to fire at once at some 53 Hz, and
falls silent again under strong current.

Shows: populations, targeting single cells, spikes of many cells as arrays.
"""
# run: python 05_ensemble_fi_curve.py

import math

import numpy as np

import apical

# Current density [uA/cm2] -> steady rate [Hz]; 0 where firing does not last. Converged solutions of the equations.
KNOWN = {4: 0, 6: 0, 6.5: 55.288, 7: 58.460, 8: 62.561, 9: 65.704, 10: 68.389, 12: 72.974, 15: 78.695, 20: 86.507, 30: 98.773,
         50: 117.056, 100: 0}


def patch() -> apical.Cell:
    """A membrane of 10000 um2: 1 uA/cm2 is 0.1 nA."""
    shape = apical.Morphology()
    shape.add("soma", [(0, 0, 0, 100 / math.pi), (100, 0, 0, 100 / math.pi)])
    return apical.Cell(shape, compartments="count(1)").paint("all", "hh_na").paint("all", "hh_k").paint("all", "hh_leak")


def steady_rate(times: np.ndarray, until: float) -> float:
    """The rate [Hz] between the last two spikes; 0 if it has stopped for 50 ms."""
    if len(times) < 5 or until - times[-1] > 50:
        return 0.0
    return 1000 / (times[-1] - times[-2])


def main() -> None:
    circuit = apical.Circuit(apical.Population("patch", patch(), size=len(KNOWN)), apical.SpikeDetector(on="patch", threshold="0 mV"))
    for i, density in enumerate(KNOWN):
        circuit.add(apical.Injection(apical.StepCurrent("0 ms", "1 s", (0.1 * density, "nA")), on="patch", cells=[i]))
    simulation = apical.Simulation(circuit)
    simulation.run("1 s")

    for i, (density, known) in enumerate(KNOWN.items()):
        rate = steady_rate(simulation.spike_times(cell=i), simulation.time)
        print(f"{density:5} uA/cm2 {rate:8.3f} Hz, expected {known:8.3f}")
        assert abs(rate - known) <= 2e-3 * known


if __name__ == "__main__":
    main()
