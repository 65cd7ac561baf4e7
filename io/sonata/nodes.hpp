// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/sonata/attribute_group.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/types_table.hpp"

namespace apical::sonata {

/// The nodes of one population, in memory. A node's attribute is that of its group, else that of its type.
class node_population {
public:
    const std::string& name() const { return name_; }
    std::uint64_t size() const { return types_of_.size(); }
    /// "nodes.h5:/nodes/NAME".
    const std::string& where() const { return where_; }

    /// Ids of the types of all nodes; -1 stands for none.
    const std::vector<std::int64_t>& type_ids() const { return types_of_; }
    const types_table& types() const { return types_; }
    /// Names of all attributes that a group or the types have.
    std::vector<std::string> attributes() const;
    bool has(std::string_view attribute) const;
    /// Whether a group has it, so that it may differ between the nodes of a type.
    bool is_individual(std::string_view attribute) const;

    /// One attribute of one node; nothing if neither its group nor its type has a value, or if it is no number.
    std::optional<double> number(std::uint64_t node, std::string_view attribute) const;
    std::optional<std::string> text(std::uint64_t node, std::string_view attribute) const;
    /// One attribute of all nodes; NaN where `number` has nothing.
    std::vector<double> numbers(std::string_view attribute) const;
    /// Names X of the node's own attributes "dynamics_params/X".
    std::vector<std::string> dynamics(std::uint64_t node) const;
    /// Where an attribute of a node is written: "nodes.h5:/nodes/a/0/x[7]" or "types.csv:3".
    std::string where(std::uint64_t node, std::string_view attribute) const;

private:
    friend class node_reader;
    struct group {
        std::string where;
        std::map<std::string, column, std::less<>> columns;
    };
    const column* individual(std::uint64_t node, std::string_view attribute) const;

    std::string name_, where_;
    std::vector<std::int64_t> types_of_;
    std::vector<std::uint32_t> groups_of_;           // into groups_
    std::vector<std::uint64_t> rows_of_;             // within the group
    std::vector<group> groups_;
    types_table types_;
};

/// Reads all populations of a nodes file with its types; the path of the types is empty where there is none. What is wrong is found
/// with the path in the file and the row; a population of which something is wrong is left out.
std::vector<node_population> read_nodes(const std::filesystem::path& nodes, const std::filesystem::path& types, findings& found);

/// nullptr if there is none of this name.
const node_population* population_named(std::string_view name, const std::vector<node_population>& all);

}  // namespace apical::sonata
