# SPDX-License-Identifier: BSD-3-Clause
"""Row 11: what branches of a neuron compute, and what their plateaus teach.

    PYTHONPATH=build/release/python python bench/learning/dendrites.py

`layers`: the protocol of Poirazi, Brannon & Mel (2003) on a cell of layer 5 (Hay et al. 2011). Forty synapses on its basal branches, active at 50 Hz, are placed at random many times; how
much of what the rates differ do one and two layers explain? Published: 0.94 and less, of a pyramidal cell of CA1 with 37 branches.
`xor`: a cell is to answer (a, not b) and (not a, b), and not (a, b) nor (not a, not b). Four groups of synapses, for a, not a, b and not b, all alike, begin on random branches. After each epoch those whose activity
went least with a plateau of their branch, when it should have, or most when it should not, change places with some of other branches, after Poirazi & Mel (2001). A cell that adds all synapses up cannot: each pattern is two groups.
`laps`: an animal runs laps, places are told by synapses on the apical dendrite, and in one lap a plateau is made at one place. `behavioral_timescale` learns from it. Where does the cell fire in the laps before and after?

A seed decides placements, trains and swaps. As published: --placements 400.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

START, LENGTH, RATE = 50.0, 600.0, 50.0  # ms, ms, Hz


# ---- layers

def placements(count, seed, synapses=40):
    """Synapses on each basal branch of the layer 5 cell [placements x branches], the rates they make [Hz], and of each branch whether it is near, further, or far."""
    rng, cell = np.random.default_rng(seed), apical.models.l5pc()
    shape = cell.morphology
    branches = [s for s in (shape[k] for k in range(len(shape))) if s.type == "dend" and not s.children and s.length > 60]
    distance = np.array([shape.distance(f"{s.name}(0.7)") for s in branches])
    far = np.searchsorted(np.quantile(distance, [1/3, 2/3]), distance)
    chosen = [rng.choice(rng.permutation(len(branches))[: rng.integers(4, len(branches) + 1)], synapses) for _ in range(count)]
    inputs = count*synapses
    contacts = apical.ContactList(np.arange(inputs), np.repeat(np.arange(count), synapses), section=np.array([branches[b].index for c in chosen for b in c]), x=rng.uniform(0.4, 0.95, inputs))
    circuit = apical.Circuit(
        apical.Population("cells", cell, size=count),
        apical.SpikeSource("in", size=inputs, rate=(RATE, "Hz"), start=(START, "ms")),
        apical.Projection("in", "in", "cells", contacts, "ampa_nmda", "0.3 nS", parameters={"nmda_ratio": 3.5}),
        apical.SpikeDetector(on="cells"),
    )
    simulation = apical.Simulation(circuit, dt="0.05 ms", temperature="34 degC", seed=seed)
    simulation.run((START + LENGTH, "ms"))
    spikes = np.bincount(simulation.spikes["cell"], minlength=count)
    return np.array([np.bincount(c, minlength=len(branches)) for c in chosen]), spikes/LENGTH*1000, far


# ---- xor

PATTERNS = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], bool)  # a, not a, b, not b
WANTED = np.array([False, True, True, False])
TRIAL, ACTIVE, EACH = 350.0, 200.0, 9  # ms, ms, synapses of a group


def trials(section, x, branches, seed):
    """Spikes of each cell in each pattern [cells x 4], and in which part of the time each branch was above -45 mV, spikes averaged out [cells x branches x 4], with synapses of the groups at these places [cells x 4 EACH]."""
    cells, synapses = section.shape
    rng = np.random.default_rng(seed)
    which, when = [], []
    for k, pattern in enumerate(PATTERNS):
        active = np.flatnonzero(np.tile(np.repeat(pattern, EACH), cells))
        counts = rng.poisson(RATE*ACTIVE/1000, len(active))
        which.append(np.repeat(active, counts)), when.append(START + k*TRIAL + rng.uniform(0, ACTIVE, counts.sum()))
    circuit = apical.Circuit(
        apical.Population("cells", apical.models.ca1_pyramidal(), size=cells),
        apical.SpikeSource("in", cells*synapses, np.concatenate(which), (np.concatenate(when), "ms")),
        apical.Projection("in", "in", "cells", apical.ContactList(np.arange(cells*synapses), np.repeat(np.arange(cells), synapses), section=section.ravel(), x=x.ravel()), "ampa_nmda", "0.08 nS",
                          parameters={"nmda_ratio": 3.5}),
        apical.SpikeDetector(on="cells"),
    )
    for b in branches:
        circuit.add(apical.Probe(f"{b}", on="cells", at=f"{b}(0.7)", interval="1 ms"))
    simulation = apical.Simulation(circuit, dt="0.05 ms", temperature="34 degC", seed=seed)
    simulation.run((START + 4*TRIAL, "ms"))
    spikes = np.zeros((cells, 4), int)
    for cell, t in zip(simulation.spikes["cell"], simulation.spikes["time"]):
        spikes[cell, min(int((t - START)//TRIAL), 3)] += 1
    plateau = np.empty((cells, len(branches), 4))
    for n, b in enumerate(branches):
        v = simulation[f"{b}"].values
        for k in range(4):
            plateau[:, n, k] = (v[int(START + k*TRIAL) :][: int(TRIAL)].reshape(-1, 10, cells).mean(axis=1) > -45).mean(axis=0)
    return spikes, plateau


def xor(seed, cells, epochs, swaps=6):
    """Spikes of each cell in each epoch and pattern [epochs x cells x 4]."""
    rng = np.random.default_rng(seed)
    shape = apical.models.ca1_pyramidal().morphology
    ends = [s for s in (shape[k] for k in range(len(shape))) if s.type == "dend"]
    names, index = [s.name for s in ends], np.array([s.index for s in ends])
    at = np.array([rng.permutation(np.arange(4*EACH) % len(ends)) for _ in range(cells)])  # as many on each
    x = rng.uniform(0.6, 0.95, at.shape)
    active = np.repeat(PATTERNS.T, EACH, axis=0)  # [synapses x patterns]
    answers, score = [], np.zeros((cells, 4*EACH))
    credit = np.where(WANTED, 1, -1)*active
    for epoch in range(epochs):
        spikes, plateau = trials(index[at], x, names, 1000*seed + epoch)
        answers.append(spikes)
        for cell in range(cells):
            local = plateau[cell] - plateau[cell].mean(axis=0)  # more than other branches
            score[cell] += 0.4*((credit*local[at[cell]]).sum(axis=1) - score[cell])
            worst = np.argsort(score[cell])[:swaps]
            for one in worst[score[cell, worst] < 0]:
                others = np.flatnonzero(at[cell] != at[cell, one])
                other = rng.choice(others[np.argsort(score[cell, others])[:10]])  # one that is not much use either
                at[cell, [one, other]] = at[cell, [other, one]]
                score[cell, [one, other]] = 0
    return np.array(answers)


def margin(answers):
    """By how much the least wanted answer of each cell exceeds the largest unwanted one, of means over these epochs."""
    mean = answers.mean(axis=0)
    return mean[:, WANTED].min(axis=1) - mean[:, ~WANTED].max(axis=1)


# ---- laps

TRACK, SPEED, PLACES, WIDTH, LAPS, TAUGHT, PLACE = 187.0, 25.0, 100, 18.0, 5, 2, 95.0  # cm, cm/s, inputs, cm, laps, the lap and the place of the plateau
SYNAPSE = "0.4 nS"  # at first


def laps(seed):
    """Rate of the cell by place [laps x bins], and weights by place before and after."""
    rng, shape = np.random.default_rng(seed), apical.models.ca1_pyramidal().morphology
    trunk = np.array([shape[name].index for name in ("apic[4]", "apic[8]", "apic[12]")])
    lap = TRACK/SPEED*1000
    times = np.arange(0, LAPS*lap, 1.0)
    centres = np.arange(PLACES)*TRACK/PLACES
    distance = (times[:, None]*SPEED/1000 - centres + TRACK/2) % TRACK - TRACK/2
    when, which = np.nonzero(rng.uniform(size=distance.shape) < 0.03*np.exp(-distance**2/2/WIDTH**2))
    plateau = TAUGHT*lap + PLACE/SPEED*1000
    contacts = apical.ContactList(np.arange(PLACES), np.zeros(PLACES, int), section=trunk[rng.integers(len(trunk), size=PLACES)], x=rng.uniform(0, 1, PLACES))
    circuit = apical.Circuit(
        apical.Population("cell", apical.models.ca1_pyramidal()),
        apical.SpikeSource("places", PLACES, which, (times[when], "ms")),
        apical.Projection("places", "places", "cell", contacts, "ampa_nmda", SYNAPSE, parameters={"nmda_ratio": 1.0},
                          learning=apical.Learning("behavioral_timescale", {"e_max": "0.03 1/ms"}, unit=SYNAPSE, high=5.6, interval="1 ms")),
        apical.Injection(apical.StepCurrent((plateau, "ms"), "300 ms", "1.5 nA"), on="cell", at="apic[8](0.5)"),
        apical.SpikeDetector(on="cell"),
    )
    simulation = apical.Simulation(circuit, dt="0.1 ms", temperature="34 degC", seed=seed)
    before = simulation.weights("places")
    order = np.argsort(before["source"])
    simulation.run((round(LAPS*lap), "ms"))
    t = simulation.spikes["time"]
    t = t[(t < plateau) | (t > plateau + 400)]
    bins = 40
    rate = np.histogram2d(t//lap, t % lap*SPEED/1000, bins=(np.arange(LAPS + 1), np.linspace(0, TRACK, bins + 1)))[0]/(lap/bins/1000)
    return rate, before["strength"][order], simulation.weights("places")["strength"][order]


def field_of(rate):
    """Place of a field's middle [cm] and its width at half its height [cm]."""
    smooth = np.convolve(np.concatenate([rate[-3:], rate, rate[:3]]), np.ones(5)/5, "same")[3:-3]
    step = TRACK/len(rate)
    above = smooth > smooth.max()/2
    return float((np.flatnonzero(above) + 0.5).mean()*step), float(above.sum()*step)


