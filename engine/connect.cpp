// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connect.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "circuit/artificial_cell.hpp"
#include "engine/communicator.hpp"
#include "engine/place_neurons.hpp"
#include "engine/prepare_effects.hpp"
#include "engine/prepare_learning.hpp"
#include "engine/team.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

constexpr std::string_view in_region = "in ";

std::vector<std::string> names_of(const circuit& c) {
    std::vector<std::string> names;
    for (const auto& p : c.populations) names.push_back(p.name);
    for (const auto& s : c.spike_sources) names.push_back(s.name);
    return names;
}

void mark_heard(const inlet& in, std::vector<bool>& heard) {
    const auto of = [&](const auto& table) {
        for (const auto gid : table.sources) heard[gid] = true;
        if (table.sources.empty() && !table.connections.empty())
            for (std::size_t gid = 0; gid + 1 < table.first.size(); ++gid)
                if (table.first[gid + 1] > table.first[gid]) heard[gid] = true;
    };
    of(in.fixed), of(in.compact), of(in.plastic), of(in.learning);
}

}  // namespace

template <class F> void connector::attempt(F&& f) {
    try {
        f();
    } catch (const error& e) {
        for (const auto& p : e.problems()) found_.add(p.where, p.what, p.hint);
    }
}

connector::connector(const circuit& c, const std::vector<painted_cell>& painted, const run_options& options, const catalogue& mechanisms, findings& found)
    : circuit_(c), painted_(painted), options_(options), catalogue_(mechanisms), found_(found) {
    std::set<std::string> names;
    for (const auto& p : c.populations) {
        names.insert(p.name);
        if (!p.positions.empty() && p.positions.size() != index(p.size))
            found.add(fmt::format("population '{}' / positions", p.name), fmt::format("{} positions of {} cells", p.positions.size(), p.size), "one for each cell, or none");
    }
    for (const auto& s : c.spike_sources) {
        const auto where = fmt::format("spike source '{}'", s.name);
        if (!names.insert(s.name).second) found.add(where, "the name is taken", "names of populations and spike sources are unique");
        if (s.size < 1) found.add(where, fmt::format("size {}", s.size), "at least 1");
        if (!(s.rate.coherent() >= 0)) found.add(where + " / rate", "must not be negative");
        for (const auto& [source, time] : s.spikes)
            if (source < 0 || source >= s.size || !std::isfinite(time) || time < 0) {
                found.add(where, fmt::format("a spike of source {} at {} ms", source, time), fmt::format("sources are 0 to {}, times finite and not negative", s.size - 1));
                break;
            }
    }
    names.clear();
    for (const auto& p : c.projections) {
        if (!names.insert(p.name).second) found.add(fmt::format("projection '{}'", p.name), "the name is taken", "names of projections are unique: random numbers belong to them");
        attempt([&] { prepare(p); });
    }
}

