# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import apical


def test_a_task_is_learned_and_told() -> None:
    t = apical.learn("encoder_4_2_4", "contrastive_hebbian", epochs=600, rate=2)
    assert (t.epochs, t.task, t.rule) == (600, "encoder_4_2_4", "contrastive_hebbian")
    assert t.test_missed[-1] == 0 < t.test_missed[0]
    assert len(t.test_error) == len(t.train_error) == len(t.test_loss) == len(t.seconds) == 600
    assert t.weights().shape == (2, 5) and t.weights("forward", 1).shape == (4, 3)
    y = t.outputs(np.eye(4))
    assert y.shape == (4, 4) and (y.argmax(axis=1) == np.arange(4)).all()
    assert "600 epochs" in repr(t)


def test_threads_change_nothing_and_a_file_goes_on(tmp_path: Path) -> None:
    one = apical.learn("yin_yang", epochs=4, examples=200)
    two = apical.learn("yin_yang", epochs=2, examples=200, threads=2)
    two.save(str(tmp_path / "t.h5"))
    three = apical.learn("yin_yang", epochs=0, examples=200)
    three.load(str(tmp_path / "t.h5"))
    three.learn(2)
    assert (three.weights() == one.weights()).all()
    with pytest.raises(apical.InvalidInput, match="is of another training"):
        apical.learn("yin_yang", epochs=0, examples=200, seed=2).load(str(tmp_path / "t.h5"))


def test_angles_are_those_of_the_rule() -> None:
    random = apical.learn("yin_yang", "feedback_alignment", epochs=1, examples=100, angles=20)
    exact = apical.learn("yin_yang", "backprop", epochs=1, examples=100, angles=20)
    assert exact.angles.shape == (1, 2) and exact.angles.max() < 1e-3
    assert random.angles[0, 0] > 5 > random.angles[0, 1]


def test_what_nobody_teaches_is_told() -> None:
    t = apical.learn("bars_8x8", "foldiak", epochs=1)
    told = t.representation()
    assert told["features"] == 16 and told["units that stand for them"] >= 14 and told["margin"] >= 1.5
    one = np.zeros((1, 64))
    one[0, :8] = 1
    y = t.outputs(one)
    assert y.shape == (1, 16) and y.sum() >= 1
    centred = apical.learn("gaussian", "oja", epochs=1)
    assert centred.representation()["|cos| of unit 0 with its principal direction"] > 0.99
    assert apical.learn("parity", epochs=1).representation() == {}
    with pytest.raises(apical.InvalidModel, match="nothing to be told"):
        apical.learn("gaussian", "backprop")
def test_what_goes_on_in_time_is_learned_and_told() -> None:
    t = apical.learn("pattern_generation", epochs=30)
    assert (t.rule, t.inputs.shape, t.targets.shape) == ("eprop", (1, 500 * 20), (1, 500))
    y = t.outputs(t.inputs)
    assert y.shape == (1, 500) and t.weights("recurrent").shape == (30, 30)
    assert (np.diag(t.weights("recurrent")) == 0).all()
    assert np.isclose(t.test_missed[-1], ((y - t.targets) ** 2).sum() / (t.targets**2).sum()) and t.test_missed[-1] < t.test_missed[0]
    with pytest.raises(apical.InvalidModel, match="examples go on in time; rules for it: eprop, "):
        apical.learn("pattern_generation", "backprop")


def test_what_is_not_there_is_told() -> None:
    assert "digits" in apical.learning_tasks() and "burstprop" in apical.learning_rules()
    with pytest.raises(apical.InvalidModel, match="did you mean 'parity'"):
        apical.learn("parrity")
    with pytest.raises(apical.InvalidModel, match="did you mean 'burstprop'"):
        apical.learn("parity", "burstprob")
    with pytest.raises(apical.InvalidModel, match="unknown"):
        apical.learn("parity", "generec", settings={"free": 1})
    with pytest.raises(apical.InvalidModel):
        apical.learn("parity", hidden=[0])
