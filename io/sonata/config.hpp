// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "io/sonata/cell_modification.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/node_sets.hpp"

namespace apical::sonata {

/// How long and how finely to run.
struct run_settings {
    double tstop = 0, dt = 0;                ///< [ms]
    double segment_length = 20;              ///< BMTK's dL: longest electrical segment [um]
    double spike_threshold = -15;            ///< of detectors in somata [mV]
    std::optional<std::uint64_t> seed = {};       ///< BBP's random_seed
    std::optional<bool> use_old_import = {};      ///< BMTK's use_old_import3d: its own importer of morphologies, or NEURON's
    std::string where = {};
};

/// One entry of BBP's connection_overrides: what differs of the edges between two sets of nodes.
struct connection_override {
    std::string name = {}, source = {}, target = {};
    std::optional<double> weight = {};            ///< factor
    std::optional<double> spont_minis = {};       ///< of each synapse [Hz]
    std::optional<double> synapse_delay = {};     ///< [ms]
    double from = 0;                         ///< when the weight begins to hold [ms]; if later than 0, nothing else does
    std::vector<synapse_assignment> configure = {};
    std::string where = {};
};

/// Conditions that hold for all cells.
struct run_conditions {
    std::optional<double> celsius = {};           ///< [degC]
    std::optional<double> v_init = {};            ///< [mV]
    std::optional<double> extracellular_calcium = {};   ///< BBP: [mM]
    std::map<std::string, std::vector<synapse_assignment>> mechanisms = {};   ///< BBP: of all synapses, by the name of their model
    std::vector<cell_modification> modifications = {};   ///< BBP: in the order of the file
    std::string where = {};
};

/// Folders of what the types name; empty where the file names none.
struct component_folders {
    std::filesystem::path morphologies = {}, neurolucida = {}, biophysical_neuron_models = {}, point_neuron_models = {}, synaptic_models = {}, filter_models = {}, templates = {}, mechanisms = {};
};

/// What a population has of its own, and the rest as it is for all.
component_folders merged(const component_folders& own, component_folders all);

/// One entry of networks.nodes.
struct nodes_entry {
    std::filesystem::path nodes = {}, types = {};                          ///< types: empty if there are none
    std::map<std::string, component_folders> populations = {};        ///< BBP: folders of a population's own
    std::map<std::string, std::string> population_types = {};         ///< BBP: "biophysical", "virtual", ...
    std::string where = {};
};
/// One entry of networks.edges.
struct edges_entry {
    std::filesystem::path edges = {}, types = {};
    bool is_enabled = true;
    std::map<std::string, std::string> population_types = {};         ///< BBP: "chemical", ...
    std::string where = {};
};

/// Constant currents into a place of each cell, one after the other or at once.
struct current_clamp {
    std::vector<double> amplitude = {}, delay = {}, duration = {};              ///< of one length [nA, ms, ms]
    std::string section_name = "soma";
    int section_index = 0;
    double section_position = 0.5;
};
/// BMTK's currents from a table: each holds from its time on.
struct current_table {
    std::filesystem::path file = {};
    char separator = ' ';
    std::string times = "timestamps", amplitudes = "amps";              ///< columns [ms, nA]
    std::string section_name = "soma";
    int section_index = 0;
    double section_position = 0.5;
};
/// BMTK's "SEClamp": a place of each cell is held at a voltage.
struct voltage_step {
    double voltage = 0, delay = 0, duration = 0, resistance = 1;              ///< [mV, ms, ms, MOhm]
    std::string section_name = "soma";
    int section_index = 0;
    double section_position = 0.5;
};
/// Spikes of a file that the nodes of the set emit.
struct spike_replay {
    std::filesystem::path file = {};
    std::string targets = {};                ///< BBP, and BMTK's replay: name of the set of nodes that the spikes reach; empty: all that have connections from there
    std::filesystem::path edges = {}, edge_types = {};   ///< BMTK's replay: the connections that it makes; empty: those of the circuit
    std::string trial = {};                  ///< of an NWB file; empty: its only one
    bool is_nwb = false;
    std::vector<double> times = {};          ///< instead of a file: when all nodes of the set fire [ms]
    double from = 0;                         ///< no spikes before [ms]
    bool is_alone = false;                   ///< BMTK's syn_activity: no other spike within the circuit is heard
};
/// BBP's currents into somata. Relative ones are in percent of a cell's own current: that of its threshold, or, in "hyperpolarizing", that holds it.
struct soma_current {
    double amplitude_start = 0, amplitude_end = 0;               ///< [nA], or percent
    double delay = 0, duration = 0;                              ///< [ms]
    double frequency = 0, width = 0;                             ///< of pulses [Hz, ms]; 0: a ramp
    std::string relative_to = {};                                ///< attribute of the nodes; empty: nothing
};
/// BBP's "noise", "shot_noise" and "ornstein_uhlenbeck" and their variants: random currents into somata, a train for each cell.
struct random_current {
    enum class kind { noise, shot_noise, ornstein_uhlenbeck };
    kind of = kind::noise;
    double delay = 0, duration = 0, interval = 0.25;             ///< [ms], and between values
    /// Of the signal, in nA or, where relative, in percent; of "noise" the spread is a variance, as BBP has it.
    double mean = 0, spread = 0;
    double tau = 0;                                              ///< of ornstein_uhlenbeck [ms]
    double rise = 0, decay = 0;                                  ///< of a shot [ms]
    double rate = 0, shot_mean = 0, shot_variance = 0;           ///< of shots, if they are given by themselves [Hz, nA, nA^2]
    double shot_cv = 0;                                          ///< of shots, if they are to give mean and spread; else 0
    std::string relative_to = {};                                ///< attribute of the nodes; empty: nothing
};

/// One entry of "inputs".
struct input {
    std::string name = {}, type = {}, module = {};
    std::string node_set = {};                    ///< name of a set in config::sets; nodes that emit the spikes, or into which the current flows
    std::variant<std::monostate, current_clamp, spike_replay, soma_current, random_current, current_table, voltage_step> what = {};       ///< monostate: not supported
    std::string where = {};
};

/// One entry of "reports".
struct report_request {
    std::string name = {}, node_set = {};
    std::string variable = {};                    ///< "v", "cai", ..., as the file says it
    std::string sections = "soma";           ///< "soma", "all", or types of sections, separated by commas
    bool at_centres = false;                 ///< BBP's "compartments": "center": one place a section
    std::optional<double> dt = {};                ///< [ms]; the run's if there is none
    double start = 0;                        ///< [ms]
    std::optional<double> stop = {};              ///< [ms]; the run's end if there is none
    bool is_after_steps = true;              ///< BMTK's reports begin one step after `start`, BBP's at it
    std::string unit = {};
    std::filesystem::path file = {};
    std::string where = {};
};

/// Files to write.
struct output_settings {
    std::filesystem::path folder = "output";
    std::filesystem::path spikes = {}, spikes_csv = {};            ///< empty: not asked for
    std::string spike_order = "time";                    ///< "none", "id" or "time"
};

/// The configuration of a circuit and its run, from one file or several.
struct config {
    std::string file = {};                        ///< the one that was read first
    run_settings run = {};
    run_conditions conditions = {};
    component_folders components = {};
    std::vector<nodes_entry> nodes = {};
    std::vector<edges_entry> edges = {};          ///< also those that are not enabled
    std::vector<input> inputs = {};               ///< the enabled ones, in the order of the file
    std::vector<report_request> reports = {};     ///< the enabled ones
    std::vector<connection_override> overrides = {};   ///< in the order of the file
    output_settings output = {};
    node_sets sets = {};
    std::string simulator = {};                   ///< target_simulator or simulator, as the file says it; may be empty
    std::filesystem::path apical = {};            ///< a file with what SONATA has no words for (own_extension.hpp); empty: none
    bool has_run = false;                    ///< whether there is anything about a run, or a circuit only

    /// Folders of what the nodes of a population name.
    component_folders folders_of(const std::string& population) const;
};

/// Reads a configuration in SONATA's, BMTK's or BBP's dialect: config.json with the files it names, or circuit_config.json, or
/// simulation_config.json. Everything that is wrong, not supported or not known is found with file, line and path in the file.
config read_config(const std::filesystem::path& path, findings& found);

}  // namespace apical::sonata
