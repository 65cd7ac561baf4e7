# SPDX-License-Identifier: BSD-3-Clause
"""The layer-5 pyramidal cell of Hay et al. 2011 in NEURON: morphology, conductances, experiments.

Units are NEURON's: ms, mV, nA, um, S/cm2, mM.  Run ``python neuron_l5pc.py --help`` for the command line.

The mechanism library must be built first (``nrnivmodl mod``); ``--mechanisms`` names the library file.
"""

import argparse
import dataclasses
import os

import neuron
import numpy as np
from neuron import h

SOMA_SITE_UM = 620.0  # path distance of the dendritic electrode from soma(0.5), um

# One entry per region: mechanism density parameters (S/cm2), calcium pool (decay in ms).  "Ih" is the base value g0;
# the apical Ih, Ca_LVAst and Ca_HVA are multiplied by a function of path distance (APICAL_PROFILE below).


@dataclasses.dataclass(frozen=True)
class ConductanceSet:
    """Densities per region and the apical calcium hot zone of one published parameter set.

    Attributes:
        regions: region name -> {parameter name as NEURON spells it: value}.
        hot_zone_um: (low, high) path distance of the calcium hot zone, both ends excluded, um.
        hva_outside: factor on Ca_HVA outside the hot zone; None leaves Ca_HVA uniform.
    """

    regions: dict
    hot_zone_um: tuple
    hva_outside: float | None


def _bac_set(soma, apical, basal_leak, axon_leak, ih=2e-4):
    """Parameter sets 1 to 3: active soma and apical tree, Ih in the basal tree, passive axon."""
    soma_names = ("g_pas", "gNaTa_tbar_NaTa_t", "gNap_Et2bar_Nap_Et2", "gK_Tstbar_K_Tst", "gK_Pstbar_K_Pst",
                  "gSKv3_1bar_SKv3_1", "gSK_E2bar_SK_E2", "gCa_HVAbar_Ca_HVA", "gCa_LVAstbar_Ca_LVAst",
                  "gamma_CaDynamics_E2", "decay_CaDynamics_E2")
    apical_names = ("g_pas", "gNaTa_tbar_NaTa_t", "gSKv3_1bar_SKv3_1", "gSK_E2bar_SK_E2", "gImbar_Im",
                    "gCa_LVAstbar_Ca_LVAst", "gCa_HVAbar_Ca_HVA", "gamma_CaDynamics_E2", "decay_CaDynamics_E2")
    regions = {
        "somatic": dict(zip(soma_names, soma, strict=True)) | {"gIhbar_Ih": ih},
        "apical": dict(zip(apical_names, apical, strict=True)) | {"gIhbar_Ih": ih},
        "basal": {"g_pas": basal_leak, "gIhbar_Ih": ih},
        "axonal": {"g_pas": axon_leak},
    }
    return ConductanceSet(regions, (685.0, 885.0), 0.1)


