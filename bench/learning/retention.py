# SPDX-License-Identifier: BSD-3-Clause
"""Row 16: how long a synapse remembers while its cells go on firing, by how fast calcium moves it.

    PYTHONPATH=build/release/python python bench/learning/retention.py

Synapses of the rule of Graupner & Brunel (2012), half of them in the upper state and half in the lower, between axons and cells that fire at random. The speeds of rise and fall, gamma_p and
gamma_d, and with them the variance of the noise, are the published ones times a factor. Asked is when half of the synapses that began above are below the middle. Where calcium decides alone, a half-life is inverse to the
speed; where it moves a synapse less than the two wells hold it, memory lasts longer than that.

A seed decides trains and noise. With --minutes 3000 smaller factors have half-lives too.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

NEGLIGIBLE, GAMMA_D, GAMMA_P, SIGMA = "1e-9 nA", 331.909, 725.085, 3.3501  # of the set "cortical_slices"
FACTORS = [1, 1/2, 1/4, 1/8, 1/16, 1/32, 1/64, 1/128]


def circuit(cells, axons, rate):
    """Cells that a teacher fires at random; axons whose synapses on them learn and do nothing else, a projection for each factor."""
    made = apical.Circuit(
        apical.Population("cells", apical.models.build("lif"), size=cells),
        apical.SpikeSource("teacher", size=cells, rate=(rate, "Hz")),
        apical.SpikeSource("axons", size=axons, rate=(rate, "Hz")),
        apical.Projection("teacher", "teacher", "cells", apical.OneToOne(), "psc_exp", "15 nA", parameters={"tau": "0.5 ms"}),
    )
    pair = np.arange(axons*cells)
    for k, factor in enumerate(FACTORS):
        contacts = apical.ContactList(pair % axons, pair//axons, weight=(pair % 2*float(NEGLIGIBLE.split()[0]), "nA"))
        learning = apical.Learning("graupner_brunel", {"gamma_d": factor*GAMMA_D, "gamma_p": factor*GAMMA_P, "sigma": factor**0.5*SIGMA}, published="cortical_slices", unit=NEGLIGIBLE, low=-100, high=100)
        made.add(
            apical.Projection(str(k), "axons", "cells", contacts, "psc_exp", NEGLIGIBLE, parameters={"tau": "0.5 ms"}, delay="1 ms", learning=learning),
            apical.WeightProbe(str(k), str(k), interval="30 s"),
        )
    return made


def shares(given, seed):
    """Minutes, and of each factor the share of synapses that are up, of those that began up and of those that began down [factors x times x 2]."""
    simulation = apical.Simulation(circuit(given.cells, given.axons, given.rate), dt="1 ms", seed=seed)
    simulation.run((given.minutes*60, "s"))
    kept = [simulation.weight_recordings[str(k)]["weight"] for k in range(len(FACTORS))]
    began_up = kept[0][0] > 0
    middle = kept[0][0].max()/2
    return simulation.weight_recordings["0"]["time"]/60e3, np.array([[(w[:, began_up] > middle).mean(axis=1), (w[:, ~began_up] > middle).mean(axis=1)] for w in kept]).transpose(0, 2, 1)


def half_life(minutes, share):
    """When half of them are no longer up [minutes], or infinity."""
    below = np.flatnonzero(share <= 0.5)
    if len(below) == 0:
        return np.inf
    k = below[0]
    return minutes[k - 1] + (share[k - 1] - 0.5)/(share[k - 1] - share[k])*(minutes[k] - minutes[k - 1])


def draw(minutes, share, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panel = plt.subplots(figsize=(6, 3), layout="constrained")
    for k, factor in enumerate(FACTORS):
        panel.semilogx(minutes[1:], share[k, 1:, 0], color=plt.cm.viridis(k/len(FACTORS)), label=f"1/{1/factor:.0f}")
    panel.set(xlabel="time [min]", ylabel="still up", ylim=(0, 1.02))
    panel.legend(title="speed", frameon=False, fontsize="small", ncols=2)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--cells", type=int, default=10)
    parser.add_argument("--axons", type=int, default=40)
    parser.add_argument("--rate", type=float, default=1, help="Hz of axons and cells")
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    began = time.perf_counter()
    drawn = [shares(given, seed) for seed in range(1, given.seeds + 1)]
    minutes, rows = drawn[0][0], []
    for k, factor in enumerate(FACTORS):
        lives = [half_life(minutes, share[k, :, 0]) for _, share in drawn]
        told = study.told(lives, 1, 1) if np.isfinite(lives).all() else f"more than {given.minutes:g}"
        rows.append([f"1/{1/factor:.0f}", told, study.told([factor*life for life in lives], 1, 2) if np.isfinite(lives).all() else "-",
                     study.told([share[k, -1, 0] for _, share in drawn], 100, 1), study.told([share[k, -1, 1] for _, share in drawn], 100, 1)])
    study.print_table(["speed", "half-life [min]", "times speed", "still up at the end [%]", "up, of those that began down [%]"], rows)
    print(f"{(time.perf_counter() - began)/given.seeds:.0f} s a seed")
    if given.picture:
        draw(minutes, np.mean([share for _, share in drawn], axis=0), given.picture)


if __name__ == "__main__":
    main()
