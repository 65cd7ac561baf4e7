# SPDX-License-Identifier: BSD-3-Clause
"""Reading files, with the liberties taken told as Python warnings."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from ._apical import MechanismSchema, Morphology, load_with_warnings, read_with_warnings
from .errors import Problem


class InputWarning(UserWarning):
    """A file was read with some liberty.

    Attributes
    ----------
    problems : tuple of Problem
        What was found, each with ``file:line``, and what was done about it.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        self.problems = tuple(Problem(*p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def warn(problems: Sequence[tuple[str, str, str]], stacklevel: int = 3) -> None:
    """One warning for all problems of a file; none if there are none."""
    if problems:
        warnings.warn(InputWarning(problems), stacklevel=stacklevel)


def read_morphology(path: str | os.PathLike[str]) -> Morphology:
    """A morphology from an SWC (``.swc``) or Neurolucida (``.asc``) file.

    Parameters
    ----------
    path : str or path-like
        The file; other names are judged by their content.

    Returns
    -------
    Morphology
        The tree of sections.

    Raises
    ------
    apical.InvalidInput
        With every problem found, each as ``file:line``.

    Warns
    -----
    apical.InputWarning
        If liberties were taken with the file; its ``problems`` list them.
    """
    shape, problems = read_with_warnings(path)
    warn(problems)
    return shape


def load_mechanisms(path: str | os.PathLike[str], compile: bool = True) -> dict[str, MechanismSchema]:
    """Mechanisms that are written in NMODL.

    Parameters
    ----------
    path : str or path-like
        A file, or a folder whose files ``*.mod`` are read in the order of their names.
    compile : bool
        Whether the system's compiler makes code of them, which is kept in a cache and found again; else, and where there is no compiler,
        they are evaluated.

    Returns
    -------
    dict of str to MechanismSchema
        By name: for :meth:`Cell.paint` and :class:`Receptor`.

    Raises
    ------
    apical.InvalidInput
        With everything that cannot be translated, each as ``file:line:column``, and what would make it pass.

    Warns
    -----
    apical.InputWarning
        Of what is worth a second look in the files, and if they had to be evaluated.

    Examples
    --------
    >>> mechanisms = apical.load_mechanisms("channels")
    >>> cell.paint("soma", mechanisms["kdr"], gbar="0.01 S/cm2")
    """
    mechanisms, problems = load_with_warnings(path, compile)
    warn(problems)
    return dict(mechanisms)


def mechanism_of(path: str, name: str, tables: Mapping[str, tuple[Any, Sequence[float]]] | None = None, pointers: Mapping[str, str] | None = None) -> MechanismSchema:
    """The mechanism that a pickle names."""
    mechanism = load_mechanisms(path)[name]
    return mechanism.supply(tables, pointers) if tables or pointers else mechanism
