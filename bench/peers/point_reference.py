#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Spike times of point and few-compartment neurons from SciPy, Brian2 and NEST, for tests/reference/points.

    python -m venv venv && venv/bin/pip install brian2 nest-simulator cython scipy "numpy<2"
    venv/bin/python bench/peers/point_reference.py scipy tests/reference/points
    venv/bin/python bench/peers/point_reference.py brian2 tests/reference/points
    venv/bin/python bench/peers/point_reference.py nest tests/reference/points

SciPy and Brian2 solve the same text of equations. SciPy's DOP853 at a tolerance of 1e-12 finds spikes on its dense output: these are the
spikes of the equations. Brian2 puts spikes and resets on its time grid, 1e-5 ms here, so that its k-th spike is late by up to
k steps; its integrator is the classical Runge-Kutta method, compiled (cpp_standalone). NEST has exact spike times for
integrate-and-fire neurons (iaf_psc_exp_ps); its other models keep to the grid, 1e-3 ms here.
"""

import csv
import re
import shutil
import sys
import tempfile
from pathlib import Path

STEP = 1e-5  # ms

# Everything in ms, mV, nA, nF, uS; the words are those of Apical's schema.
LIF = dict(c_m=0.25, g_leak=0.025, e_leak=-65.0, v_threshold=-50.0, v_reset=-65.0, t_refractory=2.0)
ADEX = dict(c_m=0.2, g_leak=0.012, e_leak=-70.0, v_t=-50.0, delta_t=2.0, a=0.002, tau_w=300.0, b=0.06, v_reset=-58.0, v_peak=-30.0)
BURST = dict(c_m=0.13, g_leak=0.018, e_leak=-58.0, v_t=-50.0, delta_t=2.0, a=0.004, tau_w=150.0, b=0.12, v_reset=-50.0, v_peak=-30.0)
GLIF = dict(c_m=0.05872, g_leak=0.00943, e_leak=-78.85, theta=-51.68, t_refractory=3.75, f_v=0.2, v_add=18.51, dtheta_s=0.37, b_s=0.009,
            k_1=0.003, di_1=-0.00918, k_2=0.1, di_2=-0.19894, a_v=0.005, b_v=0.09)
BURSTING = dict(c_s=0.37, tau_s=16.0, c_d=0.17, tau_d=7.0, e_leak=-70.0, g_s=1.3, g_d=1.2, e_d=-38.0, d_d=6.0, tau_ws=100.0, b_ws=-0.2,
                tau_wd=30.0, a_wd=-0.013, c_bap=2.6, bap_width=2.0, v_threshold=-50.0, dtheta=2.0, tau_theta=27.0, v_reset=-70.0,
                t_refractory=3.0)

THREE = dict(c_soma=0.15, g_soma=0.01, c_trunk=0.075, g_trunk=0.005, c_tuft=0.15, g_tuft=0.01, g_st=0.0025, g_tu=0.001, e_leak=-70.0,
             v_threshold=-55.0, v_reset=-60.0)

# AdEx is cut at -30 mV: above, a step of 1e-5 ms is no small one any more.
# case: Apical's model and set, currents [nA], length [ms], equations, threshold, reset, refractory time, start, constants
BRIAN_CASES = {
    "lif": ("lif", "potjans_diesmann_2014", (1.5,), 100,
            "dv/dt = (g_leak*(e_leak - v) + i0)/c_m/ms : 1 (unless refractory)", "v > v_threshold", "v = v_reset", 2.0, dict(v=-65.0), LIF),
    "adex_adapting": ("adex", "adapting|v_peak=-30 mV", (1.0,), 100,
                      """dv/dt = (g_leak*(e_leak - v) + g_leak*delta_t*exp((v - v_t)/delta_t) - w + i0)/c_m/ms : 1
                         dw/dt = (a*(v - e_leak) - w)/tau_w/ms : 1""", "v > v_peak", "v = v_reset; w += b", None, dict(v=-70.0, w=0.0), ADEX),
    "adex_initial_burst": ("adex", "initial_burst|v_peak=-30 mV", (0.6,), 100,
                           """dv/dt = (g_leak*(e_leak - v) + g_leak*delta_t*exp((v - v_t)/delta_t) - w + i0)/c_m/ms : 1
                              dw/dt = (a*(v - e_leak) - w)/tau_w/ms : 1""", "v > v_peak", "v = v_reset; w += b", None, dict(v=-58.0, w=0.0), BURST),
    "izhikevich_chattering": ("izhikevich", "chattering", (0.015,), 100,
                              """dv/dt = (0.04*v**2 + 5*v + 140 - u + i0/0.001)/ms : 1
                                 du/dt = 0.02*(0.2*v - u)/ms : 1""", "v > 30", "v = -50; u += 2", None, dict(v=-70.0, u=-14.0), {}),
    "izhikevich_fast_spiking": ("izhikevich", "fast_spiking", (0.02,), 60,
                                """dv/dt = (0.04*v**2 + 5*v + 140 - u + i0/0.001)/ms : 1
                                   du/dt = 0.1*(0.2*v - u)/ms : 1""", "v > 30", "v = -65; u += 2", None, dict(v=-70.0, u=-14.0), {}),
    "izhikevich_2007_chattering": ("izhikevich_2007", "chattering", (0.6,), 100,
                                   """dv/dt = (0.0015*(v + 60)*(v + 40) - u + i0)/0.05/ms : 1
                                      du/dt = 0.03*(0.001*(v + 60) - u)/ms : 1""", "v > 25", "v = -40; u += 0.15", None, dict(v=-60.0, u=0.0), {}),
    "izhikevich_2007_fast_spiking": ("izhikevich_2007", "fast_spiking", (0.4,), 60,
                                     """dv/dt = (0.001*(v + 55)*(v + 40) - u + i0)/0.02/ms : 1
                                        du/dt = 0.2*(0.025e-3*clip(v + 55, 0, 1000)**3 - u)/ms : 1""", "v > 25", "v = -45", None,
                                     dict(v=-55.0, u=0.0), {}),
    "izhikevich_2007_low_threshold": ("izhikevich_2007", "low_threshold_spiking", (0.6,), 100,
                                      """dv/dt = (0.001*(v + 56)*(v + 42) - u + i0)/0.1/ms : 1
                                         du/dt = 0.03*(0.008*(v + 56) - u)/ms : 1""", "v > 40 - 0.1*u/0.001",
                                      "v = -53 + 0.04*u/0.001; u = clip(u + 0.02, -1000, 0.67)", None, dict(v=-56.0, u=0.0), {}),
    "glif5": ("glif", "glif5", (0.9,), 60,
              """dv/dt = int(hold <= 0)*(i_1 + i_2 - g_leak*(v - e_leak) + i0)/c_m/ms : 1
                 di_1/dt = -k_1*i_1/ms : 1
                 di_2/dt = -k_2*i_2/ms : 1
                 dtheta_s/dt = -b_s*theta_s/ms : 1
                 dtheta_v/dt = int(hold <= 0)*(a_v*(v - e_leak) - b_v*theta_v)/ms : 1
                 hold : 1""", "hold <= 0 and v > theta + theta_s + theta_v", "hold = t_refractory", None,
              dict(v=-78.85, i_1=0.0, i_2=0.0, theta_s=0.0, theta_v=0.0, hold=0.0), GLIF),
    "naud_sprekeler": ("naud_sprekeler", "naud_sprekeler_2018", (1.5, 0.5), 60,
                       """dv/dt = ((e_leak - v)/tau_s + (g_s*f + w_s + i0)/c_s)/ms : 1 (unless refractory)
                          dw_s/dt = -w_s/tau_ws/ms : 1
                          dv_d/dt = ((e_leak - v_d)/tau_d + (g_d*f + c_bap*int(since < bap_width) + w_d + i1)/c_d)/ms : 1
                          dw_d/dt = (a_wd*(v_d - e_leak) - w_d)/tau_wd/ms : 1
                          dtheta/dt = -theta/tau_theta/ms : 1
                          dsince/dt = 1/ms : 1
                          f = 1/(1 + exp(-(v_d - e_d)/d_d)) : 1""", "v > v_threshold + theta",
                       "v = v_reset; w_s += b_ws; theta += dtheta; since = 0", 3.0,
                       dict(v=-70.0, w_s=0.0, v_d=-70.0, w_d=0.0, theta=0.0, since=1e6), BURSTING),
    "soma_trunk_tuft": ("soma_trunk_tuft", "nest_iaf_cond_alpha_mc", (0.3, 0.25), 100,
                        """dv/dt = (g_soma*(e_leak - v) - g_st*(v - v_t) + i0)/c_soma/ms : 1 (unless refractory)
                           dv_t/dt = (g_trunk*(e_leak - v_t) + g_st*(v - v_t) - g_tu*(v_t - v_u) + i1)/c_trunk/ms : 1
                           dv_u/dt = (g_tuft*(e_leak - v_u) + g_tu*(v_t - v_u))/c_tuft/ms : 1""", "v > v_threshold", "v = v_reset", 2.0,
                        dict(v=-70.0, v_t=-70.0, v_u=-70.0), THREE),
}

PINSKY_RINZEL = """
dv/dt = (-0.1*v - 30*m**2*h*(v - 120) - 15*n*(v + 15) + 2.1/0.5*(v_d - v) + i0/0.5)/3/ms : 1
dv_d/dt = (-0.1*v_d - 10*s**2*(v_d - 140) - (0.8*q + 15*c*clip(ca/250, 0, 1))*(v_d + 15) + 2.1/0.5*(v - v_d))/3/ms : 1
dh/dt = (0.128*exp((17 - v)/18)*(1 - h) - 4/(1 + exp((40 - v)/5))*h)/ms : 1
dn/dt = (0.016*(35.1 - v)/(exp((35.1 - v)/5) - 1)*(1 - n) - 0.25*exp(0.5 - 0.025*v)*n)/ms : 1
ds/dt = (1.6/(1 + exp(-0.072*(v_d - 65)))*(1 - s) - 0.02*(v_d - 51.1)/(exp((v_d - 51.1)/5) - 1)*s)/ms : 1
dc/dt = (opens*(1 - c) - (both - opens)*c)/ms : 1
dq/dt = (clip(2e-5*ca, 0, 0.01)*(1 - q) - 0.001*q)/ms : 1
dca/dt = (-0.13*10*s**2*(v_d - 140) - 0.075*ca)/ms : 1
m = a_m/(a_m + 0.28*(v - 40.1)/(exp((v - 40.1)/5) - 1)) : 1
a_m = 0.32*(13.1 - v)/(exp((13.1 - v)/4) - 1) : 1
both = 2*exp((6.5 - v_d)/27) : 1
opens = int(v_d > 50)*both + int(v_d <= 50)*exp((v_d - 10)/11 - (v_d - 6.5)/27)/18.975 : 1
"""


def simulate(b2, equations, threshold, reset, refractory, start, constants, currents, length, step):
    folder = tempfile.mkdtemp()
    b2.device.reinit()
    b2.device.activate(build_on_run=False)
    b2.set_device("cpp_standalone", build_on_run=False, directory=folder)
    b2.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffp-contract=off"]
    b2.defaultclock.dt = step*b2.ms
    names = dict(constants, i0=currents[0], i1=currents[1] if len(currents) > 1 else 0.0)
    options = {} if refractory is None else dict(refractory=refractory*b2.ms)
    group = b2.NeuronGroup(1, equations, threshold=threshold, reset=reset, method="rk4", namespace=names, **options)
    for state, value in start.items():
        setattr(group, state, value)
    monitor = b2.SpikeMonitor(group)
    network = b2.Network(group, monitor)
    if "hold" in start:  # the spike that is cut out, as an operation of its own
        wait = group.run_regularly(
            f"""was = hold
                hold = clip(hold - {step!r}, 0, 1e9)
                over = int(was > 0)*int(hold <= {step/2!r})
                hold = (1 - over)*hold
                v = over*(e_leak + f_v*(v - e_leak) + v_add) + (1 - over)*v
                i_1 += over*di_1
                i_2 += over*di_2
                theta_s += over*dtheta_s""", dt=step*b2.ms, when="end")
        network.add(wait)
    network.run(length*b2.ms, namespace=names)
    b2.device.build(directory=folder, compile=True, run=True, debug=False)
    times = [float(t/b2.ms) for t in monitor.t]
    shutil.rmtree(folder, ignore_errors=True)
    return times


def brian2(folder: Path, only):
    import brian2 as b2

    path = folder / "brian2.csv"
    rows = [r for r in csv.reader(path.open())][1:] if path.exists() else []
    done = {r[0] for r in rows}
    for case, (model, kind, currents, length, *system) in BRIAN_CASES.items():
        if case in done or (only and case not in only):
            continue
        # a spike is noted at the beginning of the step after whose end the threshold is passed: its state is that of t + step
        times = [t + STEP for t in simulate(b2, *system, currents, length, STEP)]
        rows.append([case, model, kind, *(f"{c:g}" for c in (*currents, 0.0)[:2]), f"{length:g}", " ".join(f"{t:.7f}" for t in times)])
        write(path, rows)
        print(case, len(times), "spikes", flush=True)
    if (not only or "pinsky_rinzel" in only) and "pinsky_rinzel" not in done:
        times = crossings(b2, PINSKY_START)
        rows.append(["pinsky_rinzel", "pinsky_rinzel", "pinsky_rinzel_1994", "0.75", "0", "130", " ".join(f"{t:.7f}" for t in times)])
        write(path, rows)
        print("pinsky_rinzel", len(times), "spikes", flush=True)


PINSKY_START = dict(v=-4.6, v_d=-4.5, h=0.999, n=0.001, s=0.009, c=0.007, q=0.01, ca=0.2)


class Equations:
    """Brian2's text as a function of numbers: states, derivatives, what is computed on the way."""

    def __init__(self, text, held):
        self.states, self.rates, self.ways = [], [], []
        for line in filter(None, (line.strip() for line in text.splitlines())):
            rate = re.fullmatch(r"d(\w+)/dt = (.*)/ms : 1( \(unless refractory\))?", line)
            way = re.fullmatch(r"(\w+) = (.*) : 1", line)
            if rate:
                self.states.append(rate[1])
                self.rates.append((compile(rate[2], rate[1], "eval"), bool(rate[3])))
            elif way:
                self.ways.append((way[1], way[2]))
        names = {name for name, _ in self.ways}
        known, ordered = set(), []
        while self.ways:  # what needs nothing unknown comes first
            ready = next(w for w in self.ways if not (set(re.findall(r"[a-z]\w*", w[1])) & names - known))
            self.ways.remove(ready)
            known.add(ready[0])
            ordered.append((ready[0], compile(ready[1], ready[0], "eval")))
        self.ways, self.held = ordered, held

    def __call__(self, y, names, is_refractory):
        # the clock of a box is that of the middle of the segment, so that no stage looks across an edge
        names = {**names, **dict(zip(self.states, y))}
        if "since" in self.states:
            names["since"] = names["since_middle"]
        for name, way in self.ways:
            names[name] = eval(way, names)
        return [0.0 if waits and is_refractory else eval(rate, names) for rate, waits in self.rates]


