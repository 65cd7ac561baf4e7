// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "engine/prepare_learning.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// A connection on the way to its place in the tables.
template <class C> struct collected {
    std::uint32_t source;
    std::uint32_t projection;                      ///< which of those onto these cells
    double delay;                                  ///< [ms]
    C made;
};
connection& through(connection& c) { return c; }
connection& through(plastic_connection& c) { return c.through; }
learning_connection& through(learning_connection& c) { return c; }

/// Sorts by source what `made` makes of a list, keeping the order of what comes from one.
template <class C, class D, class F> by_source<C> sorted_by_source(const std::vector<collected<D>>& list, std::uint32_t gids, F&& made) {
    by_source<C> result;
    if (list.empty()) return result;
    std::vector<std::uint32_t> first(std::size_t{gids} + 1, 0);
    for (const auto& one : list) ++first[one.source + 1];
    for (std::size_t g = 0; g < gids; ++g) first[g + 1] += first[g];
    auto next = first;
    result.connections.resize(list.size());
    for (const auto& one : list) result.connections[next[one.source]++] = std::invoke(made, one);
    std::uint32_t used = 0;
    for (std::size_t g = 0; g < gids; ++g) used += first[g + 1] > first[g];
    if (used > gids/3) {
        result.first = std::move(first);
        return result;
    }
    for (std::uint32_t g = 0; g < gids; ++g)
        if (first[g + 1] > first[g]) result.sources.push_back(g), result.first.push_back(first[g]);
    result.first.push_back(static_cast<std::uint32_t>(list.size()));
    return result;
}

/// What a list says of the release of each of its contacts onto one cell.
class listed_releases {
public:
    listed_releases(const prepared_projection& one, int cell, std::size_t contacts) {
        const auto* list = std::get_if<contact_list>(&one.wanted->rule);
        if (!list || !list->releases || !one.release) return;
        size_ = one.release->model().schema.parameters.size();
        list->releases(cell, values_);
        if (values_.size() != size_*contacts)
            throw invalid_model(fmt::format("projection '{}' / contacts onto {}", one.wanted->name, cell), fmt::format("{} parameters of release for {} contacts", values_.size(), contacts),
                                fmt::format("'{}' has {} for each", one.release->model().schema.name, size_));
    }
    std::span<const double> operator[](std::size_t contact) const { return {values_.data() + contact*size_, size_}; }

private:
    std::size_t size_ = 0;
    std::vector<double> values_;
};

/// Collects what reaches the cells of one block.
class collector {
public:
    collector(const plan& p, const std::vector<prepared_projection>& projections, const painted_cell& shape, cell_range cells)
        : p_(p), projections_(projections), shape_(shape), cells_(cells), is_point_(p.populations[index(cells.population)].neurons >= 0),
          lanes_(is_point_ ? 1 : p.populations[index(cells.population)].lanes) {}

    void add(std::size_t projection, int cell) {
        const auto& one = projections_[projection];
        contacts_.clear();
        one.contacts->onto(cell, contacts_);
        if (contacts_.empty()) return;
        const listed_releases given(one, cell, contacts_.size());
        auto places = one.contacts->stream("places", cell), releases = one.contacts->stream("release", cell);
        const auto stream = stream_onto(identity(one.wanted->name), cell);
        spontaneous_plan by_chance{stream, 0, {}};
        const auto first = p_.network.first_gid[index(one.source)];
        const bool is_spontaneous = one.wanted->spontaneous.coherent() > 0, depletes = one.wanted->spontaneous_depletes;
        std::uint32_t number = 0;
        const double weight_unit = one.receptor.kernels ? 1 : parse_unit(one.receptor.schema.weight_unit).value;   // files have units of their own
        for (std::size_t k = 0; k < contacts_.size(); ++k) {
            const auto& c = contacts_[k];
            const int node = c.where.section >= 0 ? shape_.tree.compartment_of(c.where) : one.draw_node(shape_, places);
            const auto at = one.of_node[index(node)];
            const int element = is_point_ ? cell - cells_.first : at.index*lanes_ + cell - cells_.first;
            const connection made{c.weight/weight_unit, static_cast<std::uint32_t>(element), 0, static_cast<std::uint16_t>(at.group)};
            const auto source = first + static_cast<std::uint32_t>(c.source);
            const auto release = one.release ? std::optional(release_of(one.release->model(), (*one.release)(releases, given[k]))) : std::nullopt;
            if (one.rule >= 0) {
                learners_.push_back({static_cast<std::size_t>(one.rule), cell - cells_.first, node, source, c.delay, made, release, release ? number++ : 0, stream});
                continue;
            }
            if (is_spontaneous && depletes) by_chance.terminals.push_back(number);
            else if (is_spontaneous) by_chance.contacts.push_back(made);
            if (release) plastic_.push_back({source, static_cast<std::uint32_t>(projection), c.delay, {made, *release, number++, stream}});
            else fixed_.push_back({source, static_cast<std::uint32_t>(projection), c.delay, made});
        }
        const auto events = by_chance.contacts.size() + by_chance.terminals.size();
        by_chance.rate = one.wanted->spontaneous.coherent()*static_cast<double>(events);
        if (events > 0) result_.spontaneous.push_back(std::move(by_chance));
    }

