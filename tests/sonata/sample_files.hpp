// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "io/hdf5.hpp"
#include "io/output_file.hpp"

namespace apical::testing {

/// A data set of a file to be: anything HDF5 can hold, right or wrong.
struct sample_set {
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
    hdf5::shape shape = {};                                  ///< empty: one dimension
    std::map<std::string, std::string> attributes = {};
    bool is_only_declared = false;                           ///< the set has its shape and no data
};

/// An HDF5 file to be: sets by path, "nodes/cells/node_type_id"; a path that ends in '/' is a folder with attributes.
using sample_hdf5 = std::map<std::string, sample_set>;

/// A small circuit as files, to be spoilt: six cells in two groups, driven by three sources through eight synapses.
struct sample_files {
    std::map<std::string, std::string> texts;
    std::map<std::string, sample_hdf5> hdf5;
    std::map<std::string, std::size_t> cut;                  ///< files of which only so many bytes are left
    std::map<std::string, bool> folders;                     ///< names that are folders instead of files

    /// Replaces a part of a text file, which must have it.
    sample_files& replace(const std::string& file, const std::string& from, const std::string& to) {
        auto& text = texts.at(file);
        const auto at = text.find(from);
        if (at == std::string::npos) throw std::logic_error(file + " has no " + from);
        text.replace(at, from.size(), to);
        return *this;
    }
    sample_set& set(const std::string& file, const std::string& path) { return hdf5.at(file).at(path); }
    std::vector<std::int64_t>& whole(const std::string& file, const std::string& path) { return std::get<1>(set(file, path).values); }
    std::vector<double>& numbers(const std::string& file, const std::string& path) { return std::get<0>(set(file, path).values); }

