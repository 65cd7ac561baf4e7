#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The cortical column of Potjans & Diesmann (2014) in Apical and NEST: time to build and to simulate, and memory.

    python bench/peers/column_bench.py build/release/apical --scale 0.1 --until 1000 --repeats 3

Takes nest-simulator. Both have the same parameters, numbers of connections, distributions of weights and delays, Poisson input and
potentials at the start, and the same scaling; random numbers are their own. The programs take turns, each in a process of its own.
Wall and processor time are both reported; on a machine with other work the latter tells more. Memory is the peak of the process;
NEST's begins with Python. Mean rates show that the simulations are comparable.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import time

NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
EXTERNAL = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
START = [(-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94), (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46), (-61.43, 4.48)]
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]
PROBABILITY = [[.1009, .1689, .0437, .0818, .0323, 0, .0076, 0], [.1346, .1371, .0316, .0515, .0755, 0, .0042, 0],
               [.0077, .0059, .0497, .1350, .0067, .0003, .0453, 0], [.0691, .0029, .0794, .1597, .0033, 0, .1057, 0],
               [.1004, .0622, .0505, .0057, .0831, .3726, .0204, 0], [.0548, .0269, .0257, .0022, .0600, .3158, .0086, 0],
               [.0156, .0066, .0211, .0166, .0572, .0197, .0396, .2252], [.0364, .0010, .0034, .0005, .0277, .0080, .0658, .1443]]
TAU, STEP = 0.5, 0.1  # ms


def total(target, source):
    p = PROBABILITY[target][source]
    return math.log(1 - p)/math.log(1 - 1/(SIZES[source]*SIZES[target])) if p > 0 else 0.0


def strength(target, source):
    return -4.0 if source % 2 else 2.0 if (target, source) == (0, 2) else 1.0


def full_weight():
    """The current [pA] that makes a potential of 0.15 mV."""
    m, s, c = 10.0, TAU, 250.0
    return 0.15/(m*s/((s - m)*c)*((m/s)**(-m/(m - s)) - (m/s)**(-s/(m - s))))


def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime + usage.ru_stime


def run_nest(scale, until, transient, threads):
    import nest

    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.resolution = STEP
    nest.local_num_threads = threads
    nest.rng_seed = 1
    nest.set(keep_source_table=False)
    begin = spent()
    full = full_weight()
    weight = full/math.sqrt(scale)
    populations, recorders = [], []
    for k, name in enumerate(NAMES):
        lost = EXTERNAL[k]*8.0 + sum(strength(k, s)*total(k, s)/SIZES[k]*RATES[s] for s in range(8))
        cells = nest.Create("iaf_psc_exp", max(1, round(SIZES[k]*scale)), params=dict(
            C_m=250.0, tau_m=10.0, E_L=-65.0, V_th=-50.0, V_reset=-65.0, t_ref=2.0, tau_syn_ex=TAU, tau_syn_in=TAU,
            I_e=1e-3*TAU*(1 - math.sqrt(scale))*full*lost))
        cells.V_m = nest.random.normal(*START[k])
        populations.append(cells)
    for t in range(8):
        for s in range(8):
            number = round(total(t, s)*scale*scale)
            if number == 0:
                continue
            mean, delay = weight*strength(t, s), 1.5 if s % 2 == 0 else 0.75
            bounds = dict(min=0.0) if mean > 0 else dict(max=0.0)
            nest.Connect(populations[s], populations[t], dict(rule="fixed_total_number", N=number, allow_autapses=True, allow_multapses=True), dict(
                synapse_model="static_synapse",
                weight=nest.math.redraw(nest.random.normal(mean, 0.1*abs(mean)), **dict(dict(min=-1e9, max=1e9), **bounds)),
                delay=nest.math.redraw(nest.random.normal(delay, 0.5*delay), min=STEP - 0.5*STEP, max=1e9)))
        source = nest.Create("poisson_generator", params=dict(rate=EXTERNAL[t]*scale*8.0))
        nest.Connect(source, populations[t], syn_spec=dict(weight=weight, delay=1.5))
        recorders.append(nest.Create("spike_recorder"))
        nest.Connect(populations[t], recorders[t])
    nest.Prepare()
    built = spent()
    nest.Run(until)
    done = spent()
    nest.Cleanup()
    rates = [sum(1 for x in r.events["times"] if x >= transient)/len(p)/(until - transient)*1e3 for r, p in zip(recorders, populations)]
    return {"build": built[0] - begin[0], "build_cpu": built[1] - begin[1], "run": done[0] - built[0], "run_cpu": done[1] - built[1],
            "connections": sum(round(total(t, s)*scale*scale) for t in range(8) for s in range(8)), "rates": rates,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1024}


def run_apical(program, scale, until, transient, threads):
    """The program tells wall times only: processor time of the building is that of a run of one step."""
    def once(length, skip):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [program, "--json", "--quiet", "circuit", "potjans_diesmann", "--scale", f"{scale:g}", "--time", f"{length:g} ms", "--transient", f"{skip:g} ms",
                 "--threads", str(threads)]
        answer = subprocess.run(words, check=True, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return json.loads(answer.stdout), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss/1024

    _, build_cpu, _ = once(STEP, 0)
    document, cpu, memory = once(until, transient)
    return {"build": document["build_seconds"], "build_cpu": build_cpu, "run": document["run_seconds"], "run_cpu": cpu - build_cpu,
            "connections": int(document["connections"]), "rates": [p["rate_hz"] for p in document["populations"]], "memory": memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--until", type=float, default=1000, help="ms")
    parser.add_argument("--transient", type=float, default=200, help="ms")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=["apical", "nest"])
    arguments = parser.parse_args()
    wanted = (arguments.scale, arguments.until, arguments.transient, arguments.threads)
    if arguments.only:
        print("result " + json.dumps(run_apical(arguments.program, *wanted) if arguments.only == "apical" else run_nest(*wanted)))
        return
    results = {"apical": [], "nest": []}
    for _ in range(arguments.repeats):
        for name, runs in results.items():
            words = [sys.executable, __file__, arguments.program, "--only", name]
            for key in ("scale", "until", "transient", "threads"):
                words += [f"--{key}", f"{getattr(arguments, key):g}"]
            answer = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            runs.append(json.loads([line for line in answer.splitlines() if line.startswith("result ")][-1][7:]))
            print(name, runs[-1], flush=True)
    for key, unit in (("build", "s"), ("build_cpu", "s"), ("run", "s"), ("run_cpu", "s"), ("memory", "MiB")):
        ratios = sorted(n[key]/a[key] for n, a in zip(results["nest"], results["apical"]))
        medians = [statistics.median(r[key] for r in results[name]) for name in results]
        print(f"{key:10} [{unit:3}] Apical {medians[0]:9.2f}, NEST {medians[1]:9.2f}, over Apical's {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    for name, runs in results.items():
        print(f"{name:6} rates", " ".join(f"{p} {r:.2f}" for p, r in zip(NAMES, runs[0]["rates"])))


if __name__ == "__main__":
    main()
