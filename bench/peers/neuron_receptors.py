# SPDX-License-Identifier: BSD-3-Clause
"""Receptors that take events in a clamped compartment in NEURON, for ``neuron_reference.py --parts receptors``.

Units: ms, mV, uS, nA, mM; G protein in uM.
"""

from neuron import h

from neuron_clamp import clamped_patch
from neuron_tables import fixed_step, write_csv

DT = 0.025
LEVELS = ((-70.0, 30), (-25.0, 30), (35.0, 30), (-100.0, 60))  # mV, ms
# (ms, uS): on a step boundary, less than half a step above one and below one, within a pulse of gaba_b, and two at one boundary
EVENTS = ((5.0, 1e-3), (12.01, 2e-3), (12.62, 5e-4), (25.02, 1.5e-3), (25.03, 1e-3), (62.5, 3e-3), (110.0, 2e-3))
SAMPLE_STEPS = (-1, 0, 1, 2, 3, 4, 16, 39, 40, 41, 160, 400)  # around each change of level and each event

# case: (point process, parameters, states); AlphaSynapse takes no events and is one object for each
RECEPTOR_CASES = {
    "expsyn": ("ExpSyn", {"tau": 2.0, "e": 0.0}, ("g",)),
    "exp2syn": ("Exp2Syn", {"tau1": 0.5, "tau2": 3.0, "e": 0.0}, ("A", "B")),
    "exp2syn_equal": ("Exp2Syn", {"tau1": 3.0, "tau2": 3.0, "e": 0.0}, ("A", "B")),
    "alphasyn": ("AlphaSynapse", {"tau": 15.0, "e": 0.0}, ()),
    "gaba_a": ("Exp2Syn", {"tau1": 1.0, "tau2": 20.0, "e": -80.0}, ("A", "B")),
    "ampa_nmda": ("ampa_nmda", {"ampa_rise": 0.3, "ampa_decay": 3.0, "nmda_rise": 2.0, "nmda_decay": 65.0, "ratio": 0.7,
                                "mg": 1.2, "e": 0.0}, ("ampa_a", "ampa_b", "nmda_a", "nmda_b")),
    "gaba_b": ("gaba_b", {"k1": 0.09, "k2": 0.0012, "k3": 0.18, "k4": 0.034, "kd": 100.0, "transmitter": 1.0, "duration": 1.0,
                          "e": -95.0}, ("r", "s", "gmax")),
}


def boundary(time):
    """The step boundary at which a fixed step delivers an event: the nearest, since deliveries look half a step ahead."""
    return round(time / DT)


def _sampled_steps():
    """Every step of which a row is kept."""
    level_edges, t = [], 0
    for _, duration in LEVELS:
        level_edges.append(boundary(t))
        t += duration
    edges = [*level_edges, *(boundary(time) for time, _ in EVENTS)]
    return sorted({e + k for e in edges for k in SAMPLE_STEPS if 0 <= e + k <= boundary(t)} | {boundary(t)})


def _with_events(kind, segment):
    """One point process and a connection for each event, each with its weight; queue the events after initialisation."""
    receptor = getattr(h, kind)(segment)
    drives = [h.NetCon(None, receptor) for _ in EVENTS]
    for drive, (_, weight) in zip(drives, EVENTS, strict=True):
        drive.weight[0] = weight

    def queue():
        for drive, (time, _) in zip(drives, EVENTS, strict=True):
            drive.event(time)

    return [receptor], queue


def _alpha_functions(kind, segment):
    """One AlphaSynapse for each event. It reads the time, which is half a step past the boundary when a fixed step evaluates
    currents; its onset is late by as much, so that its conductance is that of the boundary."""
    receptors = []
    for time, weight in EVENTS:
        receptor = getattr(h, kind)(segment)
        receptor.onset, receptor.gmax = boundary(time) * DT + DT / 2, weight
        receptors.append(receptor)
    return receptors, lambda: None


def receptor_response(kind, parameters, states):
    """Rows (step, t, v, states, current) of a clamped compartment whose receptor takes the events."""
    section, clamp = clamped_patch()
    receptors, queue = (_alpha_functions if kind == "AlphaSynapse" else _with_events)(kind, section(0.5))
    for receptor in receptors:
        for name, value in parameters.items():
            setattr(receptor, name, value)
    h.celsius = 6.3
    fixed_step(dt=DT)
    h.finitialize(-80)
    queue()

    def sample(step):
        return (step, h.t, section(0.5).v, *(getattr(receptors[0], s) for s in states), sum(r.i for r in receptors))

    keep, rows, step = set(_sampled_steps()), [sample(0)], 0
    for level, duration in LEVELS:
        clamp.amp1 = level
        for _ in range(boundary(duration)):
            h.fadvance()
            step += 1
            if step in keep:
                rows.append(sample(step))
    return ("step", "t_ms", "v_mV", *states, "i_nA"), rows


def write_receptors(folder):
    for name, (kind, parameters, states) in RECEPTOR_CASES.items():
        columns, rows = receptor_response(kind, parameters, states)
        write_csv(folder / f"receptor_{name}.csv",
                  (f"{kind}, {', '.join(f'{k} {v:g}' for k, v in parameters.items())}; takes the events of receptor_events.csv",
                   "one compartment L = diam = 20, cm 1; SEClamp rs 0.01 at -70, -25, 35, -100 mV from 0, 30, 60, 90 ms; secondorder 0, dt 0.025",
                   "states and v: at t, with the events up to t; i: as evaluated at the start of the step, with the events delivered there"),
                  columns, rows)
    write_csv(folder / "receptor_events.csv", ("events of receptor_*.csv; a step delivers what is due up to its middle, and at its end what is due by then",),
              ("t_ms", "weight_uS"), EVENTS)
