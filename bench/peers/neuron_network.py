# SPDX-License-Identifier: BSD-3-Clause
"""Times NEURON or CoreNEURON on the network of network_contacts.py: backward Euler, dt 0.025 ms, one core.

A synapse a contact, as NEURON's users write them. Only the run is timed; CoreNEURON's run of one step is subtracted, since its call also
copies the model in and out. Memory is that of the process, less that before the cells are made.
"""

import argparse
import json
import resource
import time

from neuron import h

import neuron_l5pc as l5pc
import network_contacts as network
from timing import timed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--mechanisms", required=True)
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--until", type=float, default=50.0)
    parser.add_argument("--coreneuron", action="store_true")
    args = parser.parse_args()
    l5pc.load_mechanisms(args.mechanisms)
    h.celsius, h.secondorder, h.steps_per_ms, h.dt = 6.3, 0, 40, network.DT
    context = h.ParallelContext()
    h.cvode.cache_efficient(1)
    if args.coreneuron:
        from neuron import coreneuron
        coreneuron.enable, coreneuron.verbose = True, 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    cells, keep = [], []
    for gid in range(args.cells):
        cell = l5pc.L5PC(args.morphology)
        source = h.NetCon(cell.soma[0](0.5)._ref_v, None, sec=cell.soma[0])
        source.threshold = -20
        context.set_gid2node(gid, 0)
        context.cell(gid, source)
        if gid % 2 == 0:
            clamp = h.IClamp(cell.soma[0](0.5))
            clamp.delay, clamp.dur, clamp.amp = 5, 1e9, network.AMPLITUDE
            keep.append(clamp)
        cells.append({cell.name(s): s for s in cell.sections})
        keep += [cell, source]
    for source, target, section, x, weight, delay in network.contacts(args.cells, args.contacts):
        synapse = h.Exp2Syn(cells[target][section](x))
        synapse.tau1, synapse.tau2, synapse.e = network.TAU_RISE, network.TAU_DECAY, 0
        connection = context.gid_connect(source, synapse)
        connection.weight[0], connection.delay = weight, delay
        keep += [synapse, connection]
    context.set_maxstep(10)
    build = time.perf_counter() - begin
    times, gids = h.Vector(), h.Vector()
    context.spike_record(-1, times, gids)

    def run(stop):
        times.resize(0), gids.resize(0)
        h.finitialize(-80)
        return timed(lambda: context.psolve(stop))

    overhead = run(h.dt)[1] if args.coreneuron else 0
    seconds = run(args.until)[1] - overhead
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"seconds": seconds, "build_seconds": build, "megabytes": kilobytes / 1024,
                      "spikes": sorted([round(t, 3), int(g)] for t, g in zip(times, gids, strict=True))}))


if __name__ == "__main__":
    main()
