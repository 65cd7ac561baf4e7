# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pickle

import numpy as np
import pytest

import apical
from apical import Quantity


@pytest.mark.parametrize("given", ["0.3 nA", (0.3, "nA"), [0.3, "nA"], (300, "pA"), (np.float64(0.3), "nA"), Quantity("0.3 nA"), Quantity(300, "pA")])
def test_every_spelling_of_a_quantity_is_the_same(given: object) -> None:
    assert apical.StepCurrent("0 ms", "1 ms", given).amplitude.to("pA") == pytest.approx(300, rel=1e-15)


def test_a_bare_number_is_told_what_to_write() -> None:
    with pytest.raises(apical.InvalidModel) as caught:
        apical.StepCurrent("0 ms", "1 ms", 0.3)
    assert caught.value.where == "StepCurrent / amplitude"
    assert caught.value.what == "expected a quantity in [nA], got the bare number 0.3"
    assert caught.value.hint == 'write "0.3 nA" or (0.3, "nA")'


def test_another_dimension_names_both_units() -> None:
    with pytest.raises(apical.InvalidModel, match=r"StepCurrent / delay: expected a quantity in \[ms\], got 5 mV; \[mV\] is another dimension"):
        apical.StepCurrent("5 mV", "1 ms", "1 nA")


@pytest.mark.parametrize(("given", "message"), [("0.3 nB", "unknown unit 'nB'"), ("nA", "not a finite number"), ((float("nan"), "nA"), "not a finite number"),
                                                ((1, 2), r"expected a quantity, got \(1, 2\)"), ("", "not a finite number")])
def test_what_is_no_quantity_is_refused(given: object, message: str) -> None:
    with pytest.raises(apical.InvalidModel, match=message):
        apical.StepCurrent("0 ms", "1 ms", given)


def test_arithmetic_keeps_account_of_dimensions() -> None:
    assert Quantity(300, "pA") + "0.2 nA" == Quantity("0.5 nA")
    assert "1 nA" - Quantity("0.25 nA") == Quantity("0.75 nA")
    assert 2 * Quantity("3 mV") / 4 == Quantity("1.5 mV")
    assert Quantity("2 uS") * Quantity("3 mV") == Quantity("6 nA")
    assert Quantity("6 nA") / Quantity("3 nA") == 2.0
    assert -Quantity("6 nA") < Quantity("0 nA") <= abs(Quantity("-1 pA"))
    with pytest.raises(apical.InvalidModel, match="different dimensions"):
        Quantity("1 mV") + Quantity("1 nA")
    with pytest.raises(apical.InvalidModel, match="different dimensions"):
        Quantity("1 mV") < Quantity("1 nA")


def test_temperatures_have_an_offset() -> None:
    warm = Quantity("6.3 degC")
    assert warm.to("K") == pytest.approx(279.45)
    assert warm.to("degC") == pytest.approx(6.3)
    assert Quantity(6.3, "degC") == warm


def test_a_quantity_is_a_plain_value() -> None:
    q = Quantity("0.12 S/cm2")
    assert (q.value, q.unit, str(q), repr(q)) == (0.12, "S/cm2", "0.12 S/cm2", "Quantity('0.12 S/cm2')")
    assert pickle.loads(pickle.dumps(q)) == q
    assert len({Quantity("1 nA"), Quantity("1000 pA"), Quantity(1, "nA")}) == 1
    assert q != "0.12 S/cm2"
    with pytest.raises(apical.InvalidModel, match=r"a quantity in \[S/cm2\] has no value in this unit"):
        q.to("mV")
