// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "engine/plan.hpp"

namespace apical {

/// What a plastic connection, one of the inlet, lets through of a spike. `states` are those of all, as inlet::releases_at_start() lays them out.
/// Chance belongs to the connection and the time of the spike.
inline double released(const plan& p, const inlet& in, std::size_t connection, std::vector<double>& states, double time) {
    const auto& c = in.plastic.connections[connection];
    const auto& r = in.releases[c.release];
    return in.release_models[r.model]->table.release(states.data() + connection*in.release_states, in.release_values.data() + r.first, time,
                                                     {p.options.seed, c.stream, identity("release") + c.number});
}

/// Events of an epoch that are spikes to single terminals, by time: when [ms], and to which plastic connection. They set out like spikes, so
/// that a terminal sees both in order; `first` is the step at which the epoch of the spikes begins that are received with them.
inline std::vector<std::pair<double, std::uint32_t>> terminal_events(const plan& p, const inlet& in, std::int64_t first) {
    std::vector<std::pair<double, std::uint32_t>> events;
    const std::int64_t each = p.options.steps_per_input, last = first + p.network.epoch;
    for (const auto& s : in.spontaneous) {
        if (s.terminals.empty()) continue;
        for (auto n = std::max<std::int64_t>((first + each - 1)/each*each, 0); n < last; n += each) {
            random_stream draws(p.options.seed, s.stream, identity("spontaneous"), static_cast<std::uint64_t>(n/each));
            for (auto k = draws.poisson(s.rate*p.time_of(each)); k > 0; --k) events.emplace_back(p.time_of(n), s.terminals[draws.below(s.terminals.size())]);
        }
    }
    std::ranges::sort(events);
    return events;
}

/// Calls arrive(connection, weight, time [ms], spike) for everything that the spikes send through an inlet, in order of the spikes and for each
/// in the order of its table. Those of learned_group bring a share of a weight that is known when they arrive. `releases` holds the states of its plastic connections.
/// `first`: the step at which the epoch begins in which the spikes set out.
template <class F>
void receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first, std::vector<double>& releases, F&& arrive) {
    const auto own = terminal_events(p, in, first);
    std::size_t next = 0;
    const auto let_through = [&](std::size_t k, const sent_spike& spike) {
        const auto& c = in.plastic.connections[k].through;
        const double share = released(p, in, k, releases, spike.time);
        if (share > 0) arrive(c, share*c.weight, spike.time + in.delays[c.delay], spike);
    };
    for (const auto& spike : spikes) {
        for (; next < own.size() && own[next].first <= spike.time; ++next) let_through(own[next].second, {0, own[next].first});
        const auto [begin, end] = in.fixed.range_of(spike.gid);
        for (auto k = begin; k < end; ++k) {
            const auto& c = in.fixed.connections[k];
            arrive(c, c.weight, spike.time + in.delays[c.delay], spike);
        }
        const auto [first_learning, last_learning] = in.learning.range_of(spike.gid);
        for (auto k = first_learning; k < last_learning; ++k) {
            const auto c = in.learning.connections[k].through();
            arrive(c, c.weight, spike.time + in.delays[c.delay], spike);
        }
        const auto [first_plastic, last_plastic] = in.plastic.range_of(spike.gid);
        for (auto k = first_plastic; k < last_plastic; ++k) let_through(k, spike);
    }
    for (; next < own.size(); ++next) let_through(own[next].second, {0, own[next].first});
}

/// Calls arrive(connection) for every spontaneous release at the beginning of step n, of those at which inputs arrive.
template <class F> void release_spontaneously(const plan& p, const inlet& in, std::int64_t n, F&& arrive) {
    const std::int64_t each = p.options.steps_per_input;
    if (in.spontaneous.empty() || n % each) return;
    for (const auto& s : in.spontaneous) {
        if (s.contacts.empty()) continue;
        random_stream draws(p.options.seed, s.stream, identity("spontaneous"), static_cast<std::uint64_t>(n/each));
        for (auto k = draws.poisson(s.rate*p.time_of(each)); k > 0; --k) arrive(s.contacts[draws.below(s.contacts.size())]);
    }
}

/// Steps ahead that arrivals may lie, of a block with this inlet.
inline std::int64_t depth_of(const plan& p, const inlet& in) {
    if (in.delays.empty()) return 0;
    return static_cast<std::int64_t>(in.longest()/p.dt()) + 2*p.options.steps_per_input + p.network.epoch*(p.network.lag + 1) + 2;
}

}  // namespace apical
