# SPDX-License-Identifier: BSD-3-Clause
"""Speed and memory of Apical, NEURON and CoreNEURON on one detailed network in one run, as ratios.

Every round runs each program once, one after the other on one core. Times are processor seconds of the run alone.

    python bench/network.py cell1.asc --python build/release/python --peers /path/to/venv/bin/python --mechanisms x86_64/libnrnmech.so
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent / "peers"


def output(interpreter, script, args, *more, **variables):
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | variables
    command = [interpreter, str(HERE / script), args.morphology, "--cells", str(args.cells), "--contacts", str(args.contacts), "--until", str(args.until), *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip().splitlines()[-1])


def agreement(a, b):
    """How many spikes of two runs are of the same cell in the same step, of how many each has."""
    known = {(round(t / 0.025), cell) for t, cell in b}
    return f"{sum((round(t / 0.025), cell) in known for t, cell in a)} of {len(a)} and {len(b)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology")
    parser.add_argument("--python", required=True, help="folder of Apical's Python package")
    parser.add_argument("--peers", required=True, help="a Python with NEURON")
    parser.add_argument("--mechanisms", required=True, help="built by nrnivmodl -coreneuron from bench/peers/mod")
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--contacts", type=int, default=1000, help="onto each cell")
    parser.add_argument("--until", type=float, default=50.0, help="ms")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    library = ("--mechanisms", args.mechanisms)
    ratios = []
    print("| round | Apical [s] | NEURON [s] | CoreNEURON [s] | MB | spikes alike with NEURON |\n|---|---|---|---|---|---|")
    for number in range(args.rounds):
        own = output(sys.executable, "apical_network.py", args, PYTHONPATH=args.python)
        neuron = output(args.peers, "neuron_network.py", args, *library)
        core = output(args.peers, "neuron_network.py", args, *library, "--coreneuron", CORENEURONLIB=str(pathlib.Path(args.mechanisms).with_name("libcorenrnmech.so")))
        ratios.append((neuron["seconds"] / own["seconds"], core["seconds"] / own["seconds"], neuron["megabytes"] / own["megabytes"]))
        memory = " / ".join(f"{r['megabytes']:.0f}" for r in (own, neuron, core))
        print(f"| {number} | {own['seconds']:.2f} | {neuron['seconds']:.1f} | {core['seconds']:.1f} | {memory} | {agreement(own['spikes'], neuron['spikes'])} |", flush=True)
    medians = [statistics.median(column) for column in zip(*ratios, strict=True)]
    print(f"NEURON / Apical {medians[0]:.1f}, CoreNEURON / Apical {medians[1]:.1f} in time; NEURON / Apical {medians[2]:.1f} in memory")


if __name__ == "__main__":
    main()
