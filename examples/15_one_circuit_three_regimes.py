# SPDX-License-Identifier: BSD-3-Clause
"""Example 15: one circuit, three regimes.

Two populations of adapting neurons inhibit each other through interneurons of their own. Nothing of the wiring changes in what follows. As it
is, the side that wins tires, and the two take turns. Acetylcholine then takes away what makes them tire: one side wins and keeps on winning.
Serotonin, besides, takes away most of the inhibition between them, and both are active. Each modulator is a concentration with effects: here on
the adaptation of the neurons and on the weights of two projections.

Shows: modulators that act on neurons and on pathways, releases at given times, spikes by population.
"""
# run: python 15_one_circuit_three_regimes.py

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import apical

CELLS = 40  # of a side
SETTLE, WINDOW, STRIDE = 500.0, 100.0, 25.0  # ms left out after a change; over which rates are taken, and how often
NAMES = ["nothing", "acetylcholine", "acetylcholine and serotonin"]


def rivals(each: float) -> apical.Circuit:
    """Acetylcholine comes after `each` ms and serotonin after twice that, both to stay."""
    tiring = apical.models.adex(c_m="200 pF", g_leak="10 nS", e_leak="-70 mV", v_t="-50 mV", a="0 nS", tau_w="200 ms", b="60 pA", v_reset="-58 mV", v_peak="0 mV", t_refractory="2 ms")
    quick = apical.models.lif(c_m="100 pF", g_leak="10 nS", t_refractory="1 ms")
    circuit = apical.Circuit()

    def connect(name: str, source: str, target: str, tau: str, e_rev: str, weight: str, rule: apical.AllToAll | apical.OneToOne) -> None:
        circuit.add(apical.Projection(name, source, target, rule, "expsyn", weight, parameters={"tau": tau, "e_rev": e_rev}, delay="1 ms"))

    for side in "AB":
        circuit.add(apical.Population(side, tiring, size=CELLS), apical.Population(f"I{side}", quick, size=10))
        circuit.add(apical.SpikeSource(f"in{side}", size=CELLS, rate="280 Hz"))
        connect(f"in{side}", f"in{side}", side, "5 ms", "0 mV", "3.5 nS", apical.OneToOne())
        connect(f"self{side}", side, side, "50 ms", "0 mV", "0.075 nS", apical.AllToAll())
        connect(f"to I{side}", side, f"I{side}", "5 ms", "0 mV", "1 nS", apical.AllToAll())
    connect("A against B", "IA", "B", "10 ms", "-75 mV", "4 nS", apical.AllToAll())
    connect("B against A", "IB", "A", "10 ms", "-75 mV", "4 nS", apical.AllToAll())

    untiring = [apical.ModulatorEffect("b", population=side, scale=-0.9) for side in "AB"]
    peaceful = [apical.ModulatorEffect("weight", projection=way, scale=-0.98) for way in ("A against B", "B against A")]
    circuit.add(
        apical.Modulator("acetylcholine", tau="1e9 s", releases=[(each, 1)], effects=untiring),
        apical.Modulator("serotonin", tau="1e9 s", releases=[(2*each, 1)], effects=peaceful),
    )
    return circuit


def rates(times: np.ndarray, until: float) -> np.ndarray:
    """Rate of a cell [Hz] in windows that begin every STRIDE ms."""
    starts = np.arange(0, until - WINDOW + 1e-9, STRIDE)
    edges = np.sort(times)
    return (np.searchsorted(edges, starts + WINDOW) - np.searchsorted(edges, starts))/CELLS/WINDOW*1000


def regime(a: np.ndarray, b: np.ndarray) -> tuple[str, float]:
    """What two rates look like: the word for it, and how often a second each side has the upper hand in turn."""
    lead, half = a - b, max(a.mean(), b.mean())/2
    holders = [1 if x > 0 else -1 for x in lead if abs(x) > half]
    cycles = np.count_nonzero(np.diff(holders))/2/(len(lead)*STRIDE/1000)
    together = np.mean((a >= 5) & (b >= 5))
    if cycles >= 1 and together < 0.3:
        return "they take turns", cycles
    if cycles == 0 and min(a.mean(), b.mean()) < 0.05*max(a.mean(), b.mean()):
        return "one wins", cycles
    return ("both are active" if together > 0.9 and cycles == 0 else "something else"), cycles


def draw(a: np.ndarray, b: np.ndarray, spikes: dict[str, tuple[np.ndarray, np.ndarray]], each: float, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (raster, curve) = plt.subplots(2, 1, figsize=(9, 4.5), sharex=True, layout="constrained")
    for side, colour, shift in (("A", "C0", 0), ("B", "C3", CELLS)):
        cell, time = spikes[side]
        raster.plot(time/1000, cell + shift, ",", color=colour)
    raster.set_ylabel("cell: A below, B above")
    when = (np.arange(len(a))*STRIDE + WINDOW/2)/1000
    curve.plot(when, a, color="C0", label="A")
    curve.plot(when, b, color="C3", label="B")
    curve.set_ylabel("rate [Hz]")
    curve.set_xlabel("time [s]")
    curve.legend(frameon=False, loc="upper left")
    for k, name in enumerate(NAMES):
        raster.text((k + 0.5)*each/1000, 2*CELLS + 2, name, ha="center", va="bottom")
        for panel in (raster, curve):
            panel.axvline(k*each/1000, color="0.5", linewidth=0.8)
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=float, default=4000, help="ms of each regime")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()

    simulation = apical.Simulation(rivals(given.each), dt="0.1 ms", seed=given.seed)
    until = 3*given.each
    simulation.run((until, "ms"))
    a, b = (rates(simulation.spike_times(side), until) for side in "AB")
    found = []
    for k, name in enumerate(NAMES):
        part = slice(int((k*given.each + SETTLE)/STRIDE), int(((k + 1)*given.each - WINDOW)/STRIDE))
        word, cycles = regime(a[part], b[part])
        found.append(word)
        print(f"{name:28} {a[part].mean():6.1f} and {b[part].mean():6.1f} Hz, {cycles:.1f} cycles a second: {word}")
    if given.picture:
        spikes = {}
        for side in "AB":
            each_cell = [simulation.spike_times(side, k) for k in range(CELLS)]
            spikes[side] = (np.repeat(np.arange(CELLS), [len(t) for t in each_cell]), np.concatenate(each_cell))
        draw(a, b, spikes, given.each, given.picture)
    assert found == ["they take turns", "one wins", "both are active"], found


if __name__ == "__main__":
    main()
