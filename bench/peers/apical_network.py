# SPDX-License-Identifier: BSD-3-Clause
"""Times Apical on the network of network_contacts.py, with NEURON's scheme and step, one thread. Run by bench/network.py."""

import argparse
import json
import resource
import time

import numpy as np

import apical
import network_contacts as network
from timing import timed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--until", type=float, default=50.0)
    parser.add_argument("--scheme", default="backward_euler")
    args = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    cell = apical.models.l5pc(morphology=args.morphology)
    number = {name: i for i, name in enumerate(cell.morphology.names)}
    source, target, section, x, weight, delay = zip(*network.contacts(args.cells, args.contacts), strict=True)
    rule = apical.ContactList(np.array(source), np.array(target), (np.array(weight), "uS"), (np.array(delay), "ms"),
                              np.array([number[name] for name in section]), np.array(x))
    circuit = apical.Circuit(
        apical.Population("cells", cell, size=args.cells),
        apical.Injection(apical.StepCurrent("5 ms", "1e6 ms", f"{network.AMPLITUDE} nA"), on="cells", cells=list(range(0, args.cells, 2))),
        apical.Projection("network", "cells", "cells", rule, "exp2syn",
                          parameters={"tau_rise": f"{network.TAU_RISE} ms", "tau_decay": f"{network.TAU_DECAY} ms", "e_rev": "0 mV"}),
    )
    simulation = apical.Simulation(circuit, dt=f"{network.DT} ms", scheme=args.scheme, temperature="6.3 degC", threads=1)
    build = time.perf_counter() - begin
    _, seconds = timed(lambda: simulation.run(f"{args.until} ms"))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    spikes = simulation.spikes
    print(json.dumps({"seconds": seconds, "build_seconds": build, "megabytes": kilobytes / 1024,
                      "spikes": sorted([round(float(t), 3), int(c)] for t, c in zip(spikes["step_time"], spikes["cell"], strict=True))}))


if __name__ == "__main__":
    main()
