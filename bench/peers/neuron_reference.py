# SPDX-License-Identifier: BSD-3-Clause
"""Writes the NEURON reference data of tests/reference/neuron.

Every file starts with comment lines (``#``) that state version, script and settings; numbers have 17 significant
digits.  Units: ms, mV, um, um2, MOhm, nA, mA/cm2, mM, S/cm2.
"""

import argparse
import pathlib

import numpy as np
from neuron import h

import neuron_l5pc as l5pc
from channel_rates import GATES, rates
from neuron_clamp import write_clamps
from neuron_receptors import write_receptors
from neuron_tables import fixed_step, read_rows, write_csv

STEP_PROTOCOLS = ("step1", "step2", "step3")
ALL_PROTOCOLS = (*STEP_PROTOCOLS, "bap", "epsp", "bac", "ca_burst")


# --- Hay cell 1 -------------------------------------------------------------------------------------------------------


def write_geometry(cell, folder):
    note = ("Hay et al. 2011 cell1, nseg = 1 + 2 int(L/40) before the axon is replaced, Ra 100 Ohm cm",)
    write_csv(folder / "hay_cell1_geometry.csv",
              (*note, "ri: resistance from the segment centre to its parent node; path: soma(0.5) to the segment centre"),
              ("section", "segment", "x", "area_um2", "diam_um", "ri_MOhm", "path_um"),
              [(cell.name(s), i, seg.x, h.area(seg.x, sec=s), seg.diam, h.ri(seg.x, sec=s), cell.distance(seg))
               for s in cell.sections for i, seg in enumerate(s)])
    write_csv(folder / "hay_cell1_ends.csv",
              (*note, "ri: resistance from the last segment centre to the zero-area end node x = 1; path: of that end"),
              ("section", "ri_MOhm", "path_um"),
              [(cell.name(s), h.ri(1, sec=s), cell.distance(s(1))) for s in cell.sections])
    write_csv(folder / "hay_cell1_sections.csv", note, ("section", "L_um", "nseg", "parent", "parent_x", "n_points"),
              [(cell.name(s), s.L, s.nseg, *_parent(cell, s), s.n3d()) for s in cell.sections])


def _parent(cell, section):
    segment = section.parentseg()
    return ("", "") if segment is None else (cell.name(segment.sec), segment.x)


CONDUCTANCE_NAMES = ("g_pas", "e_pas", "cm", "gIhbar_Ih", "gNaTa_tbar_NaTa_t", "gNap_Et2bar_Nap_Et2", "gK_Tstbar_K_Tst",
                     "gK_Pstbar_K_Pst", "gSKv3_1bar_SKv3_1", "gSK_E2bar_SK_E2", "gImbar_Im", "gCa_HVAbar_Ca_HVA",
                     "gCa_LVAstbar_Ca_LVAst", "gamma_CaDynamics_E2", "decay_CaDynamics_E2")
SHORT_NAMES = ("g_pas", "e_pas", "cm", "gIh", "gNaTa_t", "gNap_Et2", "gK_Tst", "gK_Pst", "gSKv3_1", "gSK_E2", "gIm",
               "gCa_HVA", "gCa_LVAst", "gamma", "decay")


def write_conductances(cell, folder):
    def values(segment):
        present = {m.name() for m in segment}
        for name in CONDUCTANCE_NAMES:
            mechanism = name.split("_", 1)[1] if name.startswith(("gamma", "decay")) else _mechanism_of(name)
            yield 0.0 if mechanism not in present | {"cm", "pas"} else float(getattr(segment, name))

    write_csv(folder / "hay_cell1_conductances.csv",
              ("Hay et al. 2011 cell1, biophys3, as set: rounded to 10 decimals, distal-end value in every last segment",
               "S/cm2; e_pas mV; cm uF/cm2; decay ms; 0 where the mechanism (or pool) is absent"),
              ("section", "segment", *SHORT_NAMES),
              [(cell.name(s), i, *values(seg)) for s in cell.sections for i, seg in enumerate(s)])


def _mechanism_of(parameter):
    if parameter in ("cm", "g_pas", "e_pas"):
        return "pas"
    return parameter.split("bar_", 1)[1]


