# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import _thread
import contextlib
import copy
import gc
import pickle
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import apical


def test_recordings_have_times_values_and_places(simulation: apical.Simulation) -> None:
    simulation.run("10 ms")
    r = simulation["dendrite"]
    assert r.values.shape == (len(r), 3) == (401, 3)
    assert r.times == pytest.approx(np.arange(401) * 0.025)
    assert (r.unit, r.variable, r.label, r.interval) == ("mV", "v", "dendrite", 0.025)
    assert [p.section for p in r.places] == [1, 1, 1] and r.places[1].population == "neuron" and r.places[1].name.startswith("dend[0](")
    assert np.array_equal(r[1], r.values[:, 1]) and np.array_equal(r[r.places[1].name], r[1]) and np.array_equal(r[-1], r[2])
    assert np.array_equal(np.asarray(r), r.values)
    with pytest.raises(IndexError):
        r[3]
    with pytest.raises(apical.InvalidModel, match="no place 'dend'"):
        r["dend"]
    assert list(simulation.recordings) == ["soma", "dendrite"]
    with pytest.raises(apical.InvalidModel, match="did you mean 'soma'"):
        simulation["some"]


def test_values_are_views_without_a_copy(simulation: apical.Simulation) -> None:
    simulation.run("10 ms")
    r = simulation["dendrite"]
    values = r.values
    assert np.shares_memory(values, r.values) and np.shares_memory(values, simulation["dendrite"][1])
    assert values.base is not None and not values.flags.owndata
    assert not values.flags.writeable and not r[0].flags.writeable and not simulation.spikes.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0] = 1
    assert np.shares_memory(simulation.spikes, simulation.spikes)


def test_views_outlive_the_simulation_and_never_change(circuit: apical.Circuit) -> None:
    simulation = apical.Simulation(circuit)
    simulation.run("10 ms")
    values, spikes = simulation["soma"].values, simulation.spikes
    before, spikes_before = values.copy(), spikes.copy()
    simulation.run("30 ms")
    assert len(simulation["soma"]) == 1201 and len(simulation.spikes) > len(spikes)
    assert np.array_equal(values, before) and np.array_equal(simulation["soma"].values[:401], before)
    del simulation
    gc.collect()
    assert np.array_equal(values, before) and np.array_equal(spikes, spikes_before)


def test_a_recording_follows_its_simulation(simulation: apical.Simulation) -> None:
    r = simulation["soma"]
    simulation.run("5 ms")
    assert len(r) == 201
    simulation.run("10 ms")
    assert len(r) == 401


def test_looking_does_not_change_the_result(circuit: apical.Circuit) -> None:
    quiet, watched = apical.Simulation(circuit), apical.Simulation(circuit)
    quiet.run("40 ms")
    held = []
    for t in range(1, 41):
        watched.run((t, "ms"))
        held.append(watched["soma"].values)
    assert np.array_equal(quiet["soma"].values, held[-1]) and np.array_equal(quiet.spikes, watched.spikes)


def test_a_run_tells_how_wrong_it_is() -> None:
    circuit = apical.Circuit(
        apical.Population("cell", apical.models.ball_and_stick(), 3),
        apical.Injection(apical.StepCurrent("2 ms", "50 ms", "0.3 nA"), on="cell"),
        apical.Probe("v", on="cell"),
        apical.SpikeDetector(on="cell"),
    )
    found = {}
    for scheme in ("crank_nicolson", "backward_euler"):
        simulation = apical.Simulation(circuit, scheme=scheme)
        simulation.run("30 ms")
        accuracy = simulation.verify(cells=2)
        (spikes,) = accuracy.populations
        assert (spikes.name, spikes.cells, spikes.missed, spikes.extra) == ("cell", 2, 0, 0)
        assert spikes.spikes > 0
        assert spikes.median.low <= spikes.median.value <= spikes.median.high
        assert accuracy.probes[0].unit == "mV" and accuracy.probes[0].rms.value > 0
        assert accuracy.until == 30 and "Verification" in repr(accuracy)
        found[scheme] = spikes.median.value
    assert found["backward_euler"] > 5 * found["crank_nicolson"]
    with pytest.raises(apical.InvalidModel, match="cells_per_population"):
        simulation.verify(cells=0)


