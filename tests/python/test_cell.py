# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import copy
import pickle

import pytest

import apical


def test_paint_returns_the_cell_and_keeps_the_order(ball_and_stick: apical.Morphology) -> None:
    c = apical.Cell(ball_and_stick)
    assert c.paint("soma", "nata_t", g_max="2.04 S/cm2") is c
    c.paint("all", ion="k", e_rev="-85 mV").paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")
    first, second, third = c.paintings
    assert (first.region, first.mechanism, first.ion, first.values) == ("soma", "nata_t", None, {"g_max": apical.Quantity("2.04 S/cm2")})
    assert (second.mechanism, second.ion, second.values["e_rev"]) == (None, "k", apical.Quantity("-85 mV"))
    assert third.values == {"capacitance": apical.Quantity("1 uF/cm2"), "resistivity": apical.Quantity("100 ohm cm")}


def test_published_spellings_of_mechanisms_work(ball_and_stick: apical.Morphology) -> None:
    assert apical.Cell(ball_and_stick).paint("soma", "NaTa_t").paintings[0].mechanism == "nata_t"


@pytest.mark.parametrize(("arguments", "keywords", "message"), [
    (("soma", "nat_a"), {}, r"paint 'soma' / nat_a: no mechanism 'nat_a'; did you mean 'nata_t'"),
    (("soma", "nata_t"), {"gmax": "1 S/cm2"}, r"nata_t / gmax: unknown parameter; did you mean 'g_max'"),
    (("soma", "nata_t"), {"g_max": 1.0}, r"nata_t / g_max: expected a quantity in \[S/cm2\], got the bare number 1.0; write"),
    (("soma", "nata_t"), {"g_max": "1 S"}, r"g_max: expected a quantity in \[S/cm2\], got 1 S"),
    (("soma", "nata_t"), {"g_max": "1 S/cm2*exp(distance)"}, "paint 'soma' / nata_t / g_max"),
    (("soma", "nata_t"), {"ion": "na"}, "a mechanism and an ion at once"),
    (("smoa",), {"ion": "k"}, "smoa"),
    (("soma",), {"ion": "kalium"}, "no ion 'kalium'; known: na, k, ca, cl"),
    (("soma",), {"ion": "k", "erev": "-85 mV"}, "erev: unknown parameter; did you mean 'e_rev'"),
    (("soma",), {"capacitance": "1 uF/cm2"}, "the cable needs both capacitance and resistivity"),
    (("soma",), {"capacitance": 1, "resistivity": "100 ohm cm"}, r"capacitance: expected a quantity in \[uF/cm2\], got the bare number 1"),
    (("soma",), {}, "nothing to paint"),
    (("soma", "exp2syn"), {}, "'exp2syn' is a receptor.*add a Receptor"),
])
def test_wrong_paint_is_refused_where_it_is_written(ball_and_stick: apical.Morphology, arguments: tuple[str, ...], keywords: dict[str, object],
                                                    message: str) -> None:
    c = apical.Cell(ball_and_stick)
    with pytest.raises(apical.InvalidModel, match=message):
        c.paint(*arguments, **keywords)  # type: ignore[arg-type]
    assert c.paintings == []


def test_values_may_vary_in_space_by_expression_or_function(ball_and_stick: apical.Morphology) -> None:
    """Three spellings of one gradient give the same voltages."""
    def trace(g: object) -> list[float]:
        c = apical.Cell(ball_and_stick, compartments=[1, 9]).paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm")
        c.paint("all", "pas", g=g, e_rev="-65 mV")
        s = apical.Simulation(apical.Circuit(apical.Population("n", c), apical.Injection(apical.StepCurrent("0 ms", "9 ms", "0.1 nA"), on="n"),
                                             apical.Probe("v", on="n", at="dend[0](1)")))
        s.run("5 ms")
        return list(s["v"].values[:, 0])

    seen: list[apical.Place] = []

    def gradient(p: apical.Place) -> tuple[float, str]:
        seen.append(p)
        return 1e-4 * p.distance / 100, "S/cm2"

    by_expression, by_function = trace("1e-4 S/cm2*distance/(100 um)"), trace(gradient)
    assert by_function == pytest.approx(by_expression, abs=1e-9)
    assert by_function != pytest.approx(trace("1e-4 S/cm2"), abs=1e-3)
    assert {p.section for p in seen} == {"soma[0]", "dend[0]"} and all(0 <= p.x <= 1 and p.diameter > 0 for p in seen)


def test_a_function_that_returns_a_bare_number_is_told_so(ball_and_stick: apical.Morphology) -> None:
    c = apical.Cell(ball_and_stick).paint("all", "pas", g=lambda place: 1e-4)
    with pytest.raises(apical.InvalidModel, match=r"paint 'all' / pas / g: expected a quantity in \[S/cm2\], got the bare number 0.0001"):
        apical.compile(apical.Circuit(apical.Population("n", c)))


def test_what_a_function_raises_comes_through(ball_and_stick: apical.Morphology) -> None:
    def broken(place: apical.Place) -> str:
        raise LookupError("mine")

    c = apical.Cell(ball_and_stick).paint("all", "pas", g=broken)
    with pytest.raises(LookupError, match="mine"):
        apical.compile(apical.Circuit(apical.Population("n", c)))


def test_compartments_are_a_rule_or_counts(ball_and_stick: apical.Morphology) -> None:
    assert apical.Cell(ball_and_stick).compartments == "d_lambda(0.1, 100 Hz)"
    assert apical.Cell(ball_and_stick, compartments=[1, 7]).compartments == [1, 7]
    with pytest.raises(apical.InvalidModel, match="max_length"):
        apical.Cell(ball_and_stick, compartments="max_length(40)")
    with pytest.raises(apical.InvalidModel, match="expected a rule or a list of counts, got 40"):
        apical.Cell(ball_and_stick, compartments=40)  # type: ignore[arg-type]


def test_cells_are_values(cell: apical.Cell) -> None:
    cell.v_init = "-70 mV"
    for twin in (copy.copy(cell), cell.copy(), pickle.loads(pickle.dumps(cell))):
        assert twin.morphology == cell.morphology and twin.v_init == apical.Quantity("-70 mV") and twin.compartments == cell.compartments
        assert [(p.region, p.mechanism, p.ion, p.values) for p in twin.paintings] == [(p.region, p.mechanism, p.ion, p.values) for p in cell.paintings]
        twin.paint("soma", "nata_t")
        assert len(twin.paintings) == len(cell.paintings) + 1