void connector::prepare(const projection& wanted) {
    const auto where = fmt::format("projection '{}'", wanted.name);
    prepared_projection one;
    one.wanted = &wanted;
    const auto& populations = circuit_.populations;
    const auto find = [&](const std::string& name) { return static_cast<int>(std::ranges::find(populations, name, &population::name) - populations.begin()); };
    const int count = static_cast<int>(populations.size());
    one.target = find(wanted.target), one.source = find(wanted.source);
    if (one.target == count) throw invalid_model(where + " / target", fmt::format("no population '{}'", wanted.target), suggestion(wanted.target, names_of(circuit_)));
    int sources = 0;
    static const std::vector<position> unknown;
    const std::vector<position>* from = &unknown;
    if (one.source < count) {
        sources = populations[index(one.source)].size, from = &populations[index(one.source)].positions;
    } else {
        const auto found = std::ranges::find(circuit_.spike_sources, wanted.source, &spike_source::name);
        if (found == circuit_.spike_sources.end())
            throw invalid_model(where + " / source", fmt::format("no population or spike source '{}'", wanted.source), suggestion(wanted.source, names_of(circuit_)));
        one.source = count + static_cast<int>(found - circuit_.spike_sources.begin()), sources = found->size;
    }
    one.receptor = catalogue_.at(wanted.receptor, where + " / receptor");
    const auto& schema = one.receptor.schema;
    if (schema.kind != mechanism_kind::receptor) throw invalid_model(where + " / receptor", fmt::format("'{}' is not a receptor", schema.name));
    if (!one.receptor.kernels) check_imported(one, where);
    else if (artificial(populations[index(one.target)].cell))
        throw invalid_model(where + " / receptor", fmt::format("'{}' are artificial cells, on which '{}' has no place", wanted.target, schema.name), "name their mechanism as the receptor");
    else if (!schema.is_linear)
        throw invalid_model(where + " / receptor", fmt::format("'{}' keeps states for each contact, which projections do not give it", schema.name), "place it by hand, or choose a receptor that is linear");
    one.values = receptor_values(schema, wanted.parameters, where);
    const auto& target = populations[index(one.target)];
    one.contacts = std::make_unique<contact_drawer>(wanted, options_.seed, sources, target.size, one.source == one.target, *from, target.positions,
                                                     parse_unit(schema.weight_unit).dimension, options_.dt*options_.steps_per_input);
    if (wanted.short_term) one.release.emplace(*wanted.short_term, where + " / short_term");
    constexpr double most_events = 100;
    if (!(wanted.spontaneous.coherent() >= 0)) throw invalid_model(where + " / spontaneous", "must not be negative");
    if (const double events = wanted.spontaneous.coherent()*options_.dt.coherent()*options_.steps_per_input; !(events <= most_events))
        throw invalid_model(where + " / spontaneous", fmt::format("{:g} events of a contact in a step", events), fmt::format("at most {:g}", most_events));
    if (wanted.spontaneous_depletes && !wanted.short_term) throw invalid_model(where + " / spontaneous_depletes", "there is nothing to deplete", "give it short-term plasticity");
    if (const auto* list = std::get_if<contact_list>(&wanted.rule); list && list->releases && !wanted.short_term)
        throw invalid_model(where + " / rule", "lists parameters of release", "give it short-term plasticity");
    const auto& cell = painted_[index(one.target)];
    one.of_node.assign(cell.tree.nodes.size(), {-1, -1});
    if (wanted.at.starts_with(in_region)) {
        one.pieces = parse_region(std::string_view(wanted.at).substr(in_region.size())).on(*cell.shape);
        double end = 0;
        for (const auto& s : one.pieces) one.end_of_piece.push_back(end += total_length(*cell.shape, std::array{s}));
        if (!(end > 0)) throw invalid_model(where + " / at", fmt::format("'{}' is nowhere on '{}'", wanted.at, wanted.target));
    } else {
        const auto places = parse_locations(wanted.at).on(*cell.shape);
        if (places.size() != 1) throw invalid_model(where + " / at", fmt::format("'{}' is {} places", wanted.at, places.size()), "name exactly one, or a region: \"in apical\"");
        one.node = cell.tree.compartment_of(places.front());
    }
    if (wanted.learns) {
        if (const auto* point = target.cell.point(); point && catalogue_.neuron_at(point->name, where).schema.answers_each)
            throw invalid_model(where + " / learns", fmt::format("synapses that learn onto '{}'", point->name), "onto neurons with a membrane, such as lif");
        one.rule = static_cast<int>(rules_.size());
        rules_.push_back(prepare_rule(one, circuit_, cell, options_, catalogue_));
    }
    projections_.push_back(std::move(one));
}

/// What a synapse that was read does is in its file.
void connector::check_imported(const prepared_projection& one, const std::string& where) const {
    const auto refuse = [&](const char* member, const char* hint) {
        throw invalid_model(fmt::format("{} / {}", where, member), fmt::format("'{}' was read from NMODL, and what its contacts do is in its file", one.receptor.schema.name), hint);
    };
    const auto& wanted = *one.wanted;
    const auto& name = one.receptor.schema.name;
    const auto* target = artificial(circuit_.populations[index(one.target)].cell);
    if (target && !same_letters(target->name, name)) throw invalid_model(where + " / receptor", fmt::format("'{}' are artificial cells of '{}'", wanted.target, target->name), fmt::format("name '{}' as the receptor", target->name));
    if (target && !wanted.parameters.empty()) throw invalid_model(where + " / parameters", "are those of the cells", "give them to artificial_cell");
    if (!target && one.receptor.imported->source().is == nmodl::program::kind::artificial_cell)
        throw invalid_model(where + " / receptor", fmt::format("'{}' is an artificial cell, and '{}' are others", name, wanted.target), "project onto a population of it");
    if (circuit_.populations[index(one.target)].cell.point()) refuse("receptor", "use a receptor of the package on point neurons");
    if (wanted.short_term) refuse("short_term", "write it in NET_RECEIVE");
    if (wanted.learns) refuse("learns", "write it in NET_RECEIVE");
    if (wanted.spontaneous.coherent() != 0) refuse("spontaneous", "let a spike source with a rate do it");
}

