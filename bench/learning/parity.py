# SPDX-License-Identifier: BSD-3-Clause
"""Rows 1 and 2 on parity of five inputs, 5-20-1: epochs until no output is more than half off.

    PYTHONPATH=build/release/python nice -n 19 python bench/learning/parity.py

All 32 patterns, shuffled in each epoch. Rates are those that the learners come with, and four times those.
"""
import itertools

import study

RULES = ("backprop", "feedback_alignment", "generec", "contrastive_hebbian")

if __name__ == "__main__":
    asked = study.arguments(__doc__)
    rows = []
    for rule, rate in itertools.product(RULES, (1, 4)):
        solved = []
        for seed in range(1, asked.seeds + 1):
            request = dict(task="parity_5", rule=rule, hidden=[20], batch=4, rate=rate, seed=seed)
            found = study.there(asked.out, 2000, **request) if asked.table else study.measured(asked.out, 2000, **request)
            if found:
                solved.append(next((epoch for epoch, wrong in enumerate(found["test_error"], 1) if wrong == 0), None))
        done = sorted(epoch for epoch in solved if epoch is not None)
        rows.append([rule, str(rate), f"{len(done)} of {len(solved)}", ", ".join(map(str, done)) or "-"])
    study.print_table(["rule", "rate", "solved", "epochs"], rows)
