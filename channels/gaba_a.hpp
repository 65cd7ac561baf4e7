// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/double_exponential.hpp"

namespace apical::channels {

/// Fast inhibitory synapse: chloride conductance that rises and falls exponentially; an event of weight w gives a peak of w.
struct gaba_a {
    static constexpr receptor_info info{.name = "gaba_a",
                                        .summary = "GABA-A conductance, double-exponential",
                                        .source = "Hay & Segev (2015) Cereb Cortex 25:3561",
                                        .carries = ion::cl};

    template <class V> struct parameters { V tau_rise, tau_decay, e_rev; };
    static constexpr parameters<field> defaults{
        {"tau_rise", 1, "ms", "time constant of the rise, below tau_decay", 1e-6, 1e4},
        {"tau_decay", 20, "ms", "time constant of the decay", 1e-6, 1e5},
        {"e_rev", -80, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V a, b; };
    static constexpr state<field> meaning{{"a", 0, "uS", "rising component", 0, 1e3},
                                          {"b", 0, "uS", "decaying component", 0, 1e3}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>& p, double weight) {
        const double jump = weight*double_exponential::unit_jump(p.tau_rise, p.tau_decay);
        return {s.a + jump, s.b + jump};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        const V rise = double_exponential::guarded(p.tau_rise, p.tau_decay);
        return {double_exponential::decayed(s.a, rise, dt), double_exponential::decayed(s.b, p.tau_decay, dt)};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return (s.b - s.a)*(v - p.e_rev);
    }
};

}  // namespace apical::channels
