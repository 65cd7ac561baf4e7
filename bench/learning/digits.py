# SPDX-License-Identifier: BSD-3-Clause
"""Rows 1, 2, 3, 4 and 12 on the digits of 8 x 8 pixels: every way to learn, the same nets, several seeds.

    PYTHONPATH=build/release/python nice -n 19 python bench/learning/digits.py

A seed decides the split of the data, first weights, feedback and the order of examples. Rates are those that the learners come with.
"""
import study

#: Epochs by which the training error has stopped to fall, and examples for angles. Those whose trials are one pass up, and down:
ONE_PASS = [("segregated_dendrites", 40, 20), ("burstprop", 80, 200), ("backprop", 40, 200), ("feedback_alignment", 40, 200), ("sign_feedback", 40, 200),
            ("redrawn_sign_feedback", 40, 200), ("fixed_sign_feedback", 40, 200), ("kolen_pollack", 40, 200), ("dale", 40, 200)]
#: Of two hidden layers besides:
DEEP = [("segregated_dendrites", 40, 20), ("burstprop", 80, 200), ("backprop", 40, 200), ("feedback_alignment", 40, 200), ("direct_feedback_alignment", 40, 200),
        ("difference_target", 30, 200)]
#: Those whose units settle.
SETTLING = [("microcircuit", 20, 20), ("equilibrium_propagation", 25, 20), ("generec", 20, 20), ("contrastive_hebbian", 20, 20), ("xcal", 10, 0)]


def entries(rules, hidden, layers):
    """What to train."""
    return [(f"{rule} {layers}", 5, dict(task="digits", rule=rule, hidden=hidden, epochs=epochs, angles=angles, angle_epochs=(1, epochs))) for rule, epochs, angles in rules]


if __name__ == "__main__":
    asked = study.arguments(__doc__)
    study.run(entries(ONE_PASS, [100], "64-100-10"), asked, "Digits, one hidden layer")
    study.run(entries(DEEP, [100, 60], "64-100-60-10"), asked, "Digits, two hidden layers")
    study.run(entries(SETTLING, [100], "64-100-10"), asked, "Digits, one hidden layer, units that settle")
