# SPDX-License-Identifier: BSD-3-Clause
"""The layer 5 pyramidal cell of Hay et al. (2011), with the package's channels and with the same read from files of NMODL.

Says whether the traces are the same bits, and how long steps of both take, by turns, as medians of so many rounds.
"""
# run: python hay_from_files.py --rounds 7

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

import apical

FILES = Path(__file__).parents[2]/"models/mechanisms/hay_2011"


def painted(cell: apical.Cell, mechanisms: dict[str, apical.MechanismSchema]) -> apical.Cell:
    """The same cell, painted with what was read, where it was. A density that is a function of the place is one value here."""
    by_name = {name.lower(): m for name, m in mechanisms.items()}
    read = apical.Cell(cell.morphology, compartments=cell.compartments, v_init=cell.v_init)
    for p in cell.paintings:
        file = by_name.get(p.mechanism.lower()) if p.mechanism else None
        values = {k: "2e-4 S/cm2" if v is None else v for k, v in p.values.items()}
        if file is None:
            read.paint(p.region, p.mechanism, ion=p.ion, **values)
            continue
        names = {"g_max": f"g{file.name}bar", "c_min": "minCai", "e_rev": "ehcn"}
        read.paint(p.region, file, **{names.get(k, k) if names.get(k, k) in file.parameters else k: v for k, v in values.items()})
    return read


def simulation(cell: apical.Cell, cells: int, scheme: str) -> apical.Simulation:
    """A step of current into the soma, voltages of soma and tuft."""
    circuit = apical.Circuit(
        apical.Population("cell", cell, size=cells),
        apical.Injection(apical.StepCurrent("20 ms", "1e6 ms", "0.8 nA"), on="cell"),
        apical.Probe("v", on="cell", at="centre(all)", cells=[0]),
    )
    return apical.Simulation(circuit, temperature="34 degC", scheme=scheme)


def main() -> None:
    """Compare and time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--duration", type=float, default=200, help="of the comparison [ms]")
    parser.add_argument("--slice", type=float, default=100, help="of each timed run [ms]")
    args = parser.parse_args()
    own = painted(apical.models.l5pc(), {})
    start = time.perf_counter()
    mechanisms = apical.load_mechanisms(FILES)
    print(f"read and compiled, or found, in {time.perf_counter() - start:.2f} s")
    read = painted(own, mechanisms)
    for scheme in ("crank_nicolson", "backward_euler"):
        traces = []
        for cell in (own, read):
            s = simulation(cell, 1, scheme)
            s.run((args.duration, "ms"))
            traces.append(s["v"].values)
        same = np.array_equal(*traces)
        print(f"{scheme}: {traces[0].shape[1]} compartments, {'the same bits' if same else f'part by up to {np.max(np.abs(traces[0] - traces[1])):.3g} mV'}")
    for cells in (1, 64):
        both = [simulation(cell, cells, "crank_nicolson") for cell in (own, read)]
        seconds: list[list[float]] = [[], []]
        for n in range(args.rounds + 1):
            for k, s in enumerate(both):
                start = time.process_time()
                s.run(((n + 1)*args.slice/cells**0.5, "ms"))
                seconds[k].append(time.process_time() - start)
        medians = [statistics.median(x[1:]) for x in seconds]
        ratios = [b/a for a, b in zip(seconds[0][1:], seconds[1][1:])]
        print(f"{cells} cells: {medians[0]:.4f} s and {medians[1]:.4f} s of processor time; ratio {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
