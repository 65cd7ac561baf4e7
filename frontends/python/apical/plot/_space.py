# SPDX-License-Identifier: BSD-3-Clause
"""A morphology in space; y, which points to the pia, is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from . import _style

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .._apical import Morphology
    from ._segments import Segments

_UP = [0, 2, 1]


def draw_in_space(m: Morphology, pieces: Segments, colours: NDArray[Any], thickness: float, scale_bar: bool, markers: Mapping[str, str] | None,
                  ax: Any) -> Any:
    ends = pieces.ends[:, :, _UP]
    low, high = ends.min(axis=(0, 1)), ends.max(axis=(0, 1))
    span = np.maximum(high - low, 0.02 * (high - low).max())
    if ax is None:
        ax = _style.new_axes((6.5, 7.0), subplot_kw={"projection": "3d", "proj_type": "ortho"})
    elif not hasattr(ax, "get_zlim"):
        raise ValueError("with dim=3 the axes must have the 3d projection: plt.subplots(subplot_kw={'projection': '3d'})")
    points_per_um = 0.62 * 72 * min(ax.figure.get_size_inches()) / span.max()
    widths = np.maximum(0.45, pieces.diameter * thickness * points_per_um)
    ax.add_collection3d(Line3DCollection(ends, colors=list(colours), linewidths=widths, capstyle="round"))
    ax.set(xlim=(low[0], low[0] + span[0]), ylim=(low[1], low[1] + span[1]), zlim=(low[2], low[2] + span[2]))
    ax.set_box_aspect(span / span.max(), zoom=1.25)
    ax.view_init(elev=12, azim=-70)
    ax.set_axis_off()
    for name, expression in (markers or {}).items():
        for where in m.locations(expression):
            x, y, z = np.asarray(m[where.section].at(where.x))[_UP]
            ax.scatter(x, y, z, s=45, facecolors="white", edgecolors=_style.INK, linewidths=1.4, depthshade=False)
            ax.text(x, y, z, f"  {name}", fontsize=9, color=_style.INK)
    if scale_bar:
        tall = _style.round_length(0.22 * span.max())
        ax.plot([low[0]] * 2, [low[1]] * 2, [low[2], low[2] + tall], color=_style.INK, linewidth=2, solid_capstyle="butt")
        ax.text(low[0], low[1], low[2] + tall / 2, f"{tall:g} µm  ", fontsize=9, color=_style.INK, ha="right", va="center")
    return ax
