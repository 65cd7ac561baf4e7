# SPDX-License-Identifier: BSD-3-Clause
"""The Python of docs/python.md runs as it stands there, block after block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import apical

from conftest import SOURCE


def test_the_page_runs(capfd: pytest.CaptureFixture[str]) -> None:
    plt = pytest.importorskip("matplotlib.pyplot")
    text = (SOURCE / "docs" / "python.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 7
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    plt.close("all")
    simulation = names["simulation"]
    assert isinstance(simulation, apical.Simulation) and simulation.time == 200 and len(simulation.spikes) > 0
    assert names["twin"].time == 50  # type: ignore[attr-defined]


def test_the_page_names_what_there_is() -> None:
    text = Path(SOURCE / "docs" / "python.md").read_text()
    for name in set(re.findall(r"\bapical\.([A-Za-z_]+)", text)):
        assert hasattr(apical, name), name
