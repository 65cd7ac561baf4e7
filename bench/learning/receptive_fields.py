# SPDX-License-Identifier: BSD-3-Clause
"""Row 16: what a cell comes to see that learns from patches of pictures, by its potential, by triplets of spikes, and by calcium.

    PYTHONPATH=build/release/python python bench/learning/receptive_fields.py

Patches of dead leaves, filtered as by cells of the retina, are shown for 200 ms each. Every pixel has an ON and an OFF input, Poisson trains whose rates are the parts of its
contrast above and below zero. All of them excite cells with weights that learn by one rule, within bounds, and whose sums, of the ON and of the OFF inputs of a cell, are held
every two seconds. Afterwards: is there a place that the cell looks at, and are weights either weak or strong?

A seed decides pictures, trains and first weights; the cells of a seed see the same. Published runs have 16 x 16 pixels and hours: --pixels 16 --minutes 300.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import patches
import study

import apical

SHOWN, PIECE = 200.0, 25  # ms of a patch, and how many are sent at once
WINDOW = 5  # pixels, of the place that holds most of a field


def soma():
    """One compartment with channels of pyramidal cells. Its spikes have a shape, which rules that follow the potential need."""
    shape = apical.Morphology()
    shape.add("soma", [(0, 0, 0, 30), (30, 0, 0, 30)])
    cell = apical.Cell(shape, v_init="-70 mV")
    cell.paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")
    cell.paint("all", "pas", g="1e-4 S/cm2", e_rev="-70 mV").paint("all", "nata_t", g_max="1.5 S/cm2").paint("all", "skv3_1", g_max="0.4 S/cm2")
    return cell.paint("all", "im", g_max="1e-4 S/cm2").paint("all", ion="na", e_rev="50 mV").paint("all", ion="k", e_rev="-85 mV")


#: Of each rule: the cell, its step [ms], the receptor's weight 1, the highest weight, the sum of weights over the highest possible, and how it learns.
RULES = {
    "clopath": dict(cell=soma, dt=0.1, unit="0.2 nS", high=3.0, total=0.25, learning=lambda: ("clopath", {"tau_mean": "1 s", "a_ltp": "4e-4 mV^-2", "a_ltd": "7e-4 mV^-1"}, "")),
    "triplet_stdp": dict(cell=lambda: apical.models.build("lif"), dt=0.5, unit="3.6 nS", high=1.0, total=0.25, learning=lambda: ("triplet_stdp", {}, "visual_cortex")),
    "graupner_brunel": dict(cell=lambda: apical.models.build("lif"), dt=0.5, unit="1.2 nS", high=3.0, total=None, learning=lambda: ("graupner_brunel", {"w_1": 3}, "dp_curve")),
}


def circuit(name, pixels, cells, rng):
    """Cells that see pixels squared ON and as many OFF inputs."""
    how, n = RULES[name], pixels**2
    rule, parameters, published = how["learning"]()
    total = how["total"]*how["high"]*n if how["total"] else None
    made = apical.Circuit(apical.Population("cells", how["cell"](), size=cells), apical.SpikeDetector(on="cells"))
    for side in ("on", "off"):
        first = rng.uniform(0.5, 1.5, cells*n)*0.25*how["high"]
        contacts = apical.ContactList(np.tile(np.arange(n), cells), np.repeat(np.arange(cells), n), weight=(first*float(how["unit"].split()[0]), "nS"))
        learning = apical.Learning(rule, parameters, published=published, unit=how["unit"], high=how["high"], total=total, total_interval="2 s")
        made.add(apical.SpikeSource(side, size=n), apical.Projection(side, side, "cells", contacts, "expsyn", how["unit"], parameters={"tau": "3 ms"}, delay="1 ms", learning=learning))
    return made


def trains(rng, seen, rate):
    """Poisson spikes of ON and OFF inputs while patches [count x size x size] are shown one after another: (which, when [ms]) of each."""
    flat = seen.reshape(len(seen), -1)
    for part in (np.maximum(flat, 0), np.maximum(-flat, 0)):
        counts = rng.poisson(np.minimum(rate*part, 100)*SHOWN/1000)
        patch, which = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
        yield which, (patch + rng.uniform(0, 1, len(patch)))*SHOWN


def learnt(name, seed, pixels, cells, minutes, rate):
    """Weights of ON and OFF inputs at the beginning and the end [2 x cells x pixels x pixels], and the rate of the cells [Hz]."""
    rng = np.random.default_rng(seed)
    pictures = [patches.contrast(patches.dead_leaves(rng)) for _ in range(4)]
    simulation = apical.Simulation(circuit(name, pixels, cells, rng), dt=(RULES[name]["dt"], "ms"), temperature="34 degC", seed=seed)

    def weights():
        return np.stack([simulation.weights(side)["strength"].reshape(cells, pixels, pixels) for side in ("on", "off")])

    first = weights()
    for _ in range(max(1, round(minutes*60e3/SHOWN/PIECE))):
        now = simulation.time
        for side, (which, when) in zip(("on", "off"), trains(rng, patches.patches(rng, pictures, PIECE, pixels), rate)):
            simulation.send(side, which, (now + when, "ms"))
        simulation.run((now + PIECE*SHOWN, "ms"))
    half = simulation.time/2
    spikes = sum(t > half for t in simulation.spikes["time"])
    return first, weights(), spikes/cells/half*1000


def share_of_window(field):
    """The largest part of a field's square that lies in a window; of a field that is alike everywhere 25/pixels^2."""
    square = field**2
    sums = np.lib.stride_tricks.sliding_window_view(square, (WINDOW, WINDOW)).sum(axis=(2, 3))
    return float(sums.max()/square.sum())


