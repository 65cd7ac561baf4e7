// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/node_sets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <regex>

#include <fmt/format.h>

#include "io/output_file.hpp"

namespace apical::sonata {
namespace {

using node_list = std::vector<std::uint64_t>;      // ascending
using nodes_of = std::vector<node_list>;           // of each population

constexpr std::size_t longest_pattern = 1000, deepest_union = 256;

bool is_population_key(std::string_view key) { return key == "population" || key == "populations"; }
bool is_id_key(std::string_view key) { return key == "node_id" || key == "node_ids"; }

/// Patterns that are searched in polynomial time: no text can make a set take forever.
std::regex compiled(const std::string& pattern) { return std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial); }

std::optional<std::variant<double, std::string>> value_in(const field& f) {
    if (f.at->type == json::kind::number) return f.number();
    if (f.at->type == json::kind::text) return f.at->text;
    f.invalid(fmt::format("expected a number or a text, got {}", json::name_of(f.at->type)));
    return std::nullopt;
}

condition::values values_in(const field& f) {
    condition::values v;
    const auto take = [&](const field& one) {
        if (auto x = value_in(one)) v.any_of.push_back(std::move(*x));
    };
    if (f.at->type != json::kind::array) take(f);
    else for (std::size_t i = 0; i < f.items(); ++i) take(f.item(i));
    return v;
}

/// {"$regex": ".."} or {"$gt": 1, "$lte": 3}.
void read_operators(const field& f, condition& c) {
    std::vector<condition::bound> bounds;
    if (f.at->members.empty()) f.invalid("has no operator", "$regex, $gt, $gte, $lt and $lte are known");
    for (const auto& [sign, value] : f.at->members) {
        const auto at = f.member(sign);
        if (sign == "$regex") {
            const auto pattern = at.text();
            if (f.at->members.size() > 1) at.invalid("stands beside another operator");
            else if (pattern && pattern->size() > longest_pattern) at.invalid(fmt::format("is longer than {} characters", longest_pattern));
            else if (pattern) try {
                static_cast<void>(compiled(*pattern));
                c.test = condition::pattern{*pattern};
            } catch (const std::regex_error& e) {
                at.invalid(fmt::format("is not a regular expression: {}", e.what()));
            }
        } else if (sign == "$gt" || sign == "$gte" || sign == "$lt" || sign == "$lte") {
            if (const auto x = at.number()) bounds.push_back({sign, *x});
        } else at.invalid(fmt::format("'{}' is not an operator", sign), "$regex, $gt, $gte, $lt and $lte are known");
    }
    if (!bounds.empty()) c.test = std::move(bounds);
}

bool holds(const condition::bound& b, double x) {
    if (b.sign == "$gt") return x > b.value;
    if (b.sign == "$gte") return x >= b.value;
    return b.sign == "$lt" ? x < b.value : x <= b.value;
}

/// Whether a node's attribute is as the condition asks.
bool holds(const condition& c, const node_population& p, std::uint64_t node) {
    if (const auto* v = std::get_if<condition::values>(&c.test))
        return std::ranges::any_of(v->any_of, [&](const auto& one) {
            if (const auto* x = std::get_if<double>(&one)) return p.number(node, c.attribute) == *x;
            return p.text(node, c.attribute) == std::get<std::string>(one);
        });
    const auto x = p.number(node, c.attribute);
    return x && std::ranges::all_of(std::get<std::vector<condition::bound>>(c.test), [&](const auto& b) { return holds(b, *x); });
}

/// The nodes of those that fit a pattern.
void keep_fitting(node_list& nodes, const condition& c, const node_population& p) {
    const auto pattern = compiled(std::get<condition::pattern>(c.test).regex);
    std::map<std::string, bool> known;         // many nodes have few texts
    std::erase_if(nodes, [&](std::uint64_t node) {
        const auto text = p.text(node, c.attribute);
        if (!text) return true;
        const auto [it, is_new] = known.try_emplace(*text, false);
        if (is_new) it->second = std::regex_search(*text, pattern);
        return !it->second;
    });
}

bool has_name(const condition& c, const std::string& name) {
    const auto& v = std::get<condition::values>(c.test);
    return std::ranges::any_of(v.any_of, [&](const auto& one) { return std::holds_alternative<std::string>(one) && std::get<std::string>(one) == name; });
}

node_list all_of(const node_population& p) {
    node_list all(p.size());
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    return all;
}

void sort_once(node_list& nodes) {
    std::ranges::sort(nodes);
    nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
}

/// Condition on the node itself: its id is one of these.
node_list with_ids(const node_list& nodes, const condition& c) {
    node_list kept;
    for (const auto& one : std::get<condition::values>(c.test).any_of) {
        const auto id = static_cast<std::uint64_t>(std::get<double>(one));
        if (std::ranges::binary_search(nodes, id)) kept.push_back(id);
    }
    sort_once(kept);
    return kept;
}

/// Ids and names of populations are of one kind; what is not is found and dropped.
void check_kind(const field& f, condition& c, bool are_ids) {
    auto* v = std::get_if<condition::values>(&c.test);
    if (!v) {
        f.unsupported(fmt::format("'{}' with an operator", c.attribute), "give the values themselves");
        c.test = condition::values{};
        return;
    }
    std::erase_if(v->any_of, [&](const auto& one) {
        const auto* x = std::get_if<double>(&one);
        const bool is_right = are_ids ? x && *x >= 0 && *x == std::floor(*x) && *x < 9e15 : !x;
        if (!is_right) f.invalid(are_ids ? "ids of nodes are whole numbers from 0" : "populations are named by texts");
        return !is_right;
    });
}

json::value test_as_json(const condition& c) {
    if (const auto* p = std::get_if<condition::pattern>(&c.test)) return json::object({{"$regex", json::text(p->regex)}});
    if (const auto* bounds = std::get_if<std::vector<condition::bound>>(&c.test)) {
        auto o = json::object({});
        for (const auto& b : *bounds) o.members.emplace_back(b.sign, json::number(b.value));
        return o;
    }
    json::value list{.type = json::kind::array};
    for (const auto& one : std::get<condition::values>(c.test).any_of) {
        const auto* x = std::get_if<double>(&one);
        list.items.push_back(x ? json::number(*x) : json::text(std::get<std::string>(one)));
    }
    // ids are lists for BMTK, however many
    return list.items.size() == 1 && c.attribute != "node_id" ? list.items.front() : list;
}

}  // namespace

