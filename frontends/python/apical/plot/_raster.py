# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection

from .._apical import Simulation
from . import _style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray


def raster(spikes: Simulation | Mapping[str, Sequence[ArrayLike]] | Sequence[ArrayLike], *, colours: Sequence[Any] | None = None,
           until: float | None = None, ax: Axes | None = None) -> Axes:
    """Spikes as ticks, a row for each cell, populations below each other.

    Parameters
    ----------
    spikes : Simulation, mapping of str to sequence of array_like, or sequence of array_like
        A simulation with detectors; or spike times [ms] of each cell, for each population by name or for one without.
    colours : sequence of colours, optional
        One for each population.
    until : float, optional
        End of the time axis [ms]; by default that of the simulation, else the last spike.
    ax : Axes, optional
        Where to draw; by default new axes.

    Returns
    -------
    Axes
    """
    groups = _groups(spikes)
    rows = sum(len(cells) for _, cells in groups)
    paint = list(colours) if colours is not None else _style.line_colours(len(groups))
    if ax is None:
        ax = _style.new_axes((7.0, float(np.clip(0.9 + 0.12 * rows, 1.6, 6.0))))
    first = 0
    ticks: list[float] = []
    for (_, cells), colour in zip(groups, paint):
        segments = [((t, row - 0.4), (t, row + 0.4)) for row, times in enumerate(cells, first) for t in times]
        ax.add_collection(LineCollection(segments, colors=[colour], linewidths=float(np.clip(60 / max(rows, 1), 0.7, 1.5))))
        ticks.append(first + (len(cells) - 1) / 2)
        first += len(cells)
        if first < rows:
            ax.axhline(first - 0.5, color=_style.FAINT, linewidth=0.8, zorder=0)
    last = max((float(times[-1]) for _, cells in groups for times in cells if len(times)), default=1.0)
    end = until if until is not None else spikes.time if isinstance(spikes, Simulation) else last
    ax.set_xlim(0.0, end or 1.0)
    ax.set_ylim(rows - 0.5, -0.5)
    _style.tidy(ax, "Time [ms]")
    _name_rows(ax, groups, ticks, paint)
    return ax


def _name_rows(ax: Axes, groups: Sequence[tuple[str, list[NDArray[np.float64]]]], ticks: Sequence[float], colours: Sequence[Any]) -> None:
    ax.spines["left"].set_visible(False)
    if len(groups) == 1 and not groups[0][0]:
        _style.tidy(ax, "Time [ms]", "Cell")
        return
    ax.set_yticks(ticks, [name if len(cells) == 1 else f"{name} ({len(cells)})" for name, cells in groups])
    ax.tick_params(axis="y", length=0)
    for label, colour in zip(ax.get_yticklabels(), colours):
        label.set_color(colour)


def _groups(spikes: Simulation | Mapping[str, Sequence[ArrayLike]] | Sequence[ArrayLike]) -> list[tuple[str, list[NDArray[np.float64]]]]:
    if isinstance(spikes, Simulation):
        found = spikes.spikes
        sizes = [(p["population"], p["cells"]) for p in spikes.plan.summary()["populations"]]
        return [(name, [found["time"][(found["population"] == k) & (found["cell"] == i)] for i in range(size)]) for k, (name, size) in enumerate(sizes)]
    if isinstance(spikes, Mapping):
        return [(name, [np.sort(np.asarray(times, dtype=float)) for times in cells]) for name, cells in spikes.items()]
    return [("", [np.sort(np.asarray(times, dtype=float)) for times in spikes])]
