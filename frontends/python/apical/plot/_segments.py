# SPDX-License-Identifier: BSD-3-Clause
"""A morphology as straight pieces between neighbouring points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .._apical import Morphology, Section


@dataclass(frozen=True)
class Segments:
    """Pieces of sections, in order.

    Attributes
    ----------
    ends : ndarray, shape (n, 2, 3)
        First and last point [um].
    diameter : ndarray, shape (n,)
        Mean of both ends [um].
    section : ndarray of int, shape (n,)
        Which section.
    x : ndarray, shape (n,)
        Position of the middle along the section, 0 to 1.
    """

    ends: NDArray[np.float64]
    diameter: NDArray[np.float64]
    section: NDArray[np.int64]
    x: NDArray[np.float64]


def stands_for_a_sphere(s: Section) -> bool:
    """A soma that is a plain cylinder, about as long as wide."""
    return bool(s.type == "soma" and len(s.points) <= 3 and 0.5 < s.length / s.points[:, 3].max() < 2)


def segments_of(m: Morphology) -> Segments:
    """Cut a morphology at its points; long pieces are halved until none is longer than an eighth of its section."""
    ends, diameters, sections, positions = [], [], [], []
    for s in m:
        along = np.union1d(s.arc, np.linspace(0.0, s.length, 9))
        points = np.column_stack([np.interp(along, s.arc, s.points[:, k]) for k in range(4)])
        n = len(along) - 1
        ends.append(np.stack([points[:-1, :3], points[1:, :3]], axis=1))
        diameters.append((points[:-1, 3] + points[1:, 3]) / 2)
        sections.append(np.full(n, s.index))
        positions.append((along[:-1] + along[1:]) / (2 * s.length))
    if not ends:
        return Segments(np.empty((0, 2, 3)), np.empty(0), np.empty(0, dtype=np.int64), np.empty(0))
    return Segments(np.concatenate(ends), np.concatenate(diameters), np.concatenate(sections), np.concatenate(positions))
