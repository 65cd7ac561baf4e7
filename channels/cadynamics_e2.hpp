// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Calcium in a thin shell below the membrane: fed by a fraction gamma of the calcium current, pumped out exponentially.
///   c' = -gamma i/(2 F depth) - (c - c_min)/decay
struct cadynamics_e2 {
    static constexpr pool_info info{.name = "cadynamics_e2",
                                    .summary = "decaying calcium pool below the membrane",
                                    .source = "Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107",
                                    .of = ion::ca};

    template <class V> struct parameters { V gamma, decay, depth, c_min; };
    static constexpr parameters<field> defaults{
        {"gamma", 0.05, "", "fraction of the calcium that stays free", 0, 1},
        {"decay", 80, "ms", "time constant of removal", 1e-3, 1e6},
        {"depth", 0.1, "um", "thickness of the shell", 1e-3, 100},
        {"c_min", 1e-4, "mM", "concentration at rest", 0, 10},
    };

    /// c' [mM/ms] with the outward current density i [nA/um2] of the ion. An outward current empties the shell and no more.
    template <class V> [[gnu::always_inline]] static constexpr V rate(V c, const parameters<V>& p, V i) {
        const V change = -p.gamma*i/(V(2*constants::faraday)*p.depth) - (c - p.c_min)/p.decay;
        return math::select(c > V(0.0), change, math::at_least(change, V(0.0)));
    }

    /// What dt [ms] makes of the parameters: the part of the way to the target that is gone, and how far a current shifts the target
    /// [mM um2/nA].
    template <class V> struct constants_of_step { V way, shift; };
    template <class V> [[gnu::always_inline]]
    static constexpr constants_of_step<V> prepare(const parameters<V>& p, double dt) {
        return {math::approach<V>(V(dt)/p.decay), p.gamma*p.decay/(V(2*constants::faraday)*p.depth)};
    }
    /// c [mM] after the step, with the outward current density i [nA/um2] of the ion held over it. An outward current empties the
    /// shell and no more.
    template <class V> [[gnu::always_inline]]
    static constexpr V advance(V c, const parameters<V>& p, V i, const constants_of_step<V>& s) {
        const V target = math::fma(-s.shift, i, p.c_min);
        return math::at_least(math::fma(s.way, target - c, c), V(0.0));
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V advance(V c, const parameters<V>& p, V i, double dt) { return advance<V>(c, p, i, prepare<V>(p, dt)); }
};

}  // namespace apical::channels