void connector::place_receptors(plan& p, receptor_table& receptors) {
    mark_listed(p);
    agree_on_listed();
    imported_points points(p.populations.size());
    for (auto& one : projections_) attempt([&] { place(p, receptors, points, one); });
    attempt([&] { points.fill(p.populations, painted_, options_); });
    for (auto& cell : p.populations) attempt([&] { point(cell); });
    for (auto& one : projections_)
        attempt([&] {
            if (one.source < static_cast<int>(p.populations.size())) detect(p, one.source, true);
            if (one.rule >= 0) detect(p, one.target, false);
        });
    for (const auto& m : circuit_.modulators)
        for (const auto& s : m.sources) {
            const auto at = std::ranges::find(circuit_.populations, s.population, &population::name);
            if (at != circuit_.populations.end()) attempt([&] { detect(p, static_cast<int>(at - circuit_.populations.begin()), true); });
        }
    std::set<std::pair<int, int>> seen;
    for (auto& d : p.detectors) {
        const bool is_first = seen.emplace(d.population, d.cell).second;
        d.sends = is_first && is_heard(d.population);
        d.learns = is_first && std::ranges::any_of(rules_, [&](const rule_plan& r) { return r.target == d.population; });
    }
}

/// The compartments that lists of contacts name. Cell after cell, and for each all lists: many come from one file, which is then read once.
void connector::mark_listed(const plan& p) {
    std::vector<char> is_wrong(projections_.size(), 0);
    std::vector<contact> contacts;
    for (auto& one : projections_) {
        one.is_wanted.assign(one.of_node.size(), 0);
        one.all_say = std::holds_alternative<contact_list>(one.wanted->rule);
    }
    // a part of every population: processes read their parts and tell each other what they have found
    const std::int64_t rank = options_.ranks ? options_.ranks->rank() : 0, ranks = options_.ranks ? options_.ranks->size() : 1;
    for (std::size_t n = 0; n < p.populations.size(); ++n)
        for (auto cell = static_cast<int>(p.populations[n].cells*rank/ranks); cell < static_cast<int>(p.populations[n].cells*(rank + 1)/ranks); ++cell)
            for (std::size_t k = 0; k < projections_.size(); ++k) {
                auto& one = projections_[k];
                const auto* list = std::get_if<contact_list>(&one.wanted->rule);
                if (!list || one.target != static_cast<int>(n) || is_wrong[k]) continue;
                is_wrong[k] = 1;   // unless all goes well
                attempt([&] {
                    contacts.clear();
                    list->onto(cell, contacts);
                    for (const auto& c : contacts) mark(one, c, cell);
                    is_wrong[k] = 0;
                });
            }
}

/// Makes known to all what each has found in its part of the lists.
void connector::agree_on_listed() {
    auto* const ranks = options_.ranks;
    if (!ranks || std::ranges::none_of(projections_, [](const prepared_projection& one) { return std::holds_alternative<contact_list>(one.wanted->rule); })) return;
    const bool all_well = ranks->least(found_.empty() ? 1 : 0) == 1;
    if (!all_well && found_.empty()) throw mpi_failure("circuit / projections", "another process has found something wrong");
    if (!all_well) return;
    std::vector<std::byte> mine;
    const auto each = [&](auto&& f) {
        for (auto& one : projections_) {
            if (!std::holds_alternative<contact_list>(one.wanted->rule)) continue;
            for (auto& node : one.is_wanted) f(node);
            char some_do_not_say = !one.all_say;
            f(some_do_not_say);
            one.all_say = !some_do_not_say;
        }
    };
    each([&](char& x) { mine.push_back(static_cast<std::byte>(x)); });
    auto any = mine;
    for (const auto& theirs : ranks->gather(mine))
        for (std::size_t k = 0; k < any.size(); ++k) any[k] |= theirs[k];
    any = ranks->broadcast(any);
    each([&, k = std::size_t{0}](char& x) mutable { x = static_cast<char>(any[k++]); });
}

void connector::mark(prepared_projection& one, const contact& c, int cell) const {
    one.all_say = one.all_say && c.where.section >= 0;
    if (c.where.section < 0) return;
    const auto& tree = painted_[index(one.target)].tree;
    if (c.where.section >= static_cast<int>(tree.first.size()) || !(c.where.x >= 0 && c.where.x <= 1))
        throw invalid_model(fmt::format("projection '{}' / contact {} -> {}", one.wanted->name, c.source, cell), fmt::format("no place {} on section {}", c.where.x, c.where.section),
                            fmt::format("sections 0 to {}, places 0 to 1", tree.first.size() - 1));
    one.is_wanted[index(tree.compartment_of(c.where))] = 1;
}

