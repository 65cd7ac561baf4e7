# SPDX-License-Identifier: BSD-3-Clause
"""The network that bench/network.py runs in every simulator: who is connected to whom, where, how much and how late.

Layer-5 pyramidal cells with random excitatory contacts on their dendrites. Half of the cells are driven by a current, the others hear them.
"""

import random

DT, TAU_RISE, TAU_DECAY, AMPLITUDE = 0.025, 0.5, 3.0, 0.793  # ms, ms, ms, nA
BASAL, APICAL = 84, 109  # sections of the published reconstruction


def contacts(cells, contacts_per_cell, seed=1):
    """Lists of one contact each: source, target, section name, place along it, weight [uS], delay [ms]."""
    draw = random.Random(seed)
    names = [f"dend[{i}]" for i in range(BASAL)] + [f"apic[{i}]" for i in range(APICAL)]
    return [(draw.randrange(cells), target, draw.choice(names), round(draw.uniform(0.05, 0.95), 3), 2e-5 * draw.uniform(0.5, 1.5),
             DT * draw.randrange(40, 120))
            for target in range(cells) for _ in range(contacts_per_cell)]
