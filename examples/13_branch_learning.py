# SPDX-License-Identifier: BSD-3-Clause
"""Example 13: which branch decides what is learnt.

A thousand synapses on the thin apical branches of a layer 5 pyramidal cell, half of them, pattern A, on some branches, half, pattern B, on
others. In training A and B come in turn, equally often and equally strong. In every trial a teacher depolarises the branches of A: NMDA
receptors and what the branch has of its own make a plateau there, and there only. The rule is that of Clopath et al. (2010): synapses that are
active where the membrane is depolarised grow, and those that are active where it is not shrink. So A grows and B does not.

The same inputs, teacher and rule on the cell's reduction to a point, which rests, charges and fires as the cell does: it has one potential,
which A and B see alike. Both change by the same, and nothing tells them apart; neither with the rule as it is, nor with thresholds and a speed at which
a point neuron learns. Bono & Clopath (2017) Nat Commun 8:706 discuss such rules on dendrites.

Shows: contacts on chosen sections, learning, weights now, a cell reduced to a point, one rule at two levels of detail.
"""
# run: python 13_branch_learning.py --trials 6

from __future__ import annotations

import argparse
import functools
from pathlib import Path

import numpy as np

import apical

Weights = dict[str, np.ndarray]  # of patterns
Spikes = dict[str, tuple[np.ndarray, np.ndarray]]  # of sources: which, when [ms]

TRIAL, ACTIVE = 250.0, 100.0  # ms between trials, and how long inputs are active
RATE = 0.04  # spikes per ms of an active input
UNIT = "0.02 nS"
NMDA = {"nmda_ratio": 2.0}


def rule(theta_plus: str, theta_minus: str, speed: float = 1) -> apical.Learning:
    parameters = {"theta_plus": theta_plus, "theta_minus": theta_minus, "a_ltp": (8e-5*speed, "mV^-2"), "a_ltd": (1.4e-4*speed, "mV^-1")}
    return apical.Learning("clopath", parameters, unit=UNIT, high=4)


# The one potential of a point neuron stays within some millivolts of rest but for its spikes, which are cut: by the cell's rule nothing changes. With
# thresholds in that range and a hundred times the speed its synapses grow.
RULES = {"pyramidal cell": rule("-25 mV", "-70 mV"), "point neuron": rule("-25 mV", "-70 mV"), "point neuron, own thresholds": rule("-70 mV", "-76 mV", speed=100)}
STRONGER = {"pyramidal cell": 1.0, "point neuron": 1.0, "point neuron, own thresholds": 1.0}


def branches(cell: apical.Cell) -> list[apical.Section]:
    """The thin ends of the apical dendrite, from near to far."""
    m = cell.morphology
    ends = [m[k] for k in range(len(m)) if m[k].type == "apic" and not m[k].children and m[k].length > 60]
    return sorted(ends, key=lambda s: m.distance(f"{s.name}(0.5)"))


