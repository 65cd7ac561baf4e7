# SPDX-License-Identifier: BSD-3-Clause
"""Example 17: one neuron, two layers.

Forty synapses of a CA1 pyramidal cell, each active at 50 Hz, are placed at random two hundred times: now on four of its thin branches, now on all
eighteen. Where several come together, NMDA receptors and sodium channels make the branch answer with more than the sum. A model in which the cell
adds all synapses up explains none of the differences in its rate, since there are always forty; weighing each part of the tree does better;
a network of two layers, a sigmoid for each branch and one for the soma, explains nine tenths. Poirazi, Brannon & Mel (2003) Neuron 37:989.

What such a neuron can be told is shown next: a spike of the soma runs back into all branches, and is largest in the one whose synapses were active
just before. There is the credit, and calcium to mark it with. Magee & Johnston (1997) Science 275:209.

Shows: a cell many times over with contacts of its own, fits, probes of calcium.
"""
# run: python 17_two_layer_neuron.py --placements 60

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import apical

SYNAPSES, START, LENGTH = 40, 50.0, 600.0  # ms
STIMULATED, SISTER = "apic[9]", "apic[10]"


def thin_branches(cell: apical.Cell) -> list[apical.Section]:
    """The last sections of the tree."""
    return [s for s in (cell.morphology[k] for k in range(len(cell.morphology))) if not s.children and s.type != "soma"]


def rates(placements: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Synapses on each branch [placements x branches], the rates they make [Hz], and the part of the tree of each branch."""
    rng, cell = np.random.default_rng(seed), apical.models.ca1_pyramidal()
    branches = thin_branches(cell)
    chosen = [rng.choice(rng.permutation(len(branches))[: rng.integers(4, len(branches) + 1)], SYNAPSES) for _ in range(placements)]
    counts = np.array([np.bincount(c, minlength=len(branches)) for c in chosen])
    inputs = placements*SYNAPSES
    contacts = apical.ContactList(
        np.arange(inputs),
        np.repeat(np.arange(placements), SYNAPSES),
        section=np.array([branches[b].index for c in chosen for b in c]),
        x=rng.uniform(0.3, 0.95, inputs),
    )
    circuit = apical.Circuit(
        apical.Population("cells", cell, size=placements),
        apical.SpikeSource("in", size=inputs, rate="50 Hz", start=(START, "ms")),
        apical.Projection("in", "in", "cells", contacts, "ampa_nmda", "0.08 nS", parameters={"nmda_ratio": 3.5}),
        apical.SpikeDetector(on="cells"),
    )
    simulation = apical.Simulation(circuit, dt="0.05 ms", temperature="34 degC", threads=2, seed=seed)
    simulation.run((START + LENGTH, "ms"))
    spikes = np.bincount([s[1] for s in simulation.spikes], minlength=placements)
    parts = np.unique([s.parent for s in branches], return_inverse=True)[1]
    return counts, spikes/LENGTH*1000, parts


def response(with_spike: bool, with_epsp: bool) -> apical.Simulation:
    """A pulse at the soma at 50 ms, an EPSP in one branch at 41 ms, or both."""
    circuit = apical.Circuit(apical.Population("cell", apical.models.ca1_pyramidal()))
    for branch in (STIMULATED, SISTER):
        circuit.add(apical.Probe(branch, on="cell", at=f"{branch}(0.9)"))
        circuit.add(apical.Probe(f"{branch} calcium", on="cell", at=f"{branch}(0.9)", variable="ca.c_in"))
    if with_spike:
        circuit.add(apical.Injection(apical.StepCurrent("50 ms", "2 ms", "1.5 nA"), on="cell"))
    if with_epsp:
        circuit.add(apical.Receptor("synapse", "ampa_nmda", on="cell", at=f"{STIMULATED}(0.7)", nmda_ratio=2.0))
        circuit.add(apical.SpikeTrain("synapse", ([40], "ms"), weight="1.5 nS", delay="1 ms"))
    simulation = apical.Simulation(circuit, temperature="34 degC")
    simulation.run("100 ms")
    return simulation


def draw(found: NDArray[np.float64], fits: dict[str, apical.PlacementFit], traces: dict[str, apical.Simulation], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 4, figsize=(12, 3), layout="constrained")
    judged = np.arange(len(found)) % 2 == 1
    for panel, (name, fit) in zip(axes, fits.items()):
        panel.plot(fit.predicted[judged], found[judged], ".", markersize=4)
        panel.axline((0, 0), slope=1, color="0.7", linewidth=0.8, zorder=0)
        panel.set_title(f"{name}: {100*max(fit.explained, 0):.0f} %")
        panel.set_xlabel("predicted rate [Hz]")
    axes[0].set_ylabel("rate of the cell [Hz]")
    for panel, branch in zip(axes[2:], (STIMULATED, SISTER)):
        for name, simulation in traces.items():
            panel.plot(simulation[branch].times, simulation[branch].values[:, 0], label=name, linewidth=1)
        panel.set(xlim=(35, 75), ylim=(-75, 0), title="branch with the EPSP" if branch == STIMULATED else "its sister", xlabel="time [ms]")
    axes[2].set_ylabel("potential in the branch [mV]")
    axes[3].legend(frameon=False)
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--placements", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()

    counts, found, parts = rates(given.placements, given.seed)
    fits = {"one layer": apical.fit_one_layer(counts, found, parts), "two layers": apical.fit_two_layer(counts, found, parts)}
    alike = apical.fit_one_layer(counts, found)
    print(f"rates {found.min():.0f} to {found.max():.0f} Hz; explained by the number of synapses {100*alike.explained:.0f} %, by weighted parts of the "
          f"tree {100*fits['one layer'].explained:.0f} %, by two layers {100*fits['two layers'].explained:.0f} %")

    traces = {"spike": response(True, False), "EPSP": response(False, True), "both": response(True, True)}
    for branch in (STIMULATED, SISTER):
        peak = {name: float(s[branch].values[s[branch].times > 50].max()) for name, s in traces.items()}
        calcium = {name: 1e6*float(s[f"{branch} calcium"].values[s[branch].times > 50].max()) for name, s in traces.items()}
        print(f"{branch}: up to " + ", ".join(f"{peak[n]:.1f} mV and {calcium[n]:.0f} nM ({n})" for n in traces))
        assert peak["both"] > peak["spike"] + (10 if branch == STIMULATED else 0), "the spike is not larger where synapses were active"
        assert peak["both"] < peak["spike"] + (60 if branch == STIMULATED else 3), "the sister branch is credited too"
    if given.picture:
        draw(found, fits, traces, given.picture)
    assert fits["two layers"].explained > max(alike.explained, fits["one layer"].explained), "two layers explain no more than one"


if __name__ == "__main__":
    main()
