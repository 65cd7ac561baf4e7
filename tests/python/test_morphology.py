# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest

import apical


def test_a_morphology_is_a_sequence_of_sections(ball_and_stick: apical.Morphology) -> None:
    m = ball_and_stick
    assert len(m) == 2 and m.names == ["soma[0]", "dend[0]"]
    assert [s.name for s in m] == m.names
    assert (m[-1].name, m["soma"].index, m["dend[0]"].parent, m[0].parent) == ("dend[0]", 0, 0, None)
    assert m[0].children == [1]
    assert m["soma"].area == pytest.approx(math.pi * 20 * 20)
    assert m["dend[0]"].length == pytest.approx(200)
    assert m["dend[0]"].at(0.25) == pytest.approx((70, 0, 0, 2))
    with pytest.raises(IndexError):
        m[2]
    with pytest.raises(apical.InvalidModel, match=r"no section 'dend\[1\]'; did you mean 'dend\[0\]'"):
        m["dend[1]"]


def test_points_are_views_that_keep_their_morphology() -> None:
    m = apical.Morphology()
    m.add("soma", np.array([[0, 0, 0, 20], [20, 0, 0, 20.0]]))
    points, arc = m[0].points, m[0].arc
    assert np.shares_memory(points, m[0].points) and np.shares_memory(arc, m[0].arc)
    assert not points.flags.writeable and points.base is not None
    assert points.shape == (2, 4) and arc.tolist() == [0, 20]
    for k in range(100):  # growing moves the sections, not their points
        m.add("dend", [(20, 0, 0, 1), (30 + k, 0, 0, 1)], parent=0)
    assert np.shares_memory(points, m[0].points)
    del m
    assert points[1].tolist() == [20, 0, 0, 20]


def test_bad_sections_are_refused() -> None:
    m = apical.Morphology()
    with pytest.raises(apical.InvalidModel, match="unknown type 'som'; did you mean 'soma'"):
        m.add("som", [(0, 0, 0, 1), (1, 0, 0, 1)])
    with pytest.raises(apical.InvalidModel, match="rows of x, y, z and diameter"):
        m.add("soma", [(0, 0, 0), (1, 0, 0)])
    with pytest.raises(apical.InvalidModel):
        m.add("soma", [(0, 0, 0, 1)])
    with pytest.raises(apical.InvalidModel, match="no section 'trunk'"):
        m.add("dend", [(0, 0, 0, 1), (1, 0, 0, 1)], parent="trunk")
    assert len(m) == 0


def test_expressions_find_places(ball_and_stick: apical.Morphology) -> None:
    m = ball_and_stick
    assert m.locations("soma(0.5), dend[0](1)") == [apical.Location(0, 0.5), apical.Location(1, 1.0)]
    assert [(s.section, s.start, s.end) for s in m.region("distance > 110 um")] == [(1, pytest.approx(0.5), 1.0)]
    assert m.distance("dend[0](1)") == pytest.approx(210)
    assert m.distance(apical.Location(1, 1.0), "dend[0](0.5)") == pytest.approx(100)
    with pytest.raises(apical.InvalidModel, match="dend"):
        m.locations("dnd[0](0.5)")
    with pytest.raises(apical.InvalidModel, match="one place, found 2"):
        m.distance("soma(0.5), dend[0](1)")


def test_value_expressions_have_units(ball_and_stick: apical.Morphology) -> None:
    values = ball_and_stick.evaluate("1 mS/cm2*distance/(10 um)", "mS/cm2", "soma(0.5), dend[0](0.5)")
    assert values == pytest.approx([0, 11])
    assert ball_and_stick.evaluate("distance", "um", [apical.Location(1, 1.0)]) == pytest.approx([210])
    with pytest.raises(apical.InvalidModel):
        ball_and_stick.evaluate("distance", "mV")


def test_compartments_come_as_a_table(ball_and_stick: apical.Morphology) -> None:
    nodes = ball_and_stick.discretise("count(5)")
    inside = nodes[(nodes["x"] > 0) & (nodes["x"] < 1)]
    assert len(inside) == 10 and not nodes.flags.writeable
    assert inside["area"].sum() == pytest.approx(sum(s.area for s in ball_and_stick))
    assert nodes["parent"][0] == -1 and (nodes["parent"][1:] < np.arange(1, len(nodes))).all()
    assert len(ball_and_stick.discretise([1, 3])) == 1 + 1 + 1 + 3 + 1
    with pytest.raises(apical.InvalidModel, match="resistivity"):
        ball_and_stick.discretise("count(5)", resistivity=100)


def test_copies_are_new_morphologies(ball_and_stick: apical.Morphology) -> None:
    assert len(ball_and_stick.without("dend")) == 1 and len(ball_and_stick) == 2
    stub = ball_and_stick.with_stub_axon(pieces=2, length="30 um", diameter="1 um")
    assert [s.name for s in stub if s.type == "axon"] == ["axon[0]", "axon[1]"]
    assert sum(s.length for s in stub if s.type == "axon") == pytest.approx(60)
    assert pickle.loads(pickle.dumps(ball_and_stick)) == ball_and_stick != stub


def test_swc_files_are_read_and_liberties_are_told(tmp_path: Path) -> None:
    good = tmp_path / "good.swc"
    good.write_text("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n4 3 110 0 0 1 3\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", apical.InputWarning)
        m = apical.read_morphology(good)
    assert {s.type for s in m} == {"soma", "dend"}
    odd = tmp_path / "odd.swc"
    odd.write_text("1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 0 2\n4 3 110 0 0 1 3\n")
    with pytest.warns(apical.InputWarning) as caught:
        apical.read_morphology(str(odd))
    assert any("odd.swc:3" in p.where for w in caught for p in w.message.problems)  # type: ignore[union-attr]


def test_the_hay_cell_is_read(data: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", apical.InputWarning)
        m = apical.read_morphology(data / "morphologies" / "hay2011_cell1.asc")
    assert sum(s.type == "apic" for s in m) == 109 and sum(s.type == "dend" for s in m) == 84


def test_synthetic_cells_are_reproducible() -> None:
    assert "l5_tufted_pyramidal" in apical.cell_families()
    one = apical.synthesise("l5_tufted_pyramidal", index=3)
    assert one == apical.synthesise("l5_tufted_pyramidal", index=3)
    assert one != apical.synthesise("l5_tufted_pyramidal", index=4) != apical.synthesise("l5_tufted_pyramidal", index=4, seed=1)
    with pytest.raises(apical.InvalidModel, match="did you mean 'l5_tufted_pyramidal'"):
        apical.synthesise("l5_tufted_pyramid")
    assert apical.acceptance(apical.synthesise("pv_basket"), "l5_tufted_pyramidal")


def test_the_check_measures_and_finds_suspicious_places(ball_and_stick: apical.Morphology) -> None:
    report = apical.check(ball_and_stick)
    assert report.all.length == pytest.approx(220)
    assert {t.name for t in report.types} == {"soma", "dend"}
    assert "dend" in str(report)
    ball_and_stick.add("dend", [(20, 0, 0, 1), (6000, 0, 0, 1)], parent=0)
    assert apical.check(ball_and_stick).suspicious