/// Receptors wherever a contact may lie.
void connector::place(plan& p, receptor_table& receptors, imported_points& points, prepared_projection& one) {
    const auto& population = p.populations[index(one.target)];
    const auto& tree = painted_[index(one.target)].tree;
    if (!one.all_say) {
        if (one.node >= 0) one.is_wanted[index(one.node)] = 1;
        for (const auto& s : one.pieces)
            for (int n = tree.compartment_of({s.section, s.from}), last = tree.compartment_of({s.section, s.to}); n <= last; ++n) one.is_wanted[index(n)] = 1;
    }
    const int owner = is_modulated(circuit_, one.wanted->name) ? static_cast<int>(&one - projections_.data()) : -1;
    for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
        if (!one.is_wanted[n]) continue;
        if (population.is_artificial()) {
            one.of_node[n] = {imported_contact, 0};
            continue;
        }
        if (!one.receptor.kernels) {
            const auto [mechanism, instance] = points.at(one.target, population, one.receptor, one.values, population.row_of_node[n], fmt::format("projection '{}'", one.wanted->name));
            one.of_node[n] = {imported_contact | mechanism, instance};
            continue;
        }
        if (population.neurons < 0) {
            one.of_node[n] = receptors.at(one.target, one.receptor, population.row_of_node[n], one.values, owner);
            continue;
        }
        auto& neurons = p.neurons[index(population.neurons)];
        neurons.hears = options_.neurons == neuron_method::fixed_step;
        one.of_node[n] = {synapse_on(neurons, one.receptor, tree.nodes[n].section, one.values, owner), 0};
    }
}

/// Whether spikes of a population, or of a spike source that is counted after them, go anywhere.
bool connector::is_heard(int source) const {
    const auto count = static_cast<int>(circuit_.populations.size());
    const auto& name = source < count ? circuit_.populations[index(source)].name : circuit_.spike_sources[index(source - count)].name;
    return std::ranges::any_of(projections_, [&](const prepared_projection& one) { return one.source == source; }) ||
           std::ranges::any_of(circuit_.modulators, [&](const modulator& m) { return std::ranges::find(m.sources, name, &modulator::source::population) != m.sources.end(); });
}

/// Cells that send spikes, or learn by their own, are looked at.
void connector::detect(plan& p, int population, bool sends) {
    const auto& cell = p.populations[index(population)];
    if (cell.neurons >= 0) {
        auto& n = p.neurons[index(cell.neurons)];
        if (!n.model.schema.has_spikes) throw invalid_model(fmt::format("population '{}'", cell.name), fmt::format("'{}' has no spikes to send", n.model.schema.name));
        n.sends = n.sends || sends;
        for (auto& d : n.detectors) d = std::max(d, 1);
        return;
    }
    if (std::ranges::any_of(cell.imported, [](const imported_plan& m) { return m.tells_spikes(); })) return;
    std::vector<char> has(index(cell.cells), 0);
    for (const auto& d : p.detectors)
        if (d.population == population) has[index(d.cell)] = 1;
    const auto soma = parse_locations("soma(0.5)").on(*cell.shape).front();
    for (int k = 0; k < cell.cells; ++k)
        if (!has[index(k)]) p.detectors.push_back({population, k, cell.tree.node_of(soma), spike_detector{}.threshold.coherent()});
}

void connector::number_cells(plan& p) const {
    auto& first = p.network.first_gid;
    const auto next = [&](int size) { first.push_back(first.back() + static_cast<std::uint32_t>(size)); };
    first = {0};
    for (const auto& c : p.populations) next(c.cells);
    for (const auto& s : circuit_.spike_sources) next(s.size), p.spike_sources.push_back(s.name);
}

