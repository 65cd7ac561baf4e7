# SPDX-License-Identifier: BSD-3-Clause
"""Example 16: credit in time.

Thirty spiking cells, connected to one another, hear the same noise in every trial, and an output that sums their spikes up is to draw a curve. What a
spike has to do with an error that shows up later is remembered by the synapses themselves, as eligibilities, and nothing goes back in time: e-prop. The
errors come through the weights of the output, or through random ones; for comparison, an output that learns alone. Then one cell learns by SuperSpike to
fire five spikes at given times.

Shows: learn() of tasks in time, outputs over time, what is missed.
"""
# run: python 16_credit_in_time.py --epochs 100

import argparse
from pathlib import Path

import numpy as np

import apical

WAYS = {"eprop": "e-prop", "eprop_random": "e-prop, random feedback", "readout_only": "output alone"}


def draw(runs: dict[str, apical.Training], spikes: dict[str, np.ndarray], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3), layout="constrained")
    some = next(iter(runs.values()))
    left.plot(some.targets[0], color="0.6", linewidth=3, label="target")
    for name, run in runs.items():
        left.plot(run.outputs(run.inputs)[0], linewidth=1, label=WAYS[name])
        middle.semilogy(np.arange(1, run.epochs + 1), run.test_missed, label=WAYS[name])
    left.set(xlabel="time [ms]", ylabel="output")
    middle.set(xlabel="trials", ylabel="squared error over that of 0")
    middle.legend(frameon=False, fontsize=8)
    for height, (name, train) in enumerate(spikes.items()):
        right.eventplot(np.flatnonzero(train) / 2, lineoffsets=height, linelengths=0.8, color=f"C{height}")
        right.text(0, height + 0.42, name, fontsize=8)
    right.set(xlabel="time [ms]", xlim=(0, 500), yticks=[], title="SuperSpike, one cell")
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100, help="trials of the curve; five times as many of the spikes")
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()

    runs = {way: apical.learn("pattern_generation", way, epochs=given.epochs) for way in WAYS}
    for way, run in runs.items():
        print(f"{WAYS[way]:24} misses {100 * run.test_missed[-1]:5.1f} % of the curve")
    assert runs["eprop"].test_missed[-1] < 0.7 * runs["readout_only"].test_missed[-1], "cells that learn do not help"

    before, after = (apical.learn("spike_pattern", epochs=n) for n in (0, 5 * given.epochs))
    trains = {"target": after.targets[0], "before": before.outputs(before.inputs)[0], "after": after.outputs(after.inputs)[0]}
    for name, train in trains.items():
        print(f"{name:8} spikes at", ", ".join(f"{t / 2:.1f}" for t in np.flatnonzero(train)), "ms")
    assert abs(trains["after"].sum() - 5) <= 1
    if given.picture:
        draw(runs, trains, given.picture)


if __name__ == "__main__":
    main()
