// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/sonata/attribute_group.hpp"
#include "io/sonata/edge_index.hpp"
#include "io/sonata/findings.hpp"
#include "io/sonata/nodes.hpp"
#include "io/sonata/population_file.hpp"
#include "io/sonata/types_table.hpp"

namespace apical::sonata {

/// Some edges of a population: one entry an edge in each list, in the order of the file.
struct edge_rows {
    std::vector<std::uint64_t> id;               ///< row in the file
    std::vector<std::uint64_t> source, target;   ///< nodes of the population's source and target populations
    std::vector<std::int64_t> type;              ///< -1 stands for none
    membership member;                           ///< where the edge's own attributes are

    std::size_t size() const { return id.size(); }
};

/// The edges of one population. The file stays open and is read as far as it is asked for; copies share it.
///
/// An edge's attribute is that of its group, else that of its type. The names of old files stand for those of the format:
/// sec_id for afferent_section_id, sec_x for afferent_section_pos.
class edge_population {
public:
    const std::string& name() const { return name_; }
    const std::string& source() const { return source_; }     ///< name of the population of the sources
    const std::string& target() const { return target_; }
    std::uint64_t size() const { return size_; }
    std::uint64_t sources() const { return sources_; }         ///< nodes of that population
    std::uint64_t targets() const { return targets_; }
    const std::string& where() const { return where_; }        ///< "edges.h5:/edges/NAME"
    const types_table& types() const { return types_; }
    std::vector<std::string> attributes() const;
    bool has(std::string_view attribute) const;
    /// Whether an edge's own group has it.
    bool is_individual(std::string_view attribute) const;

    /// The edges that end at the targets [first, last), in the order of the file. Reads no more of the file than the blocks they lie
    /// in. Throws invalid_input, naming the row, for ids of nodes, types, groups and rows of groups that are not there, and for edges that the index gives to another target.
    edge_rows of_targets(std::uint64_t first, std::uint64_t last) const;
    /// The edges [first, last) of the file, with the same refusals.
    edge_rows rows(std::uint64_t first, std::uint64_t last) const;

    /// One attribute of these edges; NaN where neither group nor type has it. Throws invalid_input, naming the place, for text that
    /// is no number, and for what cannot be: weights that are not finite, negative delays, positions outside of 0 to 1.
    std::vector<double> numbers(const edge_rows& of, std::string_view attribute) const;
    /// As text; "" where neither has it.
    std::vector<std::string> texts(const edge_rows& of, std::string_view attribute) const;

    /// Reads everything once, in blocks, and finds what reading would refuse; stops at the first block that is refused.
    void check(findings& found) const;

private:
    friend class edge_reader;
    edge_rows read(const row_ranges& ranges) const;
    void check_numbers(std::span<const double> values, const edge_rows& of, std::string_view attribute) const;
    std::string where(const edge_rows& of, std::size_t i, std::string_view attribute) const;

    std::string name_, source_, target_, where_;
    std::uint64_t size_ = 0, sources_ = 0, targets_ = 0;
    types_table types_;
    edge_index index_;
    std::shared_ptr<const hdf5::group> file_;
    std::shared_ptr<const std::map<std::int64_t, attribute_group>> groups_;
};

/// Opens all populations of an edges file with its types; the path of the types is empty where there is none. The attributes
/// node_population of the ids say which of `nodes` they are of. What is wrong is found with the path in the file and the row; a
/// population of which something is wrong is left out.
std::vector<edge_population> read_edges(const std::filesystem::path& edges, const std::filesystem::path& types,
                                        const std::vector<node_population>& nodes, findings& found);

}  // namespace apical::sonata
