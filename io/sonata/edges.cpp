// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/edges.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "io/hdf5.hpp"

namespace apical::sonata {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t block = 1 << 20;

/// What a number of this name must be; names that are not here may be anything.
struct limits {
    std::string_view name;
    double low, high;
};
constexpr double endless = std::numeric_limits<double>::max();
constexpr std::array limited{
    limits{"syn_weight", -endless, endless}, limits{"conductance", -endless, endless}, limits{"delay", 0, 1e4},
    limits{"nsyns", 0, 1e5}, limits{"afferent_section_id", 0, 4294967295.0}, limits{"afferent_section_pos", 0, 1},
    limits{"decay_time", 1e-6, endless}, limits{"u_syn", 0, 1}, limits{"depression_time", 0, endless}, limits{"facilitation_time", 0, endless},
    limits{"n_rrp_vesicles", 1, 1000}, limits{"conductance_scale_factor", -1, endless}, limits{"u_hill_coefficient", 0, endless}, limits{"syn_type_id", 0, 1e6},
    limits{"spont_minis", 0, endless},
};

/// The name that old files have for it.
std::string old_name(std::string_view attribute) {
    if (attribute == "afferent_section_id") return "sec_id";
    if (attribute == "afferent_section_pos") return "sec_x";
    return std::string(attribute);
}
std::string new_name(const std::string& attribute) {
    if (attribute == "sec_id") return "afferent_section_id";
    if (attribute == "sec_x") return "afferent_section_pos";
    return attribute;
}

/// Ids of nodes, each below n.
std::vector<std::uint64_t> checked_nodes(std::span<const std::int64_t> read, std::span<const std::uint64_t> ids, std::uint64_t n,
                                         const std::string& where, const std::string& population) {
    std::vector<std::uint64_t> out(read.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (read[i] < 0 || static_cast<std::uint64_t>(read[i]) >= n)
            throw invalid_input(fmt::format("{}[{}]", where, ids[i]), fmt::format("names node {}, the population '{}' has {} nodes", read[i], population, n));
        out[i] = static_cast<std::uint64_t>(read[i]);
    }
    return out;
}

/// Which entries have which group, in order.
std::map<std::int64_t, std::vector<std::size_t>> by_group(const membership& m) {
    std::map<std::int64_t, std::vector<std::size_t>> all;
    auto last = all.end();
    for (std::size_t i = 0; i < m.group.size(); ++i) {
        if (last == all.end() || last->first != m.group[i]) last = all.try_emplace(m.group[i]).first;
        last->second.push_back(i);
    }
    return all;
}

std::vector<std::uint64_t> rows_at(const membership& m, std::span<const std::size_t> entries) {
    std::vector<std::uint64_t> rows;
    for (const auto i : entries) rows.push_back(m.row[i]);
    return rows;
}

}  // namespace

std::vector<std::string> edge_population::attributes() const {
    std::set<std::string> all;
    for (const auto& c : types_.columns()) all.insert(new_name(c));
    for (const auto& [number, g] : *groups_)
        for (const auto& name : g.names()) all.insert(new_name(name));
    return {all.begin(), all.end()};
}

bool edge_population::is_individual(std::string_view attribute) const {
    return std::ranges::any_of(*groups_, [&](const auto& g) { return g.second.has(attribute) || g.second.has(old_name(attribute)); });
}

bool edge_population::has(std::string_view attribute) const {
    return is_individual(attribute) || types_.has(attribute) || types_.has(old_name(attribute));
}

edge_rows edge_population::read(const row_ranges& ranges) const {
    edge_rows r;
    r.id = ids_in(ranges);
    const auto& f = *file_;
    r.source = checked_nodes(gather<std::int64_t>(f, "source_node_id", ranges), r.id, sources_, f.where("source_node_id"), source_);
    r.target = checked_nodes(gather<std::int64_t>(f, "target_node_id", ranges), r.id, targets_, f.where("target_node_id"), target_);
    r.type = gather<std::int64_t>(f, "edge_type_id", ranges);
    check_types(r.type, r.id, types_, f, edges_file);
    r.member = read_membership(f, edges_file, ranges);
    check_membership(r.member, r.id, *groups_, f, edges_file);
    return r;
}