def judged(first, last, high, rng):
    """Figures of one cell: of its field, of one with the same weights in other places, and of all its weights."""
    field = last[0] - last[1]
    shuffled = rng.permutation(field.ravel()).reshape(field.shape)
    w = last.ravel()/high
    return {"window": share_of_window(field), "shuffled": share_of_window(shuffled), "before": share_of_window(first[0] - first[1]), "orientation": patches.orientation_selectivity(field),
            "weak": float((w < 0.2).mean()), "strong": float((w > 0.8).mean())}


def draw(fields, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows, columns = len(fields), max(len(f) for f in fields.values())
    figure, axes = plt.subplots(rows, columns, figsize=(1.2*columns + 0.6, 1.25*rows), squeeze=False, layout="constrained")
    for row, (name, some) in zip(axes, fields.items()):
        for panel in row:
            panel.set_xticks([]), panel.set_yticks([])
        for panel, field in zip(row, some):
            panel.imshow(field, cmap="RdBu_r", vmin=-abs(field).max(), vmax=abs(field).max())
        row[0].set_ylabel(name, fontsize="small")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", nargs="*", default=list(RULES), choices=list(RULES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cells", type=int, default=3, help="that see the same, from other first weights")
    parser.add_argument("--pixels", type=int, default=12, help="of the side of a patch")
    parser.add_argument("--minutes", type=float, default=5, help="of showing, for each seed")
    parser.add_argument("--rate", type=float, default=20, help="Hz of an input at a contrast of one standard deviation")
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    rows, fields = [], {}
    for name in given.rules:
        figures, rates, began = [], [], time.perf_counter()
        fields[name] = []
        for seed in range(1, given.seeds + 1):
            first, last, rate = learnt(name, seed, given.pixels, given.cells, given.minutes, given.rate)
            rates.append(rate)
            of_seed = [judged(first[:, k], last[:, k], RULES[name]["high"], np.random.default_rng(k)) for k in range(given.cells)]
            figures.append({key: float(np.mean([f[key] for f in of_seed])) for key in of_seed[0]})
            fields[name] += list(last[0, : 10//given.seeds] - last[1, : 10//given.seeds])
        rows.append([f"`{name}`", *(study.told([f[key] for f in figures]) for key in figures[0]), study.told(rates, 1, 1), f"{(time.perf_counter() - began)/given.seeds:.0f}"])
    study.print_table(["rule", f"in a window of {WINDOW} x {WINDOW}", "shuffled", "before", "orientation", "weights below 0.2", "above 0.8", "rate [Hz]", "time [s]"], rows)
    if given.picture:
        draw(fields, given.picture)


if __name__ == "__main__":
    main()
