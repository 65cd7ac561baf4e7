# SPDX-License-Identifier: BSD-3-Clause
"""A morphology in space; y, which points to the pia, is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Line3DCollection  # type: ignore[import-untyped]

from . import _style
from ._segments import stands_for_a_sphere

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .._apical import Morphology
    from ._segments import Segments

_UP = [0, 2, 1]
_FILLED = 0.84  # share of the axes' side that the longest extent takes
BAR_ROOM = 0.95  # [inches] at the right, for a colour bar


def draw_in_space(m: Morphology, pieces: Segments, colours: NDArray[Any], thickness: float, scale_bar: bool, markers: Mapping[str, str] | None,
                  ax: Any, has_bar: bool) -> Any:
    ends = pieces.ends[:, :, _UP]
    low, high = ends.min(axis=(0, 1)), ends.max(axis=(0, 1))
    span = np.maximum(high - low, 0.02 * (high - low).max())
    if ax is None:
        ax = _square_axes(float(np.hypot(span[0], span[1]) / span.max()), float(span[2] / span.max()), BAR_ROOM if has_bar else 0.0)
    elif not hasattr(ax, "get_zlim"):
        raise ValueError("with dim=3 the axes must have the 3d projection: plt.subplots(subplot_kw={'projection': '3d'})")
    side = 72 / ax.figure.dpi * min(ax.get_window_extent().size)
    points_per_um = _FILLED * side / span.max()
    is_round = np.isin(pieces.section, [s.index for s in m if stands_for_a_sphere(s)])
    widths = np.maximum(0.5, pieces.diameter * thickness * points_per_um)
    ax.add_collection3d(Line3DCollection(ends[~is_round], colors=list(colours[~is_round]), linewidths=widths[~is_round], capstyle="round"))
    for s in m:
        if stands_for_a_sphere(s):
            x, y, z = np.asarray(s.at(0.5))[_UP]
            colour = colours[int(np.flatnonzero(pieces.section == s.index)[0])]
            ax.scatter(x, y, z, s=s.area / np.pi * points_per_um**2, color=[colour], linewidths=0, depthshade=False)
    ax.set(xlim=(low[0], low[0] + span[0]), ylim=(low[1], low[1] + span[1]), zlim=(low[2], low[2] + span[2]))
    aspect = span / span.max()
    ax.set_box_aspect(aspect, zoom=0.97 * _FILLED * float(np.linalg.norm(aspect)))  # which divides by the norm
    ax.view_init(elev=12, azim=-70)
    ax.set_axis_off()
    _mark(ax, m, markers or {})
    if scale_bar:
        tall = _style.round_length(0.22 * span.max())
        ax.plot([low[0]] * 2, [low[1]] * 2, [low[2], low[2] + tall], color=_style.INK, linewidth=2, solid_capstyle="butt")
        ax.text(low[0], low[1], low[2] + tall / 2, f"{tall:g} µm  ", fontsize=9, color=_style.INK, ha="right", va="center")
    return ax


def _square_axes(wide: float, tall: float, right: float) -> Any:
    """matplotlib draws space into a square; here a square that reaches beyond a figure as wide and tall as the neuron needs."""
    side = 7.0
    width, height = side * float(np.clip(_FILLED * wide + 0.2, 0.5, 1.2)), side * float(np.clip(_FILLED * tall + 0.16, 0.5, 1.0))
    figure = plt.figure(figsize=(width + right, height))
    figure.patch.set_facecolor("white")
    box = ((width - side) / 2 / (width + right), (1 - side / height) / 2, side / (width + right), side / height)
    return figure.add_axes(box, projection="3d", proj_type="ortho", gid=_style.OWN_SPACE)


def _mark(ax: Any, m: Morphology, markers: Mapping[str, str]) -> None:
    for name, expression in markers.items():
        for where in m.locations(expression):
            x, y, z = np.asarray(m[where.section].at(where.x))[_UP]
            ax.scatter(x, y, z, s=45, facecolors="white", edgecolors=_style.INK, linewidths=1.4, depthshade=False)
            ax.text(x, y, z, f"   {name}", fontsize=9, color=_style.INK)
