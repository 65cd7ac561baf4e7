// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/circuit_files.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "io/sonata/nwb_spikes.hpp"
#include "io/sonata/spike_trains.hpp"

namespace apical::sonata {
namespace {

/// Names of populations are told apart over all files.
template <class Population> void take(std::vector<Population>& to, std::vector<Population> more, std::string_view what, findings& found) {
    for (auto& p : more) {
        const auto same = std::ranges::find(to, p.name(), &Population::name);
        if (same != to.end()) found.invalid(p.where(), fmt::format("there is another population of {} '{}', {}", what, p.name(), same->where()));
        else to.push_back(std::move(p));
    }
}

/// BBP's configuration names the populations of a file.
template <class Population> void check_named(const std::map<std::string, std::string>& named, const std::vector<Population>& there,
                                             const std::string& where, findings& found) {
    std::vector<std::string> names;
    for (const auto& p : there) names.push_back(p.name());
    for (const auto& [name, type] : named)
        if (std::ranges::find(names, name) == names.end())
            found.invalid(where, fmt::format("names the population '{}', which its file does not have", name), suggestion(name, names));
}

/// Of the populations that a file has, the one that an input means.
const population_spikes* of_population(const std::vector<population_spikes>& all, const std::string& name) {
    if (all.size() == 1 && all.front().population.empty()) return &all.front();
    const auto it = std::ranges::find(all, name, &population_spikes::population);
    return it == all.end() ? nullptr : &*it;
}

/// All nodes at the same times.
void fire_together(std::vector<double> times, const std::vector<selection>& who, std::vector<replayed_spikes>& all) {
    std::ranges::sort(times);
    for (const auto& w : who) {
        auto& r = all.emplace_back(replayed_spikes{w.population, {}, {}});
        for (const double t : times)
            for (const auto n : w.nodes) r.times.push_back(t), r.nodes.push_back(n);
    }
}

replayed_spikes chosen_spikes(const population_spikes& from, const selection& who, std::uint64_t nodes, const std::string& where, double begin) {
    replayed_spikes r{who.population, {}, {}};
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < from.cells.size(); ++i) {
        if (from.cells[i] >= nodes) throw invalid_input(fmt::format("{}[{}]", where, i), fmt::format("names node {}, the population has {}", from.cells[i], nodes));
        if (from.times[i] >= begin && std::ranges::binary_search(who.nodes, from.cells[i])) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return from.times[i]; });
    for (const auto i : order) {
        r.times.push_back(from.times[i]);
        r.nodes.push_back(from.cells[i]);
    }
    return r;
}

}  // namespace

circuit_files read_circuit(const std::filesystem::path& config, findings& found) {
    circuit_files c;
    c.settings = read_config(config, found);
    for (const auto& e : c.settings.nodes) {
        auto nodes = read_nodes(e.nodes, e.types, found);
        check_named(e.population_types, nodes, e.where, found);
        take(c.nodes, std::move(nodes), "nodes", found);
    }
    for (const auto& e : c.settings.edges) {
        if (!e.is_enabled) continue;
        auto edges = read_edges(e.edges, e.types, c.nodes, found);
        check_named(e.population_types, edges, e.where, found);
        take(c.edges, std::move(edges), "edges", found);
    }
    for (std::size_t i = 0; i < c.settings.inputs.size(); ++i)
        if (const auto* r = std::get_if<spike_replay>(&c.settings.inputs[i].what); r && !r->edges.empty())
            for (auto& e : read_edges(r->edges, r->edge_types, c.nodes, found)) c.replays.push_back({i, std::move(e)});
    return c;
}

std::vector<replayed_spikes> read_replay(const input& from, const circuit_files& files, findings& found) {
    std::vector<replayed_spikes> all;
    found.guard([&] {
        const auto& what = std::get<spike_replay>(from.what);
        const auto& path = what.file;
        const auto who = files.settings.sets.select(from.node_set, files.nodes, from.where, found);
        if (!what.times.empty()) return fire_together(what.times, who, all);
        const auto spikes = what.is_nwb ? read_nwb_spikes(path, what.trial) : read_spike_trains(path);
        const bool has_no_names = spikes.size() == 1 && spikes.front().population.empty();
        if (has_no_names && who.size() > 1)
            throw invalid_input(from.where, fmt::format("the spikes of '{}' have no population, and the node set '{}' has nodes of {}", path.string(), from.node_set, who.size()),
                                "name a node set of one population");
        std::vector<std::string> names;
        for (const auto& s : spikes) names.push_back(s.population);
        for (const auto& w : who) {
            const auto& p = files.nodes[w.population];
            if (const auto* s = of_population(spikes, p.name())) all.push_back(chosen_spikes(*s, w, p.size(), spike_place(path, *s), what.from));
            else if (who.size() == 1) found.invalid(path.string(), fmt::format("has no spikes of the population '{}'", p.name()), suggestion(p.name(), names));
        }
        if (who.size() > 1 && all.empty()) found.invalid(path.string(), fmt::format("has no spikes of any population of the node set '{}'", from.node_set), suggestion("", names));
    });
    return all;
}

void check(const circuit_files& files, findings& found) {
    const auto& c = files.settings;
    for (const auto& e : files.edges) e.check(found);
    for (const auto& r : files.replays) r.edges.check(found);
    const auto check_set = [&](const std::string& name, const std::string& where) {
        const auto errors = std::ranges::count_if(found.all(), &finding::is_error);
        if (c.sets.select(name, files.nodes, where, found).empty() && errors == std::ranges::count_if(found.all(), &finding::is_error))
            found.ignored(where, fmt::format("the node set '{}' has no nodes", name));
    };
    for (const auto& i : c.inputs) {
        if (const auto* replay = std::get_if<spike_replay>(&i.what)) {
            read_replay(i, files, found);
            if (!replay->targets.empty()) check_set(replay->targets, i.where);
        } else check_set(i.node_set, i.where);
    }
    for (const auto& r : c.reports) check_set(r.node_set, r.where);
}

std::vector<finding> check(const std::filesystem::path& config) {
    findings found;
    check(read_circuit(config, found), found);
    return found.all();
}

}  // namespace apical::sonata
