# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import Normalize

from .._apical import Cell, Morphology, Quantity, Recording
from . import _style
from ._segments import Segments, segments_of, stands_for_a_sphere
from ._values import values_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import ArrayLike, NDArray

_PLANES = {"xy": (0, 1, 2), "xz": (0, 2, 1), "zy": (2, 1, 0), "yz": (1, 2, 0), "zx": (2, 0, 1), "yx": (1, 0, 2)}


class _TrueWidths(LineCollection):
    """Lines as thick as the neurite at any zoom, but never thinner than can be seen."""

    def __init__(self, lines: Any, diameters: NDArray[np.float64], thinnest: float, **style: Any) -> None:
        super().__init__(lines, **style)
        self._diameters, self._thinnest = diameters, thinnest

    def draw(self, renderer: RendererBase) -> None:
        axes = self.axes
        if axes is not None and axes.figure is not None:
            a, b = axes.transData.transform([(0.0, 0.0), (1.0, 0.0)])
            points = float(np.hypot(*(b - a))) * 72 / axes.figure.dpi
            self.set_linewidth(np.maximum(self._thinnest, self._diameters * points).tolist())
        super().draw(renderer)


def morphology(shape: Morphology | Cell, values: str | Recording | Mapping[str, float] | ArrayLike | None = None, *, dim: Literal[2, 3] = 2,
               unit: str | None = None, time: str | tuple[float, str] | Quantity | None = None, label: str | None = None, cmap: Any = None,
               limits: tuple[float, float] | None = None, plane: str = "xy", thickness: float = 1.3, markers: Mapping[str, str] | None = None,
               scale_bar: bool = True, ax: Axes | None = None) -> Axes:
    """A neuron, each neurite as thick as it is, coloured by its type or by any variable.

    Parameters
    ----------
    shape : Morphology or Cell
        What to draw.
    values : str, Recording, mapping or array_like, optional
        What to colour by: a value expression (``"distance"``, ``"2e-4 S/cm2*exp(distance/300 um)"``); a recording of many
        places at `time`, interpolated between them; a number for each section, by name or as an array of shape (n_sections,).
        By default the type.
    dim : 2 or 3
        Seen along an axis, or in space.
    unit : str, optional
        Unit of an expression's value, and on the colour bar.
    time : Quantity, optional
        Which sample of a recording; by default the last one.
    label : str, optional
        Of the colour bar.
    cmap : colour map, optional
        By default from dark blue to orange.
    limits : (float, float), optional
        Ends of the colour bar; by default those of the values.
    plane : str
        Which axes are horizontal and vertical: ``"xy"``, ``"xz"``, ``"zy"``, ...
    thickness : float
        Factor on all diameters.
    markers : mapping of str to str, optional
        Names and location expressions to mark.
    scale_bar : bool
        Draw a bar of a round length.
    ax : Axes, optional
        Where to draw; by default new axes. With ``dim=3`` they must have the 3d projection.

    Returns
    -------
    Axes

    Raises
    ------
    apical.InvalidModel
        If an expression is wrong.
    ValueError
        If the values do not fit the morphology.
    """
    m = shape.morphology if isinstance(shape, Cell) else shape
    pieces = segments_of(m)
    if len(pieces.section) == 0:
        raise ValueError("the morphology is empty: there is nothing to draw")
    field = None if values is None else values_at(m, pieces, values, unit, time)
    order = _PLANES.get(plane)
    if order is None:
        raise ValueError(f"plane {plane!r} is none of {', '.join(_PLANES)}")
    norm, colours = _colours(m, pieces, None if field is None else field.values, cmap, limits)
    if dim == 3:
        from ._space import draw_in_space

        drawn: Axes = draw_in_space(m, pieces, colours, thickness, scale_bar, markers, ax, field is not None)
    else:
        drawn = _draw_flat(m, pieces, colours, order, thickness, ax, field is not None)
        if markers:
            _mark(drawn, m, markers, order)
        if scale_bar:
            _scale_bar(drawn)
    if field is not None and norm is not None:
        _colour_bar(drawn, norm, cmap, label if label is not None else _style.variable_label(field.name, field.unit))
    elif field is None and len({s.type for s in m}) > 1:
        _legend(drawn, m)
    return drawn


def _colours(m: Morphology, pieces: Segments, values: NDArray[np.float64] | None, cmap: Any,
             limits: tuple[float, float] | None) -> tuple[Normalize | None, NDArray[Any]]:
    if values is None:
        kinds = [s.type for s in m]
        return None, np.array([_style.TYPE_COLOURS.get(kinds[i], "#9c6644") for i in pieces.section], dtype=object)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise ValueError("none of the values is finite")
    low, high = limits if limits is not None else (float(finite.min()), float(finite.max()))
    norm = Normalize(low, high if high > low else low + 1.0)
    colours = _style.colourmap(cmap)(norm(values))
    colours[~np.isfinite(values)] = (0.8, 0.82, 0.85, 1.0)
    return norm, colours


