# SPDX-License-Identifier: BSD-3-Clause
"""Times NEURON on N copies of the layer-5 pyramidal cell: backward Euler, dt 0.025 ms, one core.

Protocol: biophys3, 6.3 degC, 0.793 nA into soma(0.5) from 50 ms on.  Only the run is timed, not construction and not
initialisation.  CoreNEURON's run call also copies the model in and out, so with ``--coreneuron`` the time of a run of
one step is subtracted.
"""

import argparse

import neuron
from neuron import h

import neuron_l5pc as l5pc
from timing import print_json, summary, timed


def build(morphology, count, context):
    """Cells with their stimuli; each soma is a spike source, as in a network."""
    cells, keep = [], []
    for gid in range(count):
        cell = l5pc.L5PC(morphology)
        clamp = h.IClamp(cell.soma[0](0.5))
        clamp.delay, clamp.dur, clamp.amp = 50, 1e9, 0.793
        source = h.NetCon(cell.soma[0](0.5)._ref_v, None, sec=cell.soma[0])
        source.threshold = -20
        context.set_gid2node(gid, 0)
        context.cell(gid, source)
        cells.append(cell)
        keep += [clamp, source]
    return cells, keep


def measure(context, duration, repeats, coreneuron):
    """List of (wall s, CPU s) of the run, and the spike times of the last one, ms."""
    times, gids = h.Vector(), h.Vector()
    context.spike_record(-1, times, gids)

    def run(stop):
        times.resize(0)
        h.finitialize(-80)
        return timed(lambda: context.psolve(stop))

    overhead = [run(h.dt) for _ in range(3)] if coreneuron else [(0.0, 0.0)]
    wall, cpu = (min(column) for column in zip(*overhead, strict=True))
    seconds = [(w - wall, c - cpu) for w, c in (run(duration) for _ in range(repeats))]
    return seconds, sorted(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology", help="Neurolucida ASC file of the reconstructed cell")
    parser.add_argument("--mechanisms", help="libnrnmech.so built from mod/")
    parser.add_argument("--cells", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--duration", type=float, default=100.0, help="simulated time, ms")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--coreneuron", action="store_true", help="run CoreNEURON (needs nrnivmodl -coreneuron)")
    parser.add_argument("--note", default="", help="free text for the result, for example the compiler flags")
    args = parser.parse_args()

    l5pc.load_mechanisms(args.mechanisms)
    h.celsius, h.secondorder, h.steps_per_ms, h.dt = 6.3, 0, 40, 0.025
    context = h.ParallelContext()
    context.set_maxstep(10)
    h.cvode.cache_efficient(1)
    if args.coreneuron:
        from neuron import coreneuron
        coreneuron.enable, coreneuron.verbose = True, 0
    results = []
    for count in args.cells:
        kept = build(args.morphology, count, context)
        seconds, spikes = measure(context, args.duration, args.repeats, args.coreneuron)
        results.append(summary("CoreNEURON" if args.coreneuron else "NEURON", neuron.__version__, count,
                               round(args.duration / 0.025) - args.coreneuron, seconds, note=args.note,
                               spikes_per_cell=len(spikes) / count, first_spike_ms=spikes[0] if spikes else None))
        context.gid_clear()
        del kept
    print_json(results)


if __name__ == "__main__":
    main()