def solve(equations, threshold, reset, refractory, start, constants, currents, length):
    """Spike times [ms]: DOP853 from one jump of the equations to the next."""
    import math

    from scipy.integrate import solve_ivp

    system = Equations(equations, "hold" in start)
    names = dict(constants, i0=currents[0], i1=currents[1] if len(currents) > 1 else 0.0, exp=lambda x: math.exp(min(x, 700.0)), clip=lambda x, low, high: min(max(x, low), high), hold=0.0)
    left, right = threshold.replace("hold <= 0 and ", "").split(" > ")
    excess = compile(f"({left}) - ({right})", "threshold", "eval")
    y, t, times, free_at = [start[s] for s in system.states], 0.0, [], 0.0
    wait = constants.get("t_refractory", 0.0) if system.held else refractory or 0.0

    def jump(text):
        here = dict(names, **dict(zip(system.states, y)))
        exec(text, here)
        return [here[s] for s in system.states]

    while t < length:
        is_waiting = t < free_at
        ends = [length] + ([free_at] if is_waiting else [])
        if "since" in system.states:
            since = y[system.states.index("since")]
            ends += [t + constants["bap_width"] - since] if since < constants["bap_width"] - 1e-9 else []
        end = min(ends)
        names["hold"] = 1.0 if is_waiting else 0.0
        if "since" in system.states:
            names["since_middle"] = since + (end - t)/2

        def meets(_, state):
            return eval(excess, dict(names, **dict(zip(system.states, state))))

        meets.terminal, meets.direction = reset is not None, 1
        done = solve_ivp(lambda _, state: system(state, names, is_waiting), (t, end), y, method="DOP853", rtol=1e-12, atol=1e-12,
                         max_step=0.1, events=None if is_waiting else meets)
        t, y = done.t[-1], list(done.y[:, -1])
        if not is_waiting:
            times += [float(x) for x in done.t_events[0]]
        if done.status == 1:
            if not system.held:
                y = jump(reset)
            free_at = t + wait
        elif is_waiting and system.held and t >= free_at:
            y = jump("v = e_leak + f_v*(v - e_leak) + v_add; i_1 += di_1; i_2 += di_2; theta_s += dtheta_s")
    return times


