# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import numpy as np
import pytest

import apical


def test_a_branch_has_the_published_curve() -> None:
    s = apical.BranchSubunit()
    assert (s.threshold, s.width, s.linear, s.quadratic) == (3.6, 0.2, 0.30, 0.0114)
    assert s(4) == pytest.approx(1/(1 + np.exp(-2)) + 1.2 + 0.0114*16)


def test_a_cell_of_branches_is_explained_by_them() -> None:
    rng = np.random.default_rng(1)
    counts = np.array([np.bincount(rng.choice(rng.permutation(8)[: rng.integers(2, 9)], 30), minlength=8) for _ in range(120)])
    drive = (1/(1 + np.exp(5 - counts)) + 0.05*counts).sum(axis=1)
    rates = 40/(1 + np.exp(3 - drive))
    two, one = apical.fit_two_layer(counts, rates), apical.fit_one_layer(counts, rates)
    assert two.explained > 0.99 > one.explained + 0.5
    assert two.branch.threshold == pytest.approx(5, abs=0.1)
    assert two.predicted.shape == (120,) and two.weight.tolist() == [1.0]


def test_tables_of_another_shape_are_refused() -> None:
    with pytest.raises(apical.InvalidModel, match="two dimensions"):
        apical.fit_two_layer(np.zeros(50), np.zeros(50))
    with pytest.raises(apical.InvalidInput, match="40 or more"):
        apical.fit_two_layer(np.zeros((5, 2)), np.zeros(5))
