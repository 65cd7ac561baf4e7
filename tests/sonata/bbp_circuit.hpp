// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/output_file.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/sonata/write.hpp"
#include "io/spikes.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical::testing {

/// A small circuit as the BlueBrain Project keeps them: two balls of membrane and three virtual nodes whose spikes reach them through edges that
/// have conductances, constants of release and places of their own, and no types. To be changed before it is written.
struct bbp_circuit {
    std::vector<std::uint64_t> sources{0, 1, 2, 0}, targets{0, 0, 1, 1};
    std::vector<sonata::attribute_values> columns{
        {"conductance", std::vector<double>{1.5, 0.8, 2, 1}},        {"delay", std::vector<double>{1, 1.5, 0.5, 2}},
        {"u_syn", std::vector<double>{1, 1, 1, 1}},                  {"depression_time", std::vector<double>{0, 0, 0, 0}},
        {"facilitation_time", std::vector<double>{0, 0, 0, 0}},      {"decay_time", std::vector<double>{1.7, 8.5, 1.7, 2.5}},
        {"n_rrp_vesicles", std::vector<std::int64_t>{1, 2, 1, 3}},   {"conductance_scale_factor", std::vector<double>{0.7, 0.4, 0.7, 0.9}},
        {"u_hill_coefficient", std::vector<double>{2.8, 1.1, 2.8, 2.8}}, {"syn_type_id", std::vector<std::int64_t>{120, 8, 120, 113}},
        {"afferent_section_id", std::vector<std::int64_t>{0, 0, 0, 0}}, {"afferent_section_pos", std::vector<double>{0.5, 0.5, 0.5, 0.5}}};
    std::vector<sonata::attribute_values> nodes{{"dynamics_params/threshold_current", std::vector<double>{0.02, 0.03}}, {"dynamics_params/holding_current", std::vector<double>{-0.01, -0.005}}};
    std::string conditions = R"("celsius": 34, "v_init": -70)", overrides, inputs, run = R"("tstop": 60, "dt": 0.025, "random_seed": 7)";
    std::vector<std::pair<double, std::uint64_t>> spikes{{5, 0}, {6, 1}, {7, 2}, {12.3, 0}, {13, 1}, {20, 0}, {20, 2}};

    template <class T> std::vector<T>& column(const std::string& name) {
        for (auto& c : columns)
            if (c.name == name) return std::get<std::vector<T>>(c.values);
        throw std::logic_error("no column " + name);
    }
    bbp_circuit& without(const std::string& name) {
        std::erase_if(columns, [&](const auto& c) { return c.name == name; });
        return *this;
    }

    void write(const std::filesystem::path& folder) const {
        using namespace sonata;
        for (const auto* sub : {"components"}) create_folder(folder/sub);
        const std::vector<node_values> all{{"cells", {1, 1}, nodes}, {"drive", {2, 2, 2}, {}}};
        write_nodes(folder/"nodes.h5", all, overwrite::yes);
        write_types(folder/"types.csv", "node_type_id", {{"model_type", "model_template", "morphology", "dynamics_params"},
                    {{1, {"biophysical", "apical:cell", "ball", "ball.json"}}, {2, {"virtual", {}, {}, {}}}}}, overwrite::yes);
        write_text(folder/"components/ball.json", R"({"v_init": "-70 mV", "compartments": [1], "paint": [{"region": "all", "mechanism": "pas", "parameters": {"g": "0.0001 S/cm2", "e_rev": "-70 mV"}}],
            "sections": [{"type": 1, "parent": -1, "parent_x": 0, "points": [[0, 0, 0, 20], [20, 0, 0, 20]]}]})", overwrite::yes);
        edge_values e{.name = "drive__cells__chemical", .source = "drive", .target = "cells", .sources = 3, .targets = 2, .source_ids = sources, .target_ids = targets,
                      .types = std::vector<std::int64_t>(sources.size(), -1), .attributes = columns};
        write_edges(folder/"edges.h5", std::span(&e, 1), overwrite::yes);
        population_spikes s{"drive", {}, {}};
        for (const auto& [time, node] : spikes) s.times.push_back(time), s.cells.push_back(node);
        write_spikes(folder/"spikes.h5", std::span(&s, 1), overwrite::yes);
        write_text(folder/"node_sets.json", R"({"Mosaic": {"population": "cells"}, "first": {"population": "cells", "node_id": [0]}, "Drive": {"population": "drive"}, "zero": {"population": "drive", "node_id": [0]}})", overwrite::yes);
        write_text(folder/"circuit_config.json", R"({"version": 2, "manifest": {"$BASE": "."}, "node_sets_file": "$BASE/node_sets.json",
            "components": {"biophysical_neuron_models_dir": "$BASE/components", "morphologies_dir": "$BASE/components"},
            "networks": {"nodes": [{"nodes_file": "$BASE/nodes.h5", "node_types_file": "$BASE/types.csv", "populations": {"cells": {"type": "biophysical"}, "drive": {"type": "virtual"}}}],
                         "edges": [{"edges_file": "$BASE/edges.h5", "populations": {"drive__cells__chemical": {"type": "chemical"}}}]}})", overwrite::yes);
        write_text(folder/"simulation_config.json", R"({"network": "./circuit_config.json", "node_sets_file": "./node_sets.json", "run": {)" + run + R"(}, "conditions": {)" + conditions + "}, " +
                   (overrides.empty() ? std::string() : R"("connection_overrides": [)" + overrides + "], ") +
                   R"("inputs": {"drive": {"module": "synapse_replay", "input_type": "spikes", "delay": 0, "duration": 1000, "spike_file": "./spikes.h5", "source": "Drive", "node_set": "Mosaic"})" +
                   (inputs.empty() ? std::string() : ", " + inputs) + R"(}, "output": {"output_dir": "output"},
            "reports": {"soma": {"cells": "Mosaic", "type": "compartment", "variable_name": "v", "sections": "soma", "dt": 0.025, "start_time": 0, "end_time": 60}}})", overwrite::yes);
    }

    /// Written and read again; throws what is found.
    sonata::built_circuit built(const temporary_folder& folder) const {
        write(folder.path());
        sonata::findings found;
        const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder/"simulation_config.json", found));
        auto made = sonata::build_circuit(files, {}, found);
        found.throw_if_errors();
        return made;
    }
};

}  // namespace apical::testing
