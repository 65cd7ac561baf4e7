# SPDX-License-Identifier: BSD-3-Clause
"""Circuits in the SONATA format: ``apical.sonata.check("config.json")``, ``apical.sonata.read("config.json")``.

:meth:`apical.Circuit.write_sonata` writes one.
"""

from __future__ import annotations

import os

from . import _apical
from ._apical import SonataFinding, read_sonata as read

__all__ = ["SonataFinding", "check", "read"]


def check(path: str | os.PathLike[str]) -> list[SonataFinding]:
    """Read all files of a circuit and say everything that is wrong with them, before anything is built.

    Parameters
    ----------
    path : path-like
        ``config.json``, ``circuit_config.json`` or ``simulation_config.json``.

    Returns
    -------
    list of SonataFinding
        Those with ``is_error`` keep the circuit from running. Empty if there is nothing to say.
    """
    return _apical.check_sonata(os.fspath(path))
