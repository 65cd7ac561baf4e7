// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/release.hpp"

namespace apical::plasticity {

/// Transmitter that is recovered (x), active (y) or inactive (z), and facilitation u:
///
///     y' = -y/tau_active,  z' = y/tau_active - z/tau_recovery,  x = 1 - y - z,  u' = -u/tau_facilitation
///     u <- u + U (1 - u),  released <- u x,  y <- y + u x        at a presynaptic spike
///
/// solved exactly from spike to spike. It differs from tsodyks_markram where spikes come within a few tau_active: what is still
/// active has not begun to recover.
struct tsodyks_uziel_markram {
    static constexpr release_info info{.name = "tsodyks_uziel_markram", .summary = "depression with an active and an inactive state, and facilitation",
                                       .source = "Tsodyks, Uziel & Markram (2000) J Neurosci 20:RC50"};

    template <class V> struct parameters { V use, tau_recovery, tau_facilitation, tau_active, u_start, x_start, y_start; };
    static constexpr parameters<field> defaults{{"use", 0.5, "", "release probability from rest, U", 0, 1},
                                                {"tau_recovery", 800, "ms", "time constant of the recovery from the inactive state", 1e-9, 1e9},
                                                {"tau_facilitation", 0, "ms", "time constant of facilitation; 0: none", 0, 1e9},
                                                {"tau_active", 3, "ms", "time constant of inactivation, that of the current", 1e-9, 1e9},
                                                {"u_start", 0, "", "facilitation at the start", 0, 1},
                                                {"x_start", 1, "", "share that is recovered at the start", 0, 1},
                                                {"y_start", 0, "", "share that is active at the start", 0, 1}};

    /// After the last spike, and its time [ms].
    template <class V> struct state { V u, y, z, last; };

    static state<double> at_start(const parameters<double>& p) { return {p.u_start, p.y_start, 1 - p.x_start - p.y_start, 0}; }

    static double release(state<double>& s, const parameters<double>& p, double time, random_stream*) {
        const double h = time - s.last, active = math::exp(-h/p.tau_active), inactive = math::exp(-h/p.tau_recovery);
        s.z = s.z*inactive + s.y*passed_on(h, 1/p.tau_active, 1/p.tau_recovery)/p.tau_active;
        s.y *= active;
        s.u = p.tau_facilitation > 0 ? s.u*left_after(h, p.tau_facilitation) : 0;
        s.u += p.use*(1 - s.u);
        s.last = time;
        const double released = s.u*(1 - s.y - s.z);
        s.y += released;
        return released;
    }

    /// What is, after h, in a pool that decays at rate b of a unit that flows into it from one that decays at rate a, by a: also where a = b.
    static double passed_on(double h, double a, double b) { return h*math::exp(-std::min(a, b)*h)/math::linoid(-std::abs(a - b)*h); }
};

}  // namespace apical::plasticity