def write_backward_euler(cell, folder):
    """BE, dt 0.025, 6.3 degC: spikes, peaks, and the trace around the first spike."""
    spikes, peaks = [], []
    for name in ALL_PROTOCOLS:
        trace = l5pc.run(cell, l5pc.PROTOCOLS[name])
        spikes += _spike_rows((name,), trace)
        peaks.append((name, trace.soma.max(), trace.t[trace.soma.argmax()], trace.site.max(), trace.t[trace.site.argmax()],
                      trace.soma[_index(trace, 295.0)], trace.site[_index(trace, 295.0)]))
        keep = _thin(trace, name)
        write_csv(folder / f"hay_be025_{name}.csv",
                  (f"Hay cell1 biophys3, protocol {name}, secondorder 0, dt 0.025, 6.3 degC, v_init -80",
                   "every 1 ms, and every step from 5 ms before to 2 ms after the first spike",
                   "site: centre of the segment of apic[36] that holds path distance 620 um (617.35 um)"),
                  ("step", "t_ms", "v_soma_mV", "v_site_mV"),
                  [(int(k), trace.t[k], trace.soma[k], trace.site[k]) for k in keep])
    note = ("Hay cell1 biophys3, secondorder 0, dt 0.025, 6.3 degC, v_init -80; threshold -20 mV upward at soma(0.5)",)
    write_csv(folder / "hay_be025_spikes.csv",
              (*note, "t_above: first step end with v > threshold (NEURON's stamp less 1e-10); t_interp: linear interpolation"),
              ("protocol", "index", "t_above_ms", "t_interp_ms"), spikes)
    write_csv(folder / "hay_be025_peaks.csv", (*note, "maxima over the samples at step ends; v295: voltages at 295 ms"),
              ("protocol", "soma_peak_mV", "t_soma_ms", "site_peak_mV", "t_site_ms", "soma_v295_mV", "site_v295_mV"), peaks)


def _index(trace, t):
    return int(np.argmin(np.abs(trace.t - t)))


def _thin(trace, name):
    first = l5pc.first_above(trace.t, trace.soma, trace.threshold)
    per_ms = 40
    if not len(first):
        return range(0, len(trace.t), per_ms)
    k = _index(trace, first[0])
    return sorted(set(range(0, k + 2 * per_ms + 1, per_ms)) | set(range(k - 5 * per_ms, k + 2 * per_ms + 1)))


def _spike_rows(prefix, trace):
    above = l5pc.first_above(trace.t, trace.soma, trace.threshold)
    between = l5pc.crossings(trace.t, trace.soma, trace.threshold)
    return [(*prefix, i, a, b) for i, (a, b) in enumerate(zip(above, between, strict=True))]


CONVERGED_SCHEMES = {"cn_0.025": l5pc.Scheme(2, 0.025), "cvode_1e-6": l5pc.Scheme(atol=1e-6),
                     "cn_0.005": l5pc.Scheme(2, 0.005)}


def write_converged(cell, folder):
    """Crank-Nicolson at two steps, and CVODE at atol 1e-6.

    Takes long, so the files are written after every run, and runs already in them are not repeated: delete the files to
    start anew.
    """
    spikes, peaks = read_rows(folder / "hay_cn_spikes.csv"), read_rows(folder / "hay_cn_peaks.csv")
    done = {(row[0], row[1]) for row in peaks}
    for label, scheme in CONVERGED_SCHEMES.items():
        for name in sorted(ALL_PROTOCOLS, key=lambda p: l5pc.PROTOCOLS[p].stop_ms):
            if (name, label) in done:
                continue
            trace = l5pc.run(cell, l5pc.PROTOCOLS[name], scheme)
            spikes += _spike_rows((name, label), trace)
            peaks.append((name, label, trace.soma.max(), trace.t[trace.soma.argmax()], trace.site.max(),
                          trace.t[trace.site.argmax()]))
            _write_converged_files(folder, spikes, peaks)