def scipy(folder: Path):
    rows = []
    pinsky = ("pinsky_rinzel", "pinsky_rinzel_1994", (0.75,), 130, PINSKY_RINZEL, "v > 40", None, None, PINSKY_START, {})
    for case, (model, kind, currents, length, *system) in {**BRIAN_CASES, "pinsky_rinzel": pinsky}.items():
        times = solve(*system, currents, length)
        rows.append([case, model, kind, *(f"{c:g}" for c in (*currents, 0.0)[:2]), f"{length:g}", " ".join(f"{t:.9f}" for t in times)])
        print(case, len(times), "spikes", flush=True)
    write(folder / "scipy.csv", rows)
    rates(folder / "scipy_rates.csv")


WILSON_COWAN = """de/dt = (s_e - (1 + r*s_e)*e)/tau/ms : 1
                  di/dt = (s_i - (1 + r*s_i)*i)/tau/ms : 1
                  s_e = 1/(1 + exp(-a_e*(c1*e - c2*i + i0 - theta_e))) - 1/(1 + exp(a_e*theta_e)) : 1
                  s_i = 1/(1 + exp(-a_i*(c3*e - c4*i + i1 - theta_i))) - 1/(1 + exp(a_i*theta_i)) : 1"""
CYCLE = dict(tau=8.0, c1=16.0, c2=12.0, c3=15.0, c4=3.0, a_e=1.3, theta_e=4.0, a_i=2.0, theta_i=3.7, r=1.0)
MEMORY = dict(tau=8.0, c1=12.0, c2=4.0, c3=13.0, c4=11.0, a_e=1.2, theta_e=2.8, a_i=1.0, theta_i=4.0, r=1.0)
RATE = dict(tau=10.0, gain=100.0, i_threshold=0.1, r_max=1000.0)
# case: Apical's model, set and state, currents [nA], times [ms], equations, start, constants
RATE_CASES = {
    "rate_unit": ("rate_unit", "dayan_abbott_2001", "r", (0.3, 0.0), (1, 5, 10, 20, 50),
                  "dr/dt = (clip(gain*(i0 - i_threshold), 0, r_max) - r)/tau/ms : 1", dict(r=0.0), RATE),
    "rate_unit_saturated": ("rate_unit", "dayan_abbott_2001", "r", (15.0, 0.0), (1, 5, 10, 20, 50),
                            "dr/dt = (clip(gain*(i0 - i_threshold), 0, r_max) - r)/tau/ms : 1", dict(r=0.0), RATE),
    "wilson_cowan_cycle": ("wilson_cowan", "limit_cycle", "e", (1.25, 0.0), (5, 10, 20, 30, 50, 100), WILSON_COWAN, dict(e=0.0, i=0.0), CYCLE),
    "wilson_cowan_inhibited": ("wilson_cowan", "limit_cycle", "i", (1.25, 0.5), (5, 10, 20, 30, 50, 100), WILSON_COWAN, dict(e=0.0, i=0.0), CYCLE),
    "wilson_cowan_hysteresis": ("wilson_cowan", "hysteresis", "e", (1.0, 0.0), (5, 10, 20, 50, 100), WILSON_COWAN, dict(e=0.0, i=0.0), MEMORY),
}