void connector::connect(plan& p) {
    auto& net = p.network;
    std::vector<std::size_t> own;   // blocks
    for (std::size_t n = 0; n < p.ranks.size(); ++n)
        if (p.ranks[n] == p.rank) own.push_back(n);
    if (own.size() < p.ranks.size()) net.inlet_of_block.assign(p.ranks.size(), std::numeric_limits<std::uint32_t>::max());
    for (std::size_t k = 0; k < own.size() && !net.inlet_of_block.empty(); ++k) net.inlet_of_block[own[k]] = static_cast<std::uint32_t>(k);
    net.inlets.resize(own.size());
    net.rules = rules_;
    for (const auto& one : projections_)
        if (one.rule >= 0) net.rules[index(one.rule)].first_source = net.first_gid[index(one.source)];
    net.fields = prepare_fields(circuit_, net.first_gid, options_, found_);
    net.weight_probes = prepare_weight_probes(circuit_, options_, found_);
    net.modulations = prepare_effects(circuit_, projections_, painted_, p, catalogue_, found_);
    found_.throw_if_any<invalid_model>();
    const bool spikes_act = !net.modulations.empty() && std::ranges::any_of(net.fields, [](const field_plan& f) { return !f.sources.empty(); });
    if (projections_.empty() && !spikes_act) return;
    team workers(options_.threads);
    const auto build = [&](std::size_t k) {
        const auto n = own[k];
        const auto cells = [&](int population, const auto& b) {
            net.inlets[k] = build_inlet(p, projections_, painted_[index(population)], {population, b.first_cell, b.cells});
        };
        if (n < p.blocks.size()) return cells(p.blocks[n].population, p.blocks[n]);
        const auto& b = p.neuron_blocks[n - p.blocks.size()];
        cells(p.neurons[index(b.neurons)].population, b);
    };
    // a contact that cannot be is found where its target is: the other processes would wait for this one for ever
    std::exception_ptr failure;
    try {
        workers.for_each(net.inlets.size(), build);
    } catch (...) {
        failure = std::current_exception();
    }
    const bool all_well = !options_.ranks ? !failure : options_.ranks->least(failure ? 0 : 1) == 1;
    if (failure) std::rethrow_exception(failure);
    if (!all_well) throw mpi_failure("circuit / projections", "another process has found something wrong");
    for (const auto& i : net.inlets) net.connections += static_cast<std::int64_t>(i.size());
    net.heard.assign(net.first_gid.back(), false);
    for (const auto& i : net.inlets) mark_heard(i, net.heard);
    for (const auto& f : net.fields)   // each process keeps the concentrations for itself
        for (const auto& s : f.sources) std::fill(net.heard.begin() + s.first_gid, net.heard.begin() + s.end_gid, true);
    net.in_order = std::ranges::any_of(p.neurons, [](const neuron_plan& n) { return n.model.schema.answers_each && n.hears; });
    schedule(p);
    set_epoch(p);
}

/// Trains of spike sources that anybody hears.
void connector::schedule(plan& p) const {
    auto& net = p.network;
    const auto populations = circuit_.populations.size();
    for (std::size_t i = 0; i < circuit_.spike_sources.size(); ++i) {
        const auto& s = circuit_.spike_sources[i];
        if (!is_heard(static_cast<int>(populations + i))) continue;
        const auto first = net.first_gid[populations + i];
        if (s.rate.coherent() > 0)
            net.random_sources.push_back({first, static_cast<std::uint32_t>(s.size), identity(s.name), s.rate.coherent(), s.start.coherent(), (s.start + s.length).coherent(), {}});
        if (s.rate.coherent() > 0)
            for (std::uint32_t k = 0; k < static_cast<std::uint32_t>(s.size); ++k)
                if (net.in_order || net.heard[first + k]) net.random_sources.back().heard.push_back(k);
        for (const auto& [source, time] : s.spikes) net.scheduled.push_back({first + static_cast<std::uint32_t>(source), time});
    }
    std::ranges::stable_sort(net.scheduled, {}, [](const sent_spike& x) { return std::pair(x.time, x.gid); });
}

/// Spikes are exchanged as rarely as the shortest delay allows; twice as often where that leaves whole steps, so that one epoch can be
/// computed while the spikes of the one before are under way.
void connector::set_epoch(plan& p) const {
    auto& net = p.network;
    double shortest = HUGE_VAL;
    for (const auto& i : net.inlets)
        if (!i.delays.empty()) shortest = std::min(shortest, i.delays.front());
    for (const auto& f : net.fields)
        for (const auto& s : f.sources) shortest = std::min(shortest, s.delay);
    const std::int64_t each = std::max<std::int64_t>(options_.steps_per_input, p.chooses_steps() ? step_ladder::longest : 1);
    const double inputs = std::min(shortest/(options_.dt.coherent()*static_cast<double>(each)), 1e9);
    // processes agree, so that the same sums are made in the same order however many they are
    auto whole = static_cast<std::int64_t>(std::floor(inputs + 1e-9));
    if (options_.ranks) whole = options_.ranks->least(whole);
    if (whole < 1)
        throw invalid_model("circuit / projections", fmt::format("the shortest delay, {} ms, is shorter than the longest step of scheme '{}', {} ms", shortest, name_of(options_.scheme), p.time_of(each)),
                            "choose a shorter dt or another scheme");
    net.lag = whole >= 2 ? 2 : 1;
    net.epoch = std::min<std::int64_t>(whole/net.lag, 1000)*each;
}

}  // namespace apical
