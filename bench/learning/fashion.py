# SPDX-License-Identifier: BSD-3-Clause
"""Rows 3, 4 and 12 on Fashion-MNIST: 60 000 pictures of 28 x 28 to learn from, 10 000 to be tested with.

    PYTHONPATH=build/release/python nice -n 19 python bench/learning/fashion.py --only full --seeds 1

`full`: 784-500-10, all examples, 8 epochs in batches of 50; `rate 0.2` is that much of the learners' rate of 0.5. `long`: 20 epochs. `part`: the first 10 000 examples, to convergence.
"""
import study

FULL = dict(task="fashion_mnist", hidden=[500], epochs=8, batch=50, angles=200, angle_epochs=(1, 2, 4, 8))
PART = dict(task="fashion_mnist", epochs=20, examples=10000)

entries = []
for rule in ("feedback_alignment", "backprop", "sign_feedback", "redrawn_sign_feedback", "fixed_sign_feedback", "kolen_pollack"):
    entries += [(f"full {rule} rate 0.2", 3, dict(FULL, rule=rule, rate=0.2))]
for rule in ("backprop", "feedback_alignment"):
    entries += [(f"full {rule} rate 1", 1, dict(FULL, rule=rule))]
for rule, rate in (("feedback_alignment", 0.2), ("backprop", 1.0)):
    entries += [(f"long {rule} rate {rate:g}", 3, dict(FULL, rule=rule, rate=rate, epochs=20, angle_epochs=(1, 2, 4, 8, 20)))]
entries += [("part equilibrium_propagation 500", 1, dict(PART, rule="equilibrium_propagation", hidden=[500], epochs=5, angles=20, angle_epochs=(1, 5)))]
for rule in ("backprop", "feedback_alignment", "segregated_dendrites", "burstprop"):
    for hidden in ([200], [200, 100]):
        entries += [(f"part {rule} {'-'.join(map(str, hidden))}", 5, dict(PART, rule=rule, hidden=hidden))]

if __name__ == "__main__":
    study.run(entries, study.arguments(__doc__), "Fashion-MNIST")
