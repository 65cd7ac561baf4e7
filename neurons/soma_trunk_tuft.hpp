// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// A leaky integrate-and-fire soma with a dendrite of two passive compartments in a row, trunk and tuft.
///
///     c_s v_s' = -g_s (v_s - e) + g_st (v_t - v_s) + I_s
///     c_t v_t' = -g_t (v_t - e) + g_st (v_s - v_t) + g_tu (v_u - v_t) + I_t
///     c_u v_u' = -g_u (v_u - e) + g_tu (v_t - v_u) + I_u
///
/// A spike is where v_s meets v_threshold; then v_s = v_reset for t_refractory, while the dendrite goes on (NEST, whose parameters
/// these are, holds it too). Nothing in it is active: it delays and attenuates what arrives on the tuft. Steps are those of Runge and
/// Kutta, of fourth order.
struct soma_trunk_tuft {
    static constexpr neuron_info info{.name = "soma_trunk_tuft",
                                      .summary = "three-compartment leaky integrate-and-fire, soma, trunk and tuft",
                                      .source = "NEST's iaf_cond_alpha_mc: Gewaltig & Diesmann (2007) Scholarpedia 2:1430",
                                      .compartments = {"soma", "apic", "apic"},
                                      .voltage = {0, 1, 2}};

    template <class V> struct parameters {
        V c_soma, g_soma, c_trunk, g_trunk, c_tuft, g_tuft, g_soma_trunk, g_trunk_tuft, e_leak, v_threshold, v_reset, t_refractory;
    };
    static constexpr parameters<field> defaults{
        {"c_soma", 150, "pF", "capacitance of the soma", 1e-3, 1e6},
        {"g_soma", 10, "nS", "leak conductance of the soma", 0, 1e6},
        {"c_trunk", 75, "pF", "capacitance of the trunk", 1e-3, 1e6},
        {"g_trunk", 5, "nS", "leak conductance of the trunk", 0, 1e6},
        {"c_tuft", 150, "pF", "capacitance of the tuft", 1e-3, 1e6},
        {"g_tuft", 10, "nS", "leak conductance of the tuft", 0, 1e6},
        {"g_soma_trunk", 2.5, "nS", "coupling of soma and trunk", 0, 1e6},
        {"g_trunk_tuft", 1, "nS", "coupling of trunk and tuft", 0, 1e6},
        {"e_leak", -70, "mV", "resting potential of all", -200, 200},
        {"v_threshold", -55, "mV", "threshold of the spike, at the soma", -200, 200},
        {"v_reset", -60, "mV", "somatic potential after a spike", -200, 200},
        {"t_refractory", 2, "ms", "time spent at the reset", 0, 1e4},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{
        {"nest_iaf_cond_alpha_mc", "Gewaltig & Diesmann (2007): defaults of iaf_cond_alpha_mc in NEST 3.10, where the trunk is proximal, the tuft distal",
         {150, 10, 75, 5, 150, 10, 2.5, 1, -70, -55, -60, 2}},
    }};

    template <class V> struct state { V v_s, v_t, v_u; };
    static constexpr state<field> meaning{
        {"v_s", -70, "mV", "potential of the soma", -1000, 1000},
        {"v_t", -70, "mV", "potential of the trunk", -1000, 1000},
        {"v_u", -70, "mV", "potential of the tuft", -1000, 1000},
    };

    static constexpr state<double> rest(const parameters<double>& p) { return {p.e_leak, p.e_leak, p.e_leak}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        const V up = p.g_soma_trunk*(s.v_s - s.v_t), out = p.g_trunk_tuft*(s.v_t - s.v_u);
        return {at.free*(p.g_soma*(p.e_leak - s.v_s) - up + at.in[0].i - at.in[0].g*s.v_s)/p.c_soma,
                (p.g_trunk*(p.e_leak - s.v_t) + up - out + at.in[1].i - at.in[1].g*s.v_t)/p.c_trunk,
                (p.g_tuft*(p.e_leak - s.v_u) + out + at.in[2].i - at.in[2].g*s.v_u)/p.c_tuft};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return runge_kutta<soma_trunk_tuft>(s, p, at, dt);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v_s - p.v_threshold; }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) { return {p.v_reset, s.v_t, s.v_u}; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
};

}  // namespace apical::neurons
