# SPDX-License-Identifier: BSD-3-Clause
"""Row 13: rules that change without notice, and modulators that know it; and three areas, one of which is to learn.

    PYTHONPATH=build/release/python python bench/learning/context_switching.py

Two stimuli ask for two responses: one for each in the first context, the other way round in the second, and nobody says when the context changes. Synapses from association cells to response
cells learn by `sequential_modulation`: dopamine, after a right response, makes those that were active grow, acetylcholine, after a wrong one, makes them shrink. Association cells answer a
stimulus together with one of two groups of context cells, which hold each other down, so that one is active. Noradrenaline silences both for a moment; the one that was active has adapted,
and the other takes over. So what was learned in one context is not unlearned in the other. Without noradrenaline the same circuit has to learn anew after every change.

The environment keeps, after Yu & Dayan (2005), how reliable responses are (acetylcholine tells how unreliable) and how likely it is that the context has changed; when that exceeds A/(1/2 + A), of
acetylcholine A, noradrenaline is released. The cost of a switch is the number of trials before five right responses in a row.

Then: three areas hear inputs all the time, and each in its turn is taught a pattern by a teacher that makes its cells fire with it. Dopamine is released in the area that is taught only, or
in all. How much do weights of the other areas change, and what is left at the end of what each was taught?

A seed decides stimuli and trains.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

TRIAL, ON, LENGTH, JUDGED = 500.0, 50.0, 200.0, 260.0  # ms: a trial, its stimulus from and for so long, and when the response is judged
AXONS, GROUP = 20, 10
STREAK = 5
AREAS = ("visual", "auditory", "motor")


def excite(circuit, name, source, target, weight, rule=None, tau="5 ms", **more):
    circuit.add(apical.Projection(name, source, target, rule or apical.AllToAll(), "expsyn", weight, parameters={"tau": tau, "e_rev": "0 mV"}, delay="1 ms", **more))


def inhibit(circuit, name, source, target, weight, tau="10 ms"):
    circuit.add(apical.Projection(name, source, target, apical.AllToAll(), "expsyn", weight, parameters={"tau": tau, "e_rev": "-80 mV"}, delay="1 ms"))


def switcher(stimuli, rng, has_noradrenaline):
    """The circuit, with the trains of so many trials."""
    circuit = apical.Circuit()
    quick = apical.models.lif(c_m="100 pF", g_leak="10 nS", t_refractory="1 ms")
    for k in "AB":
        trials = np.flatnonzero(np.array(list(stimuli)) == k)
        counts = rng.poisson(0.06*LENGTH, (len(trials), AXONS))
        trial, axon = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
        circuit.add(apical.SpikeSource(k, AXONS, axon, (trials[trial]*TRIAL + ON + rng.uniform(0, LENGTH, len(trial)), "ms")))
    # contexts: each keeps itself active and holds the other down; who was active is tired for seconds
    lasting = apical.models.adex(c_m="200 pF", g_leak="10 nS", e_leak="-70 mV", v_t="-50 mV", a="0 nS", tau_w="3 s", b="0.25 pA", v_reset="-58 mV", v_peak="0 mV", t_refractory="5 ms")
    for c in "12":
        circuit.add(apical.Population(f"context {c}", lasting, size=2*GROUP), apical.Population(f"against {c}", quick, size=5), apical.SpikeSource(f"drive {c}", size=2*GROUP, rate="280 Hz"))
        excite(circuit, f"drive {c}", f"drive {c}", f"context {c}", "3.5 nS", apical.OneToOne())
        excite(circuit, f"keep {c}", f"context {c}", f"context {c}", "0.07 nS", tau="50 ms")
        excite(circuit, f"to against {c}", f"context {c}", f"against {c}", "1 nS")
    inhibit(circuit, "1 against 2", "against 1", "context 2", "12 nS")
    inhibit(circuit, "2 against 1", "against 2", "context 1", "12 nS")
    # association cells answer a stimulus in a context
    for k in "AB":
        for c in "12":
            circuit.add(apical.Population(k + c, apical.models.build("lif"), size=GROUP))
            excite(circuit, f"stimulus {k}{c}", k, k + c, "0.75 nS")
            excite(circuit, f"context {k}{c}", f"context {c}", k + c, "1.1 nS")
    # responses
    for r in "LR":
        circuit.add(apical.Population(r, apical.models.build("lif"), size=GROUP), apical.Population(f"against {r}", quick, size=5), apical.SpikeSource(f"noise {r}", size=GROUP, rate="300 Hz"))
        excite(circuit, f"noise {r}", f"noise {r}", r, "2.6 nS", apical.OneToOne())
        excite(circuit, f"to against {r}", r, f"against {r}", "1.5 nS")
        for k in "AB":
            for c in "12":
                learning = apical.Learning("sequential_modulation", {"tau_e": "150 ms", "eta_plus": "0.0003 1/ms", "eta_minus": "0.0003 1/ms"}, unit="1 nS", high=5.0, interval="1 ms")
                excite(circuit, f"{k}{c} {r}", k + c, r, "1.5 nS", learning=learning)
    inhibit(circuit, "L against R", "against L", "R", "5 nS")
    inhibit(circuit, "R against L", "against R", "L", "5 nS")
    circuit.add(apical.Modulator("dopamine", tau="100 ms"), apical.Modulator("acetylcholine", tau="100 ms"))
    if has_noradrenaline:
        silence = [apical.ModulatorEffect("v_t", population=f"context {c}", shift="30 mV", half=0.1, hill=4) for c in "12"]
        circuit.add(apical.Modulator("noradrenaline", tau="60 ms", effects=silence))
    return circuit


class Environment:
    """Who knows what is right, and keeps how likely it is that this has changed."""

    def __init__(self, hazard=0.02):
        self.hazard, self.reliability, self.odds = hazard, 0.5, hazard

    def uncertainty(self):
        """Acetylcholine: how often responses are wrong though nothing has changed."""
        return 1 - self.reliability

    def sees(self, is_right):
        """Whether noradrenaline is released after this response."""
        as_ever = self.reliability if is_right else 1 - self.reliability
        self.odds = (self.odds + self.hazard)*(1 - as_ever)/as_ever
        changed = self.odds/(1 + self.odds)
        if changed > self.uncertainty()/(0.5 + self.uncertainty()) and not is_right:
            self.odds = self.hazard
            return True
        self.reliability += 0.08*(is_right - self.reliability)*(1 - changed)
        self.reliability = min(max(self.reliability, 0.5), 0.85)
        return False


def switches(seed, block, blocks, has_noradrenaline):
    """Whether each response was right [blocks x block], and the group of context cells that was active."""
    rng = np.random.default_rng(seed)
    stimuli = "".join(rng.choice(list("AB"), block*blocks))
    simulation = apical.Simulation(switcher(stimuli, rng, has_noradrenaline), dt="0.5 ms", seed=seed)
    populations, seen = simulation.plan.populations, 0
    mind, right, active = Environment(), [], []
    for trial, stimulus in enumerate(stimuli):
        simulation.run((trial*TRIAL + JUDGED, "ms"))
        spikes = simulation.spikes[seen:].copy()
        seen += len(spikes)
        spikes = spikes[spikes["time"] > trial*TRIAL + ON]
        counts = dict(zip(populations, np.bincount(spikes["population"], minlength=len(populations))))
        wanted = "LR"[("AB".index(stimulus) + trial//block) % 2]
        is_right = counts[wanted] > counts["LR".replace(wanted, "")]
        right.append(is_right), active.append(1 if counts["context 2"] > counts["context 1"] else 0)
        simulation.release("dopamine" if is_right else "acetylcholine", max(mind.uncertainty(), 0.3))
        simulation.run((trial*TRIAL + JUDGED + 100, "ms"))
        if mind.sees(is_right) and has_noradrenaline:
            simulation.release("noradrenaline", 1)
        simulation.run(((trial + 1)*TRIAL, "ms"))
    return np.array(right).reshape(blocks, block), np.array(active).reshape(blocks, block)


def cost(right):
    """Trials before a streak of right responses; all of the block if there is none."""
    runs = np.convolve(right, np.ones(STREAK, int), "valid") == STREAK
    return int(np.argmax(runs)) if runs.any() else len(right)


def areas(seed, everywhere, minutes=0.5, rest=5e3):
    """Three areas, taught one after another. The largest change of a weight of areas that have not been taught yet; that of areas after they were taught; and by how much, at the end, the weights
    of each area's taught axons exceed those of the others."""
    rng, part = np.random.default_rng(seed), minutes*60e3
    begins = [k*(part + rest) for k in range(len(AREAS))]
    circuit = apical.Circuit()
    for name, begin in zip(AREAS, begins):
        taught = np.sort(rng.uniform(begin + 20, begin + part - 1000, int(part*0.005)))
        axons = np.repeat(np.arange(AXONS//2), len(taught))
        circuit.add(
            apical.Population(name, apical.models.build("lif"), size=GROUP),
            apical.SpikeSource(f"to {name}", AXONS, axons, (np.tile(taught, AXONS//2) - rng.uniform(2, 12, len(axons)), "ms"), rate="5 Hz"),
            apical.SpikeSource(f"teacher of {name}", 1, np.zeros(len(taught), int), (taught, "ms"), rate="3 Hz"),
            apical.Projection(f"teacher of {name}", f"teacher of {name}", name, apical.AllToAll(), "psc_exp", "15 nA", parameters={"tau": "0.5 ms"}, delay="1 ms"),
            apical.Projection(f"to {name}", f"to {name}", name, apical.AllToAll(), "expsyn", "0.05 nS", parameters={"tau": "5 ms"}, delay="1 ms",
                              learning=apical.Learning("dopamine_stdp", {"tonic": "0 Hz", "a_plus": 0.02, "a_minus": 0.03, "tau_e": "200 ms"}, unit="0.05 nS", high=3, region=name, interval="1 ms")),
            apical.Modulator("dopamine", name, tau="200 ms", releases=[(float(t), 0.01) for b in (begins if everywhere else [begin]) for t in np.arange(b + 50, b + part, 200)]),
        )
    simulation = apical.Simulation(circuit, dt="0.5 ms", seed=seed)

    def weights():
        return np.array([simulation.weights(f"to {name}")["strength"].reshape(GROUP, AXONS) for name in AREAS])

    before, yet, after = weights(), [0.0], [0.0]
    for k, begin in enumerate(begins):
        simulation.run((begin + part + rest, "ms"))
        now = weights()
        yet += [float(abs(now[j] - before[j]).max()) for j in range(k + 1, len(AREAS))]
        after += [float(abs(now[j] - before[j]).max()) for j in range(k)]
        before = now
    return max(yet), max(after), float((now[:, :, : AXONS//2].mean(axis=(1, 2)) - now[:, :, AXONS//2 :].mean(axis=(1, 2))).mean())


def draw(right, active, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panel = plt.subplots(figsize=(9, 2.8), layout="constrained")
    for (name, all_right), colour in zip(right.items(), ("C0", "0.6")):
        share = np.mean([r.ravel() for r in all_right], axis=0)
        panel.plot(np.convolve(share, np.ones(5)/5, "valid"), color=colour, label=name)
    blocks, block = all_right[0].shape
    for k in range(1, blocks):
        panel.axvline(k*block, color="0.5", linewidth=0.8, linestyle=":")
    panel.plot(np.arange(blocks*block), np.where(active.ravel() == active[0, -1], -0.06, -0.12), "|", color="C3", markersize=4)
    panel.set(xlabel="trial; the rule changes at the dots; below, in red, the active group of the first draw", ylabel="right, of five trials", ylim=(-0.17, 1.03))
    panel.legend(frameon=False, loc="lower right")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=["switches", "areas"], choices=["switches", "areas"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--block", type=int, default=60, help="trials of a context")
    parser.add_argument("--blocks", type=int, default=8)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    if "switches" in given.only:
        rows, right = [], {}
        for name, has_noradrenaline in (("with noradrenaline", True), ("without", False)):
            began = time.perf_counter()
            drawn = [switches(seed, given.block, given.blocks, has_noradrenaline) for seed in range(1, given.seeds + 1)]
            right[name] = [r for r, _ in drawn]
            if has_noradrenaline:
                active = drawn[0][1]
            # both contexts have been learned once by the third block
            rows.append([name, study.told([cost(r[0]) for r, _ in drawn], 1, 1), study.told([cost(r[1]) for r, _ in drawn], 1, 1),
                         study.told([float(np.mean([cost(block) for block in r[2:]])) for r, _ in drawn], 1, 1), study.told([r[2:, :10].mean() for r, _ in drawn], 100, 0),
                         study.told([r[2:, -10:].mean() for r, _ in drawn], 100, 0), f"{(time.perf_counter() - began)/given.seeds:.0f}"])
        study.print_table(["", "first context learned [trials]", "second", "cost of a later switch [trials]", "right in ten trials after it [%]", "in the last ten of a context [%]", "time [s]"], rows)
        if given.picture:
            draw(right, active, given.picture)
    if "areas" in given.only:
        rows = []
        for name, everywhere in (("in the area that is taught", False), ("in all areas", True)):
            drawn = [areas(seed, everywhere) for seed in range(1, given.seeds + 1)]
            rows.append([name, *(f"{max(d[k] for d in drawn):.3g}" for k in (0, 1)), study.told([d[2] for d in drawn])])
        study.print_table(["dopamine", "largest change before an area is taught", "after it was taught", "what was taught, at the end"], rows)


if __name__ == "__main__":
    main()