def _write_converged_files(folder, spikes, peaks):
    def order(row):
        return ALL_PROTOCOLS.index(row[0]), sorted(CONVERGED_SCHEMES).index(row[1])

    note = ("Hay cell1 biophys3, 6.3 degC, v_init -80; threshold -20 mV upward at soma(0.5)",
            "cn_<dt>: secondorder 2 at that step (ms); cvode_1e-6: variable step, absolute tolerance 1e-6")
    write_csv(folder / "hay_cn_spikes.csv",
              (*note, "t_above: first sample with v > threshold; t_interp: linear interpolation between samples"),
              ("protocol", "scheme", "index", "t_above_ms", "t_interp_ms"), sorted(spikes, key=order))
    write_csv(folder / "hay_cn_peaks.csv", (*note, "maxima over the samples"),
              ("protocol", "scheme", "soma_peak_mV", "t_soma_ms", "site_peak_mV", "t_site_ms"), sorted(peaks, key=order))


# --- Golden cases G1 and G2 -------------------------------------------------------------------------------------------


def two_section_cell(length, diam, nseg):
    soma, dend = h.Section(name="soma"), h.Section(name="dend")
    soma.L = soma.diam = 20
    dend.L, dend.diam, dend.nseg = length, diam, nseg
    for section in (soma, dend):
        section.Ra = 100
    soma.cm, dend.cm = 1, 2
    dend.connect(soma(1))
    return soma, dend


def run_columns(stop, variables):
    """Runs from the current initial value and returns one array per variable, the time first."""
    vectors = [h.Vector().record(v) for v in (h._ref_t, *variables)]
    h.continuerun(stop)
    return [np.array(v) for v in vectors]


def write_golden_1(folder):
    rows = []
    for tables in (0, 1):
        soma, dend = two_section_cell(300, 2, 5)
        soma.insert("hh")
        dend.insert("pas")
        dend.g_pas, dend.e_pas = 1e-4, -65
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 1, 10, 0.3
        synapse = h.Exp2Syn(dend(0.7))
        synapse.tau1, synapse.tau2, synapse.e = 0.5, 3, 0
        source = h.NetStim()
        source.number = 0
        drive = h.NetCon(source, synapse)
        drive.delay, drive.weight[0] = 1, 0.004
        starter = h.FInitializeHandler(lambda: [drive.event(t) for t in (4.01, 8.31)])
        h.usetable_hh = tables
        h.celsius = 6.3
        for secondorder in (0, 1, 2):
            fixed_step(secondorder)
            vectors = [h.Vector().record(v) for v in (h._ref_t, soma(0.5)._ref_v, dend(0.9)._ref_v)]
            h.finitialize(-65)
            h.continuerun(20)
            t, v_soma, v_dend = (np.array(v) for v in vectors)
            rows.append((secondorder, tables, "peak", t[v_soma.argmax()], v_soma.max(), v_dend.max()))
            for time in (0, 1, 1.025, 2, 3, 4, 4.025, 5, 8, 10, 15, 20):
                k = round(time / 0.025)
                rows.append((secondorder, tables, k, t[k], v_soma[k], v_dend[k]))
        del starter, drive, source, synapse, clamp
    h.usetable_hh = 0
    write_csv(folder / "golden_g1.csv",
              ("soma L = diam = 20, nseg 1, hh, cm 1, Ra 100; dend at soma(1): L 300, diam 2, nseg 5, Ra 100, cm 2, pas 1e-4 at -65",
               "IClamp soma(0.5) 0.3 nA from 1 for 10 ms; Exp2Syn dend(0.7) tau 0.5, 3, e 0, weight 0.004 at 4.01 and 8.31 ms",
               "v_init -65, dt 0.025, 6.3 degC; tables: usetable_hh; step 'peak': maxima over all steps, t of the somatic one"),
              ("secondorder", "tables", "step", "t_ms", "v_soma_mV", "v_dend_0.9_mV"), rows)
    return rows


