// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Alpha function: an event of weight w gives the conductance w (t/tau) e^(1 - t/tau), which peaks at w after tau.
/// It is two stages of one time constant, b' = (a - b)/tau, and therefore takes any number of events.
struct alphasyn {
    static constexpr receptor_info info{.name = "alphasyn",
                                        .summary = "alpha-function conductance",
                                        .source = "Rall (1967) J Neurophysiol 30:1138"};

    template <class V> struct parameters { V tau, e_rev; };
    static constexpr parameters<field> defaults{
        {"tau", 0.1, "ms", "time to peak", 1e-6, 1e5},
        {"e_rev", 0, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V a, b; };
    static constexpr state<field> meaning{{"a", 0, "uS", "first stage, which events raise", 0, 1e3},
                                          {"b", 0, "uS", "second stage, the conductance", 0, 1e3}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double weight) {
        return {s.a + 2.7182818284590452354*weight, s.b};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        const V x = V(dt)/p.tau, left = math::exp<V>(-x);
        return {s.a*left, math::fma(s.a, x, s.b)*left};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return s.b*(v - p.e_rev);
    }
};

}  // namespace apical::channels