def draw(shown, path):
    """A panel for each part that was run, two for layers."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(shown) + ("layers" in shown), figsize=(3.6*(len(shown) + ("layers" in shown)), 3), squeeze=False, layout="constrained")
    left = iter(axes[0])
    if "layers" in shown:
        found, fits = shown["layers"]
        for name, fit in fits.items():
            panel = next(left)
            panel.plot(fit.predicted[1::2], found[1::2], ".", markersize=4)
            panel.axline((0, 0), slope=1, color="0.7", linewidth=0.8, zorder=0)
            panel.set(title=f"{name}: {100*max(fit.explained, 0):.0f} %", xlabel="predicted rate [Hz]", ylabel="rate of the cell [Hz]")
    if "xor" in shown:
        panel = next(left)
        for some, name, colour in ((WANTED, "wanted", "C0"), (~WANTED, "unwanted", "C3")):
            panel.plot(shown["xor"][..., some].mean(axis=(1, 2)), color=colour, label=name)
        panel.set(title="(a, not b) or (not a, b)", xlabel="epoch", ylabel="answer [spikes]", ylim=(0, None))
        panel.legend(frameon=False)
    if "laps" in shown:
        panel = next(left)
        panel.imshow(shown["laps"][0], aspect="auto", extent=(0, TRACK, LAPS + 0.5, 0.5), cmap="magma")
        panel.plot(PLACE, TAUGHT + 1, "c*", markersize=9)
        panel.set(title="rate by place; the star is the plateau", xlabel="place [cm]", ylabel="lap")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=["layers", "xor", "laps"], choices=["layers", "xor", "laps"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--placements", type=int, default=150)
    parser.add_argument("--cells", type=int, default=4, help="that learn to answer, for each seed")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    seeds, shown = range(1, given.seeds + 1), {}
    began = time.perf_counter()
    if "layers" in given.only:
        explained = []
        for seed in seeds:
            counts, found, parts = placements(given.placements, seed)
            fits = {"one layer": apical.fit_one_layer(counts, found, parts), "two layers": apical.fit_two_layer(counts, found, parts)}
            explained.append([fits["one layer"].explained, fits["two layers"].explained, found.mean(), found.std()])
            shown.setdefault("layers", (found, fits))
        study.print_table(["one layer, weighted by distance [%]", "two layers [%]", "mean rate [Hz]", "standard deviation [Hz]"],
                          [[*(study.told([e[k] for e in explained], 100, 1) for k in (0, 1)), *(study.told([e[k] for e in explained], 1, 1) for k in (2, 3))]])
        print(f"{time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
    if "xor" in given.only:
        answers = [xor(seed, given.cells, given.epochs) for seed in seeds]
        spans = {"first three": slice(0, 3), "last ten": slice(-10, None)}
        study.print_table(["epochs", "cells that tell the patterns apart [%]", "margin [spikes]", "spikes, wanted", "unwanted"],
                          [[name, study.told([(margin(a[span]) > 0).mean() for a in answers], 100, 0), study.told([margin(a[span]).mean() for a in answers]),
                            study.told([a[span][..., WANTED].mean() for a in answers]), study.told([a[span][..., ~WANTED].mean() for a in answers])] for name, span in spans.items()])
        shown["xor"] = np.concatenate(answers, axis=1)
        print(f"{time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
    if "laps" in given.only:
        runs = [laps(seed) for seed in seeds]
        fields = [field_of(rate[TAUGHT + 1 :].mean(axis=0)) for rate, _, _ in runs]
        study.print_table(["rate before [Hz]", "highest rate in the lap after [Hz]", "middle of the field [cm]; plateau at 95", "width [cm]"],
                          [[study.told([rate[:TAUGHT].mean() for rate, _, _ in runs]), study.told([rate[TAUGHT + 1].max() for rate, _, _ in runs], 1, 0), *(study.told([f[k] for f in fields], 1, 0) for k in (0, 1))]])
        shown["laps"] = runs[0]
        print(f"{time.perf_counter() - began:.0f} s")
    if given.picture:
        draw(shown, given.picture)


if __name__ == "__main__":
    main()
