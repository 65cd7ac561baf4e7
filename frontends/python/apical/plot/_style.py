# SPDX-License-Identifier: BSD-3-Clause
"""How the pictures look: colours, type, and axes reduced to what carries information."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#1f2933"
MUTED = "#7b8794"
FAINT = "#e4e7eb"
COLOURS = ("#3b6ea8", "#d1495b", "#3c8d6b", "#e09f3e", "#7b5ea7", "#0f8b8d", "#9c6644")
TYPE_COLOURS = {"soma": "#37474f", "axon": "#3b6ea8", "dend": "#d1495b", "apic": "#7b5ea7"}
TYPE_WORDS = {"soma": "soma", "axon": "axon", "dend": "basal", "apic": "apical"}

OWN_SPACE = "apical.space"  # marks axes of space whose square may exceed the figure

VARIABLE_NAMES = {"v": "Membrane potential", "i_membrane": "Membrane current", "i_clamp": "Clamp current", "ca.c_in": "Calcium",
                  "distance": "Path distance", "diameter": "Diameter"}


def colourmap(name: str | Colormap | None = None) -> Colormap:
    """A matplotlib map; by default plasma without its palest end, which would vanish on white."""
    if name is not None:
        return plt.get_cmap(name)
    return LinearSegmentedColormap.from_list("apical", plt.get_cmap("plasma")(np.linspace(0.0, 0.92, 256)))


def new_axes(size: tuple[float, float], **subplots: Any) -> Any:
    """Axes of a new figure, `size` in inches, that are laid out when drawn."""
    figure, axes = plt.subplots(figsize=size, layout="constrained", **subplots)
    figure.patch.set_facecolor("white")
    return axes


def tidy(ax: Axes, x: str = "", y: str = "") -> None:
    """Two thin spines, muted ticks and sentence-case labels."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(MUTED)
        ax.spines[side].set_linewidth(0.8)
    ax.tick_params(colors=MUTED, labelcolor=INK, labelsize=9, width=0.8, length=3.5)
    ax.tick_params(which="minor", color=MUTED, width=0.5, length=2)
    if x:
        ax.set_xlabel(x, color=INK, fontsize=10)
    if y:
        ax.set_ylabel(y, color=INK, fontsize=10)


def title(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", color=INK, fontsize=11, fontweight="bold")


def variable_label(variable: str, unit: str) -> str:
    """``"Membrane potential [mV]"``; a variable without a name of its own keeps its own."""
    name = VARIABLE_NAMES.get(variable, variable)
    return f"{name} [{pretty_unit(unit)}]" if unit else name


def pretty_unit(unit: str) -> str:
    return unit.replace("um", "µm").replace("uS", "µS").replace("uF", "µF").replace("cm2", "cm²").replace("Mohm", "MΩ").replace("ohm", "Ω")


def line_colours(count: int) -> list[Any]:
    """Distinct colours for a few lines, a progression for many."""
    if count <= len(COLOURS):
        return list(COLOURS[:count])
    return list(colourmap()(np.linspace(0.0, 1.0, count)))


def label_ends(ax: Axes, ends: Sequence[tuple[float, float, str, Any]]) -> None:
    """Write names at the right ends of lines, moved apart where they would overlap.

    Each end is x, y (in data), the text and its colour.
    """
    if not ends:
        return
    low, high = ax.get_ylim()
    step = 0.062 * abs(high - low)
    order = sorted(range(len(ends)), key=lambda k: ends[k][1])
    heights = [ends[k][1] for k in order]
    for _ in range(50):
        moved = False
        for i in range(len(heights) - 1):
            gap = step - (heights[i + 1] - heights[i])
            if gap > 1e-9 * step:
                heights[i] -= gap / 2
                heights[i + 1] += gap / 2
                moved = True
        if not moved:
            break
    for k, y in zip(order, heights):
        x, _, text, colour = ends[k]
        ax.annotate(text, (x, y), xytext=(5, 0), textcoords="offset points", color=colour, fontsize=9, va="center", annotation_clip=False)


def round_length(wanted: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten that is not larger than wanted."""
    decade = 10.0 ** np.floor(np.log10(wanted))
    return float(max(f * decade for f in (1, 2, 5) if f * decade <= wanted * (1 + 1e-12)))
