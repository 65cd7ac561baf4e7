# SPDX-License-Identifier: BSD-3-Clause
"""Row 6: assemblies that form, last, and are recalled, and what becomes of them without compensation.

    PYTHONPATH=build/release/python python bench/learning/assemblies.py

After Zenke, Agnes & Gerstner (2015): 400 excitatory and 100 inhibitory cells. Excitatory synapses between excitatory cells learn by `rapid_compensation` and have short-term plasticity; inhibitory
ones learn by `inhibitory_stdp`. Four patterns, 80 cells each, are shown again and again, one at a time, for a second with two seconds in between. Then nothing is shown for 30 s. At last a half
of each pattern is excited: do the cells of the other half join in?

A pattern is recalled if they fire at 10 Hz at least, and three times as much as cells of the patterns that are not asked for. The same without the heterosynaptic and the transmitter-induced
term. A seed decides wiring, order and trains. In the paper 4096 cells consolidate in 20 minutes and are followed for hours; here, unless --consolidation says otherwise, in 60 s.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

E, I, PATTERNS, MEMBERS = 400, 100, 4, 80
SHOWN, PAUSE, DELAY, CUE, BETWEEN = 1000.0, 2000.0, 30e3, 500.0, 3000.0  # ms
WEIGHT, START = 40.0, 0.2  # nS of the rule's weight 1, of which a first spike releases a fifth; first weights, below the middle between the two that are stable


def poisson(rng, begin, length, rate, cells):
    """Spikes of these cells at a rate [Hz] from then on: (which, when [ms])."""
    counts = rng.poisson(rate*length/1000, len(cells))
    return np.repeat(cells, counts), begin + rng.uniform(0, length, counts.sum())


def plan(rng, minutes):
    """When which pattern is shown, whole or its first half: (begin [ms], length, pattern, cells)."""
    shown = [(1000 + k*(SHOWN + PAUSE), SHOWN, p, np.arange(p*MEMBERS, (p + 1)*MEMBERS))
             for k, p in enumerate(np.concatenate([rng.permutation(PATTERNS) for _ in range(round(minutes*60e3/(SHOWN + PAUSE)/PATTERNS))]))]
    asked = shown[-1][0] + SHOWN + DELAY
    cues = [(asked + p*(CUE + BETWEEN), CUE, p, np.arange(p*MEMBERS, p*MEMBERS + MEMBERS//2)) for p in range(PATTERNS)]
    return shown, cues


def circuit(rng, shown, cues, given, has_compensation):
    which, when = (np.concatenate(column) for column in zip(*(poisson(rng, begin, length, given.drive, cells) for begin, length, _, cells in shown + cues)))
    pyramidal = apical.models.adex(c_m="200 pF", g_leak="10 nS", e_leak="-70 mV", v_t="-50 mV", a="0 nS", b="15 pA", tau_w="100 ms", v_reset="-60 mV", v_peak="0 mV", t_refractory="4 ms")
    made = apical.Circuit(
        apical.Population("e", pyramidal, size=E),
        apical.Population("i", apical.models.lif(c_m="100 pF", g_leak="10 nS", t_refractory="1 ms"), size=I),
        apical.SpikeSource("shown", E, which, (when, "ms")),
        apical.SpikeSource("background e", E, rate="400 Hz"),
        apical.SpikeSource("background i", I, rate="400 Hz"),
        apical.SpikeDetector(on="e"),
    )

    def project(name, source, target, rule, weight, tau="5 ms", e_rev="0 mV", **more):
        made.add(apical.Projection(name, source, target, rule, "expsyn", weight, parameters={"tau": tau, "e_rev": e_rev}, delay="1 ms", **more))

    parameters = {"tau_c": (given.consolidation, "s"), "beta": 0.04}
    if not has_compensation:
        parameters |= {"beta": 0, "delta": 0}
    project("shown", "shown", "e", apical.OneToOne(), "10 nS")
    project("background e", "background e", "e", apical.OneToOne(), "1.6 nS")
    project("background i", "background i", "i", apical.OneToOne(), "1 nS")
    project("e e", "e", "e", apical.PairwiseProbability(0.2), (START*WEIGHT, "nS"), short_term=apical.ShortTermPlasticity(use=0.2, tau_recovery="200 ms", tau_facilitation="600 ms"),
            learning=apical.Learning("rapid_compensation", parameters, unit=(WEIGHT, "nS"), high=5))
    project("e i", "e", "i", apical.PairwiseProbability(0.2), "0.5 nS")
    project("i e", "i", "e", apical.PairwiseProbability(0.4), "0.5 nS", "10 ms", "-80 mV",
            learning=apical.Learning("inhibitory_stdp", {"rate": "4 Hz", "eta": 0.02}, unit="0.5 nS", high=20))
    project("i i", "i", "i", apical.PairwiseProbability(0.2), "0.5 nS", "10 ms", "-80 mV")
    return made


def group_of(cell):
    """Pattern of a cell; PATTERNS of those that have none."""
    return np.minimum(cell//MEMBERS, PATTERNS)


def run(seed, given, has_compensation):
    """Figures of one draw."""
    rng = np.random.default_rng(seed)
    shown, cues = plan(rng, given.minutes)
    simulation = apical.Simulation(circuit(rng, shown, cues, given, has_compensation), dt="1 ms", seed=seed)
    asked = shown[-1][0] + SHOWN
    simulation.run((cues[-1][0] + CUE + 1000, "ms"))
    spikes = simulation.spikes[simulation.spikes["population"] == 0]
    cell, when = spikes["cell"], spikes["time"]
    counts = np.zeros((PATTERNS, PATTERNS, 2))  # cue, pattern, half
    for row, (begin, length, _, _) in zip(counts, cues):
        during = (when >= begin + 100) & (when < begin + length) & (cell < PATTERNS*MEMBERS)
        np.add.at(row, (group_of(cell[during]), (cell[during] % MEMBERS // (MEMBERS//2))), 1000/(length - 100)/(MEMBERS//2))
    joined = np.array([counts[p, p, 1] for p in range(PATTERNS)])
    others = np.array([np.delete(counts[p], p, axis=0).mean() for p in range(PATTERNS)])
    w = simulation.weights("e e")
    inside = (group_of(w["source"]) == group_of(w["target"])) & (w["source"] < PATTERNS*MEMBERS)
    quiet = (when > asked + 2000) & (when < asked + DELAY)
    return {"joined": joined.mean(), "others": others.mean(), "recalled": int(((joined >= 10) & (joined >= 3*others)).sum()), "inside": w["strength"][inside].mean(), "outside": w["strength"][~inside].mean(),
            "at the bound": (w["strength"] > 4.9).mean(), "quiet rate": quiet.sum()/E/(DELAY - 2000)*1000, "spikes": (cell, when, cues), "counts": counts.round(1)}


def draw(kinds, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(kinds), 1, figsize=(9, 2.4*len(kinds)), sharex=True, squeeze=False, layout="constrained")
    for panel, (name, (cell, when, cues)) in zip(axes[:, 0], kinds.items()):
        since = cues[0][0] - 1000
        late = when > since
        panel.plot((when[late] - since)/1000, cell[late], ",", color="0.2")
        for begin, length, p, cells in cues:
            panel.add_patch(plt.Rectangle(((begin - since)/1000, cells[0]), length/1000, len(cells), color="C1", alpha=0.35, linewidth=0))
        panel.set(ylabel="excitatory cell", ylim=(0, E), title=name)
    axes[-1, 0].set_xlabel("time [s]; in the boxes, cells that are excited")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=["all", "without"], choices=["all", "without"])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=6, help="of showing")
    parser.add_argument("--consolidation", type=float, default=60, help="time constant [s]; 1200 in the paper")
    parser.add_argument("--drive", type=float, default=220, help="Hz of the train onto each cell of a pattern that is shown")
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    rows, spikes = [], {}
    for name, has_compensation in (("all of the rule", True), ("without compensation", False)):
        if not any(word in name for word in given.only):
            continue
        began = time.perf_counter()
        drawn = [run(seed, given, has_compensation) for seed in range(1, given.seeds + 1)]
        spikes[name] = drawn[0]["spikes"]
        keys = ("joined", "others", "inside", "outside", "quiet rate")
        rows.append([name, ", ".join(f"{d['recalled']} of {PATTERNS}" for d in drawn), *(study.told([d[key] for d in drawn]) for key in keys), study.told([d["at the bound"] for d in drawn], 100, 1),
                     f"{(time.perf_counter() - began)/given.seeds:.0f}"])
    study.print_table(["", "recalled", "other half [Hz]", "other patterns [Hz]", "weights within patterns", "others", "rate in the delay [Hz]", "weights at the bound [%]", "time [s]"], rows)
    if given.picture:
        draw(spikes, given.picture)


if __name__ == "__main__":
    main()
