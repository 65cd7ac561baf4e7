# SPDX-License-Identifier: BSD-3-Clause
"""Times Arbor on N copies of the layer-5 pyramidal cell: dt 0.025 ms, one core; compares its voltage with NEURON's.

The cell is NEURON's: the points, the segment counts and the densities come from the model of neuron_l5pc.py, one
control volume per NEURON segment (plus Arbor's zero-volume ones at forks).  Protocol: biophys3, 6.3 degC, 0.793 nA into
the soma from 50 ms on.  Only the run is timed, not construction.

The catalogue must be built first: ``arbor-build-catalogue l5pc arbor_mod``.
"""

import argparse
import multiprocessing
import os

import arbor as A
import numpy as np
from arbor import units as U

from timing import print_json, summary, timed

DT = 0.025  # ms

# NEURON density parameter -> (Arbor mechanism, its parameter)
DENSITIES = {"g_pas": ("pas", "g")} | {
    neuron_name: (neuron_name.split("bar_", 1)[1], "gbar")
    for neuron_name in ("gIhbar_Ih", "gNaTa_tbar_NaTa_t", "gNap_Et2bar_Nap_Et2", "gK_Tstbar_K_Tst", "gK_Pstbar_K_Pst",
                        "gSKv3_1bar_SKv3_1", "gSK_E2bar_SK_E2", "gImbar_Im", "gCa_HVAbar_Ca_HVA", "gCa_LVAstbar_Ca_LVAst")}


def export_cell(morphology, mechanisms, queue):
    """Runs in its own process (NEURON and Arbor stay apart): sends the cell as plain lists.

    Per section: name, parent index, attachment x, cm (uF/cm2), points (x, y, z, diameter; um) and per segment a dict of
    the parameters present.
    """
    import neuron_l5pc as l5pc

    l5pc.load_mechanisms(mechanisms)
    cell = l5pc.L5PC(morphology)
    index = {s: i for i, s in enumerate(cell.sections)}
    sections = []
    for section in cell.sections:
        parent = section.parentseg()
        points = [(section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i)) for i in range(section.n3d())]
        if not points:  # the replacement axon has no 3-D points
            offset = -1000.0 + 100 * len(sections)
            points = [(0, offset, 0, section.diam), (0, offset + section.L, 0, section.diam)]
        sections.append({"name": cell.name(section), "parent": None if parent is None else index[parent.sec],
                         "x": None if parent is None else parent.x, "cm": section.cm, "points": points,
                         "segments": [_parameters(segment) for segment in section]})
    queue.put(sections)


def _parameters(segment):
    present = {mechanism.name() for mechanism in segment}
    values = {name: getattr(segment, name) for name, (mechanism, _) in DENSITIES.items() if mechanism in present}
    if "CaDynamics_E2" in present:
        values |= {"gamma": segment.gamma_CaDynamics_E2, "decay": segment.decay_CaDynamics_E2}
    return values


def exported(morphology, mechanisms):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    worker = context.Process(target=export_cell, args=(morphology, mechanisms, queue))
    worker.start()
    sections = queue.get()
    worker.join()
    return sections


def segment_tree(sections):
    """Arbor segment tree; every segment carries its section's index + 1 as tag.

    The soma's children attach in its middle, as in NEURON: the soma is split there into two branches.
    """
    tree = A.segment_tree()
    ends = {}  # (section, x) -> last Arbor segment up to there
    for i, section in enumerate(sections):
        points = [A.mpoint(x, y, z, d / 2) for x, y, z, d in section["points"]]
        last = A.mnpos if section["parent"] is None else ends[section["parent"], section["x"]]
        for k, (a, b) in enumerate(zip(points[:-1], points[1:], strict=True)):
            last = tree.append(last, a, b, i + 1)
            if 2 * (k + 1) == len(points) - 1:
                ends[i, 0.5] = last
        ends[i, 1.0] = last
    return tree


