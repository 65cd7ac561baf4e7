# SPDX-License-Identifier: BSD-3-Clause
"""Ready circuits: ``apical.circuits.l5_microcircuit(cells=100)``.

Each is a :class:`CircuitModel`: call it with keywords for its options to get a :class:`apical.Circuit`, or ask it for an
:meth:`~CircuitModel.experiment`, which also knows how the circuit is meant to be run.
"""

from __future__ import annotations

from . import _apical
from ._apical import CircuitModel
from .errors import InvalidModel

__all__ = ["CircuitModel", "all", "build"]

_by_name: dict[str, CircuitModel] = {c.name: c for c in _apical.all_circuits()}


def all() -> list[CircuitModel]:
    """Every ready circuit.

    Returns
    -------
    list of CircuitModel
        By name.
    """
    return list(_by_name.values())


def build(name: str, **options: object) -> _apical.Circuit:
    """Build a ready circuit by name.

    Parameters
    ----------
    name : str
        Name of a circuit.
    **options : str, float, int or bool
        Those that differ from its defaults.

    Returns
    -------
    Circuit
        To be added to, if you like.

    Raises
    ------
    apical.InvalidModel
        If the circuit or an option is unknown, or a value unfit.
    """
    if name not in _by_name:
        raise InvalidModel([(f"circuit '{name}'", "unknown circuit", "known: " + ", ".join(_by_name))])
    return _by_name[name](**options)


def __getattr__(name: str) -> CircuitModel:
    if name in _by_name:
        return _by_name[name]
    raise AttributeError(f"no ready circuit {name!r}; known: {', '.join(_by_name)}")


def __dir__() -> list[str]:
    return [*__all__, *_by_name]
