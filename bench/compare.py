# SPDX-License-Identifier: BSD-3-Clause
"""Speed of Apical, NEURON and Arbor on the same cells in one run, as ratios.

Every round times each program once, one after the other on one core, so that a slow moment of the machine meets all of them.
The figure is CPU nanoseconds per compartment and step; a ratio is taken within a round, and the median of the rounds counts.

    python bench/compare.py cell1.asc --apical build/release/apical --peers /path/to/venv/bin/python \
        --mechanisms x86_64/libnrnmech.so --catalogue l5pc-catalogue.so --cells 1 64
"""

import argparse
import json
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).parent / "peers"


def output(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def apical(args, cells, rates):
    """ns per compartment-step of both schemes."""
    until = max(10, 100 / cells**0.5)
    result = output([args.apical, "bench", "--json", "--cells", str(cells), "--morphology", args.morphology, "--repeats", "3",
                     "--until", f"{until:.0f} ms", "--rates", rates])
    return {s["scheme"]: s["fastest_seconds"] * 1e9 / (s["compartments"] * s["steps"]) for s in result["schemes"]}


def peer(args, script, first, cells):
    """ns per compartment-step of NEURON or Arbor, the fastest of two runs."""
    duration = max(10, 100 / cells**0.5)
    result = output([args.peers, str(HERE / script), args.morphology, *first, "--mechanisms", args.mechanisms, "--cells", str(cells),
                     "--duration", f"{duration:.0f}", "--repeats", "3"])
    return result[0]["ns_per_compartment_step"]["min"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--apical", required=True)
    parser.add_argument("--peers", required=True, help="a Python with NEURON and Arbor")
    parser.add_argument("--mechanisms", required=True)
    parser.add_argument("--catalogue", required=True)
    parser.add_argument("--cells", type=int, nargs="+", default=[1, 64])
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    print("| cells | round | Apical BE | Apical CN | BE, single | NEURON | Arbor | NEURON/BE | Arbor/BE | NEURON/single | Arbor/single |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for cells in args.cells:
        ratios = []
        for number in range(args.rounds):
            own = apical(args, cells, "tabulated")
            single = apical(args, cells, "single")["backward_euler"]
            neuron = peer(args, "neuron_bench.py", [], cells)
            arbor = peer(args, "arbor_bench.py", [args.catalogue], cells)
            be, cn = own["backward_euler"], own["crank_nicolson"]
            ratios.append((neuron / be, arbor / be, neuron / single, arbor / single))
            told = " | ".join(f"{r:.1f}" for r in ratios[-1])
            print(f"| {cells} | {number} | {be:.2f} | {cn:.2f} | {single:.2f} | {neuron:.1f} | {arbor:.1f} | {told} |", flush=True)
        medians = " | ".join(f"**{statistics.median(column):.1f}**" for column in zip(*ratios, strict=True))
        print(f"| {cells} | median | | | | | | {medians} |", flush=True)


if __name__ == "__main__":
    main()
