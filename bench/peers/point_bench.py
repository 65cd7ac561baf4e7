#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""100 000 AdEx neurons with Poisson input on one core: Apical, NEST and Brian2, the same equations, step and input in one sitting.

    python bench/peers/point_bench.py build/release/apical --cells 100000 --until 50 --repeats 3

Takes brian2, nest-simulator, cython and "numpy<2"; a peer that is missing is left out, with a word. Each simulator runs in a process of its own, bound to one core; the programs take turns. What is
timed is the simulation of the network: not its building, and not the compilation of Brian2's program. Wall time and processor time are
both reported; on a machine with other work the latter tells more. Each writes the number of spikes, so that one sees that the
simulations are comparable: the random numbers are their own.
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXPERIMENT = Path(__file__).resolve().parents[1] / "experiments" / "adex_poisson.json"
RATE, WEIGHT, TAU = 2000.0, 1.5, 5.0  # Hz, nS, ms, as in the experiment


def clock():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime + usage.ru_stime


def since(start):
    now = clock()
    return {"wall": now[0] - start[0], "cpu": now[1] - start[1]}


def run_nest(cells, until):
    import nest

    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.resolution = 0.1
    nest.local_num_threads = 1
    neurons = nest.Create("aeif_cond_exp", cells, params=dict(
        C_m=281.0, g_L=30.0, E_L=-70.6, V_m=-70.6, V_th=-50.4, Delta_T=2.0, a=4.0, tau_w=144.0, b=80.5, V_reset=-70.6, V_peak=20.0,
        t_ref=0.0, tau_syn_ex=TAU, E_ex=0.0))
    source = nest.Create("poisson_generator", params=dict(rate=RATE))
    recorder = nest.Create("spike_recorder")
    nest.Connect(source, neurons, syn_spec=dict(weight=WEIGHT, delay=0.1))
    nest.Connect(neurons, recorder)
    nest.Prepare()
    start = clock()
    nest.Run(until)
    took = since(start)
    nest.Cleanup()
    return {**took, "spikes": int(recorder.n_events)}


BRIAN = """
dv/dt = (g_leak*(e_leak - v) + g_leak*delta_t*exp((v - v_t)/delta_t) - w - ge*v)/c_m/ms : 1
dw/dt = (a*(v - e_leak) - w)/tau_w/ms : 1
dge/dt = -ge/tau_e/ms : 1
"""


def run_brian2(cells, until):
    """Exponential Euler, Brian2's recommendation for such equations; its compiled program tells how long the loop took."""
    import brian2 as b2

    folder = tempfile.mkdtemp()
    b2.set_device("cpp_standalone", build_on_run=False, directory=folder)
    b2.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native"]
    b2.defaultclock.dt = 0.1*b2.ms
    names = dict(c_m=0.281, g_leak=0.03, e_leak=-70.6, v_t=-50.4, delta_t=2.0, a=0.004, tau_w=144.0, b=0.0805, v_reset=-70.6, v_peak=20.0, tau_e=TAU)
    neurons = b2.NeuronGroup(cells, BRIAN, threshold="v > v_peak", reset="v = v_reset; w += b", method="exponential_euler", namespace=names)
    neurons.v = -70.6
    source = b2.PoissonInput(neurons, "ge", N=200, rate=RATE/200*b2.Hz, weight=1e-3*WEIGHT)
    monitor = b2.SpikeMonitor(neurons)
    network = b2.Network(neurons, source, monitor)
    network.run(until*b2.ms, namespace=names)
    b2.device.build(directory=folder, compile=True, run=False, debug=False)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    b2.device.run(folder, with_output=False, run_args=[])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": b2.device._last_run_time, "cpu": cpu, "spikes": int(monitor.num_spikes)}


def run_apical(program, cells, until):
    out = tempfile.mkdtemp()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run([program, "--json", "run", str(EXPERIMENT), "--out", out, "--set", f"/populations/0/size={cells}", "--set", f"/run/until={until} ms"],
                            check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = json.loads(answer.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime   # of the whole program, compilation and files too
    return {"wall": document["run_seconds"], "cpu": cpu, "spikes": document["populations"][0]["spikes"]}


def one(arguments):
    os.sched_setaffinity(0, {arguments.core})
    if arguments.only == "nest":
        return run_nest(arguments.cells, arguments.until)
    if arguments.only == "brian2":
        return run_brian2(arguments.cells, arguments.until)
    return run_apical(arguments.program, arguments.cells, arguments.until)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--cells", type=int, default=100000)
    parser.add_argument("--until", type=float, default=200, help="ms")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--only", choices=["apical", "nest", "brian2"])
    arguments = parser.parse_args()
    if arguments.only:
        print("result " + json.dumps(one(arguments)))
        return
    results = {"apical": []}
    for peer in ("nest", "brian2"):
        if importlib.util.find_spec(peer):
            results[peer] = []
        else:
            print(f"!! {peer} is not installed in {sys.executable}: LEFT OUT of the race", flush=True)
    for _ in range(arguments.repeats):
        for name in results:
            words = [sys.executable, __file__, arguments.program, "--cells", str(arguments.cells), "--until", f"{arguments.until:g}",
                     "--core", str(arguments.core), "--only", name]
            answer = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            results[name].append(json.loads([line for line in answer.splitlines() if line.startswith("result ")][-1][7:]))
            print(name, results[name][-1], flush=True)
    steps = arguments.cells*arguments.until/0.1
    print(f"{'':8}{'wall [s]':>10}{'cpu [s]':>10}{'ns/step':>9}{'rate [Hz]':>11}   over Apical's in each round, wall; cpu")
    for name, runs in results.items():
        wall, cpu = (statistics.median(r[key] for r in runs) for key in ("wall", "cpu"))
        rate = runs[0]["spikes"]/arguments.cells/arguments.until*1e3
        ratios = []
        for key in ("wall", "cpu"):
            each = sorted(r[key]/ours[key] for r, ours in zip(runs, results["apical"]))
            ratios.append(f"{statistics.median(each):.2f} ({each[0]:.2f} to {each[-1]:.2f})")
        print(f"{name:8}{wall:10.2f}{cpu:10.2f}{1e9*wall/steps:9.1f}{rate:11.2f}   {'; '.join(ratios)}")


if __name__ == "__main__":
    main()
