# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import apical

ONE = apical.ContactList([0], [1])
SYNAPSE = apical.Projection("p", "a", "b", apical.PairwiseProbability(0.1), "exp2syn", "1 nS")
EVERY_VALUE = [
    apical.RandomValue("normal", "4 nS", "1 nS", low="0 nS"),
    apical.RandomValue.lognormal("4 nS", "1 nS"),
    apical.RandomValue.uniform("4 nS", "5 nS"),
    apical.AllToAll(allow_self=True),
    apical.OneToOne(),
    apical.PairwiseProbability(0.25),
    apical.FixedIndegree(3, distinct=False),
    apical.FixedOutdegree(3, allow_self=True),
    apical.FixedTotal(10**10),
    apical.GaussianProbability(0.5, "100 um", reach=3),
    apical.ExponentialProbability(0.5, "100 um"),
    apical.ShortTermPlasticity(0.25, apical.RandomValue.normal("200 ms", "20 ms", low="1 ms"), "20 ms", vesicles=3),
    apical.GapJunction(("a", 0), ("b", 1, "dend[0](1)"), "0.5 nS"),
    SYNAPSE,
    apical.Projection("q", "a", "b", apical.GaussianProbability(0.5, "100 um"), "exp2syn", apical.RandomValue.normal("4 nS", "1 nS"), "2 ms", velocity="0.3 m/s",
                      at="in apical", contacts=3, short_term=apical.ShortTermPlasticity(), spontaneous="1 Hz", parameters={"tau_decay": "3 ms"}),
]
BULKY = [
    ONE,
    apical.ContactList(np.array([1, 0]), np.array([3, 2]), weight=([1.0, float("nan")], "nS"), delay=([1, 2], "ms"), section=[0, 1], x=[0.5, 1.0]),
    apical.SpikeSource("s", size=3, rate="10 Hz"),
    apical.SpikeSource("s", size=3, sources=[0, 2], times=([1, 2], "ms"), start="1 ms", duration="20 ms"),
]


@pytest.mark.parametrize("value", EVERY_VALUE + BULKY, ids=lambda v: type(v).__name__)
def test_values_compare_hash_print_and_pickle(value: object) -> None:
    twin = pickle.loads(pickle.dumps(value))
    assert twin == value and hash(twin) == hash(value) and twin is not value
    assert value != "something else" and sum(value == other for other in EVERY_VALUE + BULKY) == 1
    assert type(value).__name__ in repr(value)


def test_a_repr_can_be_written_back() -> None:
    for value in EVERY_VALUE:
        assert eval(repr(value), vars(apical)) == value, repr(value)


def test_lists_take_and_give_whole_arrays() -> None:
    n = 200_000
    rng = np.random.default_rng(0)
    source, target, weight = rng.integers(0, 1000, n), rng.integers(0, 1000, n), rng.uniform(0, 1, n)
    contacts = apical.ContactList(source, target, weight=(weight, "nS"))
    order = np.argsort(target, kind="stable")
    assert len(contacts) == n and contacts.delay is None and contacts.section is None
    assert np.array_equal(contacts.source, source[order]) and np.array_equal(contacts.target, target[order])
    given = contacts.weight
    assert given is not None and given[1] == "uS" and np.allclose(given[0], weight[order] * 1e-3)
    assert not contacts.source.flags.writeable
    projection = apical.Projection("p", "a", "b", contacts, "exp2syn")
    assert projection.rule == contacts and apical.Circuit(projection).projections[0].rule == contacts


def test_what_is_wrong_is_told() -> None:
    with pytest.raises(apical.InvalidModel, match=r"ContactList / source: expected one column of whole numbers, got an array of shape \(1,\) and type float64"):
        apical.ContactList([0.5], [1])
    with pytest.raises(apical.InvalidModel, match="ContactList / target: holds -1"):
        apical.ContactList([0], [-1])
    with pytest.raises(apical.InvalidModel, match="contact list: 2 targets, 1 sources"):
        apical.ContactList([0], [1, 2])
    with pytest.raises(apical.InvalidModel, match=r"ContactList / delay: expected numbers in \[ms\], got them in \[nS\]"):
        apical.ContactList([0], [1], delay=([1], "nS"))
    with pytest.raises(apical.InvalidModel, match="a place needs both"):
        apical.ContactList([0], [1], section=[1])
    with pytest.raises(apical.InvalidModel, match="between 0 and 1"):
        apical.PairwiseProbability(1.5)
    with pytest.raises(apical.InvalidModel, match="GaussianProbability / sigma"):
        apical.GaussianProbability(0.5, "0 um")
    with pytest.raises(apical.InvalidModel, match="'gamma' is no distribution"):
        apical.RandomValue("gamma", "1 nS", "1 nS")
    with pytest.raises(apical.InvalidModel):
        apical.RandomValue.normal("1 nS", "1 mV")
    with pytest.raises(apical.InvalidModel, match=r"Projection 'p' / weight: expected a quantity in \[uS\], got 3 mV"):
        apical.Projection("p", "a", "b", apical.OneToOne(), "exp2syn", apical.RandomValue.normal("3 mV", "1 mV"))
    with pytest.raises(apical.InvalidModel, match="Projection 'p' / weight: is missing"):
        apical.Projection("p", "a", "b", apical.OneToOne(), "exp2syn")
    with pytest.raises(apical.InvalidModel, match="Projection 'p' / rule: expected a rule"):
        apical.Projection("p", "a", "b", "all", "exp2syn", "1 nS")  # type: ignore[arg-type]
    with pytest.raises(apical.InvalidModel, match="did you mean 'exp2syn'"):
        apical.Projection("p", "a", "b", apical.OneToOne(), "exp2sin", "1 nS")
    with pytest.raises(apical.InvalidModel, match="no receptor|unknown parameter"):
        apical.Projection("p", "a", "b", apical.OneToOne(), "exp2syn", "1 nS", parameters={"tau": "1 ms"})
    with pytest.raises(apical.InvalidModel, match="GapJunction / a"):
        apical.GapJunction(("a",), ("b", 1), "1 nS")  # type: ignore[arg-type]
    with pytest.raises(apical.InvalidModel, match="1 sources but 2 times"):
        apical.SpikeSource("s", sources=[0], times=([1, 2], "ms"))


