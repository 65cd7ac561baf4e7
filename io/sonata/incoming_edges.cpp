// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/incoming_edges.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <fmt/format.h>

#include "io/sonata/drawn_positions.hpp"

namespace apical::sonata {
namespace {

constexpr std::uint64_t chunk_size = 256;          // nodes
constexpr std::size_t chunks_kept = 16;

/// BMTK's gaussianLL: neurons tuned alike have stronger connections; angles [degrees].
double tuned(double weight, double sigma, double of_target, double of_source) {
    const double apart = std::abs(std::abs(180 - std::fmod(std::abs(of_target - of_source), 360.0)) - 90);
    const double d = std::abs(apart - 90);
    return weight*std::exp(-(d/sigma)*(d/sigma));
}

/// The columns of some edges that say what contacts they are.
struct edge_columns {
    std::vector<double> weight, delay, nsyns, section, position, sigma;
    std::vector<std::string> model, dynamics, function, sections, range;
    std::vector<std::vector<double>> releases;     // parameters of a model of release, in its order, of edges that Apical has written so

    edge_columns(const edge_population& e, const edge_rows& rows) {
        const auto numbers = [&](std::string_view name) { return e.has(name) ? e.numbers(rows, name) : std::vector<double>(rows.size(), std::nan("")); };
        const auto texts = [&](std::string_view name) { return e.has(name) ? e.texts(rows, name) : std::vector<std::string>(rows.size()); };
        weight = numbers("syn_weight"), delay = numbers("delay"), nsyns = numbers("nsyns"), section = numbers("afferent_section_id");
        position = numbers("afferent_section_pos"), sigma = numbers("weight_sigma");
        model = texts("model_template"), dynamics = texts("dynamics_params"), function = texts("weight_function");
        sections = texts("target_sections"), range = texts("distance_range");
        for (std::size_t k = 0; e.has(release_column(k)); ++k) releases.push_back(numbers(release_column(k)));
    }
};

}  // namespace

struct incoming_edges::chunk {
    std::size_t population;
    std::uint64_t first;
    std::vector<onto_node> onto;                                 ///< [nodes]
    std::vector<std::optional<std::mt19937>> draws;              ///< while it is read
};

incoming_edges::incoming_edges(std::shared_ptr<const circuit_files> files, std::shared_ptr<const built_nodes> nodes)
    : files_(std::move(files)), nodes_(std::move(nodes)), kinds_(files_->settings.components.synaptic_models) {
    const auto place = [&](const std::string& name) {
        return static_cast<std::size_t>(std::ranges::find(files_->nodes, name, &node_population::name) - files_->nodes.begin());
    };
    const auto has_virtual = [&](std::size_t population) {
        return std::ranges::any_of(nodes_->places[population], [&](const node_place& at) { return at.population >= 0 && nodes_->is_virtual(at.population); });
    };
    // BMTK's syn_activity silences what is not active by it
    const bool is_silent = std::ranges::any_of(files_->settings.inputs, [](const input& i) {
        const auto* replay = std::get_if<spike_replay>(&i.what);
        return replay && replay->is_alone;
    });
    for (std::size_t e = 0; e < files_->edges.size(); ++e)
        if (!is_silent && !has_virtual(place(files_->edges[e].source()))) order_.push_back({&files_->edges[e]});
    for (std::size_t i = 0; i < files_->settings.inputs.size(); ++i) {
        const auto& input = files_->settings.inputs[i];
        const auto* replay = std::get_if<spike_replay>(&input.what);
        if (!replay) continue;
        findings unused;   // told where spikes are read
        for (const auto& chosen : files_->settings.sets.select(input.node_set, files_->nodes, input.where, unused)) {
            if (const auto own = nodes_->replays.find({i, chosen.population}); own != nodes_->replays.end()) {
                add_replay(i, chosen.population, chosen.nodes, own->second);
                continue;
            }
            if (replay->is_alone) continue;
            for (const auto& e : files_->edges)
                if (place(e.source()) == chosen.population && std::ranges::find(order_, &e, &pass::edges) == order_.end()) order_.push_back({&e});
            note_reached(chosen.population, input);
        }
    }
}

/// Spikes of nodes that are simulated, or not connected, go through edges of the input, or through all that the circuit has from there.
void incoming_edges::add_replay(std::size_t input, std::size_t population, const std::vector<std::uint64_t>& nodes, int source) {
    const auto& from = files_->settings.inputs[input];
    const auto& what = std::get<spike_replay>(from.what);
    pass one{nullptr, source, std::vector<bool>(files_->nodes[population].size()), {}};
    for (const auto n : nodes) one.from[n] = true;
    if (!what.targets.empty()) one.reached = marked(what.targets, from.where);
    const auto add = [&](const edge_population& e) {
        if (e.source() != files_->nodes[population].name()) return;
        one.edges = &e;
        order_.push_back(one);
    };
    for (const auto& r : files_->replays)
        if (r.input == input) add(r.edges);
    if (what.edges.empty())
        for (const auto& e : files_->edges) add(e);
}

std::vector<std::vector<bool>> incoming_edges::marked(const std::string& set, const std::string& where) const {
    findings unused;
    return marked_nodes(*files_, set, where, unused);
}

/// Inputs may say which nodes the spikes of a population reach. Several inputs reach those of each.
void incoming_edges::note_reached(std::size_t source, const input& from) {
    const auto& targets = std::get<spike_replay>(from.what).targets;
    auto& reached = reached_[source];
    if (targets.empty()) reached.all = true;
    if (reached.all) return;
    if (!reached.input.empty() && reached.targets != targets) reached.differs = true;
    reached.input = from.where, reached.targets = targets, reached.nodes = marked(targets, from.where);
}

/// Some edges of a pass, and where they begin and end.
struct incoming_edges::reached_rows {
    const pass& through;
    const edge_rows& rows;
    std::size_t source_population, population;     // of the files
    const reach* limit;                            // null: none
    const built_nodes& nodes;

