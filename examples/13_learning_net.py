# SPDX-License-Identifier: BSD-3-Clause
"""Example 13: learning without transport of weights.

Three classes in a plane are learned by backpropagation, whose errors come down through the very weights of the way up, and by feedback
alignment, whose errors come down through random ones. The weights of the way up turn so that these serve: the angle between what the rule
asks for and the gradient falls.

Shows: learn(), curves, angles to the gradient, outputs.
"""
# run: python 13_learning_net.py

import numpy as np

import apical


def main() -> None:
    runs = {rule: apical.learn("yin_yang", rule, hidden=[60], epochs=60, examples=1000, angles=100) for rule in ("backprop", "feedback_alignment")}
    for rule, run in runs.items():
        first, last = run.angles[0, 0], run.angles[-1, 0]
        print(f"{rule:20} {100 * run.test_error[-1]:5.1f} % wrong; hidden layer {first:.0f} to {last:.0f} degrees off the gradient")
    assert runs["backprop"].angles.max() < 1e-3
    assert runs["feedback_alignment"].test_error[-1] < 0.2
    x, y = 0.75, 0.5  # in one of the dots
    print("outputs there:", np.round(runs["feedback_alignment"].outputs(np.array([[x, y, 1 - x, 1 - y]])), 2))


if __name__ == "__main__":
    main()
