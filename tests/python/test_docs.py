# SPDX-License-Identifier: BSD-3-Clause
"""The Python of docs/python.md and docs/circuits.md runs as it stands there, block after block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import apical

from conftest import SOURCE


def run_page(page: str) -> dict[str, object]:
    plt = pytest.importorskip("matplotlib.pyplot")
    blocks = re.findall(r"^```python\n(.*?)^```", (SOURCE / "docs" / page).read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, f"docs/{page}", "exec"), names)
    plt.close("all")
    return names


def test_the_page_runs(capfd: pytest.CaptureFixture[str]) -> None:
    names = run_page("python.md")
    simulation = names["simulation"]
    assert isinstance(simulation, apical.Simulation) and simulation.time == 200 and len(simulation.spikes) > 0
    assert names["twin"].time == 50  # type: ignore[attr-defined]


def test_the_walk_through_circuits_runs(capfd: pytest.CaptureFixture[str]) -> None:
    names = run_page("circuits.md")
    simulation, network = names["simulation"], names["network"]
    assert isinstance(simulation, apical.Simulation) and list(simulation.spikes["cell"][:2]) == [0, 1]
    assert isinstance(network, apical.Circuit) and len(network.projections) == 5 and len(network.gap_junctions) > 10


@pytest.mark.parametrize("page", ["python.md", "circuits.md", "learning.md"])
def test_the_page_names_what_there_is(page: str) -> None:
    text = Path(SOURCE / "docs" / page).read_text()
    for name in set(re.findall(r"\bapical\.([A-Za-z_]+)", text)):
        assert hasattr(apical, name), name