    struct ends { node_place from, target; };
    /// Nothing if the edge does not count here.
    std::optional<ends> operator[](std::size_t i) const {
        const bool is_replay = through.source >= 0;
        if (is_replay && !through.from[rows.source[i]]) return std::nullopt;
        const ends e{is_replay ? node_place{through.source, static_cast<int>(rows.source[i])} : nodes.places[source_population][rows.source[i]], nodes.places[population][rows.target[i]]};
        const auto is_reached = [&] {
            if (is_replay ? through.reached.empty() : !limit || limit->all) return true;
            const auto& list = is_replay ? through.reached[population] : limit->nodes[population];
            return rows.target[i] < list.size() && list[rows.target[i]];
        };
        if (e.from.population < 0 || e.target.population < 0 || nodes.is_virtual(e.target.population) || !is_reached()) return std::nullopt;
        return e;
    }
    std::string place(std::string_view attribute, std::size_t i) const { return fmt::format("{}/{}[{}]", through.edges->where(), attribute, rows.id[i]); }
};

void incoming_edges::add_edges(const pass& through, chunk& to, std::size_t population, std::uint64_t first, std::uint64_t last, findings& found) const {
    const auto& e = *through.edges;
    const auto rows = e.of_targets(first, last);
    if (rows.size() == 0) return;
    const auto source = static_cast<std::size_t>(std::ranges::find(files_->nodes, e.source(), &node_population::name) - files_->nodes.begin());
    const auto limited = reached_.find(source);
    const reached_rows from{through, rows, source, population, limited == reached_.end() ? nullptr : &limited->second, *nodes_};
    if (has_bbp_synapses(e)) return add_bbp_synapses(from, to, found);
    if (bbp_->are_overridden(source, population)) found.unsupported(files_->settings.overrides.front().where, fmt::format("'connection_overrides' of the edges '{}'", e.name()), "they are for edges with BBP's columns");
    add_synapses(from, to, found);
}

/// Edges with the BlueBrain Project's columns.
void incoming_edges::add_bbp_synapses(const reached_rows& from, chunk& to, findings& found) const {
    const auto& rows = from.rows;
    const auto& e = *from.through.edges;
    const auto synapses = bbp_->read(e, rows, from.source_population, from.population, found);
    const auto numbers = [&](std::string_view name) { return e.has(name) ? e.numbers(rows, name) : std::vector<double>(rows.size(), std::nan("")); };
    const auto section = numbers("afferent_section_id"), position = numbers("afferent_section_pos");
    const double dt = files_->settings.run.dt;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto ends = from[i];
        const auto& s = synapses[i];
        if (!ends || s.weight == 0) continue;
        const auto& cell = nodes_->cells[static_cast<std::size_t>(ends->target.population)];
        const auto wrong = [&](const char* attribute, const char* what, const char* hint) { found.invalid(from.place(attribute, i), what, hint); };
        if (!cell) found.unsupported(from.place("conductance", i), "synapses with BBP's columns onto point neurons", "cells with compartments have them");
        else if (std::isnan(s.weight)) wrong("conductance", "there is no conductance", "in nS");
        else if (std::isnan(s.delay)) wrong("delay", "there is no delay", "in ms");
        else if (std::isnan(section[i])) wrong("afferent_section_id", "there is no section", "the section's number, from 0 for the soma");
        else if (std::isnan(position[i])) wrong("afferent_section_pos", "there is no place on the section", "0 to 1; positions by segment and offset are not read");
        else {
            using value = bbp_synapse::value;
            std::vector<double> of_kind(s.values.begin() + value::u_start, s.values.end());
            of_kind.push_back(s.is_inhibitory);
            for (const auto& [time, factor] : s.steps) of_kind.push_back(time), of_kind.push_back(factor);
            const int kind = kinds_.of_values(of_kind, from.place("decay_time", i), [&] { return kind_of(s); });
            // delays are whole steps there, and those of a file that are not end with the step before
            const double delay = std::max(1.0, std::floor(s.delay/dt + 1e-5))*dt;
            const auto where = cell->at(static_cast<long>(section[i]), position[i], from.place("afferent_section_id", i));
            to.onto[rows.target[i] - to.first].add({ends->from.population, ends->from.cell, kind, s.weight, delay, where}, std::span(s.values).first<value::u_start>());
        }
    }
}

