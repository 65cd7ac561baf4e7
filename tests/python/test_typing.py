# SPDX-License-Identifier: BSD-3-Clause
"""The stubs are complete, and mypy accepts the package and refuses wrong programs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import apical
from apical import _apical

PACKAGE = Path(apical.__file__).parent

RIGHT = """
import apical
m = apical.synthesise("l5_tufted_pyramidal", index=1)
cell = apical.Cell(m, compartments=[1] * len(m)).paint("soma", "nata_t", g_max=(2.04, "S/cm2")).paint("all", ion="k", e_rev="-85 mV")
cell.paint("all", "pas", g=lambda place: (1e-4*place.distance, "S/cm2"))
circuit = apical.Circuit(apical.Population("n", cell), apical.Probe("v", on=apical.Target("n"), interval=apical.Quantity("1 ms")))
circuit.add(apical.Injection(apical.StepCurrent("1 ms", "1 ms", "1 nA"), on="n"))
s = apical.Simulation(circuit, dt="0.025 ms", threads=2)
s.run("10 ms", progress=lambda t, until, wall: None)
peak: float = float(s["v"].values.max())
name: str = s["v"].places[0].name
plan: apical.Plan = s.fork().plan
apical.plot.traces(s["v"]).set_title("x")
try:
    apical.models.l5pc(morphology="l5pc_1")
except apical.Diverged as e:
    where: str = e.location
"""
WRONG = """
import apical
apical.StepCurrent("1 ms", "1 ms", 1.0)
apical.Circuit(apical.StepCurrent("1 ms", "1 ms", "1 nA"))
apical.Simulation(apical.Circuit(), dT="0.1 ms")
apical.Simulation(apical.Circuit()).run(10)
apical.Simulation(apical.Circuit())["v"].nothing
"""


def public() -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in vars(_apical).items():
        if name.startswith("_"):
            continue
        found.append((name, value))
        if inspect.isclass(value):
            found += [(f"{name}.{k}", v) for k, v in vars(value).items() if not k.startswith("_")]
    return found


@pytest.mark.parametrize(("name", "value"), public(), ids=[n for n, _ in public()])
def test_everything_public_has_a_docstring(name: str, value: object) -> None:
    doc = inspect.getdoc(value) or ""
    if name == "Simulation" or inspect.isclass(value):
        doc = doc or inspect.getdoc(value.__init__) or ""  # type: ignore[misc]
    assert len(doc.split()) >= 2, name
    is_function = callable(value) and not inspect.isclass(value)
    if is_function:
        assert re.search(r"^(Returns|Parameters)\n-+$", doc, re.MULTILINE), f"{name} says neither what it takes nor what it returns"


def check(program: str, folder: Path) -> list[str]:
    pytest.importorskip("mypy")
    file = folder / "program.py"
    file.write_text(program)
    run = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(folder / "cache"), str(file)],
                         capture_output=True, text=True, env={"MYPYPATH": str(PACKAGE.parent), "PYTHONPATH": str(PACKAGE.parent), "PATH": ""})
    assert not run.stderr, run.stderr
    return run.stdout.splitlines()


def test_mypy_accepts_what_is_right(tmp_path: Path) -> None:
    assert check(RIGHT, tmp_path) == []


def test_mypy_refuses_what_is_wrong(tmp_path: Path) -> None:
    lines = check(WRONG, tmp_path)
    places = [int(re.search(r":(\d+):", line)[1]) for line in lines if ": error:" in line]  # type: ignore[index]
    assert places == [3, 4, 5, 6, 7]


def test_the_package_itself_is_strictly_typed(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    run = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), "-p", "apical"],
                         capture_output=True, text=True, cwd=tmp_path, env={"MYPYPATH": str(PACKAGE.parent), "PATH": ""})
    assert run.stdout + run.stderr == ""
