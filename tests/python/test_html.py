# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from html.parser import HTMLParser

import pytest

import apical

VOID = {"br", "img", "hr"}


class Checker(HTMLParser):
    """Every tag that opens closes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open}"
        self.open.pop()


def tags(html: str) -> set[str]:
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    return checker.seen


def test_a_morphology_is_drawn_and_measured(ball_and_stick: apical.Morphology) -> None:
    html = ball_and_stick._repr_html_()
    assert {"svg", "path", "table"} <= tags(html)
    assert html.count("<path") == 2 and "200 um" in html and "basal" in html
    assert "empty" in apical.Morphology()._repr_html_()


def test_text_is_escaped(ball_and_stick: apical.Morphology) -> None:
    html = apical.Cell(ball_and_stick).paint("distance < 30 um and diameter > 1 um", "pas")._repr_html_()
    assert "distance &lt; 30 um and diameter &gt; 1 um" in html
    tags(html)


def test_circuits_and_recordings_are_shown(circuit: apical.Circuit) -> None:
    assert "table" in tags(circuit._repr_html_()) and "StepCurrent" in circuit._repr_html_()
    simulation = apical.Simulation(circuit)
    assert "svg" not in tags(simulation["soma"]._repr_html_())
    simulation.run("20 ms")
    html = simulation["dendrite"]._repr_html_()
    assert "svg" in tags(html) and html.count("<path") == 3
    assert len(html) < 40_000


@pytest.mark.parametrize("thing", [apical.channels, apical.channels.hh_na, apical.channels.pas, apical.channels.exp2syn, apical.models.squid_axon],
                         ids=repr)
def test_what_can_be_browsed_is_shown(thing: object) -> None:
    assert "table" in tags(thing._repr_html_())  # type: ignore[attr-defined]
