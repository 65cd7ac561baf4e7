// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "io/output_file.hpp"
#include "io/sonata/config.hpp"

namespace apical::sonata {

/// An attribute that every node or edge has for itself, one value each. "dynamics_params/NAME" is put into that folder.
struct attribute_values {
    std::string name;
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// The nodes of a population to write.
struct node_values {
    std::string name;
    std::vector<std::int64_t> types;                 ///< node_type_id of each node
    std::vector<attribute_values> attributes = {};
};

/// The edges of a population to write.
struct edge_values {
    std::string name, source, target;                ///< of the edges and of the two populations of nodes
    std::uint64_t sources = 0, targets = 0;          ///< nodes of these
    std::vector<std::uint64_t> source_ids = {}, target_ids = {};
    std::vector<std::int64_t> types = {};            ///< edge_type_id of each edge
    std::vector<attribute_values> attributes = {};
};

/// The edges of a population, handed over target by target, so that nobody holds them all.
struct edge_stream {
    struct attribute {
        std::string name;
        bool is_whole = false;                       ///< numbers are written as 64-bit integers, not as doubles
    };
    /// Where a target's edges go: ids of sources, and of each attribute one value an edge.
    struct batch {
        std::vector<std::uint64_t> sources;
        std::vector<std::vector<double>> values;
    };
    std::string name, source, target;                ///< of the edges and of the two populations of nodes
    std::uint64_t sources = 0, targets = 0;          ///< nodes of these
    std::int64_t type = 0;                           ///< edge_type_id of all
    std::vector<attribute> attributes = {};
    std::function<void(std::uint64_t target, batch& to)> onto = {};   ///< appends; called twice for each target, with the same result
    /// Up to so many edges the file has an index by source too, for which their sources are held in memory.
    std::uint64_t most_indexed_by_source = 20000000;
};

/// Types to write: names and cells of the columns but that of the ids. A cell without value is written as NULL.
struct type_values {
    std::vector<std::string> columns;
    std::vector<std::pair<std::int64_t, std::vector<std::optional<std::string>>>> rows;
};

/// Write a nodes file, /nodes/NAME/..., of one group. Throws invalid_input, naming the file and the population, if the lists are of
/// different lengths; a failure leaves no file.
void write_nodes(const std::filesystem::path& path, std::span<const node_values> populations, overwrite mode = overwrite::no);

/// Writes an edges file, /edges/NAME/..., of one group, sorted by target and otherwise in the order given, with the index in both
/// directions under the names of the specification and of BMTK. Throws invalid_input also for ids beyond the nodes.
void write_edges(const std::filesystem::path& path, std::span<const edge_values> populations, overwrite mode = overwrite::no);

/// Writes an edges file of one population, piece by piece. Returns how many edges there are.
std::uint64_t write_edges(const std::filesystem::path& path, const edge_stream& edges, overwrite mode = overwrite::no);

/// Writes node or edge types; `id` is node_type_id or edge_type_id.
void write_types(const std::filesystem::path& path, std::string_view id, const type_values& types, overwrite mode = overwrite::no);

/// Writes a configuration as one file that read_config reads as the same values. Paths below the file's folder become relative.
void write_config(const std::filesystem::path& path, const config& c, overwrite mode = overwrite::no);

}  // namespace apical::sonata