def branch_sections(morphology):
    """For every branch: the sections along it, in order, each once."""
    return [list(dict.fromkeys(s.tag - 1 for s in morphology.branch_segments(b))) for b in range(morphology.num_branches)]


def volumes(sections, branches):
    """Control volumes as (branch, from, to, section, segment); equal lengths within a branch."""
    for branch, members in enumerate(branches):
        if members == [0]:  # half a soma
            yield branch, 0.0, 1.0, 0, 0
            continue
        count = sum(len(sections[m]["segments"]) for m in members)
        places = [(m, k) for m in members for k in range(len(sections[m]["segments"]))]
        for j, (member, k) in enumerate(places):
            yield branch, j / count, (j + 1) / count, member, k


def decorate(sections, branches):
    """Decor and discretisation with NEURON's densities, one control volume per segment."""
    decor = A.decor()
    decor.set_property(Vm=-80 * U.mV, tempK=(273.15 + 6.3) * U.Kelvin, rL=100 * U.Ohm * U.cm)
    decor.set_ion("na", rev_pot=50 * U.mV)
    decor.set_ion("k", rev_pot=-85 * U.mV)
    decor.set_ion("ca", int_con=5e-5 * U.mM, ext_con=2 * U.mM, method="nernst/ca")
    painted = {}  # (mechanism, ((parameter, value), ...)) -> cables
    counts = {}
    for branch, low, high, member, k in volumes(sections, branches):
        cable = f"(cable {branch} {low!r} {high!r})"
        counts[branch] = counts.get(branch, 0) + 1
        values = sections[member]["segments"][k]
        for name, value in values.items():
            if name in DENSITIES:
                mechanism, parameter = DENSITIES[name]
                painted.setdefault((mechanism, ((parameter, value),)), []).append(cable)
        if "gamma" in values:
            pool = (("gamma", values["gamma"]), ("decay", values["decay"]))
            painted.setdefault(("CaDynamics_E2", pool), []).append(cable)
        painted.setdefault(("cm", sections[member]["cm"]), []).append(cable)
    for (mechanism, parameters), cables in painted.items():
        region = "(region-nil)" if not cables else cables[0] if len(cables) == 1 else f"(join {' '.join(cables)})"
        if mechanism == "cm":
            decor.paint(region, cm=parameters * 0.01 * U.F / U.m2)
        elif mechanism == "pas":
            decor.paint(region, A.density("pas/e=-90", dict(parameters)))
        else:
            decor.paint(region, A.density(mechanism, dict(parameters)))
    policies = [A.cv_policy_fixed_per_branch(n, f"(branch {b})") for b, n in counts.items()]
    policy = policies[0]
    for more in policies[1:]:
        policy = policy | more
    return decor, policy


class Cells(A.recipe):
    """N copies of one cable cell, optionally with a voltage probe."""

    def __init__(self, cell, count, catalogue, probe=None):
        A.recipe.__init__(self)
        self.cell, self.count, self.probe = cell, count, probe
        self.properties = A.neuron_cable_properties()
        self.properties.catalogue = A.default_catalogue()
        self.properties.catalogue.extend(A.load_catalogue(catalogue), "")

    def num_cells(self):
        return self.count

    def cell_kind(self, gid):
        return A.cell_kind.cable

    def cell_description(self, gid):
        return self.cell

    def global_properties(self, kind):
        return self.properties

    def probes(self, gid):
        return [A.cable_probe_membrane_voltage(self.probe, "v")] if self.probe else []


def simulation(recipe, group_size):
    context = A.context(threads=1)
    hint = A.partition_hint()
    hint.cpu_group_size = group_size
    split = A.partition_load_balance(recipe, context, {A.cell_kind.cable: hint})
    return A.simulation(recipe, context, split)


