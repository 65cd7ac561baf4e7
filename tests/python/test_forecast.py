# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest

import apical


@pytest.fixture
def net(cell: apical.Cell) -> apical.Circuit:
    """Two populations that hear each other, by rules: nobody has drawn a contact yet."""
    c = apical.Circuit(apical.Population("a", cell, size=40), apical.Population("b", cell, size=24), apical.Probe("soma", on="a", interval="1 ms"))
    for source, target in (("a", "b"), ("b", "a")):
        c.add(apical.Projection(f"{source} to {target}", source, target, apical.FixedIndegree(8), "exp2syn", weight="1 nS", delay="2 ms", at="dend[0](0.5)"))
    return c


def test_runs_are_told_before_they_are_run(net: apical.Circuit) -> None:
    one, four = apical.forecast(net, "1 s", ranks=[1, 4])
    assert (one.ranks, four.ranks, len(one.processes), len(four.processes)) == (1, 4, 1, 4)
    assert one.cells == four.cells == 64
    assert one.connections == four.connections == 64 * 8
    assert sum(p.cells for p in four.processes) == 64 and [p.rank for p in four.processes] == [0, 1, 2, 3]
    for f in (one, four):
        assert f.seconds == pytest.approx(f.compute_seconds + f.spike_seconds + f.message_seconds) and f.compute_seconds > 0
        assert f.balance >= 1 and f.build_seconds > 0
        assert f.largest.bytes == max(p.bytes for p in f.processes)
        assert f.largest.bytes > 3e7 and all(p.state_bytes > 0 and p.connection_bytes > 0 for p in f.processes)
    # 1001 samples of 40 cells, of 8 bytes; spikes besides
    assert 0 < one.processes[0].result_bytes - 1001 * 40 * 8 < 1e5
    assert "RunForecast on 4" in repr(four) and "ProcessForecast 3" in repr(four.processes[3])


def test_more_spikes_are_more_messages(net: apical.Circuit) -> None:
    few, many, some = (apical.forecast(net, "1 s", ranks=[4], rate=rate)[0].received_bytes for rate in ("1 Hz", "5 kHz", {"a": (5, "kHz"), "b": "1 Hz"}))
    assert few < some < many


def test_weak_scaling_has_a_circuit_a_process(net: apical.Circuit) -> None:
    (f,) = apical.forecast(net, "100 ms", ranks=[8], weak=True, cores=2, on_machine=2, threads=2, latency="1 us", bandwidth=1e9)
    assert f.cells == 8 * 64 and f.on_machine == 2


def test_long_traces_are_not_held(net: apical.Circuit) -> None:
    short, long = (apical.forecast(net, until)[0].largest.result_bytes for until in ("100 s", "10000 s"))
    assert long - short < 40 * 10000 * 1000 * 8 / 10


def test_what_is_wrong_is_named(net: apical.Circuit) -> None:
    with pytest.raises(apical.InvalidModel, match="no population 'c'"):
        apical.forecast(net, "1 s", rate={"c": "1 Hz"})
    with pytest.raises(apical.InvalidModel, match="forecast / rate: is negative"):
        apical.forecast(net, "1 s", rate="-1 Hz")
    with pytest.raises(apical.InvalidModel, match=r"forecast / until: expected a quantity in \[ms\]"):
        apical.forecast(net, "1 mV")
    with pytest.raises(apical.InvalidModel, match="forecast / ranks: 0 processes"):
        apical.forecast(net, "1 s", ranks=[0])
    with pytest.raises(apical.InvalidModel, match="forecast / bandwidth"):
        apical.forecast(net, "1 s", bandwidth=0)