edge_rows edge_population::of_targets(std::uint64_t first, std::uint64_t last) const {
    auto r = read(index_.edges_of(first, last));
    for (std::size_t i = 0; i < r.size(); ++i)
        if (r.target[i] < first || r.target[i] >= last)
            throw invalid_input(fmt::format("{}/target_node_id[{}]", where_, r.id[i]), fmt::format("is {}, the index gives it to {}", r.target[i],
                                last == first + 1 ? fmt::format("target {}", first) : fmt::format("one of the targets {} to {}", first, last - 1)),
                                "leave the index out, and it is made anew");
    return r;
}

edge_rows edge_population::rows(std::uint64_t first, std::uint64_t last) const {
    last = std::min(last, size_);
    return read(first < last ? row_ranges{{first, last}} : row_ranges{});
}

std::string edge_population::where(const edge_rows& of, std::size_t i, std::string_view attribute) const {
    const auto g = groups_->find(of.member.group[i]);
    if (g != groups_->end())
        for (const auto& name : {std::string(attribute), old_name(attribute)})
            if (g->second.has(name)) return fmt::format("{}[{}]", g->second.where(name), of.member.row[i]);
    return types_.where(of.type[i]);
}

void edge_population::check_numbers(std::span<const double> values, const edge_rows& of, std::string_view attribute) const {
    const auto l = std::ranges::find(limited, attribute, &limits::name);
    if (l == limited.end()) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] >= l->low && values[i] <= l->high) continue;
        const auto g = groups_->find(of.member.group[i]);
        const bool is_own = g != groups_->end() && (g->second.has(attribute) || g->second.has(old_name(attribute)));
        if (std::isnan(values[i]) && !is_own && !types_.text(of.type[i], attribute)) continue;      // there is none
        throw invalid_input(where(of, i, attribute), fmt::format("the {} is {}", attribute, values[i]),
                            l->low == -endless ? "a finite number is expected" : l->high == endless ? fmt::format("{} or more is expected", l->low) : fmt::format("{} to {} is expected", l->low, l->high));
    }
}

std::vector<double> edge_population::numbers(const edge_rows& of, std::string_view attribute) const {
    std::vector<double> all(of.size(), none);
    const auto name = new_name(std::string(attribute)), old = old_name(name);
    for (const auto& [number, entries] : by_group(of.member)) {
        const auto g = groups_->find(number);
        if (g != groups_->end() && (g->second.has(name) || g->second.has(old))) {
            const auto c = g->second.read_at(g->second.has(name) ? name : old, rows_at(of.member, entries));
            for (std::size_t k = 0; k < entries.size(); ++k) {
                const auto x = c.number(k);
                if (!x && c.is_text) throw invalid_input(where(of, entries[k], name), fmt::format("is '{}', expected a number", c.text(k)));
                all[entries[k]] = x.value_or(none);
            }
            continue;
        }
        for (const auto i : entries) {
            const auto* t = types_.text(of.type[i], types_.has(name) ? name : old);
            if (!t) continue;
            const auto x = number_in(*t);
            if (!x) throw invalid_input(types_.where(of.type[i]), fmt::format("has the {} '{}', expected a number", name, *t));
            all[i] = *x;
        }
    }
    check_numbers(all, of, name);
    return all;
}

std::vector<std::string> edge_population::texts(const edge_rows& of, std::string_view attribute) const {
    std::vector<std::string> all(of.size());
    const auto name = new_name(std::string(attribute)), old = old_name(name);
    for (const auto& [number, entries] : by_group(of.member)) {
        const auto g = groups_->find(number);
        if (g != groups_->end() && (g->second.has(name) || g->second.has(old))) {
            const auto c = g->second.read_at(g->second.has(name) ? name : old, rows_at(of.member, entries));
            for (std::size_t k = 0; k < entries.size(); ++k) all[entries[k]] = c.text(k);
            continue;
        }
        for (const auto i : entries)
            if (const auto* t = types_.text(of.type[i], types_.has(name) ? name : old)) all[i] = *t;
    }
    return all;
}