def test_the_cheapest_way_to_be_right_is_found() -> None:
    circuit = apical.Circuit(
        apical.Population("cell", apical.models.ball_and_stick(), 2),
        apical.Injection(apical.StepCurrent("2 ms", "50 ms", "0.3 nA"), on="cell"),
        apical.SpikeDetector(on="cell"),
    )
    found = apical.work_precision(circuit, "30 ms", cells=1, temperature="6.3 degC")
    assert found.cells == 1 and len(found.points) > 10 and "precise" in found.reference
    best = found.cheapest("0.01 ms")
    assert best is not None and best.p95 <= 0.01 and best.missed == best.extra == 0
    simulation = apical.Simulation(circuit, **best.options)
    simulation.run("30 ms")
    assert len(simulation.spike_times()) > 0
    assert found.cheapest("1e-15 ms") is None
    with pytest.raises(apical.InvalidModel, match="cells_per_population"):
        apical.work_precision(circuit, "30 ms", cells=0)


@pytest.mark.parametrize("options", [{"threads": 2}, {"lanes": 1}, {"steps_per_epoch": 7}], ids=str)
def test_results_do_not_depend_on_how_they_are_computed(cell: apical.Cell, options: dict[str, int]) -> None:
    circuit = apical.Circuit(apical.Population("n", cell, size=5), apical.Probe("v", on="n"), apical.SpikeDetector(on="n"))
    for i in range(5):
        circuit.add(apical.Injection(apical.StepCurrent("1 ms", "20 ms", (0.2 * i, "nA")), on="n", cells=[i]))
    plain, other = apical.Simulation(circuit), apical.Simulation(circuit, **options)
    plain.run("20 ms")
    other.run("20 ms")
    assert np.array_equal(plain["v"].values, other["v"].values) and np.array_equal(plain.spikes, other.spikes)
    assert len(plain.spikes) > 3


def test_a_plan_is_shared_and_repeats_to_the_bit(circuit: apical.Circuit) -> None:
    plan = apical.compile(circuit, dt="0.05 ms", temperature="6.3 degC")
    one, two = apical.Simulation(plan), apical.Simulation(pickle.loads(pickle.dumps(circuit)), dt=(0.05, "ms"))
    one.run("30 ms")
    two.run("30 ms")
    assert np.array_equal(one["dendrite"].values, two["dendrite"].values) and one.plan.populations == ["neuron"]
    summary = plan.summary()
    assert summary["populations"][0]["cells"] == 1 and summary["populations"][0]["compartments"] == 6 and summary["shared_bytes"] > 0
    with pytest.raises(TypeError, match="compiled already"):
        apical.Simulation(plan, dt="0.1 ms")


def test_every_option_changes_something_or_is_refused(circuit: apical.Circuit) -> None:
    def end(**options: object) -> float:
        s = apical.Simulation(circuit, **options)  # type: ignore[arg-type]
        s.run("5 ms")
        return s.voltage("neuron")

    usual = end()
    assert end() == usual
    assert end(dt="0.05 ms") != usual != end(scheme="backward_euler") and end(temperature="16.3 degC") != usual
    with pytest.raises(apical.Diverged):
        end(v_limit="1 mV")
    with pytest.raises(TypeError, match="unknown option 'dT'; did you mean 'dt'"):
        end(dT="0.1 ms")
    with pytest.raises(apical.InvalidModel, match=r"options / dt: expected a quantity in \[ms\], got the bare number 0.1"):
        end(dt=0.1)
    with pytest.raises(apical.InvalidModel, match="crank_nicolson"):
        end(scheme="crank_nicholson")
    with pytest.raises(apical.InvalidModel):
        end(dt="-1 ms")


def test_the_seed_decides_the_noise(cell: apical.Cell) -> None:
    circuit = apical.Circuit(apical.Population("n", cell), apical.Probe("v", on="n"),
                             apical.Injection(apical.NoiseCurrent("0 ms", "20 ms", mean="0 nA", sd="0.1 nA", tau="2 ms"), on="n"))
    traces = []
    for seed in (1, 1, 2):
        s = apical.Simulation(circuit, seed=seed)
        s.run("10 ms")
        traces.append(s["v"].values)
    assert np.array_equal(traces[0], traces[1]) and not np.array_equal(traces[0], traces[2])


