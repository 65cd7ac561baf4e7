# SPDX-License-Identifier: BSD-3-Clause
"""What to colour a morphology by, as one number for each piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .._apical import Location, Morphology, Quantity, Recording

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ._segments import Segments

_KNOWN_UNITS = {"distance": "um", "diameter": "um", "order": "", "x": ""}


class Values(NamedTuple):
    """One number for each segment, with the name and unit of the variable."""

    values: NDArray[np.float64]
    name: str
    unit: str


def values_at(m: Morphology, pieces: Segments, given: str | Recording | Mapping[str, float] | ArrayLike, unit: str | None,
              time: str | tuple[float, str] | Quantity | None) -> Values:
    if isinstance(given, str):
        return _from_expression(m, pieces, given, unit if unit is not None else _KNOWN_UNITS.get(given, ""))
    if isinstance(given, Recording):
        return _from_recording(m, pieces, given, time)
    return Values(_per_section(m, given)[pieces.section], "", unit or "")


def _from_expression(m: Morphology, pieces: Segments, text: str, unit: str) -> Values:
    at = [Location(int(s), float(x)) for s, x in zip(pieces.section, pieces.x)]
    return Values(m.evaluate(text, unit, at), text if len(text) < 30 else "", unit)


def _per_section(m: Morphology, given: Mapping[str, float] | ArrayLike) -> NDArray[np.float64]:
    if isinstance(given, Mapping):
        numbers = np.full(len(m), np.nan)
        for name, value in given.items():
            numbers[m[name].index] = value
        return numbers
    numbers = np.asarray(given, dtype=float)
    if numbers.shape != (len(m),):
        raise ValueError(f"values of shape {numbers.shape}, but the morphology has {len(m)} sections: give one number for each")
    return numbers


def _from_recording(m: Morphology, pieces: Segments, r: Recording, time: str | tuple[float, str] | Quantity | None) -> Values:
    if len(r) == 0:
        raise ValueError(f"recording '{r.label}' is empty: run the simulation first")
    row = -1
    if time is not None:
        moment = (Quantity(*time) if isinstance(time, tuple) else Quantity(time)).to("ms")
        row = int(np.abs(r.times - moment).argmin())
    first = r.places[0]
    samples: dict[int, list[tuple[float, float]]] = {}
    for place, value in zip(r.places, r.values[row]):
        if (place.population, place.cell) == (first.population, first.cell):
            samples.setdefault(place.section, []).append((place.x, float(value)))
    return Values(_interpolated(m, pieces, samples), r.variable, r.unit)


def _interpolated(m: Morphology, pieces: Segments, samples: Mapping[int, list[tuple[float, float]]]) -> NDArray[np.float64]:
    """Linear along each section, continuous with its parent; a section without samples takes the parent's value where it starts."""
    known: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    values = np.full(len(pieces.x), np.nan)
    for s in m:
        own = sorted(samples.get(s.index, []))
        if s.parent is not None and s.parent in known and (not own or own[0][0] > 0):
            own = [(0.0, float(np.interp(s.parent_x, *known[s.parent]))), *own]
        if not own:
            continue
        known[s.index] = np.array([x for x, _ in own]), np.array([v for _, v in own])
        here = pieces.section == s.index
        values[here] = np.interp(pieces.x[here], *known[s.index])
    return values
