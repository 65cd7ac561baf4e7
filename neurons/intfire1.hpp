// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// NEURON's artificial cell of this name: a sum of events that decays, v' = -v/tau, and fires where an event lifts it above 1 mV. Then it
/// is at 0 and deaf for t_refractory. Nothing flows into it. Events come by `psp_delta`, and each is answered at its own time before the next
/// is looked at, also those of one instant. It has no membrane: its mV stand for the pure number of NEURON.
struct intfire1 {
    static constexpr neuron_info info{.name = "intfire1",
                                      .summary = "sum of events that decays, each of which is answered for itself",
                                      .source = "Carnevale & Hines (2006) The NEURON Book, ch. 10; Stein (1965) Biophys J 5:173",
                                      .answers_each = true};

    template <class V> struct parameters { V tau, t_refractory; };
    static constexpr parameters<field> defaults{
        {"tau", 10, "ms", "time constant of the decay", 1e-6, 1e9},
        {"t_refractory", 5, "ms", "time after a spike in which events are lost", 0, 1e9},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{
        {"neuron", "Carnevale & Hines (2006) The NEURON Book, ch. 10: the defaults of NEURON", {10, 5}},
    }};

    template <class V> struct state { V v; };
    static constexpr state<field> meaning{{"v", 0, "mV", "sum of events; 1 mV is the threshold", -1e6, 1e6}};

    static constexpr state<double> rest(const parameters<double>&) { return {0}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) { return {-at.free*s.v/p.tau}; }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return {s.v*math::exp<V>(at.free*V(-dt)/p.tau)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>&) { return s.v - V(1.0); }

    static constexpr state<double> spiked(const state<double>&, const parameters<double>&) { return {0}; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
};

}  // namespace apical::neurons
