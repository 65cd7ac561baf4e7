// SPDX-License-Identifier: BSD-3-Clause
#include "engine/choose_step.hpp"

#include <algorithm>

#include "engine/receive.hpp"
#include "engine/sources.hpp"

namespace apical {
namespace {

/// The first whole dt after a position.
std::int64_t next_dt(std::int64_t position) { return position/step_ladder::positions_per_dt + 1; }

bool has_random_event(const plan& p, const block_plan& where, std::int64_t n) {
    return std::ranges::any_of(where.poisson, [&](std::size_t i) { return poisson_events(p, p.poisson[i], n) > 0; });
}

/// The position at which something comes from outside next; no further than the longest step.
std::int64_t next_stop(const plan& p, const block_plan& where, const step_choice& now) {
    const auto per_dt = step_ladder::positions_per_dt;
    auto stop = now.position + step_ladder::length(step_ladder::coarsest);
    const auto edge = std::ranges::upper_bound(where.edges, now.position, {}, &block_plan::edge::position);
    if (edge != where.edges.end()) stop = std::min(stop, edge->position);
    if (now.next_event < where.events.size()) stop = std::min(stop, p.events[where.events[now.next_event]].step*per_dt);
    const auto is_sampled = [&](std::size_t i) {   // a new value, or another slope, in every dt
        const auto& source = p.injections[i].source;
        return std::holds_alternative<noise_current>(source) || std::holds_alternative<waveform_current>(source);
    };
    if (std::ranges::any_of(where.injections, is_sampled)) stop = std::min(stop, next_dt(now.position)*per_dt);
    if (!where.poisson.empty())
        for (auto n = next_dt(now.position); n*per_dt < stop; ++n)
            if (has_random_event(p, where, n)) stop = n*per_dt;
    if (now.under_way.depth() > 0) {
        const auto next = next_dt(now.position);
        stop = std::min(stop, now.under_way.next(next, std::max(next, stop/per_dt))*per_dt);
    }
    if (!now.in.spontaneous.empty())
        for (auto n = next_dt(now.position); n*per_dt < stop; ++n) release_spontaneously(p, now.in, n, [&](const connection&) { stop = n*per_dt; });
    return stop;
}

}  // namespace

int choose_step(const plan& p, const block_plan& where, const step_choice& now) {
    using step_ladder::finest, step_ladder::coarsest, step_ladder::step_of;
    int level = now.is_edge || now.previous < 0 ? finest + 1 : std::min(now.previous + 1, coarsest);
    const double wanted = now.fastest > 0 ? p.options.max_change.coherent()/now.fastest : step_of(coarsest, p.dt());
    while (level > finest && step_of(level, p.dt()) > wanted) --level;
    if (level == finest) return level;
    const auto stop = next_stop(p, where, now);
    const auto fits = [&](std::int64_t length) { return now.position % length == 0 && now.position + length <= stop; };
    while (!fits(step_ladder::length(level))) --level;
    return level;
}

}  // namespace apical