def test_spikes_are_a_structured_array(simulation: apical.Simulation) -> None:
    assert len(simulation.spikes) == 0 and simulation.spikes.dtype.names == ("population", "cell", "time", "step_time")
    simulation.run("40 ms")
    spikes = simulation.spikes
    assert len(spikes) >= 2 and (np.diff(spikes["time"]) > 0).all()
    assert (spikes["step_time"] - spikes["time"] >= -1e-9).all() and (spikes["step_time"] - spikes["time"] < 0.025 + 1e-9).all()
    v, t = simulation["soma"].values[:, 0], simulation["soma"].times
    assert t[1:][(v[1:] > -20) & (v[:-1] <= -20)] == pytest.approx(spikes["step_time"])
    assert np.array_equal(simulation.spike_times(), spikes["time"]) and len(simulation.spike_times("neuron", cell=1)) == 0
    with pytest.raises(apical.InvalidModel, match="no population 'neurons'; did you mean 'neuron'"):
        simulation.spike_times("neurons")


def test_forks_go_on_independently(simulation: apical.Simulation) -> None:
    simulation.run("10 ms")
    twins = [simulation.fork(), copy.copy(simulation), copy.deepcopy(simulation)]
    simulation.run("20 ms")
    assert simulation.time == 20 and all(t.time == 10 for t in twins)
    for t in twins:
        t.run("20 ms")
        assert np.array_equal(t["soma"].values, simulation["soma"].values)


def test_time_goes_forward_in_whole_steps(simulation: apical.Simulation) -> None:
    simulation.run("1 ms")
    with pytest.raises(apical.InvalidModel):
        simulation.run("0.5 ms")
    with pytest.raises(apical.InvalidModel):
        simulation.run("1.01 ms")
    with pytest.raises(apical.InvalidModel, match=r"run / until: expected a quantity in \[ms\], got the bare number 2"):
        simulation.run(2)  # type: ignore[arg-type]
    assert simulation.time == 1