def trains(rng: np.random.Generator, inputs: int, starts: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Poisson spikes of inputs that are active from each start on: which, when [ms]."""
    which, when = [], []
    for start in starts:
        for k in range(inputs):
            n = rng.poisson(RATE*ACTIVE)
            which += [k]*n
            when += list(start + rng.uniform(0, ACTIVE, n))
    return np.array(which, dtype=int), np.array(when)


def patterns(rng: np.random.Generator, trials: int, each: int) -> tuple[Spikes, float]:
    """Spikes of A, B and the teacher over training, and its length: A and B in turn, the teacher always."""
    starts = [50 + TRIAL*k for k in range(2*trials)]
    teacher = np.concatenate([[start + 20 + 10*n for n in range(8)] for start in starts])
    return {"A": trains(rng, each, starts[::2]), "B": trains(rng, each, starts[1::2]), "teacher": (np.zeros(len(teacher), dtype=int), teacher)}, 50 + TRIAL*2*trials


def sources(spikes: Spikes, each: int) -> list[apical.SpikeSource]:
    return [apical.SpikeSource(n, size=1 if n == "teacher" else each, sources=which, times=(when, "ms")) for n, (which, when) in spikes.items()]


def on_branches(ends: list[apical.Section], count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Section and place of so many contacts, evenly over branches."""
    return np.array([ends[k % len(ends)].index for k in range(count)]), rng.uniform(0.3, 0.9, count)


def project(circuit: apical.Circuit, level: str, each: int, weights: Weights | None, section: Weights | None, x: Weights | None) -> None:
    """A and B onto the cell: learning, or with weights that stay."""
    for name in "AB":
        weight = None if weights is None else (weights[name]*float(UNIT.split()[0]), "nS")
        contacts = apical.ContactList(np.arange(each), np.zeros(each, dtype=int), weight=weight, section=section and section[name], x=x and x[name])
        circuit.add(apical.Projection(name, name, "cell", contacts, "ampa_nmda", UNIT, parameters=NMDA, learning=RULES[level] if weights is None else None))


def detailed(spikes: Spikes, each: int, weights: Weights | None = None, seed: int = 2) -> apical.Circuit:
    cell, rng = apical.models.l5pc(), np.random.default_rng(seed)
    ends = branches(cell)
    groups = {"A": ends[0::2], "B": ends[1::2]}
    circuit = apical.Circuit(apical.Population("cell", cell), *sources(spikes, each), apical.SpikeDetector(on="cell"))
    places = {name: on_branches(group, each, rng) for name, group in groups.items()}
    project(circuit, "pyramidal cell", each, weights, {n: p[0] for n, p in places.items()}, {n: p[1] for n, p in places.items()})
    contacts = 12*len(groups["A"])
    section, x = on_branches(groups["A"], contacts, rng)
    none = np.zeros(contacts, dtype=int)
    circuit.add(apical.Projection("teacher", "teacher", "cell", apical.ContactList(none, none, section=section, x=x), "ampa_nmda", "0.5 nS", parameters=NMDA))
    return circuit


@functools.cache
def reduced() -> apical.PointReduction:
    """The point neuron that answers current at the soma as the pyramidal cell does."""
    return apical.reduce_to_point(apical.models.l5pc(), settle="300 ms", step="500 ms", dt="0.05 ms")


def point(level: str, spikes: Spikes, each: int, weights: Weights | None = None) -> apical.Circuit:
    circuit = apical.Circuit(apical.Population("cell", reduced().cell), *sources(spikes, each), apical.SpikeDetector(on="cell"))
    project(circuit, level, each, weights, None, None)
    circuit.add(apical.Projection("teacher", "teacher", "cell", apical.AllToAll(), "ampa_nmda", "5 nS", parameters=NMDA))
    return circuit


def learnt(circuit: apical.Circuit, until: float) -> Weights:
    """Weights of A and B after training, in units of those at the start."""
    simulation = apical.Simulation(circuit, dt="0.05 ms")
    simulation.run((until, "ms"))
    return {name: simulation.weights(name)["strength"] for name in "AB"}


def response(level: str, each: int, weights: Weights, pattern: str, seed: int = 3, trials: int = 10) -> float:
    """Spikes of the cell a trial when one pattern comes alone, without a teacher."""
    starts = [50 + TRIAL*k for k in range(trials)]
    nothing = (np.zeros(0, dtype=int), np.zeros(0))
    spikes = {"A": nothing, "B": nothing, "teacher": nothing} | {pattern: trains(np.random.default_rng(seed), each, starts)}
    scaled = {name: STRONGER[level]*w for name, w in weights.items()}
    simulation = apical.Simulation(LEVELS[level](spikes, each, scaled), dt="0.05 ms")
    simulation.run((50 + TRIAL*trials, "ms"))
    return len(simulation.spikes)/trials


LEVELS = {"pyramidal cell": detailed} | {name: functools.partial(point, name) for name in RULES if name != "pyramidal cell"}


def selectivity(weights: Weights) -> float:
    a, b = weights["A"].mean(), weights["B"].mean()
    return float((a - b)/(a + b))


def draw(results: dict[str, Weights], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(results), figsize=(11, 3), sharex=True, sharey=True, layout="constrained")
    top = max(w.max() for weights in results.values() for w in weights.values())
    for panel, (name, weights) in zip(axes, results.items()):
        for pattern, values in weights.items():
            panel.hist(values, bins=np.linspace(0, top, 41), alpha=0.7, label=f"pattern {pattern}")
        panel.axvline(1, color="0.5", linewidth=0.8)
        panel.set_title(f"{name}: {selectivity(weights):.2f}", fontsize="medium")
        panel.set_xlabel("weight after training (1 at the start)")
    axes[0].set_ylabel("synapses")
    axes[0].legend(frameon=False)
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=6, help="of each pattern")
    parser.add_argument("--synapses", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()

    each = given.synapses//2
    spikes, until = patterns(np.random.default_rng(given.seed), given.trials, each)
    results, answers = {}, {}
    print(f"reduced to a point: {reduced().resistance:.1f} Mohm, {reduced().time_constant:.1f} ms, rheobase {reduced().rheobase:.2f} nA, rates within {reduced().deviation:.1f} Hz")
    for name, build in LEVELS.items():
        weights = results[name] = learnt(build(spikes, each), until)
        answers[name] = [response(name, each, weights, pattern) for pattern in "AB"]
        print(f"{name:28} A {weights['A'].mean():.2f}, B {weights['B'].mean():.2f}, selectivity {selectivity(weights):+.3f}; "
              f"answers A with {answers[name][0]:.1f} spikes, B with {answers[name][1]:.1f}")
    if given.picture:
        draw(results, given.picture)
    assert selectivity(results["pyramidal cell"]) > 0.2, "the branches do not tell the patterns apart"
    assert answers["pyramidal cell"][0] > 1 > answers["pyramidal cell"][1], "the cell does not answer A alone"
    for name in ("point neuron", "point neuron, own thresholds"):
        assert abs(selectivity(results[name])) < 0.05, "a point neuron cannot tell them apart"


if __name__ == "__main__":
    main()
