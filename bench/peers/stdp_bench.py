#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a plastic synapse costs in Apical and NEST: processor time of an event, and bytes.

    python bench/peers/stdp_bench.py build/release/apical --repeats 5

Takes nest-simulator. A thousand neurons that a constant current makes fire at about 10 Hz, and a thousand Poisson sources of 10 Hz, all
connected to all by synapses too weak to matter: a million of them. The same with pair-based STDP, all with all. What that takes more is the
cost of learning; divided by the number of spikes that arrive plus, for Apical, that of synapses that a spike of their cell reaches (NEST
does the second when the next spike arrives, and is divided by the same number). Bytes are the growth of the process over one with a
hundredth of the sources. Each run is a process of its own, and programs take turns.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CELLS, RATE, STEP = 1000, 10.0, 0.1
CURRENT = 382.0  # pA: about 10 Hz


def experiment(sources, learns, until, folder):
    projection = {"name": "in", "source": "in", "target": "cells", "rule": {"type": "all_to_all"}, "receptor": "psc_exp", "parameters": {"tau": "2 ms"},
                  "weight": "1e-4 pA", "delay": "1.5 ms"}
    if learns:
        projection["learning"] = {"rule": "pair_stdp", "unit": "2e-4 pA", "bounds": [0, 1]}
    return {"cells": {"lif": {"model": "lif"}}, "populations": [{"name": "cells", "cell": "lif", "size": CELLS}],
            "stimuli": [{"type": "step", "delay": "0 ms", "duration": f"{until} ms", "amplitude": f"{CURRENT} pA", "population": "cells"}],
            "spike_sources": [{"name": "in", "size": sources, "rate": f"{RATE} Hz"}], "projections": [projection],
            "run": {"until": f"{until} ms", "dt": f"{STEP} ms", "threads": 1}, "output": {"folder": str(folder), "report": False}}


def run_apical(program, sources, learns, until):
    with tempfile.TemporaryDirectory() as scratch:
        def once(length):
            file = Path(scratch)/"experiment.json"
            file.write_text(json.dumps(experiment(sources, learns, length, Path(scratch)/"out")))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([program, "--quiet", "run", str(file), "--overwrite"], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss/1024
        build, _ = once(STEP)
        cpu, memory = once(until)
        return {"run_cpu": cpu - build, "memory": memory}


def run_nest(sources, learns, until):
    import nest

    nest.set_verbosity("M_ERROR")
    nest.resolution = STEP
    nest.local_num_threads = 1
    cells = nest.Create("iaf_psc_exp", CELLS, params=dict(C_m=250.0, tau_m=10.0, E_L=-65.0, V_th=-50.0, V_reset=-65.0, t_ref=2.0, tau_syn_ex=2.0, I_e=CURRENT))
    poisson = nest.Create("poisson_generator", params=dict(rate=RATE))
    inputs = nest.Create("parrot_neuron", sources)
    nest.Connect(poisson, inputs)
    synapse = dict(synapse_model="static_synapse", weight=1e-4, delay=1.5)
    if learns:
        synapse = dict(synapse_model="stdp_synapse", weight=1e-4, delay=1.5, Wmax=2e-4, mu_plus=0.0, mu_minus=0.0, alpha=1.05, tau_plus=20.0, **{"lambda": 0.005})
    nest.Connect(inputs, cells, syn_spec=synapse)
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    before = resource.getrusage(resource.RUSAGE_SELF)
    nest.Run(until)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {"run_cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "memory": after.ru_maxrss/1024,
            "rate": len(recorder.events["times"])/CELLS/until*1e3}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--until", type=float, default=2000, help="ms")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=["apical", "nest"])
    parser.add_argument("--learns", type=int, default=0)
    a = parser.parse_args()
    if a.only:
        print("result " + json.dumps(run_apical(a.program, a.sources, a.learns, a.until) if a.only == "apical" else run_nest(a.sources, a.learns, a.until)))
        return

    def ask(name, sources, learns, until):
        words = [sys.executable, __file__, a.program, "--only", name, "--sources", str(sources), "--learns", str(learns), "--until", str(until)]
        answer = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        return json.loads([line for line in answer.splitlines() if line.startswith("result ")][-1][7:])

    synapses = a.sources*CELLS
    rounds = []
    for _ in range(a.repeats):
        figures = {}
        for name in ("apical", "nest"):
            still, learning, few = ask(name, a.sources, 0, a.until), ask(name, a.sources, 1, a.until), ask(name, a.sources//100, 1, 100)
            rate = ask("nest", 10, 0, a.until)["rate"]
            events = synapses*(RATE + rate)*a.until*1e-3
            figures[name] = {"static": still["run_cpu"], "learning": learning["run_cpu"], "ns": 1e9*(learning["run_cpu"] - still["run_cpu"])/events,
                             "whole_ns": 1e9*learning["run_cpu"]/events, "bytes": (learning["memory"] - few["memory"])*2**20/(synapses*0.99), "rate": rate}
        rounds.append(figures)
        print(figures, flush=True)
    for name in ("apical", "nest"):
        print(name, {key: round(statistics.median(r[name][key] for r in rounds), 2) for key in rounds[0][name]})
    ratios = [r["nest"]["learning"]/r["apical"]["learning"] for r in rounds]
    print(f"NEST over Apical, whole run: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
