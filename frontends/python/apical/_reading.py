# SPDX-License-Identifier: BSD-3-Clause
"""Reading files, with the liberties taken told as Python warnings."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

from ._apical import Morphology, read_with_warnings
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
