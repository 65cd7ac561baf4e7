// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

#include "io/sonata/write.hpp"

namespace apical::testing {

/// Two populations as plain values: three cells called "left", two sources called "drive".
inline std::vector<sonata::node_values> written_nodes() {
    using strings = std::vector<std::string>;
    return {{"left", {100, 101, 100}, {{"x", std::vector<double>{0.5, 1.5, 2.5}}, {"mtype", strings{"L5_TPC", "L5_MC", "L6_TPC"}}, {"layer", std::vector<std::int64_t>{5, 5, 6}},
                                       {"dynamics_params/gain", std::vector<double>{1, 2, 3}}}},
            {"drive", {-1, -1}, {}}};
}

/// Edges in no order; the second and the last have one target.
inline std::vector<sonata::edge_values> written_edges() {
    return {{.name = "drive__left__chemical", .source = "drive", .target = "left", .sources = 2, .targets = 3,
             .source_ids = {0, 1, 1, 0}, .target_ids = {2, 0, 2, 0}, .types = {7, 7, 8, 8},
             .attributes = {{"syn_weight", std::vector<double>{0.1, 0.2, 0.3, 0.4}}, {"afferent_section_id", std::vector<std::int64_t>{1, 2, 3, 4}},
                            {"delay", std::vector<double>{1, 2, 3, 4}}}}};
}

inline sonata::type_values written_node_types() {
    return {{"model_type", "label"}, {{100, {"biophysical", "a cell \"with\" blanks"}}, {101, {"biophysical", std::nullopt}}}};
}

/// Writes the circuit with its configuration, circuit_config.json.
inline void write_circuit(const std::filesystem::path& folder) {
    sonata::write_nodes(folder / "nodes.h5", written_nodes());
    sonata::write_edges(folder / "edges.h5", written_edges());
    sonata::write_types(folder / "node_types.csv", "node_type_id", written_node_types());
    sonata::write_types(folder / "edge_types.csv", "edge_type_id", {{"model_template"}, {{7, {"exp2syn"}}, {8, {"expsyn"}}}});
    sonata::config c;
    c.nodes.push_back({.nodes = folder / "nodes.h5", .types = folder / "node_types.csv"});
    c.edges.push_back({.edges = folder / "edges.h5", .types = folder / "edge_types.csv"});
    c.sets.add("some", "left", {0, 2});
    c.output.folder = folder / "output";
    sonata::write_config(folder / "circuit_config.json", c);
}

}  // namespace apical::testing
