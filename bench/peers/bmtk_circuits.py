# SPDX-License-Identifier: BSD-3-Clause
"""SONATA circuits made and run by BMTK, for bench/sonata_vs_bmtk.py. Each command prints one line of JSON last."""

import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys

missing = [m for m in ("bmtk", "neuron", "nest", "h5py", "pandas") if not importlib.util.find_spec(m)]
if missing:
    sys.exit(f"not installed in {sys.prefix}: {', '.join(missing)} (pip install bmtk neuron nest-simulator 'pandas<3')")

import bmtk  # noqa: E402
import h5py  # noqa: E402
import numpy as np  # noqa: E402

FITS = {"Scnn1a": ("472363762_fit.json", "Scnn1a_473845048_m.swc", "e"), "Rorb": ("473863510_fit.json", "Rorb_325404214_m.swc", "e"),
        "Nr5a1": ("473863035_fit.json", "Nr5a1_471087815_m.swc", "e"), "PV1": ("472912177_fit.json", "Pvalb_470522102_m.swc", "i"),
        "PV2": ("473862421_fit.json", "Pvalb_469628681_m.swc", "i")}
PARAMETERS = {
    "exc.json": {"tau1": 1.0, "tau2": 3.0, "erev": 0.0}, "inh.json": {"tau1": 2.7, "tau2": 15.0, "erev": -70.0}, "quick.json": {"tau1": 2.0, "erev": 0.0},
    "plus.json": {"sign": 1}, "minus.json": {"sign": -1}, "plain.json": {}, "port1.json": {"receptor_type": 1}, "port2.json": {"receptor_type": 2},
    "intfire_e.json": {"tau": 0.024, "refrac": 0.003}, "intfire_i.json": {"tau": 0.007, "refrac": 0.003},
    "psc.json": {"C_m": 200.0, "tau_m": 15.0, "E_L": -68.0, "V_th": -50.0, "V_reset": -62.0, "t_ref": 3.0, "tau_syn_ex": 1.5, "tau_syn_in": 4.0},
    "delta.json": {"C_m": 200.0, "tau_m": 15.0, "E_L": -68.0, "V_th": -50.0, "V_reset": -62.0, "t_ref": 3.0, "I_e": 100.0},
    "cond.json": {"g_L": 12.0, "E_L": -68.0, "V_th": -52.0, "tau_syn_ex": 1.0, "tau_syn_in": 5.0, "I_e": 50.0},
    "adex.json": {"a": 2.0, "b": 40.0, "tau_syn_ex": 1.0, "tau_syn_in": 5.0, "V_peak": 10.0, "t_ref": 2.0},
    "stp.json": {"erev": 0.0},
    "allen_r_asc.json": {"type": "GLIF", "El": 0.0, "El_reference": -0.0752, "R_input": 1.9e8, "C": 1.1e-10, "th_inf": 0.026, "spike_cut_length": 60, "dt": 5e-05, "init_AScurrents": [0.0, 0.0],
                         "asc_tau_array": [0.1, 0.01], "asc_amp_array": [-8e-12, -6e-11], "coeffs": {"th_inf": 1.1, "G": 1.05, "C": 0.95, "a": 1, "b": 1, "asc_amp_array": [1.0, 0.9]},
                         "threshold_dynamics_method": {"name": "three components", "params": {"a_spike": 0.003, "b_spike": 30.0, "a_voltage": 4.0, "b_voltage": 30.0}},
                         "voltage_reset_method": {"name": "v_before", "params": {"a": 0.25, "b": 0.012}}},
    "glif.json": {"spike_dependent_threshold": True, "after_spike_currents": True, "adapting_threshold": False, "V_th": -50.19, "tau_syn": [2.0, 5.5]},
}
# neuron, its file, weights of excitation, inhibition and input, files of excitatory and inhibitory synapses
POINTS = {"psc_alpha": ("iaf_psc_alpha", "psc.json", 60.0, -60.0, 140.0, "plain.json", "plain.json"), "psc_exp": ("iaf_psc_exp", "psc.json", 90.0, -60.0, 240.0, "plain.json", "plain.json"),
          "psc_delta": ("iaf_psc_delta", "delta.json", 1.5, -1.0, 3.0, "plain.json", "plain.json"), "cond_exp": ("iaf_cond_exp", "cond.json", 2.0, -3.0, 6.0, "plain.json", "plain.json"),
          "cond_alpha": ("iaf_cond_alpha", "cond.json", 1.0, -1.0, 3.0, "plain.json", "plain.json"), "aeif_cond_exp": ("aeif_cond_exp", "adex.json", 4.0, -3.0, 20.0, "plain.json", "plain.json"),
          "aeif_cond_alpha": ("aeif_cond_alpha", "adex.json", 3.0, -2.0, 12.0, "plain.json", "plain.json"), "glif": ("glif_psc", "glif.json", 50.0, -50.0, 150.0, "port1.json", "port2.json"),
          "glif_allen_asc": ("glif_lif_asc_psc", "allen_r_asc.json", 40.0, -40.0, 110.0, "port1.json", "port2.json"),
          "glif_allen_r": ("glif_lif_r_psc", "allen_r_asc.json", 40.0, -40.0, 110.0, "port1.json", "port2.json"),
          "glif_allen_a": ("glif_lif_r_asc_a_psc", "allen_r_asc.json", 40.0, -40.0, 110.0, "port1.json", "port2.json")}
