# SPDX-License-Identifier: BSD-3-Clause
"""Small inline drawings for notebooks; text and lines take the page's own colour, so that dark pages work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._apical import Morphology

COLOURS = ("#3b6ea8", "#d1495b", "#3c8d6b", "#e09f3e", "#7b5ea7", "#0f8b8d", "#9c6644")
TYPE_COLOURS = {"soma": "#4b5563", "axon": "#3b6ea8", "dend": "#d1495b", "apic": "#7b5ea7"}


def path(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """The ``d`` of a line through points in pixels; gaps where a coordinate is not finite."""
    parts: list[str] = []
    pen = "M"
    for a, b in zip(x, y):
        if np.isfinite(a) and np.isfinite(b):
            parts.append(f"{pen}{a:.1f} {b:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def svg(width: float, height: float, body: str) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'style="overflow:visible;font:10px sans-serif">{body}</svg>')


def _thinned(points: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    if len(points) <= most:
        return points
    kept: NDArray[np.float64] = points[np.unique(np.linspace(0, len(points) - 1, most).round().astype(int))]
    return kept


def morphology(m: Morphology, height: float = 260, most_width: float = 340) -> str:
    """A morphology seen along z, one line a section, coloured by type."""
    outlines = [_thinned(s.points, 10) for s in m]
    everything = np.concatenate([o[:, :2] for o in outlines])
    low, high = everything.min(axis=0), everything.max(axis=0)
    margin = 6.0
    scale = min((height - 2 * margin) / max(high[1] - low[1], 1e-9), (most_width - 2 * margin) / max(high[0] - low[0], 1e-9))
    width, tall = (high - low) * scale + 2 * margin
    lines = []
    for section, points in zip(m, outlines):
        x, y = margin + (points[:, 0] - low[0]) * scale, margin + (high[1] - points[:, 1]) * scale
        thickness = float(np.clip(points[:, 3].mean() * scale * (1.0 if section.type == "soma" else 1.4), 0.5, 40))
        colour = TYPE_COLOURS.get(section.type, "#9c6644")
        lines.append(f'<path d="{path(x, y)}" stroke="{colour}" stroke-width="{thickness:.2f}"/>')
    return svg(width, tall, f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{"".join(lines)}</g>')


def _extremes(values: NDArray[np.float64], columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions and values of a trace thinned so that no peak is lost: the least and the largest of each pixel column."""
    n = len(values)
    if n <= 2 * columns:
        return np.arange(n, dtype=float), values
    edges = np.linspace(0, n, columns + 1).astype(int)
    at: list[int] = []
    for a, b in zip(edges[:-1], edges[1:]):
        piece = values[a:b]
        at.extend(sorted({a + int(piece.argmin()), a + int(piece.argmax())}))
    return np.array(at, dtype=float), values[at]


def traces(times: NDArray[np.float64], values: NDArray[np.float64], unit: str, width: float = 420, height: float = 110) -> str:
    """Up to seven columns of `values` over `times` [ms]."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return ""
    low, high = float(finite.min()), float(finite.max())
    span = high - low or 1.0
    left, top, bottom = 46.0, 6.0, 16.0
    lines = []
    for k in range(min(values.shape[1], len(COLOURS))):
        at, y = _extremes(values[:, k], int(width - left))
        x = left + at / max(len(times) - 1, 1) * (width - left)
        lines.append(f'<path d="{path(x, top + (high - y) / span * (height - top - bottom))}" fill="none" stroke="{COLOURS[k]}" stroke-width="1"/>')
    text = 'fill="currentColor" opacity="0.65"'
    lines.append(f'<text x="{left - 6}" y="{top + 8}" text-anchor="end" {text}>{high:.4g} {unit}</text>')
    lines.append(f'<text x="{left - 6}" y="{height - bottom}" text-anchor="end" {text}>{low:.4g} {unit}</text>')
    lines.append(f'<text x="{left}" y="{height - 2}" {text}>{times[0]:.6g} ms</text>')
    lines.append(f'<text x="{width}" y="{height - 2}" text-anchor="end" {text}>{times[-1]:.6g} ms</text>')
    return svg(width, height, "".join(lines))


def curves(x: NDArray[np.float64], ys: dict[str, NDArray[np.float64]], title: str, width: float = 190, height: float = 120) -> str:
    """Named curves over one abscissa."""
    stacked = np.array(list(ys.values()))
    finite = stacked[np.isfinite(stacked)]
    if finite.size == 0:
        return ""
    low, high = min(0.0, float(finite.min())), float(finite.max()) or 1.0
    left, top, bottom = 34.0, 16.0, 16.0
    text = 'fill="currentColor" opacity="0.65"'
    body = [f'<text x="{left}" y="10" {text}>{title}</text>',
            f'<path d="M{left} {top}V{height - bottom}H{width}" fill="none" stroke="currentColor" opacity="0.35"/>']
    for k, (name, y) in enumerate(ys.items()):
        px = left + (x - x[0]) / (x[-1] - x[0]) * (width - left)
        py = top + (high - y) / (high - low) * (height - top - bottom)
        colour = COLOURS[k % len(COLOURS)]
        body.append(f'<path d="{path(px, py)}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        body.append(f'<text x="{width - 4 - 14 * (len(ys) - 1 - k)}" y="10" text-anchor="end" fill="{colour}">{name}</text>')
    body.append(f'<text x="{left - 4}" y="{top + 8}" text-anchor="end" {text}>{high:.3g}</text>')
    body.append(f'<text x="{left}" y="{height - 3}" {text}>{x[0]:.4g}</text>')
    body.append(f'<text x="{width}" y="{height - 3}" text-anchor="end" {text}>{x[-1]:.4g} mV</text>')
    return svg(width, height, "".join(body))