def rates(path: Path):
    """Activities of rate units at some times, where there are no spikes to compare."""
    import math

    from scipy.integrate import solve_ivp

    rows = []
    for case, (model, kind, state, currents, times, equations, start, constants) in RATE_CASES.items():
        system = Equations(equations, False)
        names = dict(constants, i0=currents[0], i1=currents[1], exp=math.exp, clip=lambda x, low, high: min(max(x, low), high))
        done = solve_ivp(lambda _, y: system(y, names, False), (0, times[-1]), [start[s] for s in system.states], method="DOP853", rtol=1e-12,
                         atol=1e-12, max_step=0.1, t_eval=times)
        values = done.y[system.states.index(state)]
        rows.append([case, model, kind, state, *(f"{c:g}" for c in currents), " ".join(f"{t:g}" for t in times), " ".join(f"{x:.12g}" for x in values)])
        print(case, " ".join(f"{x:.6g}" for x in values), flush=True)
    write(path, rows, ["case", "model", "set", "state", "i0_nA", "i1_nA", "times_ms", "values"])


def crossings(b2, start):
    """Nothing is reset here, so that a coarser grid does; upward crossings of -20 mV, 40 above rest, between its points."""
    step = 1e-4
    folder = tempfile.mkdtemp()
    b2.device.reinit()
    b2.device.activate(build_on_run=False)
    b2.set_device("cpp_standalone", build_on_run=False, directory=folder)
    b2.defaultclock.dt = step*b2.ms
    group = b2.NeuronGroup(1, PINSKY_RINZEL, method="rk4", namespace=dict(i0=0.75))
    for state, value in start.items():
        setattr(group, state, value)
    monitor = b2.StateMonitor(group, "v", record=True)
    network = b2.Network(group, monitor)
    network.run(130*b2.ms)
    b2.device.build(directory=folder, compile=True, run=True, debug=False)
    v, t = monitor.v[0], monitor.t/b2.ms
    found = []
    for k in range(1, len(v)):
        if v[k - 1] <= 40 < v[k]:
            found.append(float(t[k - 1] + (40 - v[k - 1])/(v[k] - v[k - 1])*step))
    shutil.rmtree(folder, ignore_errors=True)
    return found