void incoming_edges::add_synapses(const reached_rows& from, chunk& to, findings& found) const {
    const auto& rows = from.rows;
    const auto& e = *from.through.edges;
    const auto population = from.population, source_population = from.source_population;
    const edge_columns c(e, rows);
    std::map<int, drawn_positions> segments;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto place = [&](std::string_view attribute) { return from.place(attribute, i); };
        const auto ends = from[i];
        if (!ends) continue;
        const auto& [from_node, target] = *ends;
        const auto& cell = nodes_->cells[static_cast<std::size_t>(target.population)];
        const auto& point = nodes_->points[static_cast<std::size_t>(target.population)];
        const int kind = cell ? kinds_.on_cell(c.model[i], c.dynamics[i], place("edge_type_id"), found)
                              : kinds_.on_point(c.model[i], c.dynamics[i], target.population, *point, c.weight[i] > 0, place("edge_type_id"), found);
        if (kind < 0) continue;
        double weight = c.weight[i];
        if (std::isnan(weight)) {
            found.invalid(place("syn_weight"), "there is no weight", "give the edge or its type a syn_weight");
            continue;
        }
        if (c.function[i] == "gaussianLL")
            weight = tuned(weight, c.sigma[i], files_->nodes[population].number(rows.target[i], "tuning_angle").value_or(0), files_->nodes[source_population].number(rows.source[i], "tuning_angle").value_or(0));
        else if (!c.function[i].empty() && c.function[i] != "wmax" && c.function[i] != "set_syn_weight")
            found.unsupported(place("weight_function"), fmt::format("weight function '{}'", c.function[i]), "wmax and gaussianLL are known");
        double delay = c.delay[i];
        if (std::isnan(delay) && !cell) delay = 1;               // NEST's default
        if (std::isnan(delay)) {
            found.invalid(place("delay"), "there is no delay", "give the edge or its type a delay");
            continue;
        }
        const bool has_count = !std::isnan(c.nsyns[i]);
        auto& list = to.onto[rows.target[i] - to.first];
        std::vector<double> own;
        for (const auto& column : c.releases) own.push_back(column[i]);
        if (!cell) {
            // BMTK takes the sign of an IntFire1's synapse only where there is a number of synapses
            if (has_count) weight *= c.nsyns[i]*(point->has_signed_synapses ? kinds_[kind].sign : 1);
            list.add({from_node.population, from_node.cell, kind, point->is_magnitude ? std::abs(weight) : weight, delay, {-1, 0}}, own);
        } else if (!std::isnan(c.section[i])) {
            const double pos = std::isnan(c.position[i]) ? 0.5 : c.position[i];
            list.add({from_node.population, from_node.cell, kind, weight, delay, cell->at(static_cast<long>(c.section[i]), pos, place("afferent_section_id"))}, own);
        } else {
            auto& draws = to.draws[rows.target[i] - to.first];
            if (!draws) draws.emplace(static_cast<std::uint32_t>(nodes_->first_gid[population] + rows.target[i]));
            auto known = segments.find(target.population);
            if (known == segments.end()) known = segments.emplace(target.population, drawn_positions(*cell)).first;
            const auto range = c.range[i].empty() ? drawn_positions::range{} : distance_range(c.range[i], place("distance_range"));
            const auto wanted = c.sections[i].empty() ? std::vector<std::string>{"soma", "dend", "apic"} : section_list(c.sections[i]);
            for (const auto& where : known->second.draw(has_count ? static_cast<int>(c.nsyns[i]) : 1, wanted, range, *draws))
                list.add({from_node.population, from_node.cell, kind, weight, delay, where}, own);
        }
    }
}