node_sets::node_set node_sets::parsed(const field& f) {
    node_set s{.where = f.where()};
    if (f.at->type == json::kind::object) {
        s.is_object = true;
        for (const auto& [key, value] : f.at->members) {
            const auto at = f.member(key, value);
            condition c{.attribute = key, .where = at.where(), .test = condition::values{}};
            if (value.type == json::kind::object) read_operators(at, c);
            else c.test = values_in(at);
            if (is_population_key(key) || is_id_key(key)) check_kind(at, c, is_id_key(key));
            s.conditions.push_back(std::move(c));
        }
        return s;
    }
    if (!f.is(json::kind::array)) return s;
    for (std::size_t i = 0; i < f.items(); ++i) {
        const auto item = f.item(i);
        if (item.at->type == json::kind::text) s.united.push_back(item.at->text);
        else if (const auto id = item.whole_number(); id && *id >= 0) s.ids.push_back(static_cast<std::uint64_t>(*id));
        else if (id) item.invalid(fmt::format("is the id {}, ids count from 0", *id));
    }
    if (!s.united.empty() && !s.ids.empty()) f.invalid("mixes names of sets and ids of nodes");
    return s;
}

void node_sets::add(const field& sets) {
    if (!sets.is(json::kind::object)) return;
    for (const auto& [name, value] : sets.at->members) sets_.insert_or_assign(name, parsed(sets.member(name, value)));
}

void node_sets::read(const std::filesystem::path& path, findings& found) {
    found.guard([&] {
        const auto document = json::parse(read_text(path, std::size_t{64} << 20), path.string());
        const origin from{path.string(), path.parent_path()};
        add({&document, "", &from, &found});
    });
}

std::string node_sets::add_nameless(const field& set) {
    auto name = set.from->file + " " + set.pointer;
    sets_.insert_or_assign(name, parsed(set));
    return name;
}

void node_sets::add(const std::string& name, const std::string& population, const std::vector<std::uint64_t>& nodes) {
    condition::values ids;
    for (const auto n : nodes) ids.any_of.push_back(static_cast<double>(n));
    node_set s{.where = name, .is_object = true};
    s.conditions.push_back({"population", name, condition::values{{population}}});
    s.conditions.push_back({"node_id", name, std::move(ids)});
    sets_.insert_or_assign(name, std::move(s));
}

json::value node_sets::to_json() const {
    auto all = json::object({});
    for (const auto& [name, s] : sets_) {
        json::value set{.type = s.is_object ? json::kind::object : json::kind::array};
        for (const auto& c : s.conditions) set.members.emplace_back(c.attribute, test_as_json(c));
        for (const auto& other : s.united) set.items.push_back(json::text(other));
        for (const auto id : s.ids) set.items.push_back(json::number(static_cast<double>(id)));
        all.members.emplace_back(name, std::move(set));
    }
    return all;
}

std::vector<std::string> node_sets::names() const {
    std::vector<std::string> all;
    for (const auto& [name, s] : sets_) all.push_back(name);
    return all;
}

/// Follows sets of sets, each once.
class node_sets::selector {
public:
    selector(const node_sets& from, const std::vector<node_population>& populations, findings& found)
        : from_(from), populations_(populations), found_(found) {}