def test_populations_have_positions() -> None:
    cell = apical.models.ball_and_stick()
    xyz = np.arange(6.0).reshape(2, 3)
    p = apical.Population("a", cell, size=2, positions=(xyz, "mm"))
    given = p.positions
    assert given is not None and given[1] == "um" and np.array_equal(given[0], xyz * 1000)
    again = pickle.loads(pickle.dumps(p)).positions
    assert again is not None and np.array_equal(again[0], given[0])
    assert apical.Population("a", cell).positions is None
    with pytest.raises(apical.InvalidModel, match=r"Population 'a' / positions: an array of shape \(3, 2\); \(2, 3\) is expected"):
        apical.Population("a", cell, size=2, positions=(xyz.T, "um"))


def network() -> apical.Circuit:
    line = np.column_stack([np.arange(10.0) * 20, np.zeros(10), np.zeros(10)])
    return apical.Circuit(
        apical.Population("e", apical.models.ball_and_stick(), size=10, positions=(line, "um")),
        apical.SpikeSource("s", size=20, rate="30 Hz"),
        apical.Projection("s e", "s", "e", apical.FixedIndegree(10), "exp2syn", apical.RandomValue.lognormal("6 nS", "3 nS"), at="in all"),
        apical.Projection("e e", "e", "e", apical.ExponentialProbability(0.8, "40 um"), "exp2syn", "2 nS", "1.5 ms", velocity="0.3 m/s",
                          short_term=apical.ShortTermPlasticity()),
        apical.Probe("v", on="e"),
    )


def test_release_has_models_with_parameters_of_their_own() -> None:
    active = apical.ShortTermPlasticity(0.4, "300 ms", model="tsodyks_uziel_markram", parameters={"tau_active": "5 ms"})
    assert active.model == "tsodyks_uziel_markram" and active.parameters == {"tau_active": apical.Quantity(5, "ms")}
    assert active != apical.ShortTermPlasticity(0.4, "300 ms") and active == pickle.loads(pickle.dumps(active))
    ends = []
    for short_term in (active, apical.ShortTermPlasticity(0.4, "300 ms")):
        simulation = apical.Simulation(apical.Circuit(
            apical.Population("e", apical.models.ball_and_stick()),
            apical.SpikeSource("s", sources=np.zeros(2, int), times=([10.0, 13.0], "ms")),
            apical.Projection("s e", "s", "e", apical.ContactList([0], [0]), "exp2syn", "2 nS", short_term=short_term),
            apical.Probe("v", on="e")))
        simulation.run("20 ms")
        ends.append(simulation["v"].values[-1, 0])
    assert ends[0] < ends[1], "what is active has not recovered"
    with pytest.raises(apical.InvalidModel, match="no model of release 'hening'"):
        apical.ShortTermPlasticity(model="hening")
    with pytest.raises(apical.InvalidModel, match="'hennig' has no such parameter"):
        apical.ShortTermPlasticity(model="hennig", parameters={"speed": 1})
    with pytest.raises(apical.InvalidModel, match="nothing to deplete"):
        apical.Simulation(apical.Circuit(
            apical.Population("e", apical.models.ball_and_stick()), apical.SpikeSource("s"),
            apical.Projection("s e", "s", "e", apical.AllToAll(), "exp2syn", "2 nS", spontaneous="1 Hz", spontaneous_depletes=True)))


def test_a_network_runs_and_can_be_verified() -> None:
    simulation = apical.Simulation(network(), seed=2)
    simulation.run("60 ms")
    assert len(simulation.spikes) > 5
    other = apical.Simulation(pickle.loads(pickle.dumps(network())), seed=2, threads=2)
    other.run("60 ms")
    assert np.array_equal(simulation["v"].values, other["v"].values)
    told = simulation.verify(cells=3).populations[0]
    assert told.cells == 3 and 0 < told.largest.high < 0.5
    assert "e e" in network()._repr_html_() and "2 projections" in repr(network())


def test_gap_junctions_are_drawn_and_balance() -> None:
    circuit = network()
    near = apical.draw_gap_junctions(circuit, "g", "e", "e", probability=1.0, conductance="1 nS", within="20 um")
    assert [(g.a[1], g.b[1]) for g in near] == [(k, k + 1) for k in range(9)]
    assert apical.draw_gap_junctions(circuit, "g", "e", "e", 0.5, "1 nS", seed=1) == apical.draw_gap_junctions(circuit, "g", "e", "e", 0.5, "1 nS", seed=1)
    joined = copy.copy(circuit).add(*near)
    simulation = apical.Simulation(joined, gap_tolerance="1e-6 mV")
    simulation.run("10 ms")
    assert 0 < simulation.gap_residual < 1e-6
    with pytest.raises(apical.InvalidModel, match="lets cells step apart"):
        apical.compile(joined, scheme="precise")
    with pytest.raises(apical.InvalidModel, match="no population 'x'"):
        apical.draw_gap_junctions(circuit, "g", "e", "x", 0.5, "1 nS")
