// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
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
        auto places = one.contacts->stream("places", cell), releases = one.contacts->stream("release", cell);
        const auto stream = stream_onto(identity(one.wanted->name), cell);
        spontaneous_plan by_chance{stream, 0, {}};
        const auto first = p_.network.first_gid[index(one.source)];
        std::uint32_t number = 0;
        for (const auto& c : contacts_) {
            const int node = c.where.section >= 0 ? shape_.tree.compartment_of(c.where) : one.draw_node(shape_, places);
            const auto at = one.of_node[index(node)];
            const int element = is_point_ ? cell - cells_.first : at.index*lanes_ + cell - cells_.first;
            const connection made{c.weight, static_cast<std::uint32_t>(element), 0, static_cast<std::uint16_t>(at.group)};
            const auto source = first + static_cast<std::uint32_t>(c.source);
            if (one.rule >= 0) {
                learners_.push_back({static_cast<std::size_t>(one.rule), cell - cells_.first, node, source, c.delay, made,
                                     one.release ? std::optional((*one.release)(releases)) : std::nullopt, one.release ? number++ : 0, stream});
                continue;
            }
            if (one.wanted->spontaneous.coherent() > 0) by_chance.contacts.push_back(made);
            if (one.release) plastic_.push_back({source, static_cast<std::uint32_t>(projection), c.delay, {made, release_of((*one.release)(releases)), number++, stream}});
            else fixed_.push_back({source, static_cast<std::uint32_t>(projection), c.delay, made});
        }
        by_chance.rate = one.wanted->spontaneous.coherent()*static_cast<double>(by_chance.contacts.size());
        if (!by_chance.contacts.empty()) result_.spontaneous.push_back(std::move(by_chance));
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
        std::optional<release_plan> release;
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
            if (one.release) plastic_.push_back({one.source, projection, one.delay, {made.through(), release_of(*one.release), one.number, one.stream}});
            else learning_.push_back({one.source, projection, one.delay, made});
        }
        learners_ = {};
        for (auto& table : result_.learned) {
            for (int cell = 0; cell <= cells_.count; ++cell)
                table.first_place.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(table.places, cell, {}, &learned_place::cell) - table.places.begin()));
            locate_signals(p_, p_.network.rules[table.rule], shape_, cells_, table);
        }
    }

    std::uint32_t release_of(const release_plan& r) {
        const auto [at, is_new] = known_releases_.emplace(std::tuple(r.use, r.tau_recovery, r.tau_facilitation, r.vesicles), static_cast<std::uint32_t>(result_.releases.size()));
        if (is_new) result_.releases.push_back(r);
        return at->second;
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
    std::map<std::tuple<double, double, double, int>, std::uint32_t> known_releases_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> kind_of_;   // of projection and synapse
    std::pair<std::uint32_t, std::uint16_t> last_key_;
    std::uint32_t last_kind_ = 0;
    std::vector<double> whole_delays_;             // of the compact table [ms]
    inlet result_;
};

}  // namespace

release_drawer::release_drawer(const short_term_plasticity& s, const std::string& where)
    : use_(s.use, dimensions::none, where + " / use"), recovery_(s.tau_recovery, dimensions::time, where + " / tau_recovery"),
      facilitation_(s.tau_facilitation, dimensions::time, where + " / tau_facilitation"), vesicles_(s.vesicles) {
    if (vesicles_ < 0 || vesicles_ > 1000) throw invalid_model(where + " / vesicles", fmt::format("{}", vesicles_), "0 (their mean) to 1000");
    if (use_.is_constant() && !(use_.least() >= 0 && use_.least() <= 1)) throw invalid_model(where + " / use", fmt::format("{:g}", use_.least()), "between 0 and 1");
}
release_plan release_drawer::operator()(random_stream& draws) const {
    const double use = std::clamp(use_(draws), 0.0, 1.0), recovery = std::max(recovery_(draws), 0.0), facilitation = std::max(facilitation_(draws), 0.0);
    return {use, recovery, facilitation, vesicles_};
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
    std::size_t sum = size(delays) + size(releases) + size(spontaneous);
    const auto of = [&](const auto& table) { return size(table.sources) + size(table.first) + size(table.connections); };
    sum += size(kinds) + of(fixed) + of(compact) + of(plastic) + of(learning);
    for (const auto& l : learned) sum += l.bytes();
    for (const auto& s : spontaneous) sum += size(s.contacts);
    return sum;
}

}  // namespace apical
