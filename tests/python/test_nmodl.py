# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import apical

ROOT = Path(__file__).parents[2]
HAY = ROOT / "models/mechanisms/hay_2011"


def test_a_channel_relaxes_under_a_clamp() -> None:
    channel = apical.nmodl.translate(HAY / "Im.mod")
    assert (channel.name, channel.kind, channel.findings) == ("Im", "density", [])
    assert channel.parameters["gImbar"] == (1e-5, "S/cm2")
    assert list(channel.states) == ["m"] and channel.routines["rates"] == ["v"]
    protocol = apical.nmodl.Protocol()
    protocol.v = [(0, -80.0), (10, -30.0)]
    protocol.steps = 40000
    course = apical.nmodl.run(channel, protocol, ["m", "ik"])
    assert course.rows.shape == (40001, 2)
    rate = 3.3e-3 * 2.9528826414121213 * (np.exp(0.5) + np.exp(-0.5))
    steady = {v: 1 / (1 + np.exp(-0.2 * (v + 35))) for v in (-80, -30)}
    times = 0.025 * np.arange(39991)
    expected = steady[-30] + (steady[-80] - steady[-30]) * np.exp(-rate * times)
    np.testing.assert_allclose(course["m"][10:], expected, rtol=1e-9)
    np.testing.assert_allclose(course["ik"][-1], 1e-5 * course["m"][-2] * (-30 + 77), rtol=1e-12)


def test_events_and_spikes() -> None:
    unit = apical.nmodl.translate(ROOT / "tests/nmodl/mechanisms/leaky_unit.mod")
    protocol = apical.nmodl.Protocol()
    protocol.weights, protocol.events, protocol.steps = [0.6], [(1.0, 0), (2.0, 0), (2.5, 0), (9.0, 0)], 400
    course = apical.nmodl.run(unit, protocol, ["m", "spikes"])
    assert course.spikes == [2.0]
    assert course["spikes"][-1] == 1 and course["m"][-1] == 0.6


def test_functions_can_be_called() -> None:
    mechanism = apical.nmodl.translate(ROOT / "tests/nmodl/mechanisms/squid.mod")
    assert mechanism.call("ratio", [0.0, 10.0]) == pytest.approx(10.0)
    with pytest.raises(apical.InvalidModel, match="takes 2 arguments, not 1"):
        mechanism.call("ratio", [0.0])
    with pytest.raises(apical.InvalidModel, match="did you mean 'ratio'"):
        mechanism.call("ration", [0.0])


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.mod").write_text("NEURON { SUFFIX bad NONSPECIFIC_CURRENT i }\nASSIGNED { i (mA/cm2) v (mV) }\nBREAKPOINT { i = 0.001*(v + 65 }\n")
    with pytest.raises(apical.InvalidInput, match=r"bad.mod:3:\d+"):
        apical.nmodl.translate(tmp_path / "bad.mod")
    with pytest.raises(apical.InvalidModel, match="bad"):
        apical.nmodl.run(apical.nmodl.translate(HAY / "Ih.mod"), apical.nmodl.Protocol(), ["bad"])


def test_lint_finds_a_wrong_sign(tmp_path: Path) -> None:
    text = (HAY / "Im.mod").read_text().replace("(v - ek)", "(ek - v)")
    (tmp_path / "wrong.mod").write_text(text)
    (only,) = apical.nmodl.lint(tmp_path / "wrong.mod", dt=0.001)
    assert only.rule == "sign" and not only.is_error and "write g*(v - e)" in only.hint
    assert apical.nmodl.lint(HAY / "Im.mod", dt=0.001) == []


def python_with_neuron() -> str | None:
    """APICAL_NEURON_PYTHON, or this one, if it has NEURON and can build for it."""
    for python in (os.environ.get("APICAL_NEURON_PYTHON"), sys.executable):
        if python and Path(python).with_name("nrnivmodl").exists() and subprocess.run([python, "-c", "import neuron"], capture_output=True).returncode == 0:
            return python
    return None


def test_mechanisms_do_what_neuron_does(tmp_path: Path) -> None:
    python = python_with_neuron()
    if python is None:
        pytest.skip("NO NEURON HERE, nothing was compared: set APICAL_NEURON_PYTHON to a Python that has it")
    for name in ("two_exponentials.mod", "stdp.mod", "squid.mod"):
        shutil.copy(ROOT / "tests/nmodl/mechanisms" / name, tmp_path)
    done = subprocess.run([sys.executable, str(ROOT / "bench/nmodl/compare_neuron.py"), str(tmp_path), "--neuron", python], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of 3 beyond" in done.stdout
