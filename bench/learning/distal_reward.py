# SPDX-License-Identifier: BSD-3-Clause
"""Row 8: reward that comes seconds late, in a network that fires all the time, and a stimulus that comes to foretell it.

    PYTHONPATH=build/release/python python bench/learning/distal_reward.py

Izhikevich (2007): neurons, four fifths of them excitatory, each with synapses onto a tenth of the others; excitatory ones learn by `dopamine_stdp`.

`synapse`: whenever the two cells of one synapse happen to spike in order within 10 ms, dopamine comes 1 to 3 s later. Does this synapse reach the highest weight, and do others not?
`stimulus`: groups of a twentieth of the cells, one of which is made to spike every 100 to 300 ms; after the first group dopamine comes within a second. Do cells come to answer the first group
more than others? The answer of a group is what excitatory cells spike in the 80 ms after it, less what the group itself was made to.

A seed decides wiring, noise, stimuli and rewards. Published are 1000 neurons, an hour and a hundred groups: --cells 1000 --minutes 60 --groups 100.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

HIGHEST = 4.0
COINCIDENCE, GRID = 10.0, 10.0  # ms
ANSWER = 80.0


def network(rng, cells, rewards=(), stimuli=None):
    """The network; of all cells the first four fifths are excitatory."""
    excitatory, inhibitory, synapses = 4*cells//5, cells - 4*cells//5, cells//10
    circuit = apical.Circuit(
        apical.Population("e", apical.models.izhikevich(set="regular_spiking"), size=excitatory),
        apical.Population("i", apical.models.izhikevich(set="fast_spiking"), size=inhibitory),
        apical.Modulator("dopamine", tau="200 ms", releases=list(rewards)),
        apical.SpikeDetector(on="e"),
        apical.SpikeDetector(on="i"),
    )
    for population in "ei":
        circuit.add(apical.Injection(apical.NoiseCurrent("0 ms", "1e9 ms", "0 pA", "3.75 pA", tau="0.05 ms"), on=population))
    targets = np.array([rng.choice(cells, synapses, replace=False) for _ in range(excitatory)])
    one = ((1000/cells)**0.5, "pA")  # of fewer synapses each weighs more
    learning = apical.Learning("dopamine_stdp", unit=one, high=HIGHEST, interval=(GRID, "ms"))
    for population, which in (("e", targets < excitatory), ("i", targets >= excitatory)):
        source, _ = np.nonzero(which)
        contacts = apical.ContactList(source, targets[which] % excitatory)
        circuit.add(apical.Projection(f"e {population}", "e", population, contacts, "psc_exp", one, parameters={"tau": "1 ms"}, delay="1 ms", learning=learning))
    back = np.array([rng.choice(excitatory, synapses, replace=False) for _ in range(inhibitory)])
    circuit.add(apical.Projection("i e", "i", "e", apical.ContactList(np.repeat(np.arange(inhibitory), synapses), back.ravel()), "psc_exp", (-one[0], "pA"), parameters={"tau": "1 ms"}, delay="1 ms"))
    if stimuli is not None:
        which, when, members = stimuli
        is_excitatory, group = members < excitatory, np.repeat(np.arange(len(members))[:, None], members.shape[1], axis=1)
        circuit.add(apical.SpikeSource("stimuli", len(members), which, (when, "ms")))
        for population, some in (("e", is_excitatory), ("i", ~is_excitatory)):
            contacts = apical.ContactList(group[some], members[some] % excitatory)
            circuit.add(apical.Projection(f"stimuli {population}", "stimuli", population, contacts, "psc_exp", "40 pA", parameters={"tau": "1 ms"}, delay="1 ms"))
    return circuit


def synapse(seed, minutes, cells):
    """Times [s] and weights of the rewarded synapse, all others at the end, rewards and rate [Hz]."""
    rng = np.random.default_rng(seed)
    simulation = apical.Simulation(network(rng, cells), dt="1 ms", seed=seed)
    start = simulation.weights("e e")
    chosen = int(rng.integers(len(start["source"])))
    before, after = int(start["source"][chosen]), int(start["target"][chosen])
    last, waiting, rewards, seen, course = -np.inf, [], 0, 0, []
    until = minutes*60e3
    for t in np.arange(GRID, until + 1, GRID):
        simulation.run((t, "ms"))
        spikes = simulation.spikes[seen:].copy()
        seen += len(spikes)
        spikes = spikes[spikes["population"] == 0]
        for cell, when in spikes[(spikes["cell"] == before) | (spikes["cell"] == after)][["cell", "time"]]:
            if cell == before:
                last = when
            elif 0 < when - last < COINCIDENCE:
                waiting.append(t + rng.uniform(1000, 3000))
        for due in [w for w in waiting if w <= t]:
            waiting.remove(due)
            simulation.release("dopamine", 0.05)
            rewards += 1
        if t % 10e3 == 0:
            course.append((t/1e3, simulation.weights("e e")["strength"][chosen]))
    w = np.concatenate([simulation.weights("e e")["strength"], simulation.weights("e i")["strength"]])
    target = float(simulation.weights("e e")["strength"][chosen])
    return np.array(course), target, w, rewards, seen/cells/until*1000


def stimulus(seed, minutes, cells, groups):
    """Of each presentation its minute, whether it is of the first group, and the spikes that answer it."""
    rng = np.random.default_rng(seed)
    until = minutes*60e3
    when = np.cumsum(rng.uniform(100, 300, int(until/200)))
    when = np.round(when[when < until - 200])
    which = rng.integers(0, groups, len(when))
    members = np.array([rng.choice(cells, cells//20, replace=False) for _ in range(groups)])
    rewards = [(float(round(t + rng.uniform(0, 1000))), 0.05) for t in when[which == 0]]
    simulation = apical.Simulation(network(rng, cells, rewards, (which, when, members)), dt="1 ms", seed=seed)
    simulation.run((until, "ms"))
    excitatory = np.sort(simulation.spikes["time"][simulation.spikes["population"] == 0])
    own = (members < 4*cells//5).sum(axis=1)
    answers = np.searchsorted(excitatory, when + ANSWER) - np.searchsorted(excitatory, when) - own[which]
    return when/60e3, which == 0, answers


def compared(minute, is_first, answers, begin, end):
    """In a span of time: the mean answer of the first group over that of others, and how often the first is answered by more than three quarters of the others are."""
    now = (minute >= begin) & (minute < end)
    first, others = answers[now & is_first], answers[now & ~is_first]
    return float(first.mean()/others.mean()), float((first > np.quantile(others, 0.75)).mean())


def draw(course, weights, minute, is_first, answers, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3), layout="constrained")
    left.plot(course[:, 0]/60, course[:, 1])
    left.set(xlabel="time [min]", ylabel="weight of the rewarded synapse", ylim=(0, 1.05*HIGHEST))
    middle.hist(weights, bins=40)
    middle.set(xlabel="weight of all synapses", yscale="log")
    for is_it, name in ((True, "first group"), (False, "others")):
        edges = np.linspace(0, minute.max(), 11)
        means = [answers[(is_first == is_it) & (minute >= a) & (minute <= b)].mean() for a, b in zip(edges, edges[1:])]
        right.plot((edges[1:] + edges[:-1])/2, means, label=name)
    right.set(xlabel="time [min]", ylabel="spikes that answer a group")
    right.legend(frameon=False)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=["synapse", "stimulus"], choices=["synapse", "stimulus"])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--groups", type=int, default=20)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    rows, answered, drawn = [], [], {}
    for seed in range(1, given.seeds + 1):
        began = time.perf_counter()
        if "synapse" in given.only:
            course, target, w, rewards, rate = synapse(seed, given.minutes, given.cells)
            saturated = course[course[:, 1] > 0.95*HIGHEST, 0]
            rows.append([str(seed), f"{target:.2f}", f"{saturated[0]/60:.1f}" if len(saturated) else "-", f"{w.mean():.2f}", f"{100*(w > 0.95*HIGHEST).mean():.2f}", str(rewards), f"{rate:.1f}",
                         f"{time.perf_counter() - began:.0f}"])
            print(f"seed {seed}: {', '.join(rows[-1][1:])}", flush=True)
            drawn.setdefault("synapse", (course, w))
        if "stimulus" in given.only:
            of_seed = stimulus(seed, given.minutes, given.cells, given.groups)
            answered.append([*compared(*of_seed, 0, given.minutes/5), *compared(*of_seed, 0.8*given.minutes, given.minutes)])
            drawn.setdefault("stimulus", of_seed)
    if rows:
        study.print_table(["seed", "weight of the rewarded synapse", "at the highest after [min]", "mean of all", "at the highest [%]", "rewards", "rate [Hz]", "time [s]"], rows)
    if answered:
        columns = list(zip(*answered))
        study.print_table(["", "answer over that of others", "answered by more than 3/4 of others are [%]"],
                          [[name, study.told(columns[2*k]), study.told(columns[2*k + 1], 100, 0)] for k, name in enumerate(("first fifth", "last fifth"))])
    if given.picture:
        draw(*drawn["synapse"], *drawn["stimulus"], given.picture)


if __name__ == "__main__":
    main()
