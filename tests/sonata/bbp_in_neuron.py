# SPDX-License-Identifier: BSD-3-Clause
"""Runs the balls and synapses of bbp_test.cpp in NEURON, as its own two-exponential conductances and bench/peers/mod/ampa_nmda.mod.

    bbp_in_neuron.py FOLDER

reads FOLDER/synapses.json and writes FOLDER/voltages.txt, a line a step. Exits with 77 if NEURON or its compiler is not installed.
Units: ms, mV, uS.
"""

import importlib
import json
import pathlib
import shutil
import subprocess
import sys

try:
    h = importlib.import_module("neuron").h
except ImportError:
    print("neuron is not installed")
    sys.exit(77)

MECHANISM = pathlib.Path(__file__).parents[2] / "bench/peers/mod/ampa_nmda.mod"


def compiled(folder):
    """Load the AMPA and NMDA synapse, compiled in the folder."""
    compiler = shutil.which("nrnivmodl") or shutil.which("nrnivmodl", path=str(pathlib.Path(sys.executable).parent))
    if compiler is None:
        sys.exit(77)
    (folder / "mod").mkdir()
    shutil.copy(MECHANISM, folder / "mod")
    if subprocess.run([compiler, "mod"], cwd=folder, capture_output=True, check=False).returncode != 0:
        sys.exit(77)
    h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.so"))))


def ball():
    section = h.Section()
    section.L = section.diam = 20
    section.insert("pas")
    section.g_pas, section.e_pas = 1e-4, -70
    return section


def receptors_of(synapse, segment):
    """Pairs of a point process and the weight of its events."""
    if synapse["inhibitory"]:
        pairs = []
        for tau1, tau2, e, share in ((0.2, synapse["decay"], -80, 1), (3.5, 260.9, -97, synapse["ratio"])):
            r = h.Exp2Syn(segment)
            r.tau1, r.tau2, r.e = tau1, tau2, e
            pairs.append((r, synapse["weight"] * share))
        return pairs
    r = h.ampa_nmda(segment)
    r.ampa_rise, r.ampa_decay, r.nmda_rise, r.nmda_decay = 0.2, synapse["decay"], 0.29, 43
    r.ratio, r.mg, r.e = synapse["ratio"], 1, 0
    return [(r, synapse["weight"])]


def main():
    folder = pathlib.Path(sys.argv[1])
    compiled(folder)
    told = json.loads((folder / "synapses.json").read_text())
    h.load_file("stdrun.hoc")
    cells = [ball() for _ in range(2)]
    connections, events = [], []
    for synapse in told["synapses"]:
        for receptor, weight in receptors_of(synapse, cells[synapse["cell"]](0.5)):
            connection = h.NetCon(None, receptor)
            connection.weight[0] = weight
            connections.append((connection, receptor))
            events += [(connection, time + synapse["delay"]) for time, source in told["spikes"] if source == synapse["source"]]
    h.celsius, h.dt, h.secondorder = 34, told["dt"], 0
    h.finitialize(-70)
    for connection, time in events:
        connection.event(time)
    rows = []
    for _ in range(told["steps"]):
        rows.append(" ".join(repr(c(0.5).v) for c in cells))
        h.fadvance()
    (folder / "voltages.txt").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
