# SPDX-License-Identifier: BSD-3-Clause
"""Work and precision of NEURON on the layer-5 pyramidal cell: spike times and CPU seconds of each protocol and setting, as JSON.

CVODE's spikes are taken with its second-order threshold detection, those of fixed steps by linear interpolation; only the run
is timed. Step protocols end at 1200 ms, half a second into the step.
"""

import argparse
import json
import time

import numpy as np
from neuron import h

import neuron_l5pc as l5pc

THRESHOLD = -20.0
STOP = {"step1": 1200, "step2": 1200, "step3": 1200}


def run(cell, name, dt=None, atol=None):
    """Spike times (ms) and CPU seconds of one protocol, with backward Euler at dt (ms) or CVODE at atol."""
    protocol = l5pc.PROTOCOLS[name]
    soma, site = cell.soma[0](0.5), cell.apical_site(l5pc.SOMA_SITE_UM)
    keep = []
    if protocol.soma:
        clamp = h.IClamp(soma)
        clamp.delay, clamp.dur, clamp.amp = protocol.soma
        keep.append(clamp)
    if protocol.epsp_nA:
        current = h.epsp(site)
        current.tau0, current.tau1, current.onset, current.imax = 0.5, 5, 300, protocol.epsp_nA
        keep.append(current)
    detector = h.NetCon(soma._ref_v, None, sec=cell.soma[0])
    detector.threshold = THRESHOLD
    stamps, trace = h.Vector(), h.Vector()
    detector.record(stamps)
    solver = h.CVode()
    h.celsius, h.secondorder = 6.3, 0
    if atol is None:
        solver.active(False)
        trace.record(soma._ref_v)
        h.steps_per_ms, h.dt = 1 / dt, dt
    else:
        solver.active(True)
        solver.atol(atol)
        solver.condition_order(2)
    h.finitialize(-80)
    begin = time.process_time()
    h.continuerun(STOP.get(name, protocol.stop_ms))
    seconds = time.process_time() - begin
    if atol is None:
        v = np.array(trace)
        spikes = l5pc.crossings(np.arange(len(v)) * dt, v, THRESHOLD)
    else:
        spikes = np.array(stamps)
    solver.active(False)
    return spikes.tolist(), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--mechanisms", help="libnrnmech.so built from mod/")
    parser.add_argument("--protocols", nargs="+", default=list(l5pc.PROTOCOLS), choices=l5pc.PROTOCOLS)
    parser.add_argument("--dt", type=float, nargs="*", default=[0.025, 0.0125, 0.005])
    parser.add_argument("--atol", type=float, nargs="*", default=[1e-2, 1e-3, 1e-4, 1e-5])
    args = parser.parse_args()
    l5pc.load_mechanisms(args.mechanisms)
    cell = l5pc.L5PC(args.morphology, 3)
    settings = [("BE", {"dt": dt}) for dt in args.dt] + [("CVODE", {"atol": atol}) for atol in args.atol]
    for name in args.protocols:
        for scheme, setting in settings:
            spikes, seconds = run(cell, name, **setting)
            print(json.dumps({"protocol": name, "scheme": scheme, "setting": next(iter(setting.values())), "spikes": spikes, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
