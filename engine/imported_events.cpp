// SPDX-License-Identifier: BSD-3-Clause
#include "engine/imported_events.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool is_imported(const connection& c) { return (c.group & (learned_group | imported_contact)) == imported_contact; }

/// Later than any run: events then never come.
constexpr double never = 1e15;   // [ms]

}  // namespace

imported_events::imported_events(const plan& p, const block_plan& where, const inlet& in) : plan_(&p), where_(&where), in_(&in) {
    const auto& all = in.fixed.connections;
    if (where.connections.empty() && std::ranges::none_of(all, is_imported)) return;
    first_value_.push_back(0);
    for (const auto k : where.connections) add_connection(static_cast<std::uint32_t>(p.imported_connections[k].mechanism), p.imported_connections[k].weight);
    for (const auto& c : all) {
        if (is_imported(c)) add_connection(c.group & ~imported_contact, c.weight);
        else first_value_.push_back(first_value_.back());
    }
    values_.shrink_to_fit();
}

void imported_events::add_connection(std::uint32_t mechanism, double weight) {
    const auto& program = plan_->populations[index(where_->population)].imported[mechanism].program();
    const auto first = values_.size();
    values_.resize(first + index(program.connection_size), 0.0);
    if (!program.arguments.empty()) values_[first + index(program.variables[index(program.arguments.front())].offset)] = weight;
    first_value_.push_back(static_cast<std::uint32_t>(values_.size()));
}

imported_events::end imported_events::end_of(std::size_t connection) const {
    if (is_own(connection)) {
        const auto& c = plan_->imported_connections[where_->connections[connection]];
        const auto lanes = plan_->populations[index(where_->population)].lanes;
        return {static_cast<std::uint32_t>(c.mechanism), static_cast<std::uint32_t>(c.instance*lanes + c.cell - where_->first_cell)};
    }
    const auto& c = in_->fixed.connections[connection - where_->connections.size()];
    return {static_cast<std::uint32_t>(c.group & ~imported_contact), c.element};
}

/// f(connection) of those that end at imported mechanisms.
template <class F> void imported_events::for_each_connection(F&& f) const {
    for (std::size_t k = 0; k + 1 < first_value_.size(); ++k)
        if (is_own(k) || is_imported(in_->fixed.connections[k - where_->connections.size()])) f(k);
}

void imported_events::start(imported_steps& steps) {
    for_each_connection([&](std::size_t k) {
        const auto [mechanism, element] = end_of(k);
        steps.start_connection(mechanism, element, values_of(k));
    });
}

bool imported_events::is_later(const pending& a, const pending& b) {
    const auto key = [](const pending& e) { return std::tuple(e.time, e.sent, e.source, e.mechanism, e.element, e.order); };
    return key(a) > key(b);
}

void imported_events::send(pending e) {
    e.order = sent_++;
    pending_.push_back(e);
    std::ranges::push_heap(pending_, is_later);
}

imported_events::pending imported_events::take_first() {
    std::ranges::pop_heap(pending_, is_later);
    const auto e = pending_.back();
    pending_.pop_back();
    return e;
}

void imported_events::arrive(std::size_t connection, double time) {
    const auto local = static_cast<std::size_t>(std::ranges::lower_bound(where_->connections, connection) - where_->connections.begin());
    const auto [mechanism, element] = end_of(local);
    send({.time = time, .sent = time, .source = 0, .mechanism = mechanism, .element = element, .connection = static_cast<std::int32_t>(local)});
}

void imported_events::arrive(std::size_t contact, double time, const sent_spike& from) {
    const auto local = where_->connections.size() + contact;
    const auto [mechanism, element] = end_of(local);
    send({.time = time, .sent = from.time, .source = from.gid, .mechanism = mechanism, .element = element, .connection = static_cast<std::int32_t>(local)});
}

/// What brings an event, as it is known wherever the cell is: 0 for what a mechanism sends itself; a connection of the plan; of a contact, the cell
/// at its other end and which of the contacts between the two it is.
std::uint64_t imported_events::origin_of(const pending& e) const {
    if (e.connection < 0) return 0;
    const auto k = index(e.connection);
    if (is_own(k)) return where_->connections[k] + 1;
    const auto& [sources, first_of, all] = in_->fixed;
    const auto contact = k - where_->connections.size();
    const auto at = static_cast<std::size_t>(std::ranges::upper_bound(first_of, contact) - first_of.begin()) - 1;   // what it sends itself keeps the contact
    const std::uint64_t gid = sources.empty() ? at : sources[at];
    const auto& to = all[contact];
    const auto same = [&](const connection& c) { return c.group == to.group && c.element == to.element; };
    const auto before = std::count_if(all.begin() + first_of[at], all.begin() + static_cast<std::ptrdiff_t>(contact), same);
    return std::uint64_t{1} << 62 | gid << 24 | static_cast<std::uint64_t>(before);
}

/// Known by its time and where it comes from, whatever cells share the block. Steps have small numbers.
std::uint64_t imported_events::draw_of(const pending& e) const {
    return (std::bit_cast<std::uint64_t>(e.time) ^ std::bit_cast<std::uint64_t>(e.flag)*0x9e3779b97f4a7c15u ^ origin_of(e)*0xbf58476d1ce4e5b9u) | std::uint64_t{1} << 63;
}