# short-term depression as in Hennig (2013), by BMTK's name for it; BMTK does not bring it along
STP1 = """NEURON { POINT_PROCESS stp1syn  RANGE e, i, tau_r, p0, tau_1  NONSPECIFIC_CURRENT i }
PARAMETER { e = 0 (mV)  tau_r = 100 (ms)  p0 = 0.3  tau_1 = 10 (ms) }
ASSIGNED { v (mV)  i (nA) }
STATE { n g }
INITIAL { n = 1  g = 0 }
BREAKPOINT { SOLVE decay METHOD cnexp  i = g*(v - e) }
DERIVATIVE decay { n' = (1 - n)/tau_r  g' = -g/tau_1 }
NET_RECEIVE(weight) { g = g + weight*n*p0  n = n - n*p0 }
"""


def trains(folder, name, population, count, rate, until, seed):
    """Poisson trains, as HDF5 or CSV by the name."""
    rng = np.random.default_rng(seed)
    times = [np.sort(rng.uniform(0.5, until, rng.poisson(rate * until / 1000))) for _ in range(count)]
    ids, all_times = np.repeat(np.arange(count), [len(t) for t in times]), np.concatenate(times)
    order = np.argsort(all_times, kind="stable")
    ids, all_times = ids[order], all_times[order]
    if name.endswith(".csv"):
        rows = "".join(f"{t!r} {population} {i}\n" for t, i in zip(map(float, all_times), ids, strict=True))
        (folder / name).write_text("timestamps population node_ids\n" + rows)
        return
    with h5py.File(folder / name, "w") as f:
        f.attrs["magic"], f.attrs["version"] = np.uint32(0x0A7A), np.array([0, 1], np.uint32)
        g = f.create_group(f"spikes/{population}")
        g["timestamps"], g["node_ids"] = all_times, ids.astype(np.uint64)
        g["timestamps"].attrs["units"] = "ms"
        g.attrs["sorting"] = "by_time"


def write(folder, components, mechanisms, simulator, until, dt, inputs, reports, sets, close, apical=(), more_run=None):
    networks = {kind: [] for kind in ("nodes", "edges")}
    for f in sorted((folder / "network").glob("*.h5")):
        kind = "nodes" if f.name.endswith("_nodes.h5") else "edges"
        networks[kind].append({f"{kind}_file": f"$BASE_DIR/network/{f.name}", f"{kind[:-1]}_types_file": f"$BASE_DIR/network/{f.stem[:-1]}_types.csv"})
    models = folder / "models"
    models.mkdir()
    for name, content in PARAMETERS.items():
        (models / name).write_text(json.dumps(content))
    circuit = {"manifest": {"$BASE_DIR": "."}, "networks": networks,
               "components": {"morphologies_dir": str(components / "morphologies"), "synaptic_models_dir": "$BASE_DIR/models", "point_neuron_models_dir": "$BASE_DIR/models",
                              "biophysical_neuron_models_dir": str(components / "biophysical_neuron_templates/json"), "mechanisms_dir": str(mechanisms)}}
    (folder / "config.circuit.json").write_text(json.dumps(circuit, indent=1))
    (folder / "node_sets.json").write_text(json.dumps(sets))
    config = {"manifest": {"$BASE_DIR": ".", "$OUTPUT_DIR": "$BASE_DIR/bmtk"}, "network": "$BASE_DIR/config.circuit.json", "node_sets_file": "$BASE_DIR/node_sets.json",
              "target_simulator": "NEURON" if simulator == "bionet" else "NEST", "run": {"tstop": until, "dt": dt, **(more_run or {})}, "conditions": {"celsius": 34.0, "v_init": -80},
              "inputs": inputs, "reports": reports,
              "output": {"output_dir": "$OUTPUT_DIR", "spikes_file": "spikes.h5", "log_file": "log.txt", "spikes_sort_order": "time", "overwrite_output_dir": True}}
    (folder / "config.simulation.json").write_text(json.dumps(config, indent=1))
    (folder / "options.json").write_text(json.dumps({"simulator": simulator, "close": close, "apical": list(apical)}))


