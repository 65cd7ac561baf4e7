# SPDX-License-Identifier: BSD-3-Clause
"""Example 18: channels from .mod files.

The channels of the layer 5 pyramidal cell of Hay et al. (2011) twice on one soma: once those of the package, once read from files of NMODL, the
language of NEURON. Both fire alike; how far their voltages part, and what a step costs, is printed.

Shows: load_mechanisms(), mechanisms that were read beside the package's own, probes of their variables.
"""
# run: python 18_mechanisms_from_files.py --duration 100

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import apical

#: Of the package, of the files, and how the files call the density.
CHANNELS = {
    "nats2_t": ("NaTs2_t", "0.98 S/cm2"),
    "skv3_1": ("SKv3_1", "0.3 S/cm2"),
    "ca_hva": ("Ca_HVA", "0.0006 S/cm2"),
    "ca_lvast": ("Ca_LVAst", "0.003 S/cm2"),
    "sk_e2": ("SK_E2", "0.05 S/cm2"),
    "ih": ("Ih", "0.0001 S/cm2"),
}


def soma(mechanisms: dict[str, apical.MechanismSchema] | None) -> apical.Cell:
    """A soma with the package's channels, or with those that were read."""
    shape = apical.Morphology()
    shape.add("soma", [(0, 0, 0, 20), (20, 0, 0, 20)])
    cell = apical.Cell(shape, compartments="count(1)", v_init="-75 mV")
    cell.paint("all", capacitance="1 uF/cm2", resistivity="100 ohm cm").paint("all", "pas", g="5e-5 S/cm2", e_rev="-85 mV")
    cell.paint("all", ion="na", e_rev="50 mV").paint("all", ion="k", e_rev="-85 mV")
    for own, (theirs, density) in CHANNELS.items():
        if mechanisms is None:
            cell.paint("all", own, g_max=density)
        else:
            cell.paint("all", mechanisms[theirs], **{f"g{theirs}bar": density})
    if mechanisms is None:
        cell.paint("all", "cadynamics_e2", gamma=5e-4, decay="460 ms")
    else:
        cell.paint("all", mechanisms["CaDynamics_E2"], gamma=5e-4, decay="460 ms")
    return cell


def run(cell: apical.Cell, duration: float) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Times and voltages, and the seconds that it took."""
    circuit = apical.Circuit(
        apical.Population("cell", cell),
        apical.Injection(apical.StepCurrent("10 ms", "1e6 ms", "0.3 nA"), on="cell"),
        apical.Probe("v", on="cell"),
    )
    simulation = apical.Simulation(circuit, temperature="34 degC")
    start = time.perf_counter()
    simulation.run((duration, "ms"))
    return simulation["v"].times, simulation["v"].values[:, 0], time.perf_counter() - start


def main() -> None:
    """Run both, compare, draw if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--duration", type=float, default=200, help="[ms]")
    parser.add_argument("--mechanisms", type=Path, default=Path(__file__).parent.parent/"models/mechanisms/hay_2011", help="folder of the files")
    parser.add_argument("--picture", type=Path, help="file to draw both voltages into")
    args = parser.parse_args()
    mechanisms = apical.load_mechanisms(args.mechanisms)
    print(f"read: {', '.join(mechanisms)}")
    t, own, seconds = run(soma(None), args.duration)
    _, read, more = run(soma(mechanisms), args.duration)
    spikes = int(np.sum((own[1:] > 0) & (own[:-1] <= 0)))
    print(f"{spikes} spikes; the voltages part by at most {np.max(np.abs(own - read)):.2g} mV; {seconds:.3f} s and {more:.3f} s")
    if args.picture:
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
        axes.plot(t, own, label="the package's")
        axes.plot(t, read, "--", label="read from files")
        axes.set(xlabel="time [ms]", ylabel="v [mV]")
        axes.legend()
        figure.savefig(args.picture)


if __name__ == "__main__":
    main()
