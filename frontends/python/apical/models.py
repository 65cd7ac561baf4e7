# SPDX-License-Identifier: BSD-3-Clause
"""Ready cells: ``apical.models.l5pc(biophysics="biophys1")``.

Each is a :class:`Model`: call it with keywords for its options to get a :class:`apical.Cell`. What one does with them in
experiments is a :class:`Protocol`: ``apical.models.L5pcProtocols().bac().on(cell)`` is a circuit.
"""

from __future__ import annotations

from . import _apical
from ._apical import L5pcProtocols, Model, ModelOption, Protocol
from .errors import InvalidModel

__all__ = ["L5pcProtocols", "Model", "ModelOption", "Protocol", "all", "build"]

_by_name: dict[str, Model] = {m.name: m for m in _apical.all_models()}


def all() -> list[Model]:
    """Every ready model.

    Returns
    -------
    list of Model
        By name.
    """
    return list(_by_name.values())


def build(name: str, **options: object) -> _apical.Cell:
    """Build a ready cell by name.

    Parameters
    ----------
    name : str
        Name of a model.
    **options : str
        Those that differ from its defaults.

    Returns
    -------
    Cell
        To be painted further, if you like.

    Raises
    ------
    apical.InvalidModel
        If the model or an option is unknown, or a value unfit.
    """
    if name not in _by_name:
        raise InvalidModel([(f"model '{name}'", "unknown model", "known: " + ", ".join(_by_name))])
    return _by_name[name](**options)


def __getattr__(name: str) -> Model:
    if name in _by_name:
        return _by_name[name]
    raise AttributeError(f"no ready model {name!r}; known: {', '.join(_by_name)}")


def __dir__() -> list[str]:
    return [*__all__, *_by_name]