    /// After the first of so many cells that are much alike: room for all, so that lists of 100 MB need not grow by being copied.
    void expect(int cells) {
        const auto room = [&](auto& list) { list.reserve(static_cast<std::size_t>(1.05*static_cast<double>(list.size())*cells)); };
        room(fixed_), room(plastic_);
    }

    inlet finish() {
        const auto gids = p_.network.first_gid.back();
        table_learners();
        if (fit_compact()) {
            result_.compact = sorted_by_source<point_connection>(fixed_, gids, [&](const collected<connection>& one) { return compact(one); });
            fixed_ = {};
        } else {
            result_.kinds.clear(), kind_of_.clear(), whole_delays_.clear();
        }
        if (!number_delays()) {                    // more than there are numbers for: to whole steps
            const double dt = p_.dt();
            const auto round = [dt](auto& list) {
                for (auto& one : list) one.delay = std::max(1.0, std::round(one.delay/dt))*dt;
            };
            round(fixed_), round(plastic_), round(learning_);
            if (!number_delays()) throw invalid_model("circuit / projections", fmt::format("delays of more than {} different lengths onto one block of cells", most_delays), "make them shorter or alike");
        }
        result_.fixed = sorted_by_source<connection>(fixed_, gids, &collected<connection>::made);
        result_.plastic = sorted_by_source<plastic_connection>(plastic_, gids, &collected<plastic_connection>::made);
        result_.learning = sorted_by_source<learning_connection>(learning_, gids, &collected<learning_connection>::made);
        result_.delays.shrink_to_fit();
        find_terminals();
        return std::move(result_);
    }

private:
    static constexpr std::size_t most_delays = 65535;

    /// A contact that learns, before it has its place.
    struct learning_contact {
        std::size_t rule;
        int cell, node;
        std::uint32_t source;
        double delay;                              // [ms]
        connection made;
        std::optional<std::uint32_t> release;      // which of inlet::releases
        std::uint32_t number;
        std::uint64_t stream;
    };