    void write(const std::filesystem::path& folder) const;
};

inline hdf5::group folder_at(hdf5::group root, std::string_view path) {
    auto g = std::move(root);
    while (!path.empty()) {
        const auto name = path.substr(0, path.find('/'));
        g = g.contains(name) ? g.open(name) : g.create(name);
        path.remove_prefix(std::min(name.size() + 1, path.size()));
    }
    return g;
}

inline void write_sample_set(hdf5::group& g, const std::string& name, const sample_set& s) {
    const auto write = [&]<class T>(const std::vector<T>& values) {
        if constexpr (std::is_same_v<T, std::string>) g.write(name, std::span<const std::string>(values));
        else if (s.is_only_declared) g.create<T>(name, s.shape, s.shape.size() == 1 ? hdf5::shape{16} : hdf5::shape{16, s.shape[1]});
        else if (s.shape.empty()) g.write<T>(name, values);
        else g.create<T>(name, s.shape).write_rows(0, std::span<const T>(values));
    };
    std::visit(write, s.values);
    for (const auto& [key, text] : s.attributes) g.set_attribute(name, key, text);
}

inline void sample_files::write(const std::filesystem::path& folder) const {
    for (const auto& [name, text] : texts) write_text(folder / name, text, overwrite::yes);
    for (const auto& [name, sets] : hdf5) {
        hdf5::file_writer file(folder / name, overwrite::yes);
        for (const auto& [path, s] : sets) {
            const auto slash = path.rfind('/');
            auto g = folder_at(file.root(), std::string_view(path).substr(0, slash == path.npos ? 0 : slash));
            if (slash + 1 < path.size() || slash == path.npos) write_sample_set(g, path.substr(slash + 1), s);
            else for (const auto& [key, text] : s.attributes) g.set_attribute(".", key, text);
        }
        file.commit();
    }
    for (const auto& [name, bytes] : cut) write_text(folder / name, read_text(folder / name).substr(0, bytes), overwrite::yes);
    for (const auto& [name, yes] : folders) {
        std::filesystem::remove_all(folder / name);
        std::filesystem::create_directory(folder / name);
    }
}

using whole_numbers = std::vector<std::int64_t>;
using fractions = std::vector<double>;

inline sample_hdf5 sample_nodes() {
    return {{"nodes/cells/node_type_id", {whole_numbers{100, 100, 101, 101, 100, 101}}},
            {"nodes/cells/node_id", {whole_numbers{0, 1, 2, 3, 4, 5}}},
            {"nodes/cells/node_group_id", {whole_numbers{0, 0, 0, 0, 1, 1}}},
            {"nodes/cells/node_group_index", {whole_numbers{0, 1, 2, 3, 0, 1}}},
            {"nodes/cells/0/x", {fractions{0.5, 1.5, 2.5, 3.5}}},
            {"nodes/cells/0/layer", {std::vector<std::string>{"L2", "L5", "L5", "L6"}}},
            {"nodes/cells/0/dynamics_params/gain", {fractions{1, 2, 3, 4}}},
            {"nodes/cells/1/x", {fractions{4.5, 5.5}}},
            {"nodes/drive/node_type_id", {whole_numbers{200, 200, 200}}},
            {"nodes/drive/node_group_id", {whole_numbers{0, 0, 0}}},
            {"nodes/drive/node_group_index", {whole_numbers{0, 1, 2}}},
            {"nodes/drive/0/", {whole_numbers{}}}};
}

inline sample_hdf5 sample_edges() {
    const std::string p = "edges/drive_to_cells/", back = p + "indices/source_to_target/", to = p + "indices/target_to_source/";
    return {{p + "source_node_id", {whole_numbers{0, 1, 2, 0, 1, 2, 0, 1}, {}, {{"node_population", "drive"}}}},
            {p + "target_node_id", {whole_numbers{0, 0, 1, 2, 2, 3, 5, 5}, {}, {{"node_population", "cells"}}}},
            {p + "edge_type_id", {whole_numbers{7, 7, 7, 8, 8, 8, 7, 7}}},
            {p + "edge_group_id", {whole_numbers(8, 0)}},
            {p + "edge_group_index", {whole_numbers{0, 1, 2, 3, 4, 5, 6, 7}}},
            {p + "0/syn_weight", {fractions{1, 2, 3, 4, 5, 6, 7, 8}}},
            {p + "0/delay", {fractions{1, 1, 1, 1, 2, 2, 2, 2}}},
            {p + "0/nsyns", {whole_numbers(8, 1)}},
            {p + "0/afferent_section_id", {whole_numbers{0, 1, 2, 3, 0, 1, 2, 3}}},
            {p + "0/afferent_section_pos", {fractions{0.5, 0, 1, 0.5, 0.5, 0.5, 0.5, 0.5}}},
            {to + "node_id_to_range", {whole_numbers{0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 5}, {6, 2}}},
            {to + "range_to_edge_id", {whole_numbers{0, 2, 2, 3, 3, 5, 5, 6, 6, 8}, {5, 2}}},
            {back + "node_id_to_range", {whole_numbers{0, 3, 3, 6, 6, 8}, {3, 2}}},
            {back + "range_to_edge_id", {whole_numbers{0, 1, 3, 4, 6, 7, 1, 2, 4, 5, 7, 8, 2, 3, 5, 6}, {8, 2}}}};
}

/// The circuit before it is spoilt.
inline sample_files sample_circuit() {
    sample_files s;
    s.hdf5["nodes.h5"] = sample_nodes();
    s.hdf5["edges.h5"] = sample_edges();
    s.hdf5["spikes.h5"] = {{"spikes/drive/timestamps", {fractions{1, 2, 3, 4}}}, {"spikes/drive/node_ids", {whole_numbers{0, 1, 2, 0}}}};
    s.hdf5["old_spikes.h5"] = {{"spikes/timestamps", {fractions{3, 1, 2}}}, {"spikes/gids", {whole_numbers{0, 1, 2}}}};
    s.texts["spikes.csv"] = "timestamps population node_ids\n1.5 drive 0\n2.5 drive 2\n";
    s.texts["node_types.csv"] = "node_type_id model_type ei label\n200 virtual e NULL\n101 biophysical i \"basket cell\"\n100 biophysical e NONE\n";
    s.texts["edge_types.csv"] = "edge_type_id model_template dynamics_params weight_sigma\n7 Exp2Syn a.json NULL\n8 Exp2Syn b.json 50\n";
    s.texts["config.json"] = "{\"network\": \"./circuit_config.json\", \"simulation\": \"./simulation_config.json\"}\n";
    s.texts["circuit_config.json"] = R"({
  "manifest": {"$BASE": ".", "${FILES}": "$BASE"},
  "components": {"morphologies_dir": "${FILES}/morphologies", "synaptic_models_dir": "$FILES/synapses"},
  "networks": {
    "nodes": [{"nodes_file": "$FILES/nodes.h5", "node_types_file": "$FILES/node_types.csv"}],
    "edges": [{"edges_file": "$FILES/edges.h5", "edge_types_file": "$FILES/edge_types.csv"}]
  }
})";
    s.texts["simulation_config.json"] = R"({
  "manifest": {"$BASE": "."},
  "run": {"tstop": 100.0, "dt": 0.1, "dL": 20.0, "spike_threshold": -15},
  "conditions": {"celsius": 34.0, "v_init": -80},
  "target_simulator": "NEURON",
  "node_sets_file": "$BASE/node_sets.json",
  "inputs": {
    "clamp": {"input_type": "current_clamp", "module": "IClamp", "node_set": "excitatory", "amp": 0.15, "delay": 5.0, "duration": 50.0},
    "drive": {"input_type": "spikes", "module": "h5", "input_file": "$BASE/spikes.h5", "node_set": "drive"},
    "old": {"input_type": "spikes", "module": "h5", "input_file": "$BASE/old_spikes.h5", "node_set": "drive"},
    "text": {"input_type": "spikes", "module": "csv", "input_file": "$BASE/spikes.csv", "node_set": "drive"}
  },
  "reports": {"v": {"module": "membrane_report", "cells": "deep", "variable_name": "v", "sections": "soma"}},
  "output": {"output_dir": "$BASE/output", "spikes_file": "spikes.h5", "spikes_sort_order": "time", "log_file": "log.txt"}
})";
    s.texts["node_sets.json"] = R"({
  "excitatory": {"population": "cells", "ei": "e"},
  "deep": {"layer": ["L5", "L6"]},
  "near": {"x": {"$lt": 2}},
  "both": ["excitatory", "deep"],
  "fitting": {"layer": {"$regex": "^L[56]"}}
})";
    return s;
}

}  // namespace apical::testing