std::shared_ptr<const incoming_edges::chunk> incoming_edges::read(std::size_t population, std::uint64_t first, findings& found) const {
    const auto last = std::min<std::uint64_t>(first + chunk_size, files_->nodes[population].size());
    auto made = std::make_shared<chunk>();
    made->population = population, made->first = first, made->onto.resize(last - first), made->draws.resize(last - first);
    for (const auto& e : order_)
        if (e.edges->target() == files_->nodes[population].name()) add_edges(e, *made, population, first, last, found);
    made->draws.clear();
    return made;
}

std::vector<incoming_edges::group> incoming_edges::groups(findings& found) {
    bbp_.emplace(*files_, found);
    for (const auto& [source, reached] : reached_)
        if (reached.differs && !reached.all) found.unsupported(reached.input, "spikes of one population for several sets of nodes", "one 'node_set' for all inputs of a source");
    std::set<group> all;
    for (std::size_t p = 0; p < files_->nodes.size(); ++p)
        for (std::uint64_t first = 0; first < files_->nodes[p].size(); first += chunk_size)
            found.guard([&] {
                const auto c = read(p, first, found);
                for (std::size_t n = 0; n < c->onto.size(); ++n)
                    for (const auto& contact : c->onto[n].contacts) all.insert({contact.source_population, nodes_->places[p][first + n].population, contact.kind});
            });
    return {all.begin(), all.end()};
}

std::shared_ptr<const incoming_edges::chunk> incoming_edges::chunk_of(std::size_t population, std::uint64_t first) const {
    const std::lock_guard lock(mutex_);
    const auto known = std::ranges::find_if(recent_, [&](const auto& c) { return c->population == population && c->first == first; });
    if (known != recent_.end()) {
        recent_.splice(recent_.begin(), recent_, known);
        return recent_.front();
    }
    findings found;
    auto made = read(population, first, found);
    found.throw_if_errors();
    recent_.push_front(made);
    if (recent_.size() > chunks_kept) recent_.pop_back();
    return made;
}

std::shared_ptr<const onto_node> incoming_edges::onto(std::size_t population, std::uint64_t node) const {
    const auto c = chunk_of(population, node/chunk_size*chunk_size);
    return {c, &c->onto[node - c->first]};
}

}  // namespace apical::sonata