CONDUCTANCES = {
    1: _bac_set((3.44e-5, 1.71, 0.00496, 0.0326, 0.000547, 0.766, 0.0556, 0.000567, 0.00432, 0.000549, 486.0),
                (4.47e-5, 0.0211, 0.000298, 0.00186, 6e-5, 0.0198, 0.000437, 0.0005, 88.9), 5.35e-5, 4.5e-5),
    2: _bac_set((4.08e-5, 2.08, 0.00268, 0.0565, 0.0236, 0.497, 0.0548, 0.000506, 0.00977, 0.000591, 376.0),
                (6.02e-5, 0.0165, 0.0238, 0.00553, 7.86e-4, 0.197, 0.00178, 0.00759, 22.3), 7.88e-5, 3.41e-5),
    3: _bac_set((3.38e-5, 2.04, 0.00172, 0.0812, 0.00223, 0.693, 0.0441, 0.000992, 0.00343, 0.000501, 460.0),
                (5.89e-5, 0.0213, 0.000261, 0.0012, 6.75e-5, 0.0187, 0.000555, 0.000509, 122.0), 4.67e-5, 3.25e-5),
    4: ConductanceSet(
        {
            "axonal": {"g_pas": 3e-5, "gIhbar_Ih": 1e-4, "gNaTa_tbar_NaTa_t": 3.89618, "gNap_Et2bar_Nap_Et2": 0.005834,
                       "gK_Tstbar_K_Tst": 0.077274, "gK_Pstbar_K_Pst": 0.188851, "gSKv3_1bar_SKv3_1": 0.473799,
                       "gSK_E2bar_SK_E2": 0.000047, "gImbar_Im": 0.013322, "gCa_HVAbar_Ca_HVA": 0.000222,
                       "gCa_LVAstbar_Ca_LVAst": 0.000813, "gamma_CaDynamics_E2": 0.000525,
                       "decay_CaDynamics_E2": 277.300774},
            "somatic": {"g_pas": 3e-5, "gIhbar_Ih": 1e-4, "gNaTs2_tbar_NaTs2_t": 0.998912, "gSKv3_1bar_SKv3_1": 0.338029,
                        "gSK_E2bar_SK_E2": 0.09965, "gImbar_Im": 0.000008, "gCa_HVAbar_Ca_HVA": 0.000644,
                        "gCa_LVAstbar_Ca_LVAst": 0.000557, "gamma_CaDynamics_E2": 0.000509,
                        "decay_CaDynamics_E2": 294.679571},
            "apical": {"g_pas": 6e-5, "gIhbar_Ih": 1e-4, "gNaTs2_tbar_NaTs2_t": 0.021489, "gSKv3_1bar_SKv3_1": 0.001808,
                       "gSK_E2bar_SK_E2": 0.000002, "gImbar_Im": 0.00099, "gCa_HVAbar_Ca_HVA": 0.000701,
                       "gCa_LVAstbar_Ca_LVAst": 0.141954, "gamma_CaDynamics_E2": 0.000637,
                       "decay_CaDynamics_E2": 35.725651},
            "basal": {"g_pas": 6e-5, "gIhbar_Ih": 1e-4},
        },
        (700.0, 900.0),
        None,
    ),
}

REGION_CM = {"somatic": 1.0, "axonal": 1.0, "apical": 2.0, "basal": 2.0}  # uF/cm2


def load_mechanisms(library):
    """Loads a compiled mechanism library and NEURON's standard run and import code.

    Args:
        library: path of ``libnrnmech.so``; None when NEURON found one by itself.
    """
    if library and not hasattr(h, "NaTa_t"):
        h.nrn_load_dll(os.path.abspath(library))
    h.load_file("stdrun.hoc")
    h.load_file("import3d.hoc")


