#!/usr/bin/env python3
"""Rows 1, 2, 3, 4 and 12 on the digits of 8 x 8 pixels: every way to learn, the same nets, several seeds.

    PYTHONPATH=build/release/python nice -n 19 python bench/learning/digits.py

A seed decides the split of the data, first weights, feedback and the order of examples. Rates are those that the learners come with.
"""
import study

#: One hidden layer of 100; epochs by which the training error has stopped to fall.
ONE = [("backprop", 40, 200), ("feedback_alignment", 40, 200), ("sign_feedback", 40, 200), ("redrawn_sign_feedback", 40, 200), ("fixed_sign_feedback", 40, 200),
       ("kolen_pollack", 40, 200), ("dale", 40, 200), ("generec", 40, 20), ("contrastive_hebbian", 40, 20), ("xcal", 20, 0), ("equilibrium_propagation", 25, 20),
       ("segregated_dendrites", 40, 20), ("burstprop", 80, 200), ("microcircuit", 20, 20)]
#: Two of 100 and 60.
TWO = [("backprop", 40, 200), ("feedback_alignment", 40, 200), ("direct_feedback_alignment", 40, 200), ("difference_target", 30, 200), ("segregated_dendrites", 40, 20),
       ("burstprop", 80, 200), ("microcircuit", 20, 20)]


def entries(rules, hidden, layers):
    """What to train."""
    return [(f"{rule} {layers}", 5, dict(task="digits", rule=rule, hidden=hidden, epochs=epochs, angles=angles, angle_epochs=(1, epochs))) for rule, epochs, angles in rules]


if __name__ == "__main__":
    asked = study.arguments(__doc__)
    study.run(entries(ONE, [100], "64-100-10"), asked, "Digits, one hidden layer")
    study.run(entries(TWO, [100, 60], "64-100-60-10"), asked, "Digits, two hidden layers")
