# SPDX-License-Identifier: BSD-3-Clause
"""Responses of single mechanisms under voltage clamp in NEURON, for ``neuron_reference.py --parts clamp``.

Units: ms, mV, um, MOhm, nA, mA/cm2, mM, S/cm2.
"""

import json

from neuron import h

from neuron_tables import COMMON_NOTES, fixed_step, write_csv

LEVELS = ((-100.0, 5), (-38.0, 20), (-27.0, 20), (0.0, 20), (-66.0, 20), (40.0, 20), (-80.0, 20))  # mV, ms
SAMPLE_STEPS = (1, 2, 3, 4, 8, 16, 40, 80, 200, 400, 800)  # steps of 0.025 ms after each edge

HAY_REVERSALS = {"ena": 50.0, "ek": -85.0}
MAINEN_REVERSALS = {"ena": 60.0, "ek": -90.0, "eca": 140.0}
POOL = {"gamma_CaDynamics_E2": 0.000501, "decay_CaDynamics_E2": 460.0, "depth_CaDynamics_E2": 0.1, "minCai_CaDynamics_E2": 1e-4}
EXACT_POOL = {"depth_cad_exact": 0.1, "taur_cad_exact": 200.0, "cainf_cad_exact": 1e-4}
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


def _ca1(name, gbar, gates, current, **more):
    erev = {"ina": {"ena": 55.0}, "ik": {"ek": -90.0}}.get(current, {})
    return _case([name], {f"gbar_{name}": gbar} | more, [f"{g}_{name}" for g in gates], [current], celsius=34.0, reversals=erev)


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
    "cad_exact": _case(["cad_exact", "ca_mainen"], {"gbar_ca_mainen": 0.1} | EXACT_POOL, ["cai", "m_ca_mainen", "h_ca_mainen"],
                       ["ica"], 37.0, {"eca": 20.0}, fixed_ions=["ca"]),
    "ca_ghk": _case(["cad_exact", "ca_ghk"], {"pbar_ca_ghk": 1e-5} | EXACT_POOL, ["cai", "m_ca_ghk"], ["ica"], 34.0,
                    concentrations={"cai": "pool, starts at 1e-4", "cao": 2.0}),
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
    "kap_ca1": _ca1("kap_ca1", 0.008, "nl", "ik"),
    "kad_ca1": _ca1("kad_ca1", 0.008, "nl", "ik"),
    "kdr_ca1": _ca1("kdr_ca1", 0.003, "n", "ik"),
    "na_ca1": _ca1("na_ca1", 0.01, "mhs", "ina", ar_na_ca1=0.7),
    "hd_ca1": _ca1("hd_ca1", 1e-4, "l", "i_hd_ca1", vhalf_hd_ca1=-73.0, erev_hd_ca1=-30.0),
}


def clamped_patch():
    """One compartment, and the clamp that holds it."""
    section = h.Section(name="patch")
    section.L = section.diam = 20
    section.cm = 1
    clamp = h.SEClamp(section(0.5))
    clamp.rs, clamp.dur1 = 0.01, 1e9
    return section, clamp


def clamp_response(case):
    """Rows (step, t, v, clamp current, states, currents) of one compartment under a sequence of voltage levels."""
    section, clamp = clamped_patch()
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
