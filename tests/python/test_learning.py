# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pickle

import numpy as np
import pytest

import apical


def circuit(learning: apical.Learning | None, *more: apical.Modulator | apical.WeightProbe | apical.SpikeDetector) -> apical.Circuit:
    c = apical.Circuit()
    c.add(
        apical.Population("cells", apical.models.build("adex"), size=2),
        apical.SpikeSource("in", size=30, rate="30 Hz"),
        apical.Projection("in", "in", "cells", apical.AllToAll(), "expsyn", "8 nS", parameters={"tau": "5 ms"}, learning=learning),
        *more,
    )
    return c


@pytest.mark.parametrize(
    "value",
    [
        apical.Learning("pair_stdp", {"tau_plus": "10 ms"}, published="bi_poo", unit="4 nS", low=0.1, high=2, region="r", total=3),
        apical.Modulator("dopamine", "r", tau="0.1 s", releases=[(20, 1)], sources=[("cells", 0.1, "2 ms")]),
        apical.ModulatorEffect("g_max", population="cells", mechanism="ih", at="apical", scale=-0.5, half=0.1, hill=2, tau_on="5 ms", interval="1 ms"),
        apical.ModulatorEffect("v_t", population="cells", shift="-2 mV"),
        apical.Modulator("acetylcholine", effects=[apical.ModulatorEffect("weight", projection="in", scale=-1)]),
        apical.WeightProbe("w", "in", interval="50 ms"),
    ],
    ids=lambda v: type(v).__name__,
)
def test_values_compare_print_and_pickle(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert eval(repr(value), vars(apical)) == value


def test_weights_change_and_are_kept() -> None:
    s = apical.Simulation(circuit(apical.Learning("pair_stdp", unit="16 nS", high=1), apical.WeightProbe("w", "in", "50 ms")), dt="0.1 ms")
    before = s.weights("in")
    assert before["unit"] == "uS" and np.allclose(before["strength"], 0.5) and before["source"].shape == (60,)
    s.run("200 ms")
    now = s.weights("in")
    assert not np.allclose(now["strength"], 0.5) and now["strength"].min() >= 0 and now["strength"].max() <= 1
    kept = s.weight_recordings["w"]
    assert kept["time"].tolist() == [0, 50, 100, 150, 200] and kept["weight"].shape == (5, 60)
    assert np.array_equal(kept["weight"][-1], now["weight"])


def test_reward_is_released_by_the_environment() -> None:
    learning = apical.Learning("dopamine_stdp", {"tonic": "0 Hz"}, high=10, interval="1 ms")
    s = apical.Simulation(circuit(learning, apical.Modulator("dopamine")), dt="0.1 ms")
    s.run("200 ms")
    assert np.allclose(s.weights("in")["strength"], 1, atol=0, rtol=0)
    s.release("dopamine", 0.5)
    s.run("300 ms")
    assert not np.allclose(s.weights("in")["strength"], 1)
    with pytest.raises(apical.InvalidModel, match="no modulator"):
        s.release("dopamin", 1)


def test_an_environment_sends_spikes() -> None:
    which, when = np.arange(60) % 3, np.arange(60)*3.3

    def looked_at(is_known: bool) -> apical.Simulation:
        c = circuit(apical.Learning("pair_stdp", unit="16 nS", high=1))
        c.add(
            apical.SpikeSource("eyes", 3, which, (when, "ms")) if is_known else apical.SpikeSource("eyes", 3),
            apical.Projection("eyes", "eyes", "cells", apical.AllToAll(), "expsyn", "20 nS", parameters={"tau": "5 ms"}),
        )
        return apical.Simulation(c, dt="0.1 ms")

    known, told, blind = looked_at(True), looked_at(False), looked_at(False)
    for s in (known, blind):
        s.run("200 ms")
    for k in range(20):
        now = (when >= told.time) & (when < told.time + 10)
        told.send("eyes", which[now], (when[now]/1000, "s"))
        told.run((told.time + 10, "ms"))
    assert np.array_equal(known.weights("in")["weight"], told.weights("in")["weight"])
    assert not np.array_equal(known.weights("in")["weight"], blind.weights("in")["weight"])
    with pytest.raises(apical.InvalidModel, match="before its time"):
        told.send("eyes", [0], ([1], "ms"))
    with pytest.raises(apical.InvalidModel, match="2 sources but 1 times"):
        told.send("eyes", [0, 1], ([300], "ms"))
    with pytest.raises(apical.InvalidModel, match="no spike source.*did you mean 'eyes'"):
        told.send("eye", [0], ([300], "ms"))


def test_mistakes_are_told() -> None:
    with pytest.raises(apical.InvalidModel, match="pair_stdp"):
        apical.Learning("pair_sdtp")
    with pytest.raises(apical.InvalidModel, match="tau_plus"):
        apical.Learning("pair_stdp", {"tau_plu": "1 ms"})
    with pytest.raises(apical.InvalidModel, match="dopamine"):
        apical.Simulation(circuit(apical.Learning("dopamine_stdp")))
    with pytest.raises(apical.InvalidModel, match="learns"):
        apical.Simulation(circuit(apical.Learning("pair_stdp"))).weights("out")


def test_rules_say_what_their_synapses_know() -> None:
    rules = {r["name"]: r for r in apical.rules()}
    assert "spike, trace of 20 ms" in " ".join(rules["pair_stdp"]["knows"])
    assert rules["pair_stdp"]["parameters"]["tau_plus"][:2] == (20, "ms")


def test_modulators_act_on_neurons_and_pathways() -> None:
    def spikes(*effects: apical.ModulatorEffect, amount: float = 1) -> int:
        c = circuit(None, apical.Modulator("acetylcholine", tau="1e9 s", effects=effects), apical.SpikeDetector(on="cells"))
        s = apical.Simulation(c, dt="0.1 ms")
        s.run("100 ms")
        s.release("acetylcholine", amount)
        s.run("500 ms")
        return len(s.spikes)

    silent = apical.ModulatorEffect("weight", projection="in", scale=-1)
    eager = apical.ModulatorEffect("v_t", population="cells", shift="-10 mV")
    plain = spikes(silent, amount=0)
    assert plain > 10 and spikes(eager) > plain > 3*spikes(silent)
    with pytest.raises(apical.InvalidModel, match="effect 0 / parameter.*did you mean 'v_t'"):
        spikes(apical.ModulatorEffect("v_tt", population="cells", shift="-10 mV"))
    with pytest.raises(apical.InvalidModel, match="shift"):
        apical.ModulatorEffect("v_t", population="cells", shift="ten")
