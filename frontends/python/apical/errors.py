# SPDX-License-Identifier: BSD-3-Clause
"""What Apical raises on purpose.

Three kinds of mistakes are told apart: those in a model (:class:`InvalidModel`), those in a file (:class:`InvalidInput`) and
those of the numerics (:class:`Diverged`). Every error carries all problems that were found, not only the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

__all__ = ["Diverged", "Error", "InvalidInput", "InvalidModel", "Problem", "Unsupported"]


class Problem(NamedTuple):
    """One finding.

    Attributes
    ----------
    where : str
        Path in your own model or file, e.g. ``"cell 'l5pc' / dend[12] / hh_na.g_max"`` or ``"cell1.asc:812"``.
    what : str
        What is wrong.
    hint : str
        What would be right; empty if there is nothing useful to say.
    """

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.hint}" if self.hint else text


class Error(Exception):
    """Base of everything Apical raises on purpose.

    Attributes
    ----------
    problems : tuple of Problem
        Everything that was found; at least one.
    where, what, hint : str
        Those of the first problem.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        self.problems = tuple(Problem(*p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)

    @property
    def where(self) -> str:
        return self.problems[0].where

    @property
    def what(self) -> str:
        return self.problems[0].what

    @property
    def hint(self) -> str:
        return self.problems[0].hint


class InvalidModel(Error, ValueError):
    """The model contradicts itself, or names something that is not there."""


class InvalidInput(Error, ValueError):
    """A file is not what it should be; ``where`` is ``file:line``, or an HDF5 or JSON path."""


class Unsupported(Error, NotImplementedError):
    """Well-formed, but this program cannot do it, or not in this build."""


class Diverged(Error, ArithmeticError):
    """A simulation left the finite numbers, or the range set by ``v_limit``.

    Attributes
    ----------
    cell : int
        Index of the cell within its population.
    population : str
        Name of the population.
    location : str
        Where on the cell, e.g. ``"apic[36](0.97)"``.
    time : float
        Start of the step that failed [ms].
    quantity : str
        ``"v"`` or ``"mechanism.state"``.
    value : float
        What it had become.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]], cell: int = 0, population: str = "", location: str = "",
                 time: float = 0.0, quantity: str = "", value: float = 0.0) -> None:
        super().__init__(problems)
        self.cell = cell
        self.population = population
        self.location = location
        self.time = time
        self.quantity = quantity
        self.value = value

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems, self.cell, self.population, self.location, self.time, self.quantity, self.value)
