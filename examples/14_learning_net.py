# SPDX-License-Identifier: BSD-3-Clause
"""Example 14: learning without transport of weights.

Three classes in a plane are learned by backpropagation, whose errors come down through the very weights of the way up, and by feedback
alignment, whose errors come down through random ones. What the latter asks of the hidden layer is less than a right angle off the
gradient at first, which is enough to learn by.

Shows: learn(), curves, angles to the gradient, outputs.
"""
# run: python 14_learning_net.py

import numpy as np

import apical


def main() -> None:
    runs = {rule: apical.learn("yin_yang", rule, hidden=[60], epochs=40, rate=2, angles=300) for rule in ("backprop", "feedback_alignment")}
    for rule, run in runs.items():
        print(f"{rule:20} {100 * run.test_error.min():5.1f} % wrong at best; hidden layer {run.angles[0, 0]:.0f} degrees off the gradient at first")
    assert runs["backprop"].angles.max() < 1e-3
    assert 0 < runs["feedback_alignment"].angles[0, 0] < 90
    assert runs["feedback_alignment"].test_error.min() < 0.25
    x, y = 0.75, 0.5  # in one of the dots
    print("outputs there:", np.round(runs["feedback_alignment"].outputs(np.array([[x, y, 1 - x, 1 - y]])), 2))


if __name__ == "__main__":
    main()