    /// Orders the contacts that learn by rule, cell and node, and makes connections that lead to them.
    void table_learners() {
        std::ranges::stable_sort(learners_, {}, [](const learning_contact& c) { return std::tuple(c.rule, c.cell, c.node); });
        for (const auto& one : learners_) {
            if (result_.learned.empty() || result_.learned.back().rule != one.rule) result_.learned.push_back({.rule = one.rule, .places = {}, .first_place = {}, .place_of = {}, .source = {}, .start = {}, .signals = {}, .potential = {}});
            auto& table = result_.learned.back();
            const auto synapse = static_cast<std::uint32_t>(table.place_of.size());
            if (table.places.empty() || table.places.back().cell != one.cell || table.places.back().node != one.node)
                table.places.push_back({one.cell, one.node, synapse, synapse, one.made.element, one.made.group});
            table.places.back().end = synapse + 1;
            table.place_of.push_back(static_cast<std::uint32_t>(table.places.size() - 1));
            table.source.push_back(one.source);
            const auto& rule = p_.network.rules[one.rule];
            table.start.push_back(std::clamp(one.made.weight/rule.unit, rule.low, rule.high));
            const learning_connection made{synapse, 0, static_cast<std::uint16_t>(result_.learned.size() - 1)};
            const auto projection = static_cast<std::uint32_t>(one.rule);
            if (one.release) plastic_.push_back({one.source, projection, one.delay, {made.through(), *one.release, one.number, one.stream}});
            else learning_.push_back({one.source, projection, one.delay, made});
        }
        learners_ = {};
        for (auto& table : result_.learned) {
            for (int cell = 0; cell <= cells_.count; ++cell)
                table.first_place.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(table.places, cell, {}, &learned_place::cell) - table.places.begin()));
            locate_signals(p_, p_.network.rules[table.rule], shape_, cells_, table);
        }
    }

    std::uint32_t release_of(const release_entry& model, std::vector<double> values) {
        auto& models = result_.release_models;
        const auto which = static_cast<std::uint32_t>(std::ranges::find(models, &model) - models.begin());
        if (which == models.size()) models.push_back(&model), result_.release_states = std::max(result_.release_states, model.table.states);
        const auto [at, is_new] = known_releases_.emplace(std::pair(which, std::move(values)), static_cast<std::uint32_t>(result_.releases.size()));
        if (is_new) {
            result_.releases.push_back({which, static_cast<std::uint32_t>(result_.release_values.size())});
            result_.release_values.insert(result_.release_values.end(), at->first.second.begin(), at->first.second.end());
        }
        return at->second;
    }
    /// Where the connections of spontaneous events, which were known by their numbers, are now.
    void find_terminals() {
        std::map<std::uint64_t, spontaneous_plan*> wanted;
        for (auto& s : result_.spontaneous)
            if (!s.terminals.empty()) wanted[s.stream] = &s;
        if (wanted.empty()) return;
        for (std::uint32_t k = 0; k < result_.plastic.connections.size(); ++k) {
            const auto& c = result_.plastic.connections[k];
            if (const auto found = wanted.find(c.stream); found != wanted.end()) found->second->terminals[c.number] = k;
        }
    }
    /// Whether every connection fits into the compact table, and if so the table's kinds and delays.
    bool fit_compact() {
        if (!is_point_ || fixed_.empty() || answers_each() || p_.options.neurons != neuron_method::fixed_step || p_.options.steps_per_input != 1) return false;
        std::vector<char> is_there(point_connection::delays, 0);
        for (const auto& one : fixed_) {
            const double steps = std::round(one.delay/p_.dt());
            if (!(steps < point_connection::delays && std::abs(steps*p_.dt() - one.delay) <= 1e-9*one.delay)) return false;
            is_there[static_cast<std::size_t>(steps)] = 1;
            const double unit = result_.kinds[number_of_kind(one)].weight, factor = static_cast<double>(static_cast<float>(one.made.weight/unit));
            if (result_.kinds.size() > point_connection::kinds || unit*factor != one.made.weight || one.made.element >= point_connection::neurons) return false;
        }
        for (std::size_t s = 0; s < is_there.size(); ++s)
            if (is_there[s]) whole_delays_.push_back(static_cast<double>(s)*p_.dt());
        return true;
    }
    /// Neurons that do take delays as they are.
    bool answers_each() const {
        const int neurons = p_.populations[index(cells_.population)].neurons;
        return neurons >= 0 && p_.neurons[index(neurons)].model.schema.answers_each;
    }
    std::uint32_t number_of_kind(const collected<connection>& one) {
        const std::pair key(one.projection, one.made.group);
        if (key == last_key_ && !result_.kinds.empty()) return last_kind_;
        const auto [at, is_new] = kind_of_.emplace(key, static_cast<std::uint32_t>(result_.kinds.size()));
        if (is_new) result_.kinds.push_back({projections_[one.projection].contacts->weight_unit(), one.made.group});
        last_key_ = key;
        return last_kind_ = at->second;
    }
    point_connection compact(const collected<connection>& one) {
        const auto kind = number_of_kind(one);
        const auto steps = static_cast<std::uint32_t>(std::lround(one.delay/p_.dt()));
        return {static_cast<float>(one.made.weight/result_.kinds[kind].weight), one.made.element & (point_connection::neurons - 1), kind & (point_connection::kinds - 1),
                steps & (point_connection::delays - 1)};
    }
    bool number_delays() {
        auto& all = result_.delays;
        all = whole_delays_;
        const auto collect = [&](const auto& list) {
            for (const auto& one : list) {
                if (!all.empty() && all.back() == one.delay) continue;   // most often like the one before
                all.push_back(one.delay);
                if (all.size() > 4*most_delays) unify(all);
            }
        };
        collect(fixed_), collect(plastic_), collect(learning_);
        unify(all);
        if (all.size() > most_delays) return false;
        const auto number = [&](auto& list) {
            for (auto& one : list) through(one.made).delay = static_cast<std::uint16_t>(std::ranges::lower_bound(all, one.delay) - all.begin());
        };
        number(fixed_), number(plastic_), number(learning_);
        return true;
    }
    static void unify(std::vector<double>& all) {
        std::ranges::sort(all);
        all.erase(std::unique(all.begin(), all.end()), all.end());
    }

    const plan& p_;
    const std::vector<prepared_projection>& projections_;
    const painted_cell& shape_;
    cell_range cells_;
    bool is_point_;
    int lanes_;
    std::vector<drawn_contact> contacts_;
    std::vector<collected<connection>> fixed_;
    std::vector<collected<plastic_connection>> plastic_;
    std::vector<learning_contact> learners_;
    std::vector<collected<learning_connection>> learning_;  // connections to them, in tables
    std::map<std::pair<std::uint32_t, std::vector<double>>, std::uint32_t> known_releases_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> kind_of_;   // of projection and synapse
    std::pair<std::uint32_t, std::uint16_t> last_key_;
    std::uint32_t last_kind_ = 0;
    std::vector<double> whole_delays_;             // of the compact table [ms]
    inlet result_;
};

}  // namespace