void imported_events::deliver(imported_steps& steps, std::int64_t n, const std::function<void(std::size_t, std::size_t)>& arrived) {
    if (pending_.empty() && watched_.empty()) return;
    look(steps, plan_->time_of(n));
    for (int done = 0; !pending_.empty() && done < most && arrival_step(pending_.front().time, plan_->dt()) <= n; ++done) {
        const auto e = take_first();
        if (e.connection == to_others) {
            sink(*this, e.mechanism, e.time).spike(static_cast<int>(e.element), e.time);
            continue;
        }
        if (e.source != itself) arrived(e.mechanism, e.element);
        sink tells(*this, e.mechanism, e.time, e.connection);
        steps.receive(e.mechanism, e.element, e.connection < 0 ? nullptr : values_of(index(e.connection)), e.flag, e.time, draw_of(e), tells);
    }
}

/// Conditions that have become true bring an event now.
void imported_events::look(imported_steps& steps, double t) {
    for (auto& w : watched_) {
        const bool is_above = steps.condition(w.mechanism, w.element, w.condition, t) > 0;
        if (is_above && !w.was_above) send({.time = t, .sent = t, .flag = w.flag, .mechanism = w.mechanism, .element = w.element});
        w.was_above = is_above;
    }
}

imported_events::sink::sink(imported_events& to, std::size_t mechanism, double now, std::int32_t connection)
    : to_(to), mechanism_(static_cast<std::uint32_t>(mechanism)), now_(now), connection_(connection) {}

/// Not one that fills a pack.
bool imported_events::sink::is_there(int element) const {
    const auto& cell = to_.plan_->populations[index(to_.where_->population)];
    return element < cell.imported[mechanism_].instances*cell.lanes && element % cell.lanes < to_.where_->cells;
}

void imported_events::sink::send(int instance, double delay, double flag) {
    const double time = now_ + std::max(delay, 0.0);
    if (is_there(instance) && time < never)
        to_.send({.time = time, .sent = now_, .flag = flag, .mechanism = mechanism_, .element = static_cast<std::uint32_t>(instance), .connection = connection_});
}

/// Of one that is told before its time, when that comes.
void imported_events::sink::spike(int instance, double time) {
    if (!is_there(instance)) return;
    if (time > now_) {
        if (time < never) to_.send({.time = time, .sent = now_, .mechanism = mechanism_, .element = static_cast<std::uint32_t>(instance), .connection = to_others});
        return;
    }
    to_.spikes_.emplace_back(instance % to_.plan_->populations[index(to_.where_->population)].lanes, now_);
}

/// The event that the instance has sent itself and not yet got.
void imported_events::sink::move(int instance, double time) {
    auto& all = to_.pending_;
    auto found = all.end();
    for (auto e = all.begin(); e != all.end(); ++e) {
        const bool is_own = e->mechanism == mechanism_ && e->element == static_cast<std::uint32_t>(instance) && e->source == itself && e->connection != to_others;
        if (is_own && (found == all.end() || is_later(*found, *e))) found = e;
    }
    if (found == all.end()) return;
    auto e = *found;
    all.erase(found);
    std::ranges::make_heap(all, is_later);
    e.time = std::max(time, now_), e.sent = now_;
    if (e.time < never) to_.send(e);
}

/// The first condition that an event sets ends those set before.
void imported_events::sink::watch(int instance, int condition, double flag) {
    const auto element = static_cast<std::uint32_t>(instance);
    if (!watches_) std::erase_if(to_.watched_, [&](const watched& w) { return w.mechanism == mechanism_ && w.element == element; });
    watches_ = true;
    to_.watched_.push_back({mechanism_, element, condition, flag, 0});
}

std::span<double* const> imported_events::sink::connections(int instance) {
    found_.clear();
    for (const auto k : to_.connections_to({mechanism_, static_cast<std::uint32_t>(instance)})) found_.push_back(to_.values_of(k));
    return found_;
}

/// In their own order.
std::span<const std::uint32_t> imported_events::connections_to(end target) {
    const auto where = [&](std::uint32_t k) { return end_of(k); };
    if (by_target_.empty()) {
        for_each_connection([&](std::size_t k) { by_target_.push_back(static_cast<std::uint32_t>(k)); });
        std::ranges::stable_sort(by_target_, {}, where);
    }
    const auto found = std::ranges::equal_range(by_target_, target, {}, where);
    return {found.begin(), found.end()};
}

void imported_events::transfer(image& i) {
    i(values_);
    i(pending_, [&](pending& e) { i(e.time), i(e.sent), i(e.flag), i(e.order), i(e.source), i(e.mechanism), i(e.element), i(e.connection); });
    i(watched_, [&](watched& w) { i(w.mechanism), i(w.element), i(w.condition), i(w.flag), i(w.was_above); });
    i(spikes_, [&](auto& s) { i(s.first), i(s.second); });
    i(sent_);
}

}  // namespace apical
