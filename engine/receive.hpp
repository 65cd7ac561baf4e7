// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "engine/plan.hpp"
#include "plasticity/tsodyks_markram.hpp"

namespace apical {

/// What a plastic connection lets through of a spike, 0 to 1. Chance belongs to the connection and the time of the spike.
inline double released(const plan& p, const inlet& in, const plastic_connection& c, plasticity::tsodyks_markram::state& s, double time) {
    const auto& r = in.releases[c.release];
    const plasticity::tsodyks_markram rule{r.use, r.tau_recovery, r.tau_facilitation, r.vesicles};
    if (r.vesicles == 0) return rule.release(s, time);
    random_stream draws(p.options.seed, c.stream, identity("release") + c.number, std::bit_cast<std::uint64_t>(time));
    return rule.release(s, time, &draws);
}

/// Calls arrive(connection, weight, time [ms], spike) for everything that the spikes send through an inlet, in order of the spikes and for each
/// in the order of its table. Those of learned_group bring a share of a weight that is known when they arrive. `releases` holds the states of its plastic connections.
template <class F>
void receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::vector<plasticity::tsodyks_markram::state>& releases, F&& arrive) {
    for (const auto& spike : spikes) {
        const auto [first, last] = in.fixed.range_of(spike.gid);
        for (auto k = first; k < last; ++k) {
            const auto& c = in.fixed.connections[k];
            arrive(c, c.weight, spike.time + in.delays[c.delay], spike);
        }
        const auto [first_learning, last_learning] = in.learning.range_of(spike.gid);
        for (auto k = first_learning; k < last_learning; ++k) {
            const auto c = in.learning.connections[k].through();
            arrive(c, c.weight, spike.time + in.delays[c.delay], spike);
        }
        const auto [first_plastic, last_plastic] = in.plastic.range_of(spike.gid);
        for (auto k = first_plastic; k < last_plastic; ++k) {
            const auto& c = in.plastic.connections[k];
            const double share = released(p, in, c, releases[k], spike.time);
            if (share > 0) arrive(c.through, share*c.through.weight, spike.time + in.delays[c.through.delay], spike);
        }
    }
}

/// Calls arrive(connection) for every spontaneous release at the beginning of step n, of those at which inputs arrive.
template <class F> void release_spontaneously(const plan& p, const inlet& in, std::int64_t n, F&& arrive) {
    const std::int64_t each = p.options.steps_per_input;
    if (in.spontaneous.empty() || n % each) return;
    for (const auto& s : in.spontaneous) {
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