def test_progress_is_reported_and_may_stop_the_run(circuit: apical.Circuit, capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[tuple[float, float, float]] = []
    long = apical.Simulation(circuit)
    long.run("2 s", progress=lambda *a: seen.append(a))
    assert seen and all(u == 2000 and 0 <= t <= 2000 and w >= 0 for t, u, w in seen)

    def stop(now: float, until: float, wall: float) -> None:
        raise StopIteration("enough")

    stopped = apical.Simulation(circuit)
    with pytest.raises(StopIteration, match="enough"):
        stopped.run("100 s", progress=stop)
    assert stopped.time < 100_000
    assert capfd.readouterr() == ("", ""), "silent unless asked"
    apical.Simulation(circuit).run("50 ms", progress=True)
    out, err = capfd.readouterr()
    assert out == "" and "50.0 of 50.0 ms" in err and err.endswith("\n")


def test_ctrl_c_stops_a_run(simulation: apical.Simulation) -> None:
    def interrupt() -> None:
        try:
            while True:
                simulation["soma"]
                time.sleep(0.001)
        except RuntimeError:  # now it runs
            time.sleep(0.3)
            _thread.interrupt_main()

    hand = threading.Thread(target=interrupt)
    hand.start()
    with pytest.raises(KeyboardInterrupt):
        simulation.run("10000 s")
    hand.join()
    assert simulation.time < 1e7
    at = simulation.time
    simulation.run((at + 1, "ms"))
    assert simulation.time == pytest.approx(at + 1)


def test_other_threads_run_meanwhile_but_may_not_look(circuit: apical.Circuit) -> None:
    simulation = apical.Simulation(circuit)
    ticks: list[float] = []
    refused: list[str] = []

    def tick() -> None:
        while worker.is_alive():
            ticks.append(time.monotonic())
            try:
                simulation["soma"]
            except RuntimeError as e:
                refused.append(str(e))
            time.sleep(0.001)

    def stop(now: float, until: float, wall: float) -> None:
        if len(ticks) > 10 and refused:
            raise StopIteration

    def work() -> None:
        with contextlib.suppress(StopIteration):
            simulation.run("100 s", progress=stop)

    worker = threading.Thread(target=work)
    worker.start()
    tick()
    worker.join()
    assert len(ticks) > 10 and refused and "this simulation is running" in refused[0]
    assert len(simulation["soma"]) == round(40*simulation.time) + 1


def test_results_can_be_written(simulation: apical.Simulation, tmp_path: Path) -> None:
    simulation.run("40 ms")
    simulation.write_spikes(tmp_path / "spikes.h5")
    times, cells = apical.read_spikes(tmp_path / "spikes.h5")["neuron"]
    assert np.array_equal(times, simulation.spike_times()) and (cells == 0).all()
    with pytest.raises(apical.InvalidInput, match="spikes.h5"):
        simulation.write_spikes(tmp_path / "spikes.h5")
    simulation.write_spikes(tmp_path / "spikes.h5", overwrite=True)
    simulation["dendrite"].write(tmp_path / "dendrite.csv")
    table = np.loadtxt(tmp_path / "dendrite.csv", delimiter=",", skiprows=1)
    assert np.array_equal(table[:, 1:], simulation["dendrite"].values)
    simulation["dendrite"].write(tmp_path / "dendrite.h5")
    assert (tmp_path / "dendrite.h5").stat().st_size > 401 * 3 * 4


def test_voltage_clamp_and_other_variables(cell: apical.Cell) -> None:
    circuit = apical.Circuit(
        apical.Population("n", cell), apical.VoltageClamp([("0 ms", "-65 mV"), ("5 ms", "0 mV")], on="n", series="0.001 Mohm"),
        apical.Probe("m", on="n", variable="hh_na.m"), apical.Probe("i", on="n", variable="i_clamp", interval="1 ms", start="2 ms"))
    s = apical.Simulation(circuit, scheme="backward_euler")
    s.run("30 ms")
    assert s.voltage("n") == pytest.approx(0, abs=0.1)
    assert s["m"].values[-1, 0] == pytest.approx(apical.channels.hh_na.gates([s.voltage("n")])["m"][0][0], abs=1e-3)
    assert (s["i"].unit, s["i"].interval, s["i"].times[0]) == ("nA", 1.0, 2.0) and abs(s["i"].values[-1, 0]) > 1


def test_models_protocols_are_circuits() -> None:
    protocol = apical.models.L5pcProtocols().bac()
    assert [p.label for p in protocol.probes] == ["soma", "trunk"] and protocol.until.to("ms") > 300
    circuit = protocol.on(apical.models.squid_axon())
    assert circuit.populations[0].name == "cell" and len(circuit.injections) == len(protocol.injections)
    assert apical.models.L5pcProtocols(threshold="-10 mV").step_firing("0.619 nA").detectors[0].threshold == apical.Quantity("-10 mV")


def test_a_checkpoint_goes_on_in_another_simulation(circuit: apical.Circuit, tmp_path: Path) -> None:
    whole, first, second = (apical.Simulation(circuit) for _ in range(3))
    whole.run("20 ms")
    first.run("7.5 ms")
    first.checkpoint(tmp_path / "a.h5")
    early = second["soma"].values
    second.restore(tmp_path / "a.h5")
    assert second.time == pytest.approx(7.5) and len(early) == 1
    second.run("20 ms")
    assert np.array_equal(second["soma"].values, whole["soma"].values)
    assert np.array_equal(second.spikes, whole.spikes)
    with pytest.raises(apical.InvalidInput, match="another model"):
        apical.Simulation(circuit, dt="0.05 ms").restore(tmp_path / "a.h5")
    (tmp_path / "b.h5").write_bytes((tmp_path / "a.h5").read_bytes()[:-500])
    with pytest.raises(apical.InvalidInput, match="b.h5"):
        second.restore(tmp_path / "b.h5")
    coupled, again = (apical.Simulation(circuit, scheme="cvode") for _ in range(2))
    coupled.run("7.5 ms")
    coupled.checkpoint(tmp_path / "c.h5")
    again.restore(tmp_path / "c.h5")
    assert again.time == pytest.approx(7.5)
