# SPDX-License-Identifier: BSD-3-Clause
"""Apical and NEURON at equal accuracy, on the seven experiments of Hay et al. (2011), in one run.

For each experiment: the least CPU time in which each program finds its spikes to a given mean error, over its settings. The settled
times are those of Apical's schemes `precise` and `cvode` at far stricter tolerances, which must agree. Backward Euler's error is
proportional to its step: where no step tried is fine enough, the time is extrapolated from the finest, and marked so.

    python bench/equal_accuracy.py cell1.asc --bench build/release/bench/bench_work_precision --peers /path/to/venv/bin/python \
        --mechanisms x86_64/libnrnmech.so
"""

import argparse
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent / "peers"


def lines(command):
    return [json.loads(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()]


def error(spikes, settled):
    """Mean error of the spike times (ms); infinite where their number is another."""
    if len(spikes) != len(settled):
        return float("inf")
    return sum(abs(a - b) for a, b in zip(spikes, settled, strict=True)) / max(1, len(settled))


def cheapest(runs, settled, target):
    """(seconds, label) of the cheapest run that meets the target, None if there is none."""
    good = [(r["seconds"], f"{r['scheme']} {r['setting']}") for r in runs if error(r["spikes"], settled) <= target]
    return min(good, default=None)


def extrapolated(runs, settled, target):
    """(seconds, label) of backward Euler at the step that would meet the target."""
    usable = [r for r in runs if error(r["spikes"], settled) < float("inf")]
    if not usable:
        return None
    finest = min(usable, key=lambda r: r["setting"])
    factor = error(finest["spikes"], settled) / target
    return finest["seconds"] * factor, f"BE {finest['setting'] / factor:.2g} (extrapolated)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--bench", required=True)
    parser.add_argument("--peers", required=True, help="a Python with NEURON")
    parser.add_argument("--mechanisms", required=True)
    parser.add_argument("--target", type=float, nargs="+", default=[0.1, 0.01], help="mean error of spike times, ms")
    args = parser.parse_args()
    own = lines([args.bench, args.morphology, "--json"])
    peer = lines([args.peers, str(HERE / "neuron_accuracy.py"), args.morphology, "--mechanisms", args.mechanisms])
    for target in args.target:
        print(f"\n| experiment, {target} ms | spikes | Apical | s | NEURON CVODE | s | ratio | NEURON BE | s | ratio | CVODE with CVODE |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for protocol in dict.fromkeys(r["protocol"] for r in own):
            mine = [r for r in own if r["protocol"] == protocol]
            settled = next(r["spikes"] for r in mine if r["scheme"] == "settled")
            if not settled:
                continue
            theirs = [r for r in peer if r["protocol"] == protocol]
            best = cheapest([r for r in mine if r["scheme"] != "settled"], settled, target)
            same = cheapest([r for r in mine if r["scheme"] == "cvode"], settled, target)
            cvode = cheapest([r for r in theirs if r["scheme"] == "CVODE"], settled, target)
            steps = [r for r in theirs if r["scheme"] == "BE"]
            euler = cheapest(steps, settled, target) or extrapolated(steps, settled, target)

            def cell(found):
                return f"{found[1]} | {found[0]:.3f}" if found else "none | "

            def ratio(found, to):
                return f"{found[0] / to[0]:.1f}" if found and to else ""

            print(f"| {protocol} | {len(settled)} | {cell(best)} | {cell(cvode)} | {ratio(cvode, best)} | {cell(euler)} | {ratio(euler, best)} "
                  f"| {ratio(cvode, same)} |", flush=True)


if __name__ == "__main__":
    main()
