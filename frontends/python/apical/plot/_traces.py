# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection

from .._apical import Recording
from . import _style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_LABELLED = 7  # so many lines get their names written beside them


def traces(recording: Recording | Sequence[Recording], *, places: Sequence[int | str] | None = None, labels: Sequence[str] | None = None,
           colours: Sequence[Any] | None = None, stack: bool = False, scale_bars: bool = False, ax: Axes | None = None) -> Axes:
    """Recorded time series.

    Parameters
    ----------
    recording : Recording or sequence of Recording
        What to draw; several must be of one unit.
    places : sequence of int or str, optional
        Columns by number or name; by default all.
    labels : sequence of str, optional
        A name for each line; by default its place. Many lines go unnamed, coloured in their order.
    colours : sequence of colours, optional
        One for each line.
    stack : bool
        Draw the lines above each other instead of on a common axis.
    scale_bars : bool
        Replace the axes by two bars, one of time and one of the variable.
    ax : Axes, optional
        Where to draw; by default new axes.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the recordings have different units.
    """
    recordings = [recording] if isinstance(recording, Recording) else list(recording)
    units = dict.fromkeys(r.unit for r in recordings)
    if len(units) != 1:
        raise ValueError(f"recordings of different units cannot share axes: {', '.join(units) or 'no recording given'}")
    lines = [line for r in recordings for line in _lines_of(r, places, len(recordings) > 1)]
    names = list(labels) if labels is not None else [name for name, _, _ in lines]
    paint = list(colours) if colours is not None else _style.line_colours(len(lines))
    if ax is None:
        ax = _style.new_axes((7.0, 3.0 + (0.35 * len(lines) if stack else 0.0)))
    shifts = _shifts([y for _, _, y in lines]) if stack else np.zeros(len(lines))
    ax.add_collection(LineCollection([np.column_stack([t, y + s]) for (_, t, y), s in zip(lines, shifts)], colors=paint, linewidths=1.1 if len(lines) <= _LABELLED else 0.7,
                                     capstyle="round", joinstyle="round"))
    _limits(ax, lines, shifts)
    r = recordings[0]
    is_one_variable = len({x.variable for x in recordings}) == 1
    _style.tidy(ax, "Time [ms]", _style.variable_label(r.variable if is_one_variable else "", r.unit) or f"[{r.unit}]")
    if len(lines) <= _LABELLED or labels is not None:
        _style.label_ends(ax, [(t[-1], _level(y, s, stack), name, c) for (_, t, y), s, name, c in zip(lines, shifts, names, paint)])
    if scale_bars or stack:
        _scale_bars(ax, r.unit, time=scale_bars)
    return ax


def _lines_of(r: Recording, places: Sequence[int | str] | None, many: bool) -> list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]:
    times, all_places = r.times, r.places
    cells = {(p.population, p.cell) for p in all_places}
    chosen: Sequence[int | str] = places if places is not None else range(len(all_places))
    lines = []
    for which in chosen:
        name = _short(which if isinstance(which, str) else all_places[which].name)
        if not isinstance(which, str) and len(cells) > 1:
            place = all_places[which]
            name = f"{place.population}[{place.cell}] {_short(place.name)}"
        lines.append((r.label if many and len(chosen) == 1 else name, times, r[which]))
    return lines


def _short(place: str) -> str:
    """``"dend[0](0.261905)"`` with as many digits as one reads."""
    section, _, x = place.rpartition("(")
    return f"{section}({float(x[:-1]):.3g})" if section else place


def _shifts(values: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Offsets that put each line below the one before it."""
    shifts = np.zeros(len(values))
    for k in range(1, len(values)):
        above, below = values[k - 1], values[k]
        room = 0.12 * max(float(np.ptp(above)), float(np.ptp(below)), 1e-12)
        shifts[k] = shifts[k - 1] + float(above.min()) - float(below.max()) - room
    return shifts


def _level(y: NDArray[np.float64], shift: float, stacked: bool) -> float:
    """Where a line's name goes: at its end, or, stacked, at its usual level."""
    return float(np.median(y) if stacked else y[-1]) + shift


def _limits(ax: Axes, lines: Sequence[tuple[str, NDArray[np.float64], NDArray[np.float64]]], shifts: NDArray[np.float64]) -> None:
    low = min(float(np.nanmin(y)) + s for (_, _, y), s in zip(lines, shifts))
    high = max(float(np.nanmax(y)) + s for (_, _, y), s in zip(lines, shifts))
    margin = 0.05 * (high - low) or 1.0
    ax.set_ylim(low - margin, high + margin)
    ax.set_xlim(min(t[0] for _, t, _ in lines), max(t[-1] for _, t, _ in lines))


def _scale_bars(ax: Axes, unit: str, time: bool) -> None:
    """Bars at the lower left, outside the data, in place of the axes they measure."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    tall = _style.round_length(0.22 * (high - low))
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    x = left - 0.02 * (right - left)
    bar: dict[str, Any] = {"color": _style.INK, "linewidth": 1.6, "clip_on": False, "solid_capstyle": "butt"}
    ax.plot([x, x], [low, low + tall], **bar)
    ax.annotate(f"{tall:g} {_style.pretty_unit(unit)}", (x, low + tall / 2), xytext=(-4, 0), textcoords="offset points", rotation=90, ha="right",
                va="center", fontsize=9, color=_style.INK, annotation_clip=False)
    if time:
        wide = _style.round_length(0.2 * (right - left))
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.plot([x, x + wide], [low, low], **bar)
        ax.annotate(f"{wide:g} ms", (x + wide / 2, low), xytext=(0, -5), textcoords="offset points", ha="center", va="top", fontsize=9,
                    color=_style.INK, annotation_clip=False)
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
