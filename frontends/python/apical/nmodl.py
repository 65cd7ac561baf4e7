# SPDX-License-Identifier: BSD-3-Clause
"""Mechanisms in NMODL by themselves: ``apical.nmodl.translate("hh.mod")``, ``apical.nmodl.lint("hh.mod")``.

A translated mechanism can be looked at without any cell: its functions called, and one compartment held at potentials or sent events::

    channel = apical.nmodl.translate("Im.mod")
    protocol = apical.nmodl.Protocol()
    protocol.v = [(0, -80.0), (400, -30.0)]
    protocol.steps = 4000
    course = apical.nmodl.run(channel, protocol, ["m", "ik"])
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import _apical
from ._apical import NmodlFinding as Finding, NmodlIon as Ion, NmodlMechanism as Mechanism, NmodlProtocol as Protocol

__all__ = ["Course", "Finding", "Ion", "Mechanism", "Protocol", "lint", "run", "translate"]


@dataclass(frozen=True)
class Course:
    """What a run gave."""

    #: Names of the columns.
    columns: list[str]
    #: Values after the start and after each step, shape (steps + 1, columns). Units are those of the file; currents of ions [mA/cm2].
    rows: npt.NDArray[np.float64]
    #: Times of ``net_event`` [ms].
    spikes: list[float]

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        """Values of one column.

        Parameters
        ----------
        name : str
            One of ``columns``.

        Returns
        -------
        ndarray, shape (steps + 1,)
            After the start and after each step.
        """
        return self.rows[:, self.columns.index(name)]


def translate(path: str | os.PathLike[str], include: Sequence[str | os.PathLike[str]] = ()) -> Mechanism:
    """Translate a mechanism.

    Parameters
    ----------
    path : path-like
        A ``.mod`` file.
    include : sequence of path-like
        Folders where included files are looked for, after the folder of the file.

    Returns
    -------
    Mechanism
        Ready to run; what the translation warns of is in ``findings``.

    Raises
    ------
    apical.InvalidInput
        With everything that keeps it from being translated, each with its line.
    """
    return _apical.translate_nmodl(os.fspath(path), [os.fspath(folder) for folder in include])


def lint(path: str | os.PathLike[str], dt: float = 0.025, celsius: float = 34.0, include: Sequence[str | os.PathLike[str]] = ()) -> list[Finding]:
    """Check a mechanism for what translates and is still wrong.

    Parameters
    ----------
    path : path-like
        A ``.mod`` file.
    dt : float
        The step it is to run with [ms].
    celsius : float
        The temperature it is to run at [degC].
    include : sequence of path-like
        Folders where included files are looked for.

    Returns
    -------
    list of Finding
        Errors and warnings in the order found; empty if there is nothing to say.
    """
    return _apical.lint_nmodl(os.fspath(path), dt, celsius, [os.fspath(folder) for folder in include])


def run(mechanism: Mechanism, protocol: Protocol, columns: Sequence[str] = ()) -> Course:
    """Do to one compartment with the mechanism what the protocol says, with NEURON's fixed step.

    Parameters
    ----------
    mechanism : Mechanism
        See `translate`.
    protocol : Protocol
        Potentials, ions, events.
    columns : sequence of str
        Values to keep: ``"v"``, ``"m"``, ``"x[2]"``, ``"ica"``. Empty: the potential, and all states and currents.

    Returns
    -------
    Course
        Values after each step.

    Raises
    ------
    apical.InvalidModel
        If the mechanism has no such value or parameter.
    apical.Diverged
        If values leave the finite numbers.
    """
    names, rows, spikes = _apical.run_nmodl(mechanism, protocol, list(columns))
    return Course(names, rows, spikes)
