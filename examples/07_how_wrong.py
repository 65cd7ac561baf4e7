# SPDX-License-Identifier: BSD-3-Clause
"""Example 7: how wrong is a run?

A noisy current makes a cell fire. Simulation.verify() runs it again with a half and a quarter of the step on the same noise, and tells
the error of its spike times, with bounds.

Shows: Simulation.verify(), the two schemes compared by their errors.
"""
# run: python 07_how_wrong.py

import apical


def accuracy(scheme: str, dt: str = "0.025 ms") -> apical.SpikeErrors:
    circuit = apical.Circuit(
        apical.Population("cell", apical.models.ball_and_stick()),
        apical.Injection(apical.NoiseCurrent("0 ms", "200 ms", mean="0.2 nA", sd="0.2 nA", tau="3 ms"), on="cell"),
        apical.SpikeDetector(on="cell"),
    )
    simulation = apical.Simulation(circuit, scheme=scheme, dt=dt)
    simulation.run("100 ms")
    return simulation.verify().populations[0]


def main() -> None:
    errors = {scheme: accuracy(scheme) for scheme in ("crank_nicolson", "backward_euler")}
    for scheme, e in errors.items():
        print(f"{scheme:15} {e.spikes} spikes, median error {e.median.value:.4f} ms, between {e.median.low:.4f} and {e.median.high:.4f} ms")
    assert all(e.missed == e.extra == 0 for e in errors.values())
    assert errors["backward_euler"].median.value > 5 * errors["crank_nicolson"].median.value


if __name__ == "__main__":
    main()
