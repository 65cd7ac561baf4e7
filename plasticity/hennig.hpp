// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/tsodyks_uziel_markram.hpp"

namespace apical::plasticity {

/// Vesicles n that recover faster after spikes, a release probability p that facilitates towards a baseline b which spikes lower, and
/// receptors D that spikes desensitise:
///
///     n' = (1 - n)/r,  r' = (tau_recovery - r)/tau_speed,  p' = (b - p)/tau_facilitation,  b' = (U - b)/tau_baseline,  D' = (1 - D)/tau_receptors
///     released <- n p D,  n <- n - n p,  p <- p + facilitation (1 - p),  r <- r - speeding r,
///     D <- D - desensitisation p n D,  b <- b - lowering b                                           at a presynaptic spike, one after the other
///
/// solved exactly from spike to spike: Hennig's equations 3, 4, 5, 8 and 10, in the order in which BMTK's synapses stp2syn, stp3syn and
/// stp5syn have them. What is 0 of the last four is left out.
struct hennig {
    static constexpr release_info info{.name = "hennig", .summary = "depression that recovers faster with use, facilitation, a falling baseline and desensitisation",
                                       .source = "Hennig (2013) Front Comput Neurosci 7:45"};

    template <class V> struct parameters {
        V use, tau_recovery, tau_facilitation, speeding, tau_speed, facilitation, lowering, tau_baseline, desensitisation, tau_receptors;
    };
    static constexpr parameters<field> defaults{{"use", 0.5, "", "release probability from rest, U", 0, 1},
                                                {"tau_recovery", 1000, "ms", "time constant of the recovery of vesicles, at rest", 1e-6, 1e9},
                                                {"tau_facilitation", 10, "ms", "time constant with which the release probability returns to its baseline; 0: at once", 0, 1e9},
                                                {"speeding", 0, "", "share by which a spike shortens the time constant of recovery", 0, 0.999999},
                                                {"tau_speed", 1000, "ms", "time constant with which that is forgotten", 1e-6, 1e9},
                                                {"facilitation", 0, "", "share of the way to 1 by which a spike raises the release probability", 0, 1},
                                                {"lowering", 0, "", "share by which a spike lowers the baseline", 0, 1},
                                                {"tau_baseline", 100, "ms", "time constant with which that is forgotten", 1e-6, 1e9},
                                                {"desensitisation", 0, "", "share of the receptors that are met which desensitise", 0, 1},
                                                {"tau_receptors", 100, "ms", "time constant of their recovery", 1e-6, 1e9}};

    /// After the last spike, and its time [ms].
    template <class V> struct state { V n, r, p, b, d, last; };

    static state<double> at_start(const parameters<double>& p) { return {1, p.tau_recovery, p.use, p.use, 1, 0}; }

    static double release(state<double>& s, const parameters<double>& p, double time, random_stream*) {
        const double h = time - s.last;
        s.last = time;
        s.n = 1 - (1 - s.n)*math::exp(-time_to_recover(s, p, h));
        s.r = p.tau_recovery + (s.r - p.tau_recovery)*math::exp(-h/p.tau_speed);
        s.d = 1 - (1 - s.d)*math::exp(-h/p.tau_receptors);
        const double lowered = s.b - p.use;
        s.b = p.use + lowered*math::exp(-h/p.tau_baseline);
        if (p.tau_facilitation > 0) s.p = p.use + (s.p - p.use)*math::exp(-h/p.tau_facilitation) + lowered*followed(h, p);
        else s.p = s.b;
        const double released = s.n*s.p*s.d;
        s.n -= s.n*s.p;
        s.p += p.facilitation*(1 - s.p);
        s.r -= p.speeding*s.r;
        s.d -= p.desensitisation*s.p*s.n*s.d;
        s.b -= p.lowering*s.b;
        return released;
    }

    /// The integral of dt/r over h, where r returns to rest.
    static double time_to_recover(const state<double>& s, const parameters<double>& p, double h) {
        const double below = p.tau_recovery - s.r;
        if (below == 0) return h/p.tau_recovery;
        return (h + p.tau_speed*math::log((p.tau_recovery - below*math::exp(-h/p.tau_speed))/s.r))/p.tau_recovery;
    }
    /// By how much p lies below its rest after h, where the baseline did by 1 at the start.
    static double followed(double h, const parameters<double>& p) {
        return tsodyks_uziel_markram::passed_on(h, 1/p.tau_baseline, 1/p.tau_facilitation)/p.tau_facilitation;
    }
};

}  // namespace apical::plasticity
