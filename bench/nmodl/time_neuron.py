# SPDX-License-Identifier: BSD-3-Clause
"""CPU nanoseconds that a density mechanism takes in NEURON, for an instance and a step: one unbranched section with it and one without.

run: time_neuron.py MECHANISM [COMPARTMENTS] [STEPS]      in a folder where nrnivmodl has compiled it; prints one number
"""

from __future__ import annotations

import sys
import time

from neuron import h


def step_ns(mechanism: str | None, compartments: int, steps: int) -> float:
    """CPU time of a compartment and a step [ns], the fastest of five."""
    section = h.Section(name="cable")
    section.nseg, section.L, section.diam = compartments, 10 * compartments, 2
    if mechanism:
        section.insert(mechanism)
    h.dt, h.celsius = 0.025, 6.3
    h.finitialize(-65)
    parallel = h.ParallelContext()
    parallel.set_maxstep(10)
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        parallel.psolve(h.t + steps * h.dt)
        best = min(best, time.process_time() - begin)
    return best / steps / compartments * 1e9


def main() -> None:
    mechanism = sys.argv[1]
    compartments = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    bare = step_ns(None, compartments, steps)
    print(step_ns(mechanism, compartments, steps) - bare)


if __name__ == "__main__":
    main()