class L5PC:
    """One cell: sections by region, in the order soma, dend, apic, axon.

    Args:
        morphology: path of the Neurolucida ASC file.
        parameters: which published conductance set, 1 to 4 (3 has both step firing and BAC firing).
    """

    def __init__(self, morphology, parameters=3):
        self._import(morphology)
        self._set_segments()
        self._replace_axon()
        self._insert(CONDUCTANCES[parameters])
        self._distribute(CONDUCTANCES[parameters])

    def _import(self, morphology):
        reader = h.Import3d_Neurolucida3()
        reader.quiet = 1
        reader.input(morphology)
        h.Import3d_GUI(reader, False).instantiate(self)

    def _set_segments(self):
        """nseg = 1 + 2 int(L / 40 um), before the axon is replaced."""
        for section in [*self.soma, *self.dend, *self.apic, *self.axon]:
            section.nseg = 1 + 2 * int(section.L / 40)

    def _replace_axon(self):
        for section in self.axon:
            h.delete_section(sec=section)
        self.axon = [h.Section(name=f"axon[{i}]", cell=self) for i in range(2)]
        for section in self.axon:
            section.L, section.diam, section.nseg = 30, 1, 1
        self.axon[0].connect(self.soma[0](0.5), 0)
        self.axon[1].connect(self.axon[0](1), 0)

    @property
    def regions(self):
        """Region name -> list of sections."""
        return {"somatic": self.soma, "basal": self.dend, "apical": self.apic, "axonal": self.axon}

    @property
    def sections(self):
        return [*self.soma, *self.dend, *self.apic, *self.axon]

    @staticmethod
    def name(section):
        """Section name without the cell prefix, for example ``dend[3]``."""
        return section.name().split(".")[-1]

    def distance(self, segment):
        """Path distance from soma(0.5) to the segment position, um."""
        return h.distance(self.soma[0](0.5), segment)

    def _insert(self, conductances):
        for region, values in conductances.regions.items():
            mechanisms = {"pas"} | {m for m in _MECHANISMS if any(p.endswith("_" + m) for p in values)}
            for section in self.regions[region]:
                section.Ra = 100
                section.cm = REGION_CM[region]
                for mechanism in sorted(mechanisms):
                    section.insert(mechanism)
                section.e_pas = -90
                if any(m in mechanisms for m in ("NaTa_t", "NaTs2_t")):
                    section.ena = 50
                if "SKv3_1" in mechanisms:
                    section.ek = -85
                for name, value in values.items():
                    for segment in section:
                        setattr(segment, name, value)

    def _distribute(self, conductances):
        """Apical profiles, in the published way: each value is rounded to 10 decimals and the value of the distal end
        (x = 1) overwrites the last segment of every section."""
        longest = max(self.distance(s(1)) for s in self.apic)
        low, high = conductances.hot_zone_um
        base = conductances.regions["apical"]

        def assign(name, factor):
            for section in self.apic:
                for x in [0.0, *(s.x for s in section), 1.0]:
                    value = base[name] * factor(self.distance(section(x)))
                    setattr(section(float(f"{x:.10f}")), name, float(f"{value:.10f}"))

        assign("gIhbar_Ih", lambda d: -0.8696 + 2.0870 * np.exp(3.6161 * d / longest))
        assign("gCa_LVAstbar_Ca_LVAst", lambda d: 1.0 if low < d < high else 0.01)
        if conductances.hva_outside is not None:
            assign("gCa_HVAbar_Ca_HVA", lambda d: 1.0 if low < d < high else conductances.hva_outside)

    def apical_site(self, distance_um):
        """The apical location at a path distance (um); of several, the one with the largest diameter."""
        best = None
        for section in self.apic:
            start, end = self.distance(section(0)), self.distance(section(1))
            if start <= distance_um <= end:
                segment = section((distance_um - start) / (end - start))
                if best is None or segment.diam > best.diam:
                    best = segment
        return best


_MECHANISMS = ("Ih", "NaTa_t", "NaTs2_t", "Nap_Et2", "K_Tst", "K_Pst", "SKv3_1", "SK_E2", "Im", "Ca_HVA", "Ca_LVAst",
               "CaDynamics_E2")


@dataclasses.dataclass(frozen=True)
class Protocol:
    """One experiment.

    Attributes:
        soma: (delay ms, duration ms, amplitude nA) of the somatic current step, or None.
        epsp_nA: peak of the dendritic double-exponential current at 620 um, onset 300 ms; 0 leaves it out.
        stop_ms: end of the run.
    """

    soma: tuple | None
    epsp_nA: float
    stop_ms: float


PROTOCOLS = {
    "step1": Protocol((700, 2000, 0.619), 0.0, 3000),
    "step2": Protocol((700, 2000, 0.793), 0.0, 3000),
    "step3": Protocol((700, 2000, 1.507), 0.0, 3000),
    "bap": Protocol((295, 5, 1.9), 0.0, 600),
    "epsp": Protocol(None, 0.5, 600),
    "bac": Protocol((295, 5, 1.9), 0.5, 600),
    "ca_burst": Protocol(None, 1.5, 600),
}


@dataclasses.dataclass(frozen=True)
class Scheme:
    """Time integration: ``secondorder`` (0 backward Euler, 2 Crank-Nicolson) at ``dt`` ms, or CVODE with ``atol``."""

    secondorder: int = 0
    dt: float = 0.025
    atol: float | None = None


@dataclasses.dataclass
class Trace:
    """Result of one run: times (ms) and voltages (mV) of every step, and NEURON's own somatic spike stamps (ms)."""

    t: np.ndarray
    soma: np.ndarray
    site: np.ndarray
    stamps: np.ndarray
    threshold: float


