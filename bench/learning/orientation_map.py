# SPDX-License-Identifier: BSD-3-Clause
"""Row 5: a map of orientations that organises itself, and its pinwheels.

    PYTHONPATH=build/release/python python bench/learning/orientation_map.py

The model GCAL of Stevens, Law, Antolik & Bednar (2013), learner `gcal`: long spots of light fall on a retina; units of a sheet of cortex, behind cells with centre and surround that control their gain, excite near
and inhibit further neighbours. Synapses are Hebbian, and the sum over a unit is held; thresholds see to it that units are active as often as they should be.

Measured is with gratings: of each unit the preferred orientation and the selectivity |sum r exp(2i angle)|/sum r of its afferent drive; where the preference of the sheet goes round by 180 degrees
there is a pinwheel. The width of a column is the wavelength of the map, from the ring in its power spectrum; pinwheels in a square of that width are 3.14 in animals.

A seed decides spots and first weights. The published size is 48 x 48 units and 10000 presentations: --side 48 --presentations 10000.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import study

import apical

DENSITY, GENICULATE = 24, 36  # units in a width of the sheet, and of the geniculate's side


def gratings(angles, phases, frequency):
    """What ON and OFF cells make of gratings, as waves of contrast that are cut at zero [angles x phases x 2 GENICULATE^2]."""
    y, x = (np.mgrid[:GENICULATE, :GENICULATE] - (GENICULATE - 1)/2)/DENSITY
    waves = np.cos(2*np.pi*frequency*(x*np.cos(angles)[:, None, None, None] + y*np.sin(angles)[:, None, None, None]) + phases[:, None, None])
    return np.concatenate([np.maximum(waves, 0).reshape(len(angles), len(phases), -1), np.maximum(-waves, 0).reshape(len(angles), len(phases), -1)], axis=2)


def preferences(weights, side):
    """Of each unit sum r exp(2i angle)/sum r, where r is the answer at the best phase and frequency above the mean answer: its argument is twice the angle across the bars."""
    angles, phases = np.arange(16)*np.pi/16, np.arange(8)*np.pi/4
    answers = np.max([(gratings(angles, phases, f).reshape(len(angles)*len(phases), -1) @ weights.T).reshape(len(angles), len(phases), -1).max(axis=1) for f in (1.8, 2.4, 3.0)], axis=0)
    drive = np.maximum(answers - answers.mean(axis=0), 0)
    return ((drive*np.exp(2j*angles)[:, None]).sum(axis=0)/np.maximum(drive.sum(axis=0), 1e-12)).reshape(side, side)


def wavelength(z):
    """Of a map [widths of the sheet]: the mean wave number of the power spectrum, around its ring."""
    side = len(z)
    padded = np.zeros((4*side, 4*side), complex)
    window = np.outer(np.hanning(side), np.hanning(side))
    padded[:side, :side] = (z - z.mean())*window
    power = abs(np.fft.fft2(padded))**2
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(4*side)*side, np.fft.fftfreq(4*side)*side))
    rings = np.arange(0.5, side/2, 0.25)
    radial = np.array([power[(k >= r) & (k < r + 0.25)].mean() for r in rings]) + 1e-30
    peak = int(np.argmax(radial*(rings > 1)))
    near = slice(max(peak - 4, 0), peak + 5)
    return float(1/((rings[near] + 0.125)*radial[near]).sum()*radial[near].sum())


def pinwheels(z):
    """Places [rows, columns] about which the preference of four neighbours turns by 180 degrees, of the map smoothed over a tenth of its wavelength."""
    reach = np.arange(-8, 9)
    kernel = np.exp(-reach**2/2/(0.1*wavelength(z)*len(z))**2)
    for axis in (0, 1):
        z = np.apply_along_axis(lambda line: np.convolve(line, kernel, "same")/np.convolve(np.ones(len(line)), kernel, "same"), axis, z)
    around = [z[:-1, :-1], z[:-1, 1:], z[1:, 1:], z[1:, :-1], z[:-1, :-1]]
    turn = sum(np.angle(b/a) for a, b in zip(around, around[1:]))
    return np.argwhere(abs(turn) > np.pi) + 0.5


def grown(seed, side, presentations, step):
    """The map after so many presentations."""
    training = apical.learn(task="oriented_spots", rule="gcal", hidden=[side**2], epochs=0, seed=seed, examples=min(step, presentations))
    before = preferences(training.weights("forward"), side)
    training.learn(max(1, round(presentations/min(step, presentations))))
    return before, preferences(training.weights("forward"), side), training.weights("forward")


def draw(before, z, places, weights, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.4), layout="constrained")
    for panel, field, name in zip(axes, (before, z), ("before", "after")):
        panel.imshow(np.angle(field) % (2*np.pi), cmap="hsv", vmin=0, vmax=2*np.pi)
        panel.set(title=f"preferred orientation, {name}", xticks=[], yticks=[])
    axes[1].plot(places[:, 1], places[:, 0], "wo", markeredgecolor="k", markersize=5)
    side, middle = len(z), (GENICULATE - DENSITY)//2
    some = np.linspace(1, side - 2, 6).round().astype(int)
    fields = [[(weights[r*side + c][: GENICULATE**2] - weights[r*side + c][GENICULATE**2 :]).reshape(GENICULATE, GENICULATE) for c in some] for r in some]
    reach = 7
    tiles = []
    for r, row in zip(some, fields):
        centre_r = int(middle + (r + 0.5)*DENSITY/side)
        tiles.append(np.concatenate([f[centre_r - reach + 1 : centre_r + reach, (cc := int(middle + (c + 0.5)*DENSITY/side)) - reach + 1 : cc + reach]/abs(f).max() for c, f in zip(some, row)], axis=1))
    axes[2].imshow(np.concatenate(tiles), cmap="gray", vmin=-1, vmax=1)
    axes[2].set(title="receptive fields, ON less OFF", xticks=[], yticks=[])
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--side", type=int, default=24, help="units of the sheet's side")
    parser.add_argument("--presentations", type=int, default=4000)
    parser.add_argument("--patterns", type=int, default=1000, help="that are drawn, and shown again after that")
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    figures, began = [], time.perf_counter()
    for seed in range(1, given.seeds + 1):
        before, z, weights = grown(seed, given.side, given.presentations, given.patterns)
        width, places = wavelength(z), pinwheels(z)
        figures.append([abs(before).mean(), abs(z).mean(), width, float(len(places)), len(places)*(width*given.side/(given.side - 1))**2])
        if seed == 1 and given.picture:
            draw(before, z, places, weights, given.picture)
    study.print_table(["selectivity before", "after", "width of a column [widths of the sheet]", "pinwheels", "in a square of that width"], [[study.told([f[k] for f in figures], 1, digits) for k, digits in enumerate((2, 2, 3, 1, 2))]])
    print(f"{(time.perf_counter() - began)/given.seeds:.0f} s a seed")


if __name__ == "__main__":
    main()