def hay_two_section_cell():
    soma, dend = two_section_cell(600, 3, 15)
    soma_values = l5pc.CONDUCTANCES[3].regions["somatic"]
    dend_values = {"g_pas": 5.89e-5, "gNaTa_tbar_NaTa_t": 0.0213, "gSKv3_1bar_SKv3_1": 0.000261, "gSK_E2bar_SK_E2": 0.0012,
                   "gCa_HVAbar_Ca_HVA": 0.000555, "gCa_LVAstbar_Ca_LVAst": 0.0187, "gIhbar_Ih": 0.002,
                   "gamma_CaDynamics_E2": 0.000509, "decay_CaDynamics_E2": 122.0}
    for section, values in ((soma, soma_values), (dend, dend_values)):
        section.insert("pas")
        for mechanism in ("Ih", "NaTa_t", "Nap_Et2", "K_Tst", "K_Pst", "SKv3_1", "SK_E2", "Ca_HVA", "Ca_LVAst", "CaDynamics_E2"):
            if any(name.endswith("_" + mechanism) for name in values):
                section.insert(mechanism)
        for name, value in values.items():
            for segment in section:
                setattr(segment, name, value)
        section.e_pas, section.ek, section.ena = -90, -85, 50
    return soma, dend


def write_golden_2(folder):
    rows = []
    for celsius in (6.3, 34.0):
        soma, dend = hay_two_section_cell()
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 20, 60, 0.6
        h.celsius = celsius
        fixed_step()
        vectors = [h.Vector().record(v) for v in (h._ref_t, soma(0.5)._ref_v, dend(14.5 / 15)._ref_v, soma(0.5)._ref_cai,
                                                  soma(0.5)._ref_eca)]
        h.finitialize(-80)
        h.continuerun(100)
        columns = [np.array(v) for v in vectors]
        for time in (0, 0.025, 10, 20, 25, 30, 40, 60, 100):
            k = round(time / 0.025)
            rows.append((celsius, k, *(c[k] for c in columns)))
    write_csv(folder / "golden_g2.csv",
              ("soma L = diam = 20 with the somatic set of biophys3; dend at soma(1): L 600, diam 3, nseg 15, cm 2, Ra 100",
               "dend: g_pas 5.89e-5, NaTa_t 0.0213, SKv3_1 0.000261, SK_E2 0.0012, Ca_HVA 0.000555, Ca_LVAst 0.0187, Ih 0.002,",
               "gamma 0.000509, decay 122; e_pas -90, ek -85, ena 50; IClamp soma 0.6 nA from 20 for 60 ms; v_init -80, dt 0.025, secondorder 0"),
              ("celsius", "step", "t_ms", "v_soma_mV", "v_dend_mV", "cai_soma_mM", "eca_soma_mV"), rows)
    return rows


# --- Steady states, Rallpack 3 ----------------------------------------------------------------------------------------

SINGULAR_VOLTAGES = (-154.9, -66.0, -64.4, -60.0, -55.0, -40.0, -38.0, -35.0, -34.0, -32.0, -30.0, -27.0, -25.0, -17.0,
                     25.0, -43.2, -16.2, -41.2, -65.0)
CONCENTRATIONS = (0.0, 5e-8, 5e-5, 1e-4, 2e-4, 4.3e-4, 1e-3, 5e-3)  # mM


def write_steady(folder):
    """Steady states and time constants by plain formulas, checked against the mechanisms' own rates."""
    voltages = sorted({float(v) for v in range(-100, 61, 10)} | set(SINGULAR_VOLTAGES))
    rows = []
    for gate in GATES:
        inputs = CONCENTRATIONS if gate.calcium else voltages
        for x in inputs:
            inf, tau = rates(gate, x)
            check = mechanism_rates(gate, x)
            for ours, theirs in zip((inf, tau), check, strict=True):
                if theirs is not None and abs(ours - theirs) > 1e-9 * abs(theirs) + 1e-14:
                    raise SystemExit(f"{gate.mechanism} {gate.name} at {x}: {ours} against NEURON's {theirs}")
            rows.append((gate.mechanism, gate.name, "cai_mM" if gate.calcium else "v_mV", gate.celsius, float(x), inf,
                         float("nan") if tau is None else tau))
    write_csv(folder / "channels_steady.csv",
              ("Steady state and time constant (ms) of every gate, from the formulas (bench/peers/channel_rates.py), exact at singular points",
               "checked against the mechanisms to 1e-9; tau nan: instantaneous gate; parameters as in clamp_index.json (kca_mainen: cai in uM)"),
              ("mechanism", "gate", "input", "celsius", "x", "inf", "tau_ms"), rows)


