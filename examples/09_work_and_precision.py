# SPDX-License-Identifier: BSD-3-Clause
"""Example 9: the cheapest way to be right.

A cell that is driven by synapses is run under every scheme, and compared with a run far stricter than any. The cheapest way that keeps
spike times within 0.01 ms is then used for the whole population.

Shows: work_precision(), its points, options of a point for a Simulation.
"""
# run: python 09_work_and_precision.py

import apical


def main() -> None:
    circuit = apical.Circuit(
        apical.Population("cells", apical.models.ball_and_stick(), size=20),
        apical.Receptor("synapse", "exp2syn", on="cells"),
        apical.PoissonTrain("synapse", rate="300 Hz", weight="2 nS"),
        apical.SpikeDetector(on="cells"),
    )
    found = apical.work_precision(circuit, "100 ms", cells=2)
    print(f"against {found.reference}:")
    for p in found.points:
        print(f"{p.setting:28} {1e3 * p.seconds:8.2f} ms of time, {p.spikes} spikes, 95 % within {p.p95:.2g} ms")
    best = found.cheapest("0.01 ms")
    assert best is not None
    print(f"cheapest within 0.01 ms: {best.setting}")
    simulation = apical.Simulation(circuit, **best.options)
    simulation.run("100 ms")
    print(f"{len(simulation.spike_times())} spikes of 20 cells")


if __name__ == "__main__":
    main()
