# SPDX-License-Identifier: BSD-3-Clause
"""Reads a circuit, its spikes and its report with a reader of the BlueBrain Project and compares them with what was written.

    read_with_peers.py libsonata|bluepysnap FOLDER

Exits with 77 if that reader is not installed. What was written is in written_circuit.hpp and peers_test.cpp.
"""

import importlib
import json
import pathlib
import sys

try:
    peer = importlib.import_module(sys.argv[1])
except ImportError:
    print(sys.argv[1], "is not installed")
    sys.exit(77)


def with_libsonata(libsonata, folder):
    nodes = libsonata.NodeStorage(str(folder / "nodes.h5"))
    assert nodes.population_names == {"left", "drive"}, nodes.population_names
    left = nodes.open_population("left")
    assert left.size == 3
    everybody = left.select_all()
    assert left.get_attribute("x", everybody).tolist() == [0.5, 1.5, 2.5]
    assert list(left.get_attribute("mtype", everybody)) == ["L5_TPC", "L5_MC", "L6_TPC"]
    assert left.get_dynamics_attribute("gain", everybody).tolist() == [1, 2, 3]
    edges = libsonata.EdgeStorage(str(folder / "edges.h5")).open_population("drive__left__chemical")
    assert (edges.source, edges.target, edges.size) == ("drive", "left", 4)
    assert edges.afferent_edges([0]).flatten().tolist() == [0, 1]
    assert edges.afferent_edges([1]).flatten().tolist() == []
    assert edges.efferent_edges([1]).flatten().tolist() == [0, 3]
    assert edges.get_attribute("syn_weight", edges.afferent_edges([2])).tolist() == [0.1, 0.3]
    sets = libsonata.NodeSets((folder / "node_sets.json").read_text())
    for name, ids in {"everybody": [0, 1, 2], "fitting": [0, 2], "deep": [2], "both": [1, 2]}.items():
        assert sets.materialize(name, left).flatten().tolist() == ids, name
    read_bbp(libsonata, folder / "bbp")
    config = libsonata.CircuitConfig.from_file(str(folder / "exported/circuit_config.json"))
    sizes = {name: config.node_population(name).size for name in config.node_populations}
    assert sizes == {"pyramidal": 8, "pv_basket": 2, "sst_martinotti": 2, "thalamus": 400, "top_down": 400, "background": 400}, sizes
    for name in config.edge_populations:
        edges = config.edge_population(name)
        assert edges.size == sum(edges.afferent_edges([n]).flat_size for n in range(sizes[edges.target])), name
        assert edges.size == sum(edges.efferent_edges([n]).flat_size for n in range(sizes[edges.source])), name
        assert {"afferent_section_id", "afferent_section_pos", "delay", "syn_weight"} == set(edges.attribute_names), name


def read_bbp(libsonata, folder):
    """The circuit of bbp_circuit.hpp, whose configurations libsonata checks."""
    circuit = libsonata.CircuitConfig.from_file(str(folder / "circuit_config.json"))
    edges = circuit.edge_population("drive__cells__chemical")
    assert edges.get_attribute("n_rrp_vesicles", edges.afferent_edges([1])).tolist() == [1, 3]
    assert edges.get_attribute("conductance", edges.afferent_edges([0])).tolist() == [1.5, 0.8]
    cells = circuit.node_population("cells")
    assert cells.get_dynamics_attribute("holding_current", cells.select_all()).tolist() == [-0.01, -0.005]
    simulation = libsonata.SimulationConfig.from_file(str(folder / "simulation_config.json"))
    assert list(simulation.list_input_names) == ["drive"], simulation.list_input_names


def with_bluepysnap(snap, folder):
    circuit = snap.Circuit(str(folder / "snap_circuit.json"))
    assert circuit.nodes["left"].size == 3
    assert circuit.nodes["left"].get(properties="x").tolist() == [0.5, 1.5, 2.5]
    edges = circuit.edges["drive__left__chemical"]
    assert edges.size == 4
    assert edges.afferent_nodes(0, unique=False).tolist() == [1, 0]
    assert edges.pathway_edges(source=[1], target=[2], properties=["syn_weight"])["syn_weight"].tolist() == [0.3]
    exported = snap.Circuit(str(folder / "exported/circuit_config.json"))
    assert exported.nodes["pyramidal"].size == 8 and exported.nodes["pyramidal"].get(properties="y").std() > 0
    assert exported.edges["background_to_pyramidal"].size == 8 * 270 * 4
    simulation = snap.Simulation(str(folder / "simulation.json"))
    spikes = simulation.spikes["left"].get()
    assert sorted(zip(spikes.index.tolist(), spikes.tolist())) == [(1.5, 2), (2.5, 0), (2.5, 1)], spikes
    frame = simulation.reports["v"]["left"].get()
    # columns are (cell, section), the sections numbered as SONATA has it: axon 1, apical 3
    assert [(int(a), int(b)) for a, b in frame.columns] == [(0, 0), (2, 1), (2, 3), (2, 3)], frame.columns
    assert len(frame.index) == 2 and abs(frame.index[1] - 5.2) < 1e-6, frame.index
    assert abs(frame.iloc[1, 0] - (-65 + 20 + 0.1)) < 1e-4, frame


def main():
    folder = pathlib.Path(sys.argv[2])
    {"libsonata": with_libsonata, "bluepysnap": with_bluepysnap}[sys.argv[1]](peer, folder)
    json.loads((folder / "circuit_config.json").read_text())
    print(sys.argv[1], "reads what was written")


if __name__ == "__main__":
    main()
