// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// The leaky integrate-and-fire neuron. C v' = -g (v - e) + I; at the threshold a spike, the reset, and a while of silence at it.
/// Steps are exact for an input that is constant over the step.
struct lif {
    static constexpr neuron_info info{.name = "lif",
                                      .summary = "leaky integrate-and-fire",
                                      .source = "Lapicque (1907) J Physiol Pathol Gen 9:620; Stein (1965) Biophys J 5:173"};

    template <class V> struct parameters { V c_m, g_leak, e_leak, v_threshold, v_reset, t_refractory; };
    static constexpr parameters<field> defaults{
        {"c_m", 250, "pF", "membrane capacitance", 1e-3, 1e6},
        {"g_leak", 25, "nS", "leak conductance", 0, 1e6},
        {"e_leak", -65, "mV", "reversal potential of the leak", -200, 200},
        {"v_threshold", -50, "mV", "threshold of the spike", -200, 200},
        {"v_reset", -65, "mV", "potential after a spike", -200, 200},
        {"t_refractory", 2, "ms", "time spent at the reset", 0, 1e4},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 2> published{{
        {"potjans_diesmann_2014", "Potjans & Diesmann (2014) Cereb Cortex 24:785, table 5", {250, 25, -65, -50, -65, 2}},
        {"brunel_2000", "Brunel (2000) J Comput Neurosci 8:183; tau 20 ms, 20 mV to the threshold, reset at 10 mV", {250, 12.5, 0, 20, 10, 2}},
    }};

    template <class V> struct state { V v; };
    static constexpr state<field> meaning{{"v", -65, "mV", "membrane potential", -1000, 1000}};

    static constexpr state<double> rest(const parameters<double>& p) { return {p.e_leak}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {at.free*(p.g_leak*(p.e_leak - s.v) + at.in[0].i - at.in[0].g*s.v)/p.c_m};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        // a leak of nothing is one of 1e-12 uS, so that the steady state exists
        const V g = math::at_least(p.g_leak + at.in[0].g, V(1e-12)), target = (p.g_leak*p.e_leak + at.in[0].i)/g;
        return {relaxed(s.v, target, at.free*g/p.c_m, dt)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - p.v_threshold; }

    static constexpr state<double> spiked(const state<double>&, const parameters<double>& p) { return {p.v_reset}; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
};

}  // namespace apical::neurons
