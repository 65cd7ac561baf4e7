// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Synaptic conductance that rises and falls exponentially; an event of weight w gives a peak of w.
struct exp2syn {
    static constexpr receptor_info info{.name = "exp2syn",
                                        .summary = "double-exponential conductance",
                                        .source = "Hines & Carnevale (1997) Neural Comput 9:1179 (NEURON's Exp2Syn)"};

    template <class V> struct parameters { V tau_rise, tau_decay, e_rev; };
    static constexpr parameters<field> defaults{
        {"tau_rise", 0.1, "ms", "time constant of the rise, below tau_decay", 1e-6, 1e4},
        {"tau_decay", 10, "ms", "time constant of the decay", 1e-6, 1e5},
        {"e_rev", 0, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V a, b; };
    static constexpr state<field> meaning{{"a", 0, "uS", "rising component", 0, 1e3},
                                          {"b", 0, "uS", "decaying component", 0, 1e3}};

    /// The factor that makes the peak of b - a equal to 1. Rise and decay closer than 1 in 10^4 are set apart, as NEURON does.
    static double normalisation(double rise, double decay) {
        rise = math::at_least(math::at_most(rise, 0.9999*decay), 1e-9*decay);
        const double peak = rise*decay/(decay - rise)*math::log(decay/rise);
        return 1/(math::exp(-peak/decay) - math::exp(-peak/rise));
    }
    static state<double> on_event(state<double> s, const parameters<double>& p, double weight) {
        const double jump = weight*normalisation(p.tau_rise, p.tau_decay);
        return {s.a + jump, s.b + jump};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        const V rise = math::at_least(math::at_most(p.tau_rise, V(0.9999)*p.tau_decay), V(1e-9)*p.tau_decay);
        return {s.a*math::exp<V>(V(-dt)/rise), s.b*math::exp<V>(V(-dt)/p.tau_decay)};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return (s.b - s.a)*(v - p.e_rev);
    }
};

}  // namespace apical::channels
