// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/nodes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "io/hdf5.hpp"
#include "io/sonata/population_file.hpp"

namespace apical::sonata {

const column* node_population::individual(std::uint64_t node, std::string_view attribute) const {
    if (groups_.empty()) return nullptr;
    const auto& columns = groups_[groups_of_.at(node)].columns;
    const auto it = columns.find(attribute);
    return it == columns.end() ? nullptr : &it->second;
}

std::vector<std::string> node_population::attributes() const {
    std::set<std::string> all(types_.columns().begin(), types_.columns().end());
    for (const auto& g : groups_)
        for (const auto& [name, c] : g.columns) all.insert(name);
    return {all.begin(), all.end()};
}

bool node_population::is_individual(std::string_view attribute) const {
    return std::ranges::any_of(groups_, [&](const group& g) { return g.columns.contains(attribute); });
}

bool node_population::has(std::string_view attribute) const { return is_individual(attribute) || types_.has(attribute); }

std::optional<double> node_population::number(std::uint64_t node, std::string_view attribute) const {
    if (const auto* c = individual(node, attribute)) return c->number(rows_of_[node]);
    return types_.number(types_of_.at(node), attribute);
}

std::optional<std::string> node_population::text(std::uint64_t node, std::string_view attribute) const {
    if (const auto* c = individual(node, attribute)) return c->text(rows_of_[node]);
    const auto* t = types_.text(types_of_.at(node), attribute);
    return t ? std::optional(*t) : std::nullopt;
}

std::vector<double> node_population::numbers(std::string_view attribute) const {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::unordered_map<std::int64_t, double> of_type{{-1, none}};
    for (const auto id : types_.ids()) of_type[id] = types_.number(id, attribute).value_or(none);
    std::vector<const column*> of_group;
    for (const auto& g : groups_) {
        const auto it = g.columns.find(attribute);
        of_group.push_back(it == g.columns.end() ? nullptr : &it->second);
    }
    std::vector<double> all(size(), none);
    for (std::uint64_t i = 0; i < size(); ++i) {
        const auto* c = of_group.empty() ? nullptr : of_group[groups_of_[i]];
        if (c) all[i] = c->number(rows_of_[i]).value_or(none);
        else if (const auto t = of_type.find(types_of_[i]); t != of_type.end()) all[i] = t->second;
    }
    return all;
}

std::vector<std::string> node_population::dynamics(std::uint64_t node) const {
    constexpr std::string_view prefix = "dynamics_params/";
    std::vector<std::string> names;
    if (!groups_.empty())
        for (const auto& [name, c] : groups_[groups_of_.at(node)].columns)
            if (name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
    return names;
}

std::string node_population::where(std::uint64_t node, std::string_view attribute) const {
    if (individual(node, attribute)) return fmt::format("{}/{}[{}]", groups_[groups_of_[node]].where, attribute, rows_of_[node]);
    return types_.file().empty() ? fmt::format("{}[{}]", where_, node) : types_.where(types_of_.at(node));
}

/// Puts one population together.
class node_reader {
public:
    node_reader(hdf5::group from, const std::string& name, findings& found) : from_(std::move(from)), found_(found) {
        p_.name_ = name;
        p_.where_ = from_.where(".");
    }

    node_population read(const std::filesystem::path& types) {
        if (!types.empty()) p_.types_ = types_table::read(types, "node_type_id", p_.name_);
        const auto n = rows_of_ids(from_, "node_type_id");
        for (const auto set : {"node_id", "node_group_id", "node_group_index"})
            if (from_.contains(set) && rows_of_ids(from_, set) != n)
                throw invalid_input(from_.where(set), fmt::format("has {} rows, node_type_id has {}", rows_of_ids(from_, set), n));
        p_.types_of_ = from_.read<std::int64_t>("node_type_id");
        auto members = read_membership(from_, nodes_file, all_rows(n));
        const auto groups = open_groups(from_, found_);
        const auto ids = ids_in(all_rows(n));
        check_types(p_.types_of_, ids, p_.types_, from_, nodes_file);
        check_membership(members, ids, groups, from_, nodes_file);
        take_groups(groups, members);
        p_.rows_of_ = std::move(members.row);
        put_in_order();
        note_other_sets();
        return std::move(p_);
    }

private:
    void take_groups(const std::map<std::int64_t, attribute_group>& groups, const membership& members) {
        std::map<std::int64_t, std::uint32_t> position;
        for (const auto& [number, g] : groups) {
            position[number] = static_cast<std::uint32_t>(p_.groups_.size());
            auto& to = p_.groups_.emplace_back(node_population::group{from_.where(std::to_string(number)), {}});
            for (const auto& name : g.names()) found_.guard([&] { to.columns.emplace(name, g.read(name)); });
            check_dynamics(to);
        }
        if (p_.groups_.empty()) return;
        for (const auto number : members.group) p_.groups_of_.push_back(position[number]);
    }

    void check_dynamics(const node_population::group& g) {
        for (const auto& [name, c] : g.columns) {
            if (!name.starts_with("dynamics_params/") || c.is_text) continue;
            const auto bad = std::ranges::find_if_not(c.numbers, [](double x) { return std::isfinite(x); });
            if (bad != c.numbers.end()) found_.invalid(fmt::format("{}/{}[{}]", g.where, name, bad - c.numbers.begin()), fmt::format("is {}", *bad));
        }
    }

    /// Rows may stand in any order of their ids; in memory they are sorted.
    void put_in_order() {
        if (!from_.contains("node_id")) return;
        const auto ids = from_.read<std::int64_t>("node_id");
        const auto n = static_cast<std::int64_t>(ids.size());
        constexpr auto none = std::numeric_limits<std::size_t>::max();
        std::vector<std::size_t> row_of(ids.size(), none);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto where = fmt::format("{}[{}]", from_.where("node_id"), i);
            if (ids[i] < 0 || ids[i] >= n) throw invalid_input(where, fmt::format("is {}, the ids of {} nodes are 0 to {}", ids[i], n, n - 1));
            auto& row = row_of[static_cast<std::size_t>(ids[i])];
            if (row != none) throw invalid_input(where, fmt::format("is {} as in row {}", ids[i], row));
            row = i;
        }
        if (std::ranges::is_sorted(row_of)) return;
        const auto sorted = [&](auto& values) {
            if (values.empty()) return;
            auto old = values;
            for (std::size_t i = 0; i < row_of.size(); ++i) values[i] = old[row_of[i]];
        };
        sorted(p_.types_of_), sorted(p_.groups_of_), sorted(p_.rows_of_);
    }

    void note_other_sets() {
        const std::vector<std::string> known{"node_id", "node_type_id", "node_group_id", "node_group_index"};
        for (const auto& name : from_.names())
            if (std::ranges::find(known, name) == known.end() && !std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; }))
                found_.ignored(from_.where(name), "is not known here", suggestion(name, known));
        if (p_.types_.file().empty() && std::ranges::any_of(p_.types_of_, [](auto t) { return t != -1; }))
            found_.ignored(from_.where("node_type_id"), "names types, but no node_types_file says what they are");
    }

    hdf5::group from_;
    findings& found_;
    node_population p_;
};

std::vector<node_population> read_nodes(const std::filesystem::path& nodes, const std::filesystem::path& types, findings& found) {
    std::vector<node_population> all;
    found.guard([&] {
        const hdf5::file_reader file(nodes);
        const auto root = file.root();
        check_magic(root, found);
        const auto folder = root.open("nodes");
        const auto names = folder.names();
        if (names.empty()) found.invalid(folder.where("."), "holds no population");
        for (const auto& name : names) {
            if (!folder.contains_group(name)) found.invalid(folder.where(name), "is not a population");
            else found.guard([&] { all.push_back(node_reader(folder.open(name), name, found).read(types)); });
        }
    });
    return all;
}

const node_population* population_named(std::string_view name, const std::vector<node_population>& all) {
    const auto it = std::ranges::find(all, name, &node_population::name);
    return it == all.end() ? nullptr : &*it;
}

}  // namespace apical::sonata