def mechanism_rates(gate, x):
    """The (inf, tau) a mechanism holds after initialisation at voltage (mV) or concentration (mM) x."""
    section = h.Section(name="probe")
    section.insert(gate.mechanism)
    segment = section(0.5)
    h.celsius = gate.celsius
    h.usetable_hh = 0
    h.ca_scale_kca_mainen = 1000
    if gate.calcium:
        segment.cai = x
        h.finitialize(-65)
    else:
        h.finitialize(x)
    if gate.mechanism == "hh":
        return getattr(segment, f"{gate.name}_hh"), getattr(segment, f"{gate.name}tau_hh")
    inf = getattr(segment, f"{gate.name}Inf_{gate.mechanism}")
    tau = getattr(segment, f"{gate.name}Tau_{gate.mechanism}", None)
    return inf, tau


def rallpack3_rows(secondorder, dt, keep_trace):
    """Spike times (0 mV upward, interpolated) at both ends of the Rallpack 3 cable, and a thinned trace."""
    cable = h.Section(name="cable")
    cable.L, cable.diam, cable.nseg, cable.Ra, cable.cm = 1000, 1, 1000, 100, 1
    cable.insert("hh")
    cable.ena, cable.ek = 50, -77
    for segment in cable:
        segment.hh.gl, segment.hh.el = 2.5e-5, -65
    clamp = h.IClamp(cable(0.0005))
    clamp.delay, clamp.dur, clamp.amp = 0, 1e9, 0.1
    h.usetable_hh, h.celsius = 0, 6.3
    fixed_step(secondorder, dt)
    vectors = [h.Vector().record(v) for v in (h._ref_t, cable(0.0005)._ref_v, cable(0.9995)._ref_v)]
    h.finitialize(-65)
    h.continuerun(250)
    t, near, far = (np.array(v) for v in vectors)
    spikes = [(secondorder, dt, end, i, s) for end, v in (("x0", near), ("x1", far)) for i, s in enumerate(l5pc.crossings(t, v, 0.0))]
    every = round(0.5 / dt)
    trace = [(secondorder, dt, t[k], near[k], far[k]) for k in range(0, round(40 / dt) + 1, every)] if keep_trace else []
    return spikes, trace


def write_rallpack3(folder):
    spikes, traces = [], []
    for secondorder, dt in ((0, 0.05), (0, 0.025), (2, 0.05), (2, 0.025), (2, 0.005)):
        more, trace = rallpack3_rows(secondorder, dt, True)
        spikes += more
        traces += trace
    note = ("Rallpack 3: cable 1000 um x 1 um, nseg 1000, Ra 100, cm 1, squid hh (gl 2.5e-5 at -65, tables off), ena 50, ek -77",
            "0.1 nA into the first compartment from t = 0; v_init -65, 6.3 degC; x0, x1: first and last compartment")
    write_csv(folder / "rallpack3.csv", (*note, "upward 0 mV crossings, linear interpolation between steps"),
              ("secondorder", "dt_ms", "end", "index", "t_ms"), spikes)
    write_csv(folder / "rallpack3_trace.csv", (*note, "first 40 ms, every 0.5 ms"),
              ("secondorder", "dt_ms", "t_ms", "v_x0_mV", "v_x1_mV"), traces)


PARTS = ("geometry", "golden", "clamp", "receptors", "steady", "be", "rallpack", "converged")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology", type=pathlib.Path, help="Neurolucida ASC file of Hay cell1")
    parser.add_argument("output", type=pathlib.Path, help="folder to write to")
    parser.add_argument("--mechanisms", help="libnrnmech.so built from mod/")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    l5pc.load_mechanisms(args.mechanisms)
    tasks = {"golden": (write_golden_1, write_golden_2), "clamp": (write_clamps,), "receptors": (write_receptors,),
             "steady": (write_steady,), "rallpack": (write_rallpack3,)}
    for part in args.parts:  # before a cell exists: the small models must be alone
        for task in tasks.get(part, ()):
            task(args.output)
    cell_tasks = {"geometry": (write_geometry, write_conductances), "be": (write_backward_euler,),
                  "converged": (write_converged,)}
    if any(part in cell_tasks for part in args.parts):
        cell = l5pc.L5PC(str(args.morphology))
        for part in args.parts:
            for task in cell_tasks.get(part, ()):
                task(cell, args.output)


if __name__ == "__main__":
    main()
