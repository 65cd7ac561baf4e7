# SPDX-License-Identifier: BSD-3-Clause
"""Row 8: an animal that finds its way to a place it cannot see, by spiking critics and actors that are told one number.

    PYTHONPATH=build/release/python python bench/learning/maze.py

After Fremaux, Sprekeler & Gerstner (2013). Cells of places excite critics, whose rate, filtered, is the value of where the animal is, and actors on a ring of directions, which excite their neighbours
and inhibit all others. The animal goes where the actors' spikes point. Dopamine is the error of prediction V' - V/tau, and at the goal what the reward exceeds the value by. All synapses from places
learn by `td_stdp`. An animal whose actors do not learn is told beside it.

Nothing but spikes and dopamine passes between the program and the circuit: spikes of place cells are sent as the animal goes, so this is what `Simulation.send` is for. A seed decides all draws.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

SIDE, GOAL, RADIUS, SPEED = 1.0, np.array([0.75, 0.5]), 0.12, 0.35e-3  # m, m, m, m/ms
GRID, WIDTH, PEAK = 9, 0.11, 0.1  # place cells of a side, m, spikes/ms
CRITICS, ACTORS, TAU = 60, 60, 2000.0  # cells, cells, ms
H, PAUSE, LONGEST = 10.0, 1000.0, 20e3  # ms between looks at the circuit, after a trial, of a trial
SLOW, FAST, HEADING = 200.0, 50.0, 60.0  # ms: filters of the value, and of the direction
NU, WALL = 0.04, 0.02  # value of a critic's spike, and what a wall takes away


def circuit(learns):
    """Critics and actors, and place cells whose spikes are to be sent."""
    lif = apical.models.lif(c_m="200 pF", g_leak="10 nS", e_leak="-65 mV")
    made = apical.Circuit(
        apical.SpikeSource("places", GRID**2),
        apical.Population("critics", lif, size=CRITICS),
        apical.Population("actors", lif, size=ACTORS),
        apical.Modulator("dopamine", tau="1e15 ms"),
        apical.SpikeDetector(on="critics"),
        apical.SpikeDetector(on="actors"),
    )
    for name, eta, high, sd, tau in (("critics", 25, 5, "0.06 nA", "10 ms"), ("actors", 60 if learns else 0, 5, "0.12 nA", "150 ms")):
        made.add(
            apical.Injection(apical.NoiseCurrent("0 ms", "1e12 ms", "0.06 nA", sd, tau=tau), on=name),
            apical.Projection(f"to {name}", "places", name, apical.AllToAll(), "expsyn", apical.RandomValue.uniform("0.5 nS", "1 nS"), parameters={"tau": "5 ms"}, delay="1 ms",
                              learning=apical.Learning("td_stdp", {"eta": (eta, "1/ms")}, unit="1 nS", high=high, interval=(H, "ms"))),
        )
    angle = np.arange(ACTORS)*2*np.pi/ACTORS
    source, target = (index.ravel() for index in np.indices((ACTORS, ACTORS)))
    near = np.exp(8*(np.cos(angle[source] - angle[target]) - 1))
    for name, which, weight, e_rev in (("excite", near > 0.05, 1.0*near, "0 mV"), ("inhibit", near < 0.3, 0.8*np.ones(len(near)), "-80 mV")):
        which = which & (source != target)
        made.add(apical.Projection(name, "actors", "actors", apical.ContactList(source[which], target[which], weight=(weight[which], "nS")), "expsyn", "1 nS",
                                   parameters={"tau": "10 ms", "e_rev": e_rev}, delay="2 ms"))
    return made


class Animal:
    """A circuit and where it is."""

    def __init__(self, seed, learns):
        self.rng = np.random.default_rng(seed)
        self.simulation = apical.Simulation(circuit(learns), dt="1 ms", seed=seed)
        self.centres = np.stack(np.meshgrid(np.linspace(0, SIDE, GRID), np.linspace(0, SIDE, GRID)), axis=-1).reshape(-1, 2)
        self.unit = np.exp(1j*np.arange(ACTORS)*2*np.pi/ACTORS)
        self.slow = self.fast = self.value = self.told = 0.0
        self.heading, self.seen = 0j, 0

    def look(self):
        """Spikes of the last piece of time: the value, and where to go."""
        spikes = self.simulation.spikes[self.seen :].copy()
        self.seen += len(spikes)
        critics = int((spikes["population"] == 0).sum())
        self.slow, self.fast = self.slow*np.exp(-H/SLOW) + critics, self.fast*np.exp(-H/FAST) + critics
        self.value = NU*1000/CRITICS*(self.slow - self.fast)/(SLOW - FAST)
        self.heading = self.heading*np.exp(-H/HEADING) + self.unit[spikes["cell"][spikes["population"] == 1]].sum()

    def tell(self, error):
        self.simulation.release("dopamine", error - self.told)
        self.told = error

    def run(self, place=None):
        now = self.simulation.time
        if place is not None:
            counts = self.rng.poisson(H*PEAK*np.exp(-((self.centres - place)**2).sum(axis=1)/2/WIDTH**2))
            which = np.repeat(np.arange(GRID**2), counts)
            self.simulation.send("places", which, (now + self.rng.uniform(0, H, len(which)), "ms"))
        self.simulation.run((now + H, "ms"))

    def trial(self):
        """Time to the goal, or until it is given up [ms], and the way."""
        while np.linalg.norm((place := self.rng.uniform(0.1, 0.9, 2)*SIDE) - GOAL) < 0.35:
            pass
        way, elapsed, before, arrived = [place], 0.0, None, False
        while elapsed < LONGEST and not arrived:
            self.run(place)
            self.look()
            elapsed += H
            step = SPEED*H*self.heading/max(abs(self.heading), 1e-9)
            wanted = place + np.array([step.real, step.imag])
            place = np.clip(wanted, 0, SIDE)
            way.append(place)
            arrived = np.linalg.norm(place - GOAL) < RADIUS
            if arrived:
                self.tell((1 - self.value)/H)
            elif before is not None and elapsed > 300:
                self.tell((self.value - before)/H - self.value/TAU - (WALL/H if (place != wanted).any() else 0))
            before = self.value
        self.run()
        self.tell(0)
        for _ in range(int(PAUSE/H)):
            self.run()
            self.look()
        return elapsed, np.array(way)


def draw(latency, idle, animal, ways, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.3), layout="constrained", width_ratios=(1.4, 1, 1))
    for some, name, colour in ((latency, "actors learn", "C0"), (idle, "they do not", "0.6")):
        mean, error = some.mean(axis=0)/1000, some.std(axis=0)/np.sqrt(len(some))/1000
        left.fill_between(np.arange(1, len(mean) + 1), mean - error, mean + error, color=colour, alpha=0.25, linewidth=0)
        left.plot(np.arange(1, len(mean) + 1), mean, color=colour, label=name)
    left.set(xlabel="trial", ylabel="time to the goal [s]", ylim=(0, None))
    left.legend(frameon=False)
    for panel, some, name in ((middle, ways[:4], "first trials"), (right, ways[-4:], "last trials")):
        for way in some:
            panel.plot(*way.T, linewidth=0.9)
            panel.plot(*way[0], "k.")
        panel.add_patch(plt.Circle(GOAL, RADIUS, color="C1", alpha=0.5))
        panel.set(xlim=(0, SIDE), ylim=(0, SIDE), aspect="equal", title=name, xticks=[], yticks=[])
    w = animal.simulation.weights("to actors")
    field = np.zeros(GRID**2, complex)
    np.add.at(field, w["source"], w["strength"]*animal.unit[w["target"]])
    right.quiver(*animal.centres.T, field.real, field.imag, color="0.4", width=0.006)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    began, latency = time.perf_counter(), {}
    for learns in (True, False):
        of_seeds = []
        for seed in range(1, given.seeds + 1):
            animal, ways, times = Animal(seed, learns), [], []
            for _ in range(given.trials):
                elapsed, way = animal.trial()
                times.append(elapsed), ways.append(way)
            of_seeds.append(times)
            if learns and seed == 1:
                shown = animal, ways
        latency[learns] = np.array(of_seeds)
    rows = []
    for learns, name in ((True, "actors learn"), (False, "they do not")):
        first, last = latency[learns][:, :4].mean(axis=1)/1000, latency[learns][:, -4:].mean(axis=1)/1000
        rows.append([name, study.told(list(first), 1, 1), study.told(list(last), 1, 1), study.told(list(last/first))])
    study.print_table(["", "time to the goal, first four trials [s]", "last four [s]", "last over first"], rows)
    print(f"{(time.perf_counter() - began)/given.seeds/2:.0f} s an animal")
    if given.picture:
        draw(latency[True], latency[False], *shown, given.picture)


if __name__ == "__main__":
    main()
