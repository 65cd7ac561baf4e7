// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/double_exponential.hpp"

namespace apical::channels {

/// Synaptic conductance that jumps by the weight of an event and decays exponentially.
struct expsyn {
    static constexpr receptor_info info{.name = "expsyn",
                                        .summary = "single-exponential conductance",
                                        .source = "Hines & Carnevale (1997) Neural Comput 9:1179 (NEURON's ExpSyn)"};

    template <class V> struct parameters { V tau, e_rev; };
    static constexpr parameters<field> defaults{
        {"tau", 0.1, "ms", "time constant of the decay", 1e-6, 1e5},
        {"e_rev", 0, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V g; };
    static constexpr state<field> meaning{{"g", 0, "uS", "conductance", 0, 1e3}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double weight) {
        return {s.g + weight};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        return {double_exponential::decayed(s.g, p.tau, dt)};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return s.g*(v - p.e_rev);
    }
};

}  // namespace apical::channels
