// SPDX-License-Identifier: BSD-3-Clause
#include "engine/block_cursor.hpp"
#include "engine/sampler.hpp"

namespace apical {
namespace {

void write(const probe_plan& probe, std::int64_t step, std::size_t place, double value, recording& to) {
    probe.put(step, place, value*probe.scale, to);
}

}  // namespace

void block::sample_start(const plan& p, const block_plan& where, sink out) {
    for (std::size_t k = 0; k < where.probes.size(); ++k) {
        const auto& c = where.probes[k];
        const auto& probe = p.probes[c.probe];
        const auto& at = probe.places[c.place];
        const double value = sampler(p, where, now(p, where), at.cell).value(probe, at, 0);
        if (probe.is_due(0)) write(probe, 0, c.place, value, (*out.recordings)[c.probe]);
        if (!sampled_.empty()) sampled_[k].add(0, value);
    }
}

/// Writes the samples due at the end of a step; where steps are chosen, also those since its beginning.
void block::sample(const plan& p, const block_plan& where, const cursor& c, sink out) {
    const auto per_dt = p.positions_per_dt(), end = c.end(p);
    if (end % per_dt) return;
    const auto n = end/per_dt;
    for (std::size_t k = 0; k < where.probes.size(); ++k) {
        const auto& column = where.probes[k];
        const auto& probe = p.probes[column.probe];
        if (!sampled_.empty() && (probe.every % step_ladder::longest || probe.first_step % step_ladder::longest)) {
            interpolate(p, where, c, k, out);
            continue;
        }
        if (!probe.is_due(n)) continue;
        const auto& at = probe.places[column.place];
        write(probe, n, column.place, sampler(p, where, now(p, where), at.cell).value(probe, at, p.time_at(end)), (*out.recordings)[column.probe]);
    }
}

/// Samples of a probe that may be due within a step of several dt. What is recorded does not change the steps.
void block::interpolate(const plan& p, const block_plan& where, const cursor& c, std::size_t k, sink out) {
    const auto& column = where.probes[k];
    const auto& probe = p.probes[column.probe];
    const auto& at = probe.places[column.place];
    auto& known = sampled_[k];
    const auto n = c.end(p)/p.positions_per_dt();
    const auto before = static_cast<std::int64_t>(known.at[0]);
    known.add(static_cast<double>(n), sampler(p, where, now(p, where), at.cell).value(probe, at, p.time_of(n)));
    for (auto step = before + 1; step <= n; ++step)
        if (probe.is_due(step)) write(probe, step, column.place, between(known, static_cast<double>(step)), (*out.recordings)[column.probe]);
}

}  // namespace apical