def detailed(net, name, count, rng, **more):
    fit, morphology, ei = FITS[name]
    net.add_nodes(N=count, pop_name=name, ei=ei, model_type="biophysical", model_template="ctdb:Biophys1.hoc", model_processing="aibs_perisomatic", dynamics_params=fit,
                  morphology=morphology, tuning_angle=rng.uniform(0, 360, count), x=rng.uniform(0, 100, count), y=rng.uniform(0, 100, count), z=rng.uniform(0, 100, count), **more)


BIONET = {"dL": 20.0, "spike_threshold": -15, "nsteps_block": 5000, "use_old_import3d": True}


def columns(folder, components, mechanisms):
    """Five kinds of detailed cells and two of IntFire1, drawn positions, tuned weights, two virtual populations, clamps of three forms."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(1)
    v1 = NetworkBuilder("v1")
    for name in FITS:
        detailed(v1, name, 3, rng)
    for ei in "ei":
        v1.add_nodes(N=4, pop_name=f"LIF_{ei}", ei=ei, model_type="point_neuron", model_template="nrn:IntFire1", dynamics_params=f"intfire_{ei}.json", tuning_angle=rng.uniform(0, 360, 4))
    synapse = {"delay": 2.0, "model_template": "exp2syn"}
    pair = lambda s, t, p=0.5: 0 if s.node_id == t.node_id or rng.uniform() > p else int(rng.integers(1, 6))  # noqa: E731
    detail, point = {"model_type": "biophysical"}, {"model_type": "point_neuron"}
    v1.add_edges(source={"ei": "e"}, target={"ei": "e", **detail}, connection_rule=pair, syn_weight=1e-4, weight_function="gaussianLL", weight_sigma=50.0, distance_range=[30.0, 150.0],
                 target_sections=["basal", "apical"], dynamics_params="exc.json", **synapse)
    v1.add_edges(source={"ei": "e"}, target={"ei": "i", **detail}, connection_rule=pair, syn_weight=3e-4, distance_range=[0.0, 1e20], target_sections=["somatic", "basal"],
                 dynamics_params="exc.json", **synapse)
    v1.add_edges(source={"ei": "i"}, target=detail, connection_rule=pair, syn_weight=2e-4, weight_function="wmax", distance_range=[0.0, 50.0],
                 target_sections=["somatic", "basal", "apical"], dynamics_params="inh.json", **synapse)
    v1.add_edges(source={"ei": "e"}, target=point, connection_rule=pair, syn_weight=0.004, weight_function="gaussianLL", weight_sigma=80.0, delay=2.0, dynamics_params="plus.json")
    v1.add_edges(source={"ei": "i"}, target=point, connection_rule=pair, syn_weight=0.009, delay=1.5, dynamics_params="minus.json")
    v1.build()
    v1.save(output_dir=str(folder / "network"))
    for name, count, weight in (("lgn", 30, 1e-4), ("tw", 10, 2e-4)):
        net = NetworkBuilder(name)
        net.add_nodes(N=count, model_type="virtual", pop_name=name)
        net.add_edges(target=v1.nodes(model_type="biophysical"), connection_rule=lambda *_: int(rng.integers(2, 8)), syn_weight=weight, distance_range=[0.0, 150.0],
                      target_sections=["basal", "apical"], dynamics_params="exc.json", **synapse)
        net.add_edges(target=v1.nodes(model_type="point_neuron"), connection_rule=5, syn_weight=0.012, delay=2.0, dynamics_params="plus.json")
        net.build()
        net.save(output_dir=str(folder / "network"))
    trains(folder, "lgn.h5", "lgn", 30, 12, 500, 2)
    trains(folder, "tw.csv", "tw", 10, 8, 500, 3)
    clamp = {"input_type": "current_clamp", "module": "IClamp"}
    inputs = {"lgn": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/lgn.h5", "node_set": "lgn"},
              "tw": {"input_type": "spikes", "module": "csv", "input_file": "$BASE_DIR/tw.csv", "node_set": "tw"},
              "step": {**clamp, "node_set": "scnn1a", "amp": 0.12, "delay": 100.0, "duration": 200.0},
              "steps": {**clamp, "node_set": {"pop_name": "Rorb"}, "amp": [0.1, 0.15, -0.05], "delay": [50.0, 150.0, 300.0], "duration": [50.0, 80.0, 100.0]},
              "branch": {**clamp, "node_set": [0, 1], "amp": 0.05, "delay": 20.0, "duration": 400.0, "section_name": "dend", "section_index": 3, "section_dist": 0.3}}
    membrane = {"module": "membrane_report"}
    reports = {"v_soma": {**membrane, "cells": "detailed", "variable_name": "v", "sections": "soma"}, "cai": {**membrane, "cells": [0, 1, 2, 3], "variable_name": "cai", "sections": "soma"},
               "v_all": {**membrane, "cells": "scnn1a", "variable_name": "v", "sections": "all", "dt": 1.0}, "v_basal": {**membrane, "cells": [12], "variable_name": "v", "sections": "basal", "dt": 0.5},
               "v_part": {**membrane, "cells": "detailed", "variable_name": "v", "sections": "soma", "start_time": 100.0, "end_time": 200.0, "dt": 0.5}}
    write(folder, components, mechanisms, "bionet", 500.0, 0.1, inputs, reports, {"detailed": {"model_type": "biophysical"}, "scnn1a": {"pop_name": "Scnn1a"}}, 0.051, more_run=BIONET)


def two_areas(folder, components, mechanisms):
    """Two populations that project onto each other at stored places, ExpSyn and Exp2Syn, a step of 0.05 ms."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(5)
    areas = {name: NetworkBuilder(name) for name in ("front", "back")}
    for area, kinds in (("front", ("Scnn1a", "PV2")), ("back", ("Rorb", "Nr5a1", "PV1"))):
        for kind in kinds:
            detailed(areas[area], kind, 4, rng)
        areas[area].build()
    places = lambda *_: (int(rng.integers(0, 30)), float(rng.uniform()))  # noqa: E731
    virtual = NetworkBuilder("outside")
    virtual.add_nodes(N=20, model_type="virtual")
    pairs = [(a, b) for a in areas for b in areas] + [("outside", b) for b in areas]
    for source, target in pairs:
        net = virtual if source == "outside" else areas[source]
        for ei, weight, file, model in (("e", 3e-3 if source == "outside" else 8e-4, "quick.json", "expsyn"), ("i", 4e-4, "inh.json", "exp2syn")):
            if source == "outside" and ei == "i":
                continue
            edges = net.add_edges(source=net.nodes() if source == "outside" else net.nodes(ei=ei), target=areas[target].nodes(), connection_rule=lambda s, t: int(rng.uniform() < 0.6),
                                  syn_weight=weight, delay=1.3 if source == target else 2.75, dynamics_params=file, model_template=model)
            edges.add_properties(["afferent_section_id", "afferent_section_pos"], rule=places, dtypes=[np.int32, np.float64])
    for net in (*areas.values(), virtual):
        net.build()
        net.save(output_dir=str(folder / "network"))
    trains(folder, "outside.h5", "outside", 20, 20, 400, 6)
    inputs = {"outside": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/outside.h5", "node_set": "outside"}}
    reports = {"v": {"module": "membrane_report", "cells": "all", "variable_name": "v", "sections": "soma"}}
    write(folder, components, mechanisms, "bionet", 400.0, 0.05, inputs, reports, {}, 0.026, more_run=BIONET)


def electrodes(folder, components, mechanisms):
    """Currents from tables, into somata and a branch, a voltage clamp, and depressing synapses from outside."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(21)
    net = NetworkBuilder("net")
    for kind in ("Scnn1a", "PV1", "Nr5a1"):
        detailed(net, kind, 2, rng)
    outside = NetworkBuilder("outside")
    outside.add_nodes(N=10, model_type="virtual")
    edges = outside.add_edges(target=net.nodes(pop_name="Nr5a1"), connection_rule=lambda *_: 1, syn_weight=4e-3, delay=1.5, dynamics_params="stp.json", model_template="stp1syn")
    edges.add_properties(["afferent_section_id", "afferent_section_pos"], rule=lambda *_: (int(rng.integers(0, 20)), float(rng.uniform())), dtypes=[np.int32, np.float64])
    for n in (net, outside):
        n.build()
        n.save(output_dir=str(folder / "network"))
    trains(folder, "outside.h5", "outside", 10, 30, 400, 22)
    (folder / "steps.csv").write_text("timestamps amps\n" + "".join(f"{t:.1f} {a}\n" for t, a in ((50.0, 0.15), (100.0, 0.0), (150.0, 0.2), (200.0, 0.1), (250.0, 0.0))))
    wave = "".join(f"{t:.1f},{0.1 * np.sin(t / 9):.6f}\n" for t in np.arange(0.0, 300.0, 2.0))
    (folder / "wave.csv").write_text("ms,nA\n" + wave + "300.0,0.0\n")
    inputs = {"steps": {"input_type": "csv", "module": "IClamp", "node_set": {"pop_name": "Scnn1a"}, "file": "$BASE_DIR/steps.csv"},
              "wave": {"input_type": "csv", "module": "IClamp", "node_set": {"population": "net", "node_id": [2]}, "file": "$BASE_DIR/wave.csv", "separator": ",", "timestamps_column": "ms", "amplitudes_column": "nA",
                       "section_name": "dend", "section_index": 2, "section_dist": 0.7},
              "clamp": {"input_type": "voltage_clamp", "module": "SEClamp", "node_set": {"population": "net", "node_id": [3]}, "amp": -60.0, "delay": 0.0, "duration": 150.0},
              "outside": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/outside.h5", "node_set": "outside"}}
    reports = {"v": {"module": "membrane_report", "cells": "net", "variable_name": "v", "sections": "soma"}}
    write(folder, components, mechanisms, "bionet", 400.0, 0.1, inputs, reports, {}, 0.051, more_run=BIONET)


def replayed(folder, components, mechanisms):
    """Recorded spikes of nodes that are not connected, through edges that the input names, onto some of them."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(41)
    net = NetworkBuilder("net")
    for kind in ("Scnn1a", "PV1"):
        detailed(net, kind, 4, rng)
    pair = lambda s, t: 0 if s.node_id == t.node_id else int(rng.integers(0, 4))  # noqa: E731
    net.add_edges(source={"ei": "e"}, connection_rule=pair, syn_weight=2e-3, delay=1.7, dynamics_params="exc.json", model_template="exp2syn", distance_range=[0.0, 150.0], target_sections=["somatic", "basal"])
    net.add_edges(source={"ei": "i"}, connection_rule=pair, syn_weight=1e-3, delay=1.2, dynamics_params="inh.json", model_template="exp2syn", distance_range=[0.0, 50.0], target_sections=["somatic", "basal"])
    net.build()
    net.save(output_dir=str(folder / "network"))
    (folder / "edges").mkdir()
    for name in ("net_net_edges.h5", "net_net_edge_types.csv"):
        shutil.move(folder / "network" / name, folder / "edges" / name)
    trains(folder, "recorded.h5", "net", 8, 25, 300, 42)
    inputs = {"recorded": {"input_type": "replay_spikes", "module": "replay", "spikes_file": "$BASE_DIR/recorded.h5", "source_node_set": {"population": "net"},
                           "target_node_set": {"population": "net", "ei": "e"},
                           "edges": {"edges_file": "$BASE_DIR/edges/net_net_edges.h5", "edge_types_file": "$BASE_DIR/edges/net_net_edge_types.csv"}}}
    reports = {"v": {"module": "membrane_report", "cells": "all", "variable_name": "v", "sections": "soma"}}
    write(folder, components, mechanisms, "bionet", 300.0, 0.1, inputs, reports, {}, 0.051, more_run=BIONET)


def intfire(folder, components, mechanisms):
    """IntFire1 only: 160 excitatory, 40 inhibitory, in steps of 0.01 ms."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(8)
    net = NetworkBuilder("net")
    for ei, count in (("e", 160), ("i", 40)):
        net.add_nodes(N=count, ei=ei, model_type="point_neuron", model_template="nrn:IntFire1", dynamics_params=f"intfire_{ei}.json")
    for ei, weight, file in (("e", 0.01, "plus.json"), ("i", 0.04, "minus.json")):
        net.add_edges(source={"ei": ei}, connection_rule=lambda s, t: 0 if s.node_id == t.node_id or rng.uniform() > 0.2 else 3, syn_weight=weight, delay=1.7, dynamics_params=file)
    outside = NetworkBuilder("outside")
    outside.add_nodes(N=50, model_type="virtual")
    outside.add_edges(target=net.nodes(), connection_rule=lambda *_: 0 if rng.uniform() > 0.3 else 5, syn_weight=0.05, delay=2.0, dynamics_params="plus.json")
    for n in (net, outside):
        n.build()
        n.save(output_dir=str(folder / "network"))
    trains(folder, "outside.h5", "outside", 50, 20, 500, 9)
    inputs = {"outside": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/outside.h5", "node_set": "outside"}}
    write(folder, components, mechanisms, "bionet", 500.0, 0.01, inputs, {}, {}, 0.011, more_run=BIONET)


def intfire_cells(folder, components, mechanisms):
    """IntFire1 of several delays, that a detailed cell drives too, in steps of 0.1 ms."""
    from bmtk.builder.networks import NetworkBuilder
    rng = np.random.default_rng(31)
    net = NetworkBuilder("net")
    detailed(net, "Scnn1a", 2, rng)
    for ei, count in (("e", 60), ("i", 20)):
        net.add_nodes(N=count, pop_name=f"LIF_{ei}", ei=ei, model_type="point_neuron", model_template="nrn:IntFire1", dynamics_params=f"intfire_{ei}.json", tuning_angle=rng.uniform(0, 360, count))
    point, pair = {"model_type": "point_neuron"}, lambda s, t: 0 if s.node_id == t.node_id or rng.uniform() > 0.3 else 2  # noqa: E731
    for ei, weight, file, delay in (("e", 0.03, "plus.json", 1.0), ("i", 0.05, "minus.json", 2.0)):
        net.add_edges(source={"ei": ei, **point}, target=point, connection_rule=pair, syn_weight=weight, delay=delay, dynamics_params=file)
    net.add_edges(source={"model_type": "biophysical"}, target=point, connection_rule=pair, syn_weight=0.2, delay=1.5, dynamics_params="plus.json")
    net.add_edges(source=point, target={"model_type": "biophysical"}, connection_rule=pair, syn_weight=1e-4, delay=1.3, dynamics_params="exc.json", model_template="exp2syn",
                  distance_range=[0.0, 150.0], target_sections=["basal"])
    outside = NetworkBuilder("outside")
    outside.add_nodes(N=30, model_type="virtual")
    outside.add_edges(target=net.nodes(**point), connection_rule=lambda *_: 0 if rng.uniform() > 0.3 else 5, syn_weight=0.05, delay=2.0, dynamics_params="plus.json")
    for n in (net, outside):
        n.build()
        n.save(output_dir=str(folder / "network"))
    trains(folder, "outside.h5", "outside", 30, 20, 300, 32)
    inputs = {"outside": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/outside.h5", "node_set": "outside"},
              "step": {"input_type": "current_clamp", "module": "IClamp", "node_set": {"pop_name": "Scnn1a"}, "amp": 0.25, "delay": 20.0, "duration": 250.0}}
    reports = {"v": {"module": "membrane_report", "cells": {"pop_name": "Scnn1a"}, "variable_name": "v", "sections": "soma"}}
    write(folder, components, mechanisms, "bionet", 300.0, 0.1, inputs, reports, {}, 0.051, more_run=BIONET)


def points(name):
    def build(folder, components, mechanisms):
        from bmtk.builder.networks import NetworkBuilder
        model, file, excites, inhibits, drives, plus, minus = POINTS[name]
        rng = np.random.default_rng(11)
        net = NetworkBuilder("net")
        for ei, count in (("e", 80), ("i", 20)):
            net.add_nodes(N=count, ei=ei, model_type="point_neuron", model_template=f"nest:{model}", dynamics_params=file)
        for ei, weight, synapse in (("e", excites, plus), ("i", inhibits, minus)):
            net.add_edges(source={"ei": ei}, connection_rule=lambda s, t: int(s.node_id != t.node_id and rng.uniform() < 0.1), syn_weight=weight, delay=1.5, dynamics_params=synapse,
                          model_template="static_synapse")
        outside = NetworkBuilder("outside")
        outside.add_nodes(N=40, model_type="virtual")
        outside.add_edges(target=net.nodes(), connection_rule=lambda *_: int(rng.integers(0, 3)), syn_weight=drives, delay=1.5, dynamics_params=plus, model_template="static_synapse")
        for n in (net, outside):
            n.build()
            n.save(output_dir=str(folder / "network"))
        trains(folder, "outside.h5", "outside", 40, 25, 300, 12)
        inputs = {"outside": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/outside.h5", "node_set": "outside"},
                  "step": {"input_type": "current_clamp", "module": "IClamp", "node_set": {"population": "net", "ei": "i"}, "amp": 60.0, "delay": 100.0, "duration": 50.0}}
        reports = {"v": {"module": "multimeter_report", "cells": "net", "variable_name": "V_m", "sections": "soma"}}
        write(folder, components, mechanisms, "pointnet", 300.0, 0.1, inputs, reports, {}, 0.11)
    return build


CIRCUITS = {"columns": columns, "two_areas": two_areas, "electrodes": electrodes, "replayed": replayed, "intfire": intfire, "intfire_cells": intfire_cells} | {name: points(name) for name in POINTS}


def mechanisms(folder):
    shutil.copytree(pathlib.Path(bmtk.__file__).parent / "utils/scripts/bionet/mechanisms", folder)
    (folder / "modfiles" / "stp1syn.mod").write_text(STP1)
    subprocess.run([str(pathlib.Path(sys.executable).parent / "nrnivmodl"), "modfiles"], cwd=folder, check=True, capture_output=True)
    return True


def stp1syn(parameters, x, section):
    """BMTK's own of this name takes lists, which its loader does not give it."""
    from neuron import h
    synapse = h.stp1syn(x, sec=section)
    synapse.e, synapse.p0, synapse.tau_r, synapse.tau_1 = parameters["erev"], 0.5, 200, 5
    return synapse


def run(folder):
    import os
    os.chdir(folder)
    if json.loads((folder / "options.json").read_text())["simulator"] == "bionet":
        from bmtk.simulator import bionet as module
        from bmtk.simulator.bionet.pyfunction_cache import add_synapse_model
        add_synapse_model(stp1syn)
        network, simulator = module.BioNetwork, module.BioSimulator
    else:
        from bmtk.simulator import pointnet as module
        network, simulator = module.PointNetwork, module.PointSimulator
    config = module.Config.from_json("config.simulation.json")
    config.build_env()
    net = network.from_config(config)
    simulator.from_config(config, net).run()
    return True


def exported(folder, mechanisms):
    """A circuit that Apical wrote, with all its somata reported; for `compare` its own results are to be in folder/apical."""
    config = json.loads((folder / "simulation_config.json").read_text())
    config["manifest"] = {"$BASE_DIR": str(folder)}
    config["components"]["mechanisms_dir"] = str(mechanisms)
    config["run"] |= {"nsteps_block": 5000, "use_old_import3d": True}
    config["target_simulator"] = "NEURON"
    config["node_sets"] = config.get("node_sets", {}) | {"detailed": {"model_type": "biophysical"}}
    config["reports"] = {"v": {"module": "membrane_report", "cells": "detailed", "variable_name": "v", "sections": "soma"}}
    config["output"] = {"output_dir": "$BASE_DIR/bmtk", "spikes_file": "spikes.h5", "log_file": "log.txt", "overwrite_output_dir": True}
    (folder / "config.simulation.json").write_text(json.dumps(config, indent=1))
    config["output"]["output_dir"] = "$BASE_DIR/apical"
    (folder / "config.apical.json").write_text(json.dumps(config, indent=1))
    (folder / "options.json").write_text(json.dumps({"simulator": "bionet", "close": 1.01 * config["run"]["dt"]}))
    return run(folder)


def five_cells(example, mechanisms, change, legacy, out):
    """5_cells_iclamp on NEURON with all axial resistivities changed by a part: somatic voltages [rows, cells]."""
    import os
    from neuron import h
    from bmtk.simulator import bionet
    h.nrn_load_dll(str(mechanisms / "x86_64/libnrnmech.so"))
    if legacy:
        h.nrnunit_use_legacy(1)                                   # NEURON before version 9
    out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(example.parent, out / "examples", dirs_exist_ok=True, ignore=shutil.ignore_patterns("output", "verification", "300*", "9_*"))
    os.chdir(out / "examples" / example.name)
    config = json.loads(pathlib.Path("simulation_config.json").read_text())
    config["run"]["use_old_import3d"] = True
    config["reports"].pop("ecp", None)
    config["output"] |= {"output_dir": str(out / "result"), "overwrite_output_dir": True}
    for name in ("simulation_config.json", "config.json"):
        os.chmod(name, 0o644)
    pathlib.Path("simulation_config.json").write_text(json.dumps(config))
    config = bionet.Config.from_json("config.json")
    config.build_env()
    net = bionet.BioNetwork.from_config(config)
    simulator = bionet.BioSimulator.from_config(config, network=net)
    for section in h.allsec():
        section.Ra *= 1 + change
    simulator.run()
    return True


def differences(a, b):
    columns = [report(pathlib.Path(x))[0] for x in (a, b)]
    rows = {k[1]: (columns[0][k], next(c for other, c in columns[1].items() if other[1:] == k[1:])) for k in columns[0]}
    return {k: float(np.abs(x[: len(y)] - y[: len(x)]).max()) for k, (x, y) in sorted(rows.items())}


def spikes(path):
    all_spikes = []
    with h5py.File(path) as f:
        for population, g in f["spikes"].items():
            all_spikes += [(population, int(n), float(t)) for n, t in zip(g["node_ids"][:], g["timestamps"][:], strict=True)]
    return all_spikes


def report(path):
    """Columns by (population, node, place in the file), and the times of the rows of BMTK, which say one step too early."""
    columns = {}
    with h5py.File(path) as f:
        for population, g in f["report"].items():
            data, mapping = g["data"][:], g["mapping"]
            pointer = mapping["index_pointer"][:]
            for k, node in enumerate(mapping["node_ids"][:]):
                for c in range(int(pointer[k]), int(pointer[k + 1])):
                    columns[population, int(node), c - int(pointer[k])] = data[:, c]
            start, _, step = mapping["time"][:]
    return columns, start, step


def compare(folder, close):
    theirs, ours = spikes(folder / "bmtk/spikes.h5"), spikes(folder / "apical/spikes.h5")
    alike, first = 0, np.inf
    for cell in {s[:2] for s in theirs} | {s[:2] for s in ours}:
        a, b = (sorted(t for p, n, t in which if (p, n) == cell) for which in (theirs, ours))
        k = next((k for k in range(max(len(a), len(b))) if k >= len(a) or k >= len(b) or abs(a[k] - b[k]) > close), None)
        if k is not None:
            first = min(first, *(x[k] for x in (a, b) if k < len(x)))
        alike += sum(any(abs(x - y) <= close for y in b) for x in a)
    differences = {}
    for path in sorted((folder / "bmtk").glob("*.h5")):
        if path.name == "spikes.h5":
            continue
        a, start, step = report(path)
        b, *_ = report(folder / "apical" / path.name)
        lengths = {len(b[k]) - len(a[k]) for k in a if k in b}
        if a.keys() != b.keys() or not lengths <= {0, 1}:            # PointNet leaves out the last row
            sys.exit(f"{path.name}: {len(a)} and {len(b)} columns, rows differ by {lengths}")
        rows = slice(0, min(map(len, a.values())) if first == np.inf else max(1, int((first - start) / step) - 1))
        differences[path.stem] = max(float(np.abs(a[k][rows] - b[k][rows]).max(initial=0)) for k in a)
    return {"theirs": len(theirs), "ours": len(ours), "alike": alike, "first": None if first == np.inf else first, "reports": differences}


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "list":
        result = list(CIRCUITS)
    elif command == "mechanisms":
        result = mechanisms(pathlib.Path(arguments[0]))
    elif command == "build":
        where = pathlib.Path(arguments[1]).resolve()
        where.mkdir(parents=True)
        result = CIRCUITS[arguments[0]](where, *map(pathlib.Path, arguments[2:])) or True
    elif command == "exported":
        result = exported(*(pathlib.Path(a).resolve() for a in arguments))
    elif command == "five_cells":
        result = five_cells(*(pathlib.Path(a).resolve() for a in arguments[:2]), float(arguments[2]), arguments[3] == "legacy", pathlib.Path(arguments[4]).resolve())
    elif command == "differences":
        result = differences(*arguments)
    elif command == "run":
        result = run(pathlib.Path(arguments[0]).resolve())
    else:
        result = compare(pathlib.Path(arguments[0]), float(arguments[1]))
    print("\n" + json.dumps(result))
