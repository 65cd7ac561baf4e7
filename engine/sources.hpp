// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "engine/plan.hpp"

namespace apical {

/// Current [nA] of an injection at a time [ms]. `noise` is the state of a noise source.
double current_at(const injection_plan& injection, double t, double noise);
/// The state of a noise source over step n, from that over the step before; other sources leave it alone.
void draw_noise(const plan& p, const injection_plan& injection, std::int64_t n, double& noise);
/// Start of a noise source's state, from its stationary distribution; 0 for other sources.
double initial_noise(const plan& p, const injection_plan& injection);

/// Whether it is drawn anew in every dt.
inline bool is_noise(const injection_plan& i) { return std::holds_alternative<noise_current>(i.source); }
/// Times at which a source is not smooth [ms].
std::vector<double> edges_of(const current_source&);

/// How many random events reach the receptor in step n.
int poisson_events(const plan& p, const poisson_receptor& random, std::int64_t n);

/// The command voltage [mV] at a time, nothing while the electrode is off.
std::optional<double> command_at(const clamp_plan& clamp, double t);

}  // namespace apical