void edge_population::check(findings& found) const {
    const auto names = attributes();
    found.guard([&] {
        for (std::uint64_t first = 0; first < size_; first += block) {
            const auto r = rows(first, first + block);
            for (const auto& l : limited)
                if (std::ranges::find(names, l.name) != names.end()) numbers(r, l.name);
        }
        // the index says the same as the edges do
        const auto written = file_->read<std::int64_t>("target_node_id");
        for (std::uint64_t node = 0; node < targets_; ++node)
            for (const auto& [begin, end] : index_.edges_of(node, node + 1))
                for (auto e = begin; e < end; ++e)
                    if (written[e] != static_cast<std::int64_t>(node)) of_targets(node, node + 1);      // throws
    });
}

/// Opens one population.
class edge_reader {
public:
    edge_reader(hdf5::group from, const std::string& name, const std::vector<node_population>& nodes, findings& found)
        : from_(std::move(from)), nodes_(nodes), found_(found) {
        p_.name_ = name;
        p_.where_ = from_.where(".");
    }

    edge_population read(const std::filesystem::path& types) {
        if (!types.empty()) p_.types_ = types_table::read(types, "edge_type_id", p_.name_);
        p_.size_ = rows_of_ids(from_, "edge_type_id");
        for (const auto set : {"source_node_id", "target_node_id", "edge_group_id", "edge_group_index"})
            if ((from_.contains(set) || std::string_view(set).ends_with("node_id")) && rows_of_ids(from_, set) != p_.size_)
                throw invalid_input(from_.where(set), fmt::format("has {} rows, edge_type_id has {}", rows_of_ids(from_, set), p_.size_));
        const auto& source = side("source_node_id");
        const auto& target = side("target_node_id");
        p_.source_ = source.name(), p_.sources_ = source.size();
        p_.target_ = target.name(), p_.targets_ = target.size();
        p_.groups_ = std::make_shared<const std::map<std::int64_t, attribute_group>>(open_groups(from_, found_));
        note_old_names();
        const auto [folder, has_index] = index_folder(from_, "target_to_source");
        if (has_index) p_.index_ = edge_index::read(folder, p_.targets_, p_.size_);
        else p_.index_ = edge_index::built(targets(), p_.targets_);
        if (const auto [back, has_back] = index_folder(from_, "source_to_target"); has_back) edge_index::read(back, p_.sources_, p_.size_);
        p_.file_ = std::make_shared<const hdf5::group>(std::move(from_));
        return std::move(p_);
    }

private:
    const node_population& side(std::string_view set) {
        const auto name = from_.text_attribute(set, "node_population");
        const auto where = from_.where(set) + "@node_population";
        if (name.empty()) throw invalid_input(where, "is missing", "it names the population that the ids are of");
        if (const auto* p = population_named(name, nodes_)) return *p;
        std::vector<std::string> names;
        for (const auto& n : nodes_) names.push_back(n.name());
        throw invalid_input(where, fmt::format("names the population '{}', which is not there", name), suggestion(name, names));
    }

    std::vector<std::int64_t> targets() {
        auto all = from_.read<std::int64_t>("target_node_id");
        checked_nodes(all, ids_in(all_rows(all.size())), p_.targets_, from_.where("target_node_id"), p_.target_);
        return all;
    }

    void note_old_names() {
        for (const auto& [number, g] : *p_.groups_)
            for (const auto name : {"afferent_section_id", "afferent_section_pos"})
                if (g.has(name) && g.has(old_name(name))) found_.ignored(g.where(old_name(name)), fmt::format("says the same as {}", name));
    }

    hdf5::group from_;
    const std::vector<node_population>& nodes_;
    findings& found_;
    edge_population p_;
};

std::vector<edge_population> read_edges(const std::filesystem::path& edges, const std::filesystem::path& types,
                                        const std::vector<node_population>& nodes, findings& found) {
    std::vector<edge_population> all;
    found.guard([&] {
        const hdf5::file_reader file(edges);
        const auto root = file.root();
        check_magic(root, found);
        const auto folder = root.open("edges");
        const auto names = folder.names();
        if (names.empty()) found.invalid(folder.where("."), "holds no population");
        for (const auto& name : names) {
            if (!folder.contains_group(name)) found.invalid(folder.where(name), "is not a population");
            else found.guard([&] { all.push_back(edge_reader(folder.open(name), name, nodes, found).read(types)); });
        }
    });
    return all;
}

}  // namespace apical::sonata
