// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Calcium in a thin shell below the membrane: fed by all of the inward calcium current, never drained by an outward one.
///   c' = max(0, -i/(2 F depth)) - (c - c_min)/decay
struct mainen_cad {
    static constexpr pool_info info{.name = "mainen_cad",
                                    .summary = "decaying calcium pool, fed by inward current only",
                                    .source = "Destexhe, Babloyantz & Sejnowski (1993) Biophys J 65:1538; Mainen & Sejnowski "
                                              "(1996) Nature 382:363",
                                    .of = ion::ca};

    template <class V> struct parameters { V decay, depth, c_min; };
    static constexpr parameters<field> defaults{
        {"decay", 200, "ms", "time constant of removal", 1e-3, 1e6},
        {"depth", 0.1, "um", "thickness of the shell", 1e-3, 100},
        {"c_min", 1e-4, "mM", "concentration at rest", 0, 10},
    };

    /// c' [mM/ms] with the outward current density i [nA/um2] of the ion.
    template <class V> [[gnu::always_inline]] static constexpr V rate(V c, const parameters<V>& p, V i) {
        return math::at_least(-i, V(0.0))/(V(2*constants::faraday)*p.depth) - (c - p.c_min)/p.decay;
    }

    /// What dt [ms] makes of the parameters: the part of the way to the target that is gone, and how far an inward current lifts the
    /// target [mM um2/nA].
    template <class V> struct constants_of_step { V way, lift; };
    template <class V> [[gnu::always_inline]]
    static constexpr constants_of_step<V> prepare(const parameters<V>& p, double dt) {
        return {math::approach<V>(V(dt)/p.decay), p.decay/(V(2*constants::faraday)*p.depth)};
    }
    /// c [mM] after the step, with the outward current density i [nA/um2] of the ion held over it.
    template <class V> [[gnu::always_inline]]
    static constexpr V advance(V c, const parameters<V>& p, V i, const constants_of_step<V>& s) {
        const V target = math::fma(s.lift, math::at_least(-i, V(0.0)), p.c_min);
        return math::fma(s.way, target - c, c);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V advance(V c, const parameters<V>& p, V i, double dt) { return advance<V>(c, p, i, prepare<V>(p, dt)); }
};

}  // namespace apical::channels
