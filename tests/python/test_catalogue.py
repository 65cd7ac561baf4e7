# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import numpy as np
import pytest

import apical


def test_the_catalogue_can_be_browsed() -> None:
    c = apical.channels
    assert len(c) == len(c.names) == len(list(c)) > 15
    assert "NaTa_t" in c and "nothing" not in c and "nata_t" in dir(c)
    assert c.nata_t.name == c["NaTa_t"].name == "nata_t"
    with pytest.raises(AttributeError, match="did you mean 'nata_t'"):
        c.nat_a
    with pytest.raises(apical.InvalidModel, match="did you mean 'nata_t'"):
        c["nat_a"]


@pytest.mark.parametrize("mechanism", list(apical.channels), ids=lambda m: m.name)
def test_every_mechanism_says_what_it_is(mechanism: apical.MechanismSchema) -> None:
    assert mechanism.kind in ("channel", "pool", "receptor") and mechanism.summary and mechanism.source
    for name, field in {**mechanism.parameters, **mechanism.states}.items():
        assert field.name == name and field.meaning
        apical.Quantity(field.value, field.unit) if field.unit else float(field.value)
    assert mechanism.name in mechanism._repr_html_()


def test_gates_are_the_published_curves() -> None:
    """Hodgkin & Huxley (1952) at -65 mV; time constants shrink by Q10 = 3."""
    v = np.array([-65.0, -40.0])
    gates = apical.channels.hh_na.gates(v)
    alpha, beta = 0.1 * 25 / (np.exp(2.5) - 1), 4.0
    assert gates["m"][0][0] == pytest.approx(alpha / (alpha + beta), rel=1e-9)
    assert gates["m"][1][0] == pytest.approx(1 / (alpha + beta), rel=1e-6)
    assert gates["m"][1][1] == pytest.approx(1 / (1.0 + 4 * np.exp(-25 / 18)), rel=1e-6)
    warm = apical.channels.hh_na.gates(v, temperature="16.3 degC")
    assert warm["m"][1] == pytest.approx(gates["m"][1] / 3, rel=1e-6)
    assert warm["m"][0] == pytest.approx(gates["m"][0], rel=1e-12)


def test_gates_depend_on_what_the_channel_reads() -> None:
    at = [apical.channels.sk_e2.gates([0.0], c_in=c)["z"][0][0] for c in ("1e-5 mM", "1e-2 mM")]
    assert at[0] < 0.01 < 0.99 < at[1]


def test_gates_refuse_what_makes_no_sense() -> None:
    with pytest.raises(apical.InvalidModel, match="only channels have gates"):
        apical.channels.exp2syn.gates()
    with pytest.raises(apical.InvalidModel, match="unknown parameter"):
        apical.channels.nata_t.gates(c="1 mM")
    with pytest.raises(apical.InvalidModel, match=r"expected a quantity in \[mM\]"):
        apical.channels.sk_e2.gates(c_in=1)


@pytest.mark.parametrize("mechanism", [m for m in apical.channels if m.kind == "channel"], ids=lambda m: m.name)
def test_every_gate_relaxes_within_bounds(mechanism: apical.MechanismSchema) -> None:
    for inf, tau in mechanism.gates().values():
        assert np.isfinite(inf).all()
        assert (tau[np.isfinite(tau)] > 0).all()


def test_ready_cells_can_be_browsed_and_built() -> None:
    names = [m.name for m in apical.models.all()]
    assert "squid_axon" in names and "squid_axon" in dir(apical.models)
    model = apical.models.squid_axon
    assert model.summary and model.source and model.options and model.temperature.unit == "K"
    assert isinstance(model(diameter="500 um"), apical.Cell)
    assert apical.models.build("squid_axon").morphology == model().morphology
    with pytest.raises(apical.InvalidModel, match="unknown option"):
        model(diametr="500 um")
    with pytest.raises(apical.InvalidModel, match="unknown model"):
        apical.models.build("squid")
    with pytest.raises(AttributeError, match="no ready model 'squid'"):
        apical.models.squid