def nest(folder: Path):
    import nest

    rows = []

    def run(case, model, kind, current, name, parameters, resolution, length):
        nest.ResetKernel()
        nest.set_verbosity("M_ERROR")
        nest.resolution = resolution
        cell = nest.Create(name, params=parameters)
        source = nest.Create("dc_generator", params=dict(amplitude=1e3*current))
        recorder = nest.Create("spike_recorder")
        # a device current takes effect two steps after its beginning: one of the connection, one of the ring buffer
        nest.Connect(source, cell, syn_spec=dict(delay=resolution))
        nest.Connect(cell, recorder)
        nest.Simulate(length)
        times = [float(t) - 2*resolution for t in recorder.get("events", "times")]
        rows.append([case, model, kind, f"{current:g}", "0", f"{length:g}", " ".join(f"{t:.9f}" for t in times)])
        print(case, len(times), "spikes", flush=True)

    run("lif_exact", "lif", "potjans_diesmann_2014", 0.5, "iaf_psc_exp_ps",
        dict(C_m=250.0, tau_m=10.0, E_L=-65.0, V_m=-65.0, V_th=-50.0, V_reset=-65.0, t_ref=2.0), 0.1, 200.0)
    run("adex_adapting", "adex", "adapting", 0.5, "aeif_cond_exp",
        dict(C_m=200.0, g_L=12.0, E_L=-70.0, V_m=-70.0, V_th=-50.0, Delta_T=2.0, a=2.0, tau_w=300.0, b=60.0, V_reset=-58.0, V_peak=0.0,
             t_ref=0.0, gsl_error_tol=1e-10), 0.001, 300.0)
    base = dict(C_m=58.72, g=9.43, E_L=-78.85, V_m=-78.85, V_th=-51.68, V_reset=-78.85, t_ref=3.75)
    currents = dict(asc_init=[0.0, 0.0], asc_decay=[0.003, 0.1], asc_amps=[-9.18, -198.94], asc_r=[1.0, 1.0], after_spike_currents=True)
    threshold = dict(th_spike_add=0.37, th_spike_decay=0.009, voltage_reset_fraction=0.2, voltage_reset_add=18.51, spike_dependent_threshold=True)
    voltage = dict(th_voltage_index=0.005, th_voltage_decay=0.09, adapting_threshold=True)
    # every level was fitted anew: threshold and leak are its own
    levels = [{**base, **fitted, **more} for fitted, more in (
        (dict(V_th=-37.88, g=9.12), {}), (dict(V_th=-37.14, g=9.12), threshold), (dict(V_th=-50.19), currents),
        (dict(V_th=-50.19), {**threshold, **currents}), ({}, {**threshold, **currents, **voltage}))]
    for level, parameters in enumerate(levels, 1):
        run(f"glif{level}", "glif", f"glif{level}", 0.5, "glif_psc", {**dict(spike_dependent_threshold=False, after_spike_currents=False, adapting_threshold=False), **parameters}, 0.001, 200.0)
    # currents enter by the model's own parameters: from time 0, on no connection. While it is refractory NEST holds the dendrite
    # too, which Apical does not: hence none
    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.resolution = 0.001
    cell = nest.Create("iaf_cond_alpha_mc", params=dict(t_ref=0.0, soma=dict(I_e=300.0), proximal=dict(I_e=250.0)))
    recorder = nest.Create("spike_recorder")
    nest.Connect(cell, recorder)
    nest.Simulate(100.0)
    times = [float(t) for t in recorder.get("events", "times")]
    rows.append(["soma_trunk_tuft", "soma_trunk_tuft", "nest_iaf_cond_alpha_mc|t_refractory=0 ms", "0.3", "0.25", "100", " ".join(f"{t:.9f}" for t in times)])
    print("soma_trunk_tuft", len(times), "spikes", flush=True)
    write(folder / "nest.csv", rows)


def write(path: Path, rows, columns=("case", "model", "set", "i0_nA", "i1_nA", "length_ms", "spikes_ms")):
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def main() -> None:
    if len(sys.argv) < 3 or sys.argv[1] not in ("scipy", "brian2", "nest"):
        raise SystemExit(__doc__)
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] == "nest":
        nest(folder)
    elif sys.argv[1] == "scipy":
        scipy(folder)
    else:
        brian2(folder, set(sys.argv[3:]))


if __name__ == "__main__":
    main()
