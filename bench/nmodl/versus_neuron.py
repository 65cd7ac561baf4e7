# SPDX-License-Identifier: BSD-3-Clause
"""Evaluated mechanisms against those that NEURON compiles: the squid axon of squid_axon.mod on 10 000 compartments, in turn.

run: versus_neuron.py bench_evaluate PYTHON [ROUNDS]

PYTHON has neuron, and nrnivmodl beside it; ROUNDS of each program, of which medians are told. CPU time: NEURON's is that of a step with
the mechanism less that of a step without (bench/nmodl/time_neuron.py).
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def evaluated(program: str) -> tuple[float, float, float]:
    """Gates, currents with exact slopes, currents with differences [ns]."""
    told = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = [float(x) for x in re.findall(r"\| ([\d.]+) \|", told)]
    return rows[0], rows[1], rows[2]


def compiled(python: str, folder: Path, mechanism: str) -> float:
    """One mechanism in NEURON [ns]."""
    told = subprocess.run(
        [python, str(HERE / "time_neuron.py"), mechanism], cwd=folder, check=True, capture_output=True, text=True
    )
    return float(told.stdout.split()[-1])


def main() -> None:
    program, python = str(Path(sys.argv[1]).resolve()), sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    path = {**os.environ, "PATH": str(Path(python).parent) + os.pathsep + os.environ["PATH"]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "squid_axon.mod", folder)
        subprocess.run(["nrnivmodl", "."], cwd=folder, env=path, check=True, capture_output=True)
        ours, theirs, tabulated = [], [], []
        for _ in range(rounds):
            ours.append(evaluated(program))
            theirs.append(compiled(python, folder, "squid_axon"))
            tabulated.append(compiled(python, folder, "hh"))
    exact = [gates + currents for gates, currents, _ in ours]
    differences = [gates + currents for gates, _, currents in ours]
    print("| | ns for an instance and step, median | NEURON's over it |")
    print("|---|---|---|")
    for label, times in (("evaluated, exact slopes", exact), ("evaluated, differences as NEURON's", differences)):
        ratio = statistics.median(n / a for n, a in zip(theirs, times, strict=True))
        print(f"| {label} | {statistics.median(times):.1f} | {ratio:.1f} |")
    print(f"| NEURON, compiled | {statistics.median(theirs):.1f} | 1 |")
    print(f"| NEURON, its own hh, with TABLE | {statistics.median(tabulated):.1f} | |")


if __name__ == "__main__":
    main()
