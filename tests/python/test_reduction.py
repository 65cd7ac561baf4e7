# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import numpy as np
import pytest

import apical


def test_a_point_neuron_answers_as_the_cell() -> None:
    basket = apical.models.pv_basket(compartments="count(1)")
    r = apical.reduce_to_point(basket, "200 ms", "300 ms", dt="0.05 ms", temperature="36 degC")
    assert r.cell.neuron == "adex"
    assert r.currents.shape == r.of_cell.shape == r.of_point.shape == (12,)
    assert r.currents[0] == pytest.approx(r.rheobase) and r.currents[-1] == pytest.approx(3*r.rheobase)
    assert r.deviation == pytest.approx(np.sqrt(((r.of_cell - r.of_point)**2).mean()))
    assert r.deviation < 0.1*r.of_cell.max()
    assert "rheobase" in repr(r)


def test_a_cell_that_never_spikes_is_refused() -> None:
    cell = apical.models.pv_basket(compartments="count(1)")
    with pytest.raises(apical.InvalidInput, match="never|did not spike"):
        apical.reduce_to_point(cell, "200 ms", "100 ms", weakest="0.01 pA", dt="0.05 ms")