def _draw_flat(m: Morphology, pieces: Segments, colours: NDArray[Any], order: tuple[int, int, int], thickness: float, ax: Axes | None,
               has_bar: bool) -> Axes:
    across, up, depth = order
    flat = pieces.ends[:, :, [across, up]]
    reach = np.maximum(pieces.diameter / 2, 0.0)[:, None, None]
    low, high = (flat - reach).min(axis=(0, 1)), (flat + reach).max(axis=(0, 1))
    span = np.maximum(high - low, 1e-9)
    if ax is None:
        tall = float(np.clip(7.0 * span[1] / max(span), 2.0, 7.0))
        ax = _style.new_axes((float(np.clip(tall * span[0] / span[1], 2.0, 9.0)) + (1.1 if has_bar else 0.4), tall))
    nearest_last = np.argsort(pieces.ends[:, :, depth].mean(axis=1), kind="stable")
    is_soma = np.isin(pieces.section, [s.index for s in m if s.type == "soma"])
    is_round = np.isin(pieces.section, [s.index for s in m if stands_for_a_sphere(s)])
    for chosen, cap, over in ((~is_soma, "round", 2), (is_soma & ~is_round, "butt", 3)):
        which = nearest_last[chosen[nearest_last]]
        if which.size:
            wide = thickness if cap == "round" else 1.0
            ax.add_collection(_TrueWidths(flat[which], pieces.diameter[which] * wide, 0.45, colors=list(colours[which]), capstyle=cap, zorder=over))
    _round_somata(ax, m, pieces, colours, (across, up))
    ax.set_aspect("equal")
    margin = 0.03 * span.max()
    ax.set_xlim(low[0] - margin, high[0] + margin)
    ax.set_ylim(low[1] - margin, high[1] + margin)
    ax.set_axis_off()
    return ax


def _round_somata(ax: Axes, m: Morphology, pieces: Segments, colours: NDArray[Any], axes: tuple[int, int]) -> None:
    """Spheres of the cylinders' areas."""
    for s in m:
        if stands_for_a_sphere(s):
            diameter = float(np.sqrt(s.area / np.pi))
            middle = np.asarray(s.at(0.5))[list(axes)]
            colour = colours[int(np.flatnonzero(pieces.section == s.index)[0])]
            ax.add_collection(EllipseCollection([diameter], [diameter], [0], units="xy", offsets=[middle], offset_transform=ax.transData,
                                                facecolors=[colour], edgecolors="none", zorder=4))


def _mark(ax: Axes, m: Morphology, markers: Mapping[str, str], order: tuple[int, int, int]) -> None:
    for name, expression in markers.items():
        for k, where in enumerate(m.locations(expression)):
            x, y = np.asarray(m[where.section].at(where.x))[list(order[:2])]
            ax.plot(x, y, marker="o", markersize=7, markerfacecolor="white", markeredgecolor=_style.INK, markeredgewidth=1.4, zorder=6)
            if k == 0 and name:
                ax.annotate(name, (x, y), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9, color=_style.INK, zorder=6,
                            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75})


def _scale_bar(ax: Axes) -> None:
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    wide = _style.round_length(min(0.22 * max(right - left, high - low), 0.8 * (right - left)))
    ax.plot([left, left + wide], [low, low], color=_style.INK, linewidth=2, solid_capstyle="butt", clip_on=False, zorder=5)
    text = f"{wide / 1000:g} mm" if wide >= 1000 else f"{wide:g} µm"
    ax.annotate(text, (left + wide / 2, low), xytext=(0, -4), textcoords="offset points", ha="center", va="top", fontsize=9, color=_style.INK,
                annotation_clip=False)


def _colour_bar(ax: Axes, norm: Normalize, cmap: Any, label: str) -> None:
    figure = ax.get_figure()
    if figure is None:
        return
    mappable = ScalarMappable(norm, _style.colourmap(cmap))
    if ax.get_gid() == _style.OWN_SPACE:
        width = figure.bbox.width / figure.dpi
        bar = figure.colorbar(mappable, cax=figure.add_axes((1 - 0.8 / width, 0.28, 0.12 / width, 0.44)))
    else:
        bar = figure.colorbar(mappable, ax=ax, shrink=0.45, aspect=22, pad=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=_style.MUTED, labelcolor=_style.INK, labelsize=9, width=0.8, length=3)
    bar.set_label(label, color=_style.INK, fontsize=10)


def _legend(ax: Axes, m: Morphology) -> None:
    kinds: Sequence[str] = list(dict.fromkeys(s.type for s in m))
    for k in kinds:
        ax.plot([], [], color=_style.TYPE_COLOURS.get(k, "#9c6644"), linewidth=3, solid_capstyle="round", label=_style.TYPE_WORDS.get(k, k))
    figure = ax.get_figure()
    if ax.get_gid() == _style.OWN_SPACE and figure is not None:
        figure.legend(*ax.get_legend_handles_labels(), frameon=False, fontsize=9, labelcolor=_style.INK, handlelength=0.9, loc="upper left")
        return
    width, height = ax.get_window_extent().size
    ax.legend(frameon=False, fontsize=9, labelcolor=_style.INK, handlelength=0.9, handletextpad=0.6, columnspacing=1.2,
              ncols=len(kinds) if width > 0.5 * height else 2, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.0)