def run(cell, protocol, scheme=Scheme(), threshold=-20.0, celsius=6.3, v_init=-80.0):
    """Runs one protocol; records soma(0.5) and the node of the segment that holds the 620 um site.

    Returns a Trace.  ``stamps`` follow NEURON: with a fixed step, the first step end at which v > threshold, + 1e-10.
    """
    soma = cell.soma[0](0.5)
    site = cell.apical_site(SOMA_SITE_UM)
    stimuli = []
    if protocol.soma:
        clamp = h.IClamp(soma)
        clamp.delay, clamp.dur, clamp.amp = protocol.soma
        stimuli.append(clamp)
    if protocol.epsp_nA:
        current = h.epsp(site)
        current.tau0, current.tau1, current.onset, current.imax = 0.5, 5, 300, protocol.epsp_nA
        stimuli.append(current)
    detector = h.NetCon(soma._ref_v, None, sec=cell.soma[0])
    detector.threshold = threshold
    stamps, t, v_soma, v_site = h.Vector(), h.Vector(), h.Vector(), h.Vector()
    detector.record(stamps)
    t.record(h._ref_t)
    v_soma.record(soma._ref_v)
    v_site.record(site._ref_v)

    h.celsius = celsius
    h.cvode_active(0 if scheme.atol is None else 1)
    if scheme.atol is None:
        h.secondorder = scheme.secondorder
        h.steps_per_ms = 1 / scheme.dt
        h.dt = scheme.dt
    else:
        h.CVode().atol(scheme.atol)
    h.v_init = v_init
    h.finitialize(v_init)
    h.continuerun(protocol.stop_ms)
    h.cvode_active(0)
    return Trace(np.array(t), np.array(v_soma), np.array(v_site), np.array(stamps), threshold)


def crossings(t, v, threshold):
    """Upward threshold crossings by linear interpolation, ms."""
    i = np.nonzero((v[:-1] <= threshold) & (v[1:] > threshold))[0]
    return t[i] + (threshold - v[i]) / (v[i + 1] - v[i]) * (t[i + 1] - t[i])


def first_above(t, v, threshold):
    """First sample of every excursion above the threshold, ms (NEURON's stamp without its 1e-10)."""
    i = np.nonzero((v[:-1] <= threshold) & (v[1:] > threshold))[0]
    return t[i + 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("morphology", help="Neurolucida ASC file of the reconstructed cell")
    parser.add_argument("--mechanisms", help="libnrnmech.so built from mod/")
    parser.add_argument("--parameters", type=int, default=3, choices=CONDUCTANCES, help="published conductance set")
    parser.add_argument("--protocol", nargs="+", default=["bac"], choices=PROTOCOLS)
    parser.add_argument("--scheme", default="be", choices=("be", "cn", "cvode"))
    parser.add_argument("--dt", type=float, default=0.025, help="fixed step, ms")
    parser.add_argument("--atol", type=float, default=1e-6, help="CVODE absolute tolerance")
    parser.add_argument("--celsius", type=float, default=6.3)
    parser.add_argument("--threshold", type=float, default=-20.0, help="spike threshold, mV")
    args = parser.parse_args()
    load_mechanisms(args.mechanisms)
    cell = L5PC(args.morphology, args.parameters)
    scheme = Scheme(2 if args.scheme == "cn" else 0, args.dt, args.atol if args.scheme == "cvode" else None)
    print(f"NEURON {neuron.__version__}: {len(cell.sections)} sections, {sum(s.nseg for s in cell.sections)} segments")
    for name in args.protocol:
        trace = run(cell, PROTOCOLS[name], scheme, args.threshold, args.celsius)
        print(f"{name}: {len(trace.stamps)} spikes; site peak {trace.site.max():.4f} mV at {trace.t[trace.site.argmax()]:.3f} ms")
        print("  stamps      ", " ".join(f"{s:.4f}" for s in trace.stamps))
        print("  interpolated", " ".join(f"{s:.4f}" for s in crossings(trace.t, trace.soma, trace.threshold)))


if __name__ == "__main__":
    main()
