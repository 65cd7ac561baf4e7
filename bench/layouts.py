# SPDX-License-Identifier: BSD-3-Clause
"""The layer 5 microcircuit on several layouts of processes and threads, and resumed at another: are the results the same files?

Runs a ready circuit with gap junctions and release by chance on {1, 2, 4} processes by {1, 2} threads. Each layout also writes a checkpoint at
half time, from which another layout goes on. Every file of spikes, samples and weights is compared with that of one process and thread, byte for
byte. With --learning thalamic synapses learn by dopamine, and input is strong enough for hundreds of spikes in 40 ms.

    python bench/layouts.py build/release/apical --cells 1000 --time 40 --learning
"""

import argparse
import filecmp
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

LEARNING = ["learning=dopamine", "thalamic_rate=80", "background_rate=10"]
LAYOUTS = [(ranks, threads) for ranks in (1, 2, 4) for threads in (1, 2)]


def command(args, layout, folder, until, *more):
    """The words that run the circuit on a layout."""
    ranks, threads = layout
    words = [args.apical, "circuit", args.circuit, "--time", f"{until} ms", "--threads", str(threads), "--out", str(folder), "--json", *more]
    for option in args.set:
        words += ["--set", option]
    launcher = [args.mpirun, *args.launcher.split(), "-n", str(ranks)] if ranks > 1 else []
    return launcher + words


def run(args, layout, folder, until, *more):
    begin = time.monotonic()
    done = subprocess.run(command(args, layout, folder, until, *more), capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False)
    if done.returncode != 0:
        sys.exit(f"{layout}: {done.stderr}")
    return json.loads(done.stdout), time.monotonic() - begin


def result_files(folder):
    return sorted(p.name for p in folder.glob("*.h5") if p.name != "checkpoint.h5")


def same(one, other):
    """Names of the result files that differ, or are there only once."""
    names = set(result_files(one)) | set(result_files(other))
    return sorted(n for n in names if not ((one / n).exists() and (other / n).exists() and filecmp.cmp(one / n, other / n, shallow=False)))


def changed_weights(folder):
    """How many weights were recorded, how many are not what they were at the start, and the largest change over the mean."""
    import h5py

    with h5py.File(folder / "thalamic_weights.h5") as file:
        (projection,) = file["weights"].values()
        weights = projection["weight"][:]
    change = abs(weights[-1] - weights[0])
    return weights.shape[1], int((change > 0).sum()), change.max() / weights[0].mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apical", help="the program")
    parser.add_argument("--circuit", default="l5_microcircuit")
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--time", type=float, default=80.0, help="of biology [ms]")
    parser.add_argument("--learning", action="store_true", help="of thalamic synapses, under strong input; needs h5py")
    parser.add_argument("--set", action="append", default=[], help="more options of the circuit")
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--launcher", default="--allow-run-as-root --oversubscribe --bind-to none", help="options of mpirun")
    args = parser.parse_args()
    args.set = [f"cells={args.cells}", *(LEARNING if args.learning else []), *args.set]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        print("| processes x threads | spikes | run [s] | files that differ | resumed at | files that differ |\n|---|---|---|---|---|---|")
        reference = top / "whole 1x1"
        for number, layout in enumerate(LAYOUTS):
            whole = top / f"whole {layout[0]}x{layout[1]}"
            told, _ = run(args, layout, whole, args.time)
            differing = same(reference, whole)
            checkpoint = top / f"half {number}.h5"
            run(args, layout, top / f"half {number}", args.time / 2, "--checkpoint", str(checkpoint))
            other = LAYOUTS[(number + 3) % len(LAYOUTS)]
            resumed = top / f"resumed {number}"
            run(args, other, resumed, args.time, "--resume", str(checkpoint))
            differing_after = same(reference, resumed)
            wrong += len(differing) + len(differing_after)
            spikes = sum(p["spikes"] for p in told["populations"])
            print(f"| {layout[0]} x {layout[1]} | {spikes:.0f} | {told['run_seconds']:.1f} | {', '.join(differing) or 'none'} | {other[0]} x {other[1]} | {', '.join(differing_after) or 'none'} |", flush=True)
            checkpoint.unlink()
        if args.learning:
            count, changed, most = changed_weights(reference)
            print(f"{changed} of {count} weights changed, by up to {most:.2g} of their mean")
        print(f"{len(result_files(reference))} files each: {', '.join(result_files(reference))}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