release_drawer::release_drawer(const short_term_plasticity& s, const std::string& where) : model_(&release_model_at(s.model, where + " / model")), where_(where) {
    const std::map<std::string_view, random_value> named{{"use", s.use}, {"tau_recovery", s.tau_recovery}, {"tau_facilitation", s.tau_facilitation},
                                                         {"vesicles", any_quantity{static_cast<double>(s.vesicles), {}}}};
    std::vector<std::string> known;
    for (const auto& f : model_->schema.parameters) {
        known.emplace_back(f.name);
        const auto own = s.parameters.find(known.back());
        const auto shared = named.find(f.name);
        if (own != s.parameters.end() && shared != named.end()) throw invalid_model(fmt::format("{} / {}", where, f.name), "is given twice", "it has a member of its own");
        const auto unit = parse_unit(f.unit);
        const auto& value = own != s.parameters.end() ? own->second : shared != named.end() ? shared->second : random_value(any_quantity{f.value*unit.value, unit.dimension});
        const auto& drawer = values_.emplace_back(value, unit.dimension, fmt::format("{} / {}", where, f.name));
        if (drawer.is_constant() && !(drawer.least() >= f.low && drawer.least() <= f.high))
            throw invalid_model(fmt::format("{} / {}", where, f.name), fmt::format("{:g}", drawer.least()), fmt::format("{:g} to {:g}", f.low, f.high));
    }
    for (const auto& [name, value] : s.parameters)
        if (!model_->schema.parameter(name)) throw invalid_model(fmt::format("{} / {}", where, name), fmt::format("'{}' has no such parameter", s.model), suggestion(name, known));
    if (s.vesicles != 0 && !model_->schema.parameter("vesicles")) throw invalid_model(where + " / vesicles", fmt::format("'{}' knows the mean only", s.model), "0");
}

std::vector<double> release_drawer::operator()(random_stream& draws, std::span<const double> given) const {
    std::vector<double> values;
    for (std::size_t k = 0; k < values_.size(); ++k) {
        const auto& f = model_->schema.parameters[k];
        const double drawn = std::clamp(values_[k](draws), f.low, f.high), x = given.empty() || std::isnan(given[k]) ? drawn : given[k];
        if (!(x >= f.low && x <= f.high)) throw invalid_model(fmt::format("{} / {}", where_, f.name), fmt::format("{:g} of a contact of the list", x), fmt::format("{:g} to {:g}", f.low, f.high));
        values.push_back(x);
    }
    return values;
}

std::vector<double> inlet::releases_at_start() const {
    std::vector<double> all(plastic.connections.size()*release_states, 0.0);
    for (std::size_t k = 0; k < plastic.connections.size(); ++k) {
        const auto& r = releases[plastic.connections[k].release];
        release_models[r.model]->table.at_start(release_values.data() + r.first, all.data() + k*release_states);
    }
    return all;
}

int prepared_projection::draw_node(const painted_cell& cell, random_stream& draws) const {
    if (node >= 0) return node;
    const double at = draws.uniform()*end_of_piece.back();
    const auto piece = std::min<std::size_t>(static_cast<std::size_t>(std::ranges::upper_bound(end_of_piece, at) - end_of_piece.begin()), pieces.size() - 1);
    const double begin = piece == 0 ? 0 : end_of_piece[piece - 1], part = (at - begin)/(end_of_piece[piece] - begin);
    const auto& s = pieces[piece];
    return cell.tree.compartment_of({s.section, std::clamp(s.from + (s.to - s.from)*part, s.from, s.to)});
}

inlet build_inlet(const plan& p, const std::vector<prepared_projection>& projections, const painted_cell& shape, cell_range cells) {
    collector all(p, projections, shape, cells);
    for (int cell = cells.first; cell < cells.first + cells.count; ++cell) {
        for (std::size_t k = 0; k < projections.size(); ++k)
            if (projections[k].target == cells.population) all.add(k, cell);
        if (cell == cells.first) all.expect(cells.count);
    }
    return all.finish();
}

std::size_t inlet::bytes() const {
    const auto size = [](const auto& v) { return v.capacity()*sizeof(v.front()); };
    std::size_t sum = size(delays) + size(releases) + size(release_values) + size(release_models) + size(spontaneous);
    const auto of = [&](const auto& table) { return size(table.sources) + size(table.first) + size(table.connections); };
    sum += size(kinds) + of(fixed) + of(compact) + of(plastic) + of(learning);
    for (const auto& l : learned) sum += l.bytes();
    for (const auto& s : spontaneous) sum += size(s.contacts) + size(s.terminals);
    return sum;
}

}  // namespace apical
