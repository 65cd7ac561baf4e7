// SPDX-License-Identifier: BSD-3-Clause
#include "engine/imported_events.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

imported_events::imported_events(const plan& p, const block_plan& where) : plan_(&p), where_(&where) {
    const auto& cell = p.populations[index(where.population)];
    for (const auto k : where.connections) {
        const auto& c = p.imported_connections[k];
        const auto& program = cell.imported[index(c.mechanism)].program();
        auto& values = connections_.emplace_back(index(program.connection_size), 0.0);
        if (!program.arguments.empty()) values[index(program.variables[index(program.arguments.front())].offset)] = c.weight;
    }
}

/// Where it ends: the instance, and the lane of its cell.
std::size_t imported_events::element_of(std::size_t connection) const {
    const auto& c = plan_->imported_connections[where_->connections[connection]];
    const auto lanes = index(plan_->populations[index(where_->population)].lanes);
    return index(c.instance)*lanes + index(c.cell - where_->first_cell);
}

void imported_events::start(imported_steps& steps) {
    for (std::size_t k = 0; k < connections_.size(); ++k)
        steps.start_connection(index(plan_->imported_connections[where_->connections[k]].mechanism), element_of(k), connections_[k].data());
}

void imported_events::send(pending e) {
    e.order = sent_++;
    const auto at = std::ranges::upper_bound(pending_, std::pair(e.time, e.order), {}, [](const pending& x) { return std::pair(x.time, x.order); });
    pending_.insert(at, e);
}

void imported_events::arrive(std::size_t connection, double time) {
    const auto local = static_cast<std::size_t>(std::ranges::lower_bound(where_->connections, connection) - where_->connections.begin());
    const auto& c = plan_->imported_connections[connection];
    send({time, 0, 0, static_cast<std::uint32_t>(c.mechanism), static_cast<std::uint32_t>(element_of(local)), static_cast<std::int32_t>(local)});
}

/// Known by its time and where it comes from, whatever cells share the block. Steps have small numbers.
std::uint64_t imported_events::draw_of(const pending& e) const {
    const auto from = e.connection < 0 ? 0 : where_->connections[index(e.connection)] + 1;
    return (std::bit_cast<std::uint64_t>(e.time) ^ std::bit_cast<std::uint64_t>(e.flag)*0x9e3779b97f4a7c15u ^ from*0xbf58476d1ce4e5b9u) | std::uint64_t{1} << 63;
}

void imported_events::deliver(imported_steps& steps, std::int64_t n) {
    if (pending_.empty() && watched_.empty()) return;
    look(steps, plan_->time_of(n));
    for (int done = 0; !pending_.empty() && done < most; ++done) {
        const auto e = pending_.front();
        if (arrival_step(e.time, plan_->dt()) > n) break;
        pending_.erase(pending_.begin());
        sink tells(*this, e.mechanism, e.time, e.connection);
        steps.receive(e.mechanism, e.element, e.connection < 0 ? nullptr : connections_[index(e.connection)].data(), e.flag, e.time, draw_of(e), tells);
    }
}

/// Conditions that have become true bring an event now.
void imported_events::look(imported_steps& steps, double t) {
    for (auto& w : watched_) {
        const bool is_above = steps.condition(w.mechanism, w.element, w.condition, t) > 0;
        if (is_above && !w.was_above) send({t, w.flag, 0, w.mechanism, w.element, -1});
        w.was_above = is_above;
    }
}

void imported_events::sink::send(int instance, double delay, double flag) {
    to_.send({now_ + delay, flag, 0, mechanism_, static_cast<std::uint32_t>(instance), connection_});
}

/// The event that the instance has sent itself and not yet got.
void imported_events::sink::move(int instance, double time) {
    const auto found = std::ranges::find_if(to_.pending_, [&](const pending& e) { return e.mechanism == mechanism_ && e.element == static_cast<std::uint32_t>(instance) && e.flag != 0; });
    if (found == to_.pending_.end()) return;
    auto e = *found;
    to_.pending_.erase(found);
    e.time = time;
    to_.send(e);
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
    for (std::size_t k = 0; k < to_.connections_.size(); ++k)
        if (static_cast<std::uint32_t>(to_.plan_->imported_connections[to_.where_->connections[k]].mechanism) == mechanism_ && to_.element_of(k) == index(instance))
            found_.push_back(to_.connections_[k].data());
    return found_;
}

void imported_events::transfer(image& i) {
    i(connections_, [&](auto& values) { i(values); });
    i(pending_, [&](pending& e) { i(e.time), i(e.flag), i(e.order), i(e.mechanism), i(e.element), i(e.connection); });
    i(watched_, [&](watched& w) { i(w.mechanism), i(w.element), i(w.condition), i(w.flag), i(w.was_above); });
    i(sent_);
}

}  // namespace apical