    const nodes_of& named(const std::string& name, const std::string& where) {
        if (const auto it = done_.find(name); it != done_.end()) return it->second;
        if (std::ranges::find(open_, name) != open_.end()) {
            found_.invalid(where, fmt::format("the node set contains itself: {} -> {}", fmt::join(open_, " -> "), name));
            return done_[name] = none();
        }
        if (open_.size() >= deepest_union) {
            found_.invalid(where, fmt::format("the node set is a union of unions more than {} deep", deepest_union));
            return done_[name] = none();
        }
        const auto it = from_.sets_.find(name);
        if (it == from_.sets_.end()) return done_[name] = implicit(name, where);
        open_.push_back(name);
        auto nodes = it->second.is_object ? of_object(it->second) : of_list(it->second);
        open_.pop_back();
        return done_[name] = std::move(nodes);
    }

private:
    nodes_of none() const { return nodes_of(populations_.size()); }

    nodes_of implicit(const std::string& name, const std::string& where) {
        auto all = none();
        bool is_known = name == "all";
        for (std::size_t p = 0; p < populations_.size(); ++p)
            if (name == "all" || populations_[p].name() == name) all[p] = all_of(populations_[p]), is_known = true;
        if (is_known) return all;
        auto known = from_.names();
        for (const auto& p : populations_) known.push_back(p.name());
        found_.invalid(where, fmt::format("there is no node set '{}'", name), suggestion(name, known));
        return all;
    }

    nodes_of of_list(const node_set& s) {
        auto all = none();
        for (const auto& name : s.united) {
            const auto& other = named(name, s.where);
            for (std::size_t p = 0; p < all.size(); ++p) all[p].insert(all[p].end(), other[p].begin(), other[p].end());
        }
        for (const auto id : s.ids) {
            bool is_there = false;
            for (std::size_t p = 0; p < populations_.size(); ++p)
                if (id < populations_[p].size()) all[p].push_back(id), is_there = true;
            if (!is_there) found_.invalid(s.where, fmt::format("names node {}, which no population has", id));
        }
        std::ranges::for_each(all, sort_once);
        return all;
    }

    nodes_of of_object(const node_set& s) {
        auto all = none();
        std::vector<std::size_t> chosen;
        for (std::size_t p = 0; p < populations_.size(); ++p)
            if (std::ranges::all_of(s.conditions, [&](const condition& c) { return !is_population_key(c.attribute) || has_name(c, populations_[p].name()); })) chosen.push_back(p);
        check_populations(s);
        for (const auto& c : s.conditions) check_attribute(c, chosen);
        for (const auto p : chosen) all[p] = fitting(populations_[p], s);
        return all;
    }

    node_list fitting(const node_population& p, const node_set& s) const {
        auto nodes = all_of(p);
        for (const auto& c : s.conditions) {
            if (is_population_key(c.attribute)) continue;
            if (is_id_key(c.attribute)) nodes = with_ids(nodes, c);
            else if (std::holds_alternative<condition::pattern>(c.test)) keep_fitting(nodes, c, p);
            else std::erase_if(nodes, [&](std::uint64_t node) { return !holds(c, p, node); });
        }
        return nodes;
    }

    void check_populations(const node_set& s) {
        for (const auto& c : s.conditions) {
            if (!is_population_key(c.attribute)) continue;
            for (const auto& one : std::get<condition::values>(c.test).any_of) {
                const auto& name = std::get<std::string>(one);
                if (population_named(name, populations_)) continue;
                std::vector<std::string> known;
                for (const auto& p : populations_) known.push_back(p.name());
                found_.invalid(c.where, fmt::format("there is no population '{}'", name), suggestion(name, known));
            }
        }
    }

    /// A misspelt attribute would select nothing here, and everything in other programs.
    void check_attribute(const condition& c, const std::vector<std::size_t>& chosen) {
        if (is_population_key(c.attribute) || is_id_key(c.attribute) || chosen.empty()) return;
        if (std::ranges::any_of(chosen, [&](std::size_t p) { return populations_[p].has(c.attribute); })) return;
        std::vector<std::string> known;
        for (const auto p : chosen)
            for (auto& a : populations_[p].attributes()) known.push_back(std::move(a));
        std::ranges::sort(known);
        known.erase(std::ranges::unique(known).begin(), known.end());
        found_.invalid(c.where, fmt::format("no population of this set has the attribute '{}'", c.attribute), suggestion(c.attribute, known));
    }

    const node_sets& from_;
    const std::vector<node_population>& populations_;
    findings& found_;
    std::map<std::string, nodes_of> done_;
    std::vector<std::string> open_;
};

std::vector<selection> node_sets::select(std::string_view name, const std::vector<node_population>& populations, const std::string& where,
                                         findings& found) const {
    selector s(*this, populations, found);
    const auto& nodes = s.named(std::string(name), where);
    std::vector<selection> all;
    for (std::size_t p = 0; p < nodes.size(); ++p)
        if (!nodes[p].empty()) all.push_back({p, {nodes[p].begin(), nodes[p].end()}});
    return all;
}

}  // namespace apical::sonata
