# SPDX-License-Identifier: BSD-3-Clause
"""Writes the NEURON reference data of tests/reference/neuron.

Every file starts with comment lines (``#``) that state version, script and settings; numbers have 17 significant
digits.  Units: ms, mV, um, um2, MOhm, nA, mA/cm2, mM, S/cm2.
"""

import argparse
import csv
import json
import pathlib

import neuron
import numpy as np
from neuron import h

import neuron_l5pc as l5pc
from channel_rates import GATES, rates

COMMON_NOTES = (f"NEURON {neuron.__version__}, written by bench/peers/neuron_reference.py",)
STEP_PROTOCOLS = ("step1", "step2", "step3")
ALL_PROTOCOLS = (*STEP_PROTOCOLS, "bap", "epsp", "bac", "ca_burst")


def number(value):
    """Text of a value: integers and names as they are, floats with 17 significant digits."""
    return f"{value:.17g}" if isinstance(value, (float, np.floating)) else str(value)


def write_csv(path, notes, columns, rows):
    with open(path, "w", newline="") as out:
        for line in (*COMMON_NOTES, *notes):
            out.write(f"# {line}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows([[number(v) for v in row] for row in rows])


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
    spikes, peaks = _read_rows(folder / "hay_cn_spikes.csv"), _read_rows(folder / "hay_cn_peaks.csv")
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


def _read_rows(path):
    """Rows of an earlier file as text, without comments and heading; none if there is no file."""
    if not path.exists():
        return []
    with open(path, newline="") as source:
        return [tuple(row) for row in csv.reader(line for line in source if not line.startswith("#"))][1:]


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


def fixed_step(secondorder=0, dt=0.025):
    h.cvode_active(0)
    h.secondorder, h.steps_per_ms, h.dt = secondorder, 1 / dt, dt


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


# --- Voltage-clamp responses ------------------------------------------------------------------------------------------

LEVELS = ((-100.0, 5), (-38.0, 20), (-27.0, 20), (0.0, 20), (-66.0, 20), (40.0, 20), (-80.0, 20))  # mV, ms
SAMPLE_STEPS = (1, 2, 3, 4, 8, 16, 40, 80, 200, 400, 800)  # steps of 0.025 ms after each edge

HAY_REVERSALS = {"ena": 50.0, "ek": -85.0}
MAINEN_REVERSALS = {"ena": 60.0, "ek": -90.0, "eca": 140.0}
POSPISCHIL_REVERSALS = {"ena": 50.0, "ek": -90.0, "eca": 120.0}
POOL = {"gamma_CaDynamics_E2": 0.000501, "decay_CaDynamics_E2": 460.0, "depth_CaDynamics_E2": 0.1, "minCai_CaDynamics_E2": 1e-4}
HVA = {"gCa_HVAbar_Ca_HVA": 0.000992}


def _case(mechanisms, parameters, states, currents, celsius=6.3, reversals=None, **more):
    return {"mechanisms": mechanisms, "parameters": parameters, "states": states, "currents": currents, "celsius": celsius,
            "reversals": reversals or {}} | more


def _hay(name, parameter, value, gates, current, **more):
    erev = {"ina": ("ena",), "ik": ("ek",)}.get(current, ())
    return _case([name], {parameter: value}, [f"{g}_{name}" for g in gates], [current],
                 reversals={e: HAY_REVERSALS[e] for e in erev}, **more)


def _mainen(name, gbar, gates, current, **more):
    erev = {"ina": "ena", "ik": "ek", "ica": "eca"}[current]
    return _case([name], {f"gbar_{name}": gbar}, [f"{g}_{name}" for g in gates], [current], celsius=37.0,
                 reversals={erev: MAINEN_REVERSALS[erev]}) | more


CLAMP_CASES = {
    "pas": _case(["pas"], {"g_pas": 1e-4, "e_pas": -70.0}, [], ["i_pas"]),
    "hh": _case(["hh"], {"gnabar_hh": 0.12, "gkbar_hh": 0.036, "gl_hh": 0.0003, "el_hh": -54.3}, ["m_hh", "h_hh", "n_hh"],
                ["ina", "ik", "il_hh"], reversals={"ena": 50.0, "ek": -77.0}),
    "NaTa_t": _hay("NaTa_t", "gNaTa_tbar_NaTa_t", 2.04, "mh", "ina"),
    "NaTs2_t": _hay("NaTs2_t", "gNaTs2_tbar_NaTs2_t", 0.998912, "mh", "ina"),
    "Nap_Et2": _hay("Nap_Et2", "gNap_Et2bar_Nap_Et2", 0.00172, "mh", "ina"),
    "K_Pst": _hay("K_Pst", "gK_Pstbar_K_Pst", 0.00223, "mh", "ik"),
    "K_Tst": _hay("K_Tst", "gK_Tstbar_K_Tst", 0.0812, "mh", "ik"),
    "SKv3_1": _hay("SKv3_1", "gSKv3_1bar_SKv3_1", 0.693, "m", "ik"),
    "Im": _hay("Im", "gImbar_Im", 6.75e-5, "m", "ik"),
    "Ih": _hay("Ih", "gIhbar_Ih", 2e-4, "m", "ihcn_Ih"),
    "Ca_HVA": _case(["Ca_HVA"], HVA, ["m_Ca_HVA", "h_Ca_HVA"], ["ica"], reversals={"eca": 132.0}),
    "Ca_LVAst": _case(["Ca_LVAst"], {"gCa_LVAstbar_Ca_LVAst": 0.00343}, ["m_Ca_LVAst", "h_Ca_LVAst"], ["ica"],
                      reversals={"eca": 132.0}),
    "CaDynamics_E2": _case(["CaDynamics_E2", "Ca_HVA"], POOL | HVA, ["cai", "m_Ca_HVA", "h_Ca_HVA"], ["ica", "eca"],
                           concentrations={"cai": "pool, starts at 5e-5", "cao": 2.0}),
    "SK_E2": _case(["CaDynamics_E2", "SK_E2", "Ca_HVA"], POOL | HVA | {"gSK_E2bar_SK_E2": 0.0441},
                   ["cai", "z_SK_E2", "m_Ca_HVA", "h_Ca_HVA"], ["ik", "ica", "eca"], reversals={"ek": -85.0},
                   concentrations={"cai": "pool, starts at 5e-5", "cao": 2.0}),
    "na_mainen": _mainen("na_mainen", 1000.0, "mh", "ina"),
    "kv_mainen": _mainen("kv_mainen", 5.0, "n", "ik"),
    "km_mainen": _mainen("km_mainen", 10.0, "n", "ik"),
    "ca_mainen": _mainen("ca_mainen", 0.1, "mh", "ica", fixed_ions=["ca"]),
    "cad_mainen": _case(["cad_mainen", "ca_mainen"], {"gbar_ca_mainen": 0.1, "depth_cad_mainen": 0.1, "taur_cad_mainen": 200.0,
                                                      "cainf_cad_mainen": 1e-4},
                        ["cai", "m_ca_mainen", "h_ca_mainen"], ["ica"], 37.0, {"eca": 140.0}, fixed_ions=["ca"]),
    "kca_mainen": _case(["cad_mainen", "ca_mainen", "kca_mainen"],
                        {"gbar_ca_mainen": 0.1, "gbar_kca_mainen": 10.0, "ca_scale_kca_mainen": 1000.0,
                         "depth_cad_mainen": 0.1, "taur_cad_mainen": 200.0, "cainf_cad_mainen": 1e-4},
                        ["cai", "n_kca_mainen", "m_ca_mainen", "h_ca_mainen"], ["ik", "ica"], 37.0,
                        {"eca": 140.0, "ek": -90.0}, fixed_ions=["ca"]),
    "kca_mainen_per_mM": _case(["cad_mainen", "ca_mainen", "kca_mainen"],
                               {"gbar_ca_mainen": 0.1, "gbar_kca_mainen": 10.0, "ca_scale_kca_mainen": 1.0,
                                "depth_cad_mainen": 0.1, "taur_cad_mainen": 200.0, "cainf_cad_mainen": 1e-4},
                               ["cai", "n_kca_mainen", "m_ca_mainen", "h_ca_mainen"], ["ik", "ica"], 37.0,
                               {"eca": 140.0, "ek": -90.0}, fixed_ions=["ca"]),
    "wb": _case(["wb"], {"gna_wb": 0.035, "gk_wb": 0.009, "gl_wb": 1e-4, "el_wb": -65.0, "phi_wb": 5.0}, ["h_wb", "n_wb"],
                ["ina", "ik", "il_wb"], reversals={"ena": 55.0, "ek": -90.0}),
    "nak_posp": _case(["nak_posp"], {"gna_nak_posp": 0.056, "gkd_nak_posp": 0.006, "vt_nak_posp": -56.2},
                      ["m_nak_posp", "h_nak_posp", "n_nak_posp"], ["ina", "ik"], 36.0, {"ena": 50.0, "ek": -90.0}),
    "im_posp": _case(["im_posp"], {"gbar_im_posp": 7.5e-5, "taumax_im_posp": 608.0}, ["p_im_posp"], ["ik"], 36.0,
                     {"ek": -90.0}),
    "cal_posp": _case(["cal_posp"], {"gbar_cal_posp": 1e-4}, ["q_cal_posp", "r_cal_posp"], ["ica"], 36.0, {"eca": 120.0}),
    "cat_posp": _case(["cat_posp"], {"gbar_cat_posp": 4e-4, "vx_cat_posp": -7.0}, ["u_cat_posp"], ["ica"], 36.0,
                      {"eca": 120.0}),
}


def clamp_response(case):
    """Rows (step, t, v, clamp current, states, currents) of one compartment under a sequence of voltage levels."""
    section = h.Section(name="patch")
    section.L = section.diam = 20
    section.cm = 1
    for mechanism in case["mechanisms"]:
        section.insert(mechanism)
    for ion in case.get("fixed_ions", []):
        h.ion_style(f"{ion}_ion", 0, 1, 0, 0, 0, sec=section)  # reversal potential stays a parameter
    segment = section(0.5)
    for name, value in (case["parameters"] | case["reversals"]).items():
        if name.startswith(("vshift_", "ca_scale_")):
            setattr(h, name, value)
        else:
            setattr(segment, name, value)
    clamp = h.SEClamp(segment)
    clamp.rs, clamp.dur1 = 0.01, 1e9
    h.celsius = case["celsius"]
    fixed_step()
    clamp.amp1 = LEVELS[0][0]
    h.finitialize(-80)
    columns = [*case["states"], *case["currents"]]

    def sample(step):
        return (step, h.t, segment.v, clamp.i, *(float(getattr(segment, c)) for c in columns))

    rows, step = [sample(0)], 0
    for level, duration in LEVELS:
        clamp.amp1 = level
        for k in range(1, duration * 40 + 1):
            h.fadvance()
            step += 1
            if k in SAMPLE_STEPS or k == duration * 40:
                rows.append(sample(step))
    return ("step", "t_ms", "v_mV", "clamp_nA", *columns), rows


def write_clamps(folder):
    h.usetable_hh = 0
    index = {}
    for name, case in CLAMP_CASES.items():
        columns, rows = clamp_response(case)
        write_csv(folder / f"clamp_{name}.csv",
                  ("one compartment L = diam = 20, cm 1; SEClamp rs 0.01; secondorder 0, dt 0.025, v_init -80; setting in clamp_index.json",
                   "states and v: at t; clamp_nA: (level - v(t)) / rs; densities (mA/cm2) and eca: as evaluated at the start of the step"),
                  columns, rows)
        index[f"clamp_{name}.csv"] = {k: v for k, v in case.items()}
    common = {"L_um": 20, "diam_um": 20, "cm_uF_cm2": 1, "rs_MOhm": 0.01, "dt_ms": 0.025, "secondorder": 0, "v_init_mV": -80,
              "levels_mV_ms": LEVELS,
              "notes": ["parameters: S/cm2 (Mainen gbar: pS/um2), ms, um, mM, mV",
                        "the level changes at the step boundary: step k of a level uses that level from its first step on",
                        "the t = 0 row is taken after initialisation, before the first step",
                        "fixed_ions: eca stays the given parameter although a pool writes cai",
                        "no eca in reversals and a pool present: eca = Nernst(cai, cao) at celsius, at the start of each step"]}
    with open(folder / "clamp_index.json", "w") as out:
        json.dump({"origin": COMMON_NOTES[0], "common": common, "files": index}, out, indent=1)
        out.write("\n")


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


PARTS = ("geometry", "golden", "clamp", "steady", "be", "rallpack", "converged")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology", type=pathlib.Path, help="Neurolucida ASC file of Hay cell1")
    parser.add_argument("output", type=pathlib.Path, help="folder to write to")
    parser.add_argument("--mechanisms", help="libnrnmech.so built from mod/")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    l5pc.load_mechanisms(args.mechanisms)
    tasks = {"golden": (write_golden_1, write_golden_2), "clamp": (write_clamps,), "steady": (write_steady,),
             "rallpack": (write_rallpack3,)}
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
