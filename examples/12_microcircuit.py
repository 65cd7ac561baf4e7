# SPDX-License-Identifier: BSD-3-Clause
"""Example 12: a piece of layer 5 in Python: build it, run it, look at it, and hand it on as SONATA files.

Pyramidal cells, PV basket and SST Martinotti cells with short-term plasticity and gap junctions run for some milliseconds. Then the
circuit is written as SONATA files, read back, and run again: the spikes are the same to the last bit, although every connection
is now a row of a file. A checkpoint in the middle is another way to come to the same end.

Shows: ready circuits, circuits in files, checkpoints, the raster, the report.
"""
# run: python 12_microcircuit.py
# run: python 12_microcircuit.py --cells 14 --until "40 ms"

import argparse
import tempfile
from pathlib import Path

import numpy as np

import apical

parser = argparse.ArgumentParser()
parser.add_argument("--cells", type=int, default=20)
parser.add_argument("--until", default="60 ms")
parser.add_argument("--out", help="folder for the raster, the report and the SONATA files")
arguments = parser.parse_args()
folder = Path(arguments.out or tempfile.mkdtemp())
folder.mkdir(parents=True, exist_ok=True)

piece = apical.circuits.l5_microcircuit.experiment(arguments.until, seed=3, threads=2, cells=arguments.cells, background_rate=6)
simulation = apical.Simulation(piece.circuit, **piece.options)
half = apical.Quantity(float(np.floor(piece.until.to("ms")/2)), "ms")
simulation.run(half)
simulation.checkpoint(folder / "half.h5")
simulation.run(piece.until)
for name in simulation.plan.populations:
    print(f"{name}: {len(simulation.spike_times(name))} spikes")
simulation.write_report(folder / "report.html", title="A piece of layer 5", overwrite=True)
try:
    figure = apical.plot.raster(simulation).figure
    figure.savefig(folder / "raster.png")
except ImportError:
    print("no raster: pip install matplotlib")

resumed = apical.Simulation(piece.circuit, start=folder / "half.h5", **piece.options)
resumed.run(piece.until)

files = piece.circuit.write_sonata(folder / "sonata", until=piece.until, overwrite=True, **piece.options)
again = apical.sonata.read(folder / "sonata" / "simulation_config.json")
twin = apical.Simulation(again.circuit, **again.options)
twin.run(again.until)
print(f"{len(files)} SONATA files in {folder}")

same = all(np.array_equal(other.spikes, simulation.spikes) for other in (resumed, twin))
print("resumed and read back, the spikes are", "the same" if same else "others")
raise SystemExit(0 if same and len(simulation.spikes) > 0 else 1)
