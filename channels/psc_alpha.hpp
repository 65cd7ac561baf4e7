// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/constant_current.hpp"

namespace apical::channels {

/// Synaptic current of the shape of an alpha function: an event of weight w gives w (t/tau) e^(1 - t/tau), which peaks at w after tau.
/// Positive weights depolarise, whatever the potential is.
struct psc_alpha {
    static constexpr receptor_info info{.name = "psc_alpha",
                                        .summary = "alpha-function current",
                                        .source = "Rotter & Diesmann (1999) Biol Cybern 81:381 (NEST's iaf_psc_alpha)",
                                        .weight_unit = "nA"};

    template <class V> struct parameters { V tau; };
    static constexpr parameters<field> defaults{{"tau", 2, "ms", "time to peak", 1e-6, 1e5}};

    template <class V> struct state { V a, i; };
    static constexpr state<field> meaning{{"a", 0, "nA", "first stage, which events raise", -1e6, 1e6},
                                          {"i", 0, "nA", "second stage, the current into the cell", -1e6, 1e6}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double weight) {
        return {s.a + 2.7182818284590452354*weight, s.i};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        const V x = V(dt)/p.tau, left = math::exp<V>(-x);
        return {s.a*left, math::fma(s.a, x, s.i)*left};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>&, U v) { return constant_current::inward(s.i, v); }
};

}  // namespace apical::channels