def soma_trace(cell, catalogue, soma, duration):
    """(t, v) every DT ms at the soma, ms and mV."""
    recipe = Cells(cell, 1, catalogue, soma)
    run = simulation(recipe, 1)
    handle = run.sample((0, "v"), A.regular_schedule(DT * U.ms))
    run.run(duration * U.ms, DT * U.ms)
    data, _ = run.samples(handle)[0]
    return np.array(data)[:, 0], np.array(data)[:, 1]


def neuron_trace(morphology, mechanisms, duration, queue):
    """The same protocol in NEURON: sends (t, v) of every step end."""
    import neuron_l5pc as l5pc

    l5pc.load_mechanisms(mechanisms)
    cell = l5pc.L5PC(morphology)
    trace = l5pc.run(cell, l5pc.Protocol((50, 1e9, 0.793), 0.0, duration))
    queue.put((trace.t, trace.soma))


def comparison(args, cell, soma):
    """Difference of the somatic voltage from NEURON's, and both lists of spike times (-20 mV upward, ms)."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    worker = context.Process(target=neuron_trace, args=(args.morphology, args.mechanisms, args.check, queue))
    worker.start()
    t_neuron, v_neuron = queue.get()
    worker.join()
    t, v = soma_trace(cell, args.catalogue, soma, args.check)
    before = t < 59
    difference = np.abs(np.interp(t, t_neuron, v_neuron) - v)

    def spikes(t, v):
        i = np.nonzero((v[:-1] <= -20) & (v[1:] > -20))[0]
        return [round(float(x), 3) for x in t[i] + (-20 - v[i]) / (v[i + 1] - v[i]) * (t[i + 1] - t[i])]

    return {"max_difference_before_first_spike_mV": round(float(difference[before].max()), 4),
            "spikes_arbor_ms": spikes(t, v), "spikes_neuron_ms": spikes(t_neuron, v_neuron)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology", help="Neurolucida ASC file of the reconstructed cell")
    parser.add_argument("catalogue", help="l5pc-catalogue.so built from arbor_mod/")
    parser.add_argument("--mechanisms", help="NEURON's libnrnmech.so built from mod/ (the cell is read from NEURON)")
    parser.add_argument("--cells", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--duration", type=float, default=100.0, help="simulated time, ms")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--group-size", type=int, default=1, help="cells per group (Arbor's cpu_group_size)")
    parser.add_argument("--check", type=float, default=0.0, help="compare with NEURON over this time, ms")
    parser.add_argument("--note", default="", help="free text for the result, for example the compiler flags")
    args = parser.parse_args()
    args.catalogue = os.path.abspath(args.catalogue)

    sections = exported(args.morphology, args.mechanisms)
    tree = segment_tree(sections)
    morphology = A.morphology(tree)
    branches = branch_sections(morphology)
    decor, policy = decorate(sections, branches)
    soma = f"(location {branches.index([0])} 0.5)"
    decor.place(soma, A.i_clamp(50 * U.ms, 1e6 * U.ms, 0.793 * U.nA))
    decor.place(soma, A.threshold_detector(-20 * U.mV), "spike")
    cell = A.cable_cell(morphology, decor, A.label_dict(), policy)
    control_volumes = A.cv_data(cell).num_cv

    if args.check:
        print_json(comparison(args, cell, soma))
    results = []
    for count in args.cells:
        recipe = Cells(cell, count, args.catalogue)
        run = simulation(recipe, min(args.group_size, count))
        seconds = []
        run.record(A.spike_recording.local)
        for _ in range(args.repeats):
            run.reset()
            seconds.append(timed(lambda: run.run(args.duration * U.ms, DT * U.ms)))
        results.append(summary("Arbor", A.config()["version"], count, round(args.duration / DT), seconds, note=args.note,
                               control_volumes_per_cell=control_volumes, group_size=min(args.group_size, count),
                               spikes_per_cell=len(run.spikes()) / count))
    print_json(results)


if __name__ == "__main__":
    main()
