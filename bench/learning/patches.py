# SPDX-License-Identifier: BSD-3-Clause
"""Pictures that studies of this folder make up: dead leaves, and what cells of the retina make of them."""
import numpy as np


def dead_leaves(rng, size=512, discs=2500, smallest=4.0, largest=160.0):
    """Discs that occlude each other, radii r with density r^-3, greys even: log intensity less its mean, [size x size]."""
    picture = np.full((size, size), 0.5)
    y, x = np.mgrid[:size, :size]
    for _ in range(discs):
        r = smallest/np.sqrt(1 - rng.uniform()*(1 - (smallest/largest)**2))
        cx, cy = rng.uniform(-r, size + r, 2)
        rows, columns = slice(max(int(cy - r), 0), max(int(cy + r) + 2, 0)), slice(max(int(cx - r), 0), max(int(cx + r) + 2, 0))
        inside = (x[rows, columns] - cx)**2 + (y[rows, columns] - cy)**2 < r*r
        picture[rows, columns][inside] = rng.uniform(0.05, 1)
    logs = np.log(picture)
    return logs - logs.mean()


def blurred(picture, sd):
    """A picture on a torus, convolved with a normal of this standard deviation [pixels]."""
    parts = [np.exp(-2*(np.pi*np.fft.fftfreq(n)*sd)**2) for n in picture.shape]
    return np.fft.ifft2(np.fft.fft2(picture)*np.outer(*parts)).real


def contrast(picture, centre=0.8, surround=2.4):
    """Centre less surround, with a standard deviation of 1."""
    c = blurred(picture, centre) - blurred(picture, surround)
    return c/c.std()


def patches(rng, pictures, count, size):
    """Windows of pictures at random places, turned and mirrored at random, [count x size x size]."""
    some = np.empty((count, size, size))
    for k in range(count):
        picture = pictures[rng.integers(len(pictures))]
        row, column = (rng.integers(n - size + 1) for n in picture.shape)
        some[k] = np.rot90(picture[row : row + size, column : column + size], rng.integers(4))
        if rng.integers(2):
            some[k] = some[k].T
    return some


def orientation_selectivity(field):
    """|sum r exp(2i angle)|/sum r of the answers to gratings, each at the best phase and frequency."""
    n = len(field)
    y, x = np.mgrid[:n, :n] - (n - 1)/2
    angles = np.arange(16)*np.pi/16
    best = np.array([max(abs((field*np.exp(2j*np.pi*f*(x*np.cos(a) + y*np.sin(a)))).sum()) for f in (0.06, 0.09, 0.12, 0.16, 0.2)) for a in angles])
    return float(abs((best*np.exp(2j*angles)).sum())/best.sum())
