// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// The two-compartment CA3 pyramidal cell of Pinsky and Rinzel: a soma that fires, a dendrite with a calcium spike.
///
/// Potentials of the paper are relative to rest; here `v_s` and `v_d` are absolute, `e_rest` being the difference, and reversal
/// potentials stay as printed. The paper's currents are densities: with the default area 1 nA is 1 uA/cm2. A spike is an upward
/// crossing of `v_spike` at the soma; nothing is reset. Steps are those of Runge and Kutta, of fourth order, which
/// the sodium current bounds at about 0.1 ms.
struct pinsky_rinzel {
    static constexpr neuron_info info{.name = "pinsky_rinzel",
                                      .summary = "two-compartment CA3 pyramidal cell, soma and apical dendrite",
                                      .source = "Pinsky & Rinzel (1994) J Comput Neurosci 1:39, erratum 2:275 (1995)",
                                      .compartments = {"soma", "apic"},
                                      .voltage = {0, 1, -1},
                                      .resets = false,
                                      .rests = false};

    template <class V> struct parameters {
        V c_m, g_c, part, g_leak, g_na, g_kdr, g_ca, g_kahp, g_kc, e_leak, e_na, e_k, e_ca, e_rest, area, v_spike;
    };
    static constexpr parameters<field> defaults{
        {"c_m", 3, "uF/cm2", "membrane capacitance", 1e-3, 1e3},
        {"g_c", 2.1, "mS/cm2", "coupling of soma and dendrite", 0, 1e3},
        {"part", 0.5, "", "part of the membrane that is soma", 0.01, 0.99},
        {"g_leak", 0.1, "mS/cm2", "leak of both", 0, 1e3},
        {"g_na", 30, "mS/cm2", "sodium conductance of the soma", 0, 1e4},
        {"g_kdr", 15, "mS/cm2", "delayed rectifier of the soma", 0, 1e4},
        {"g_ca", 10, "mS/cm2", "calcium conductance of the dendrite", 0, 1e4},
        {"g_kahp", 0.8, "mS/cm2", "slow calcium-dependent potassium conductance of the dendrite", 0, 1e4},
        {"g_kc", 15, "mS/cm2", "fast calcium- and voltage-dependent potassium conductance of the dendrite", 0, 1e4},
        {"e_leak", 0, "mV", "reversal potential of the leak, above rest", -200, 200},
        {"e_na", 120, "mV", "of sodium, above rest", -200, 200},
        {"e_k", -15, "mV", "of potassium, above rest", -200, 200},
        {"e_ca", 140, "mV", "of calcium, above rest", -200, 300},
        {"e_rest", -60, "mV", "rest", -200, 200},
        {"area", 1e5, "um2", "membrane of soma and dendrite together", 1e-3, 1e9},
        {"v_spike", -20, "mV", "upward crossings of it at the soma are spikes", -200, 200},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{
        {"pinsky_rinzel_1994", "Pinsky & Rinzel (1994) J Comput Neurosci 1:39, table 1",
         {3, 2.1, 0.5, 0.1, 30, 15, 10, 0.8, 15, 0, 120, -15, 140, -60, 1e5, -20}},
    }};

    template <class V> struct state { V v_s, v_d, h, n, s, c, q, ca; };
    static constexpr state<field> meaning{
        {"v_s", -64.6, "mV", "potential of the soma", -1000, 1000},
        {"v_d", -64.5, "mV", "potential of the dendrite", -1000, 1000},
        {"h", 0.999, "", "inactivation of sodium", 0, 1},
        {"n", 0.001, "", "activation of the delayed rectifier", 0, 1},
        {"s", 0.009, "", "activation of calcium", 0, 1},
        {"c", 0.007, "", "activation of the fast potassium current", 0, 1},
        {"q", 0.01, "", "activation of the slow potassium current", 0, 1},
        {"ca", 0.2, "", "calcium, in the paper's units", 0, 1e6},
    };

    static constexpr state<double> rest(const parameters<double>& p) {
        return {p.e_rest - 4.6, p.e_rest - 4.5, 0.999, 0.001, 0.009, 0.007, 0.01, 0.2};
    }

    /// Opening and closing rates [1/ms].
    template <class V> struct gate { V opens, closes; };
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V u) {
        return {V(0.128)*math::exp<V>((V(17.0) - u)*V(1/18.0)), V(4.0)*math::logistic<V>((u - V(40.0))*V(0.2))};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V u) {
        return {V(0.08)*math::linoid<V>((V(35.1) - u)*V(0.2)), V(0.25)*math::exp<V>(V(0.5) - V(0.025)*u)};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> s(V u) {
        return {V(1.6)*math::logistic<V>(V(0.072)*(u - V(65.0))), V(0.1)*math::linoid<V>((u - V(51.1))*V(0.2))};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> c(V u) {
        const V both = V(2.0)*math::exp<V>((V(6.5) - u)*V(1/27.0));
        const V low = math::exp<V>((u - V(10.0))*V(1/11.0) - (u - V(6.5))*V(1/27.0))*V(1/18.975);
        const V opens = math::select(u > V(50.0), both, low);
        return {opens, both - opens};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> q(V ca) {
        return {math::at_most(V(2e-5)*ca, V(0.01)), V(0.001)};
    }
    template <class V> [[gnu::always_inline]] static constexpr V rate(V x, gate<V> g) { return g.opens - (g.opens + g.closes)*x; }
    /// Outward current densities without the coupling [nA/um2].
    template <class V> [[gnu::always_inline]]
    static constexpr V somatic(const state<V>& x, const parameters<V>& p, V u) {
        const V opens = V(1.28)*math::linoid<V>((V(13.1) - u)*V(0.25)), closes = V(1.4)*math::linoid<V>((u - V(40.1))*V(0.2));
        const V m = opens/(opens + closes);
        return p.g_leak*(u - p.e_leak) + p.g_na*x.h*(m*m)*(u - p.e_na) + p.g_kdr*x.n*(u - p.e_k);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V dendritic(const state<V>& x, const parameters<V>& p, V u) {
        const V slow = p.g_kahp*x.q + p.g_kc*x.c*math::at_most(x.ca*V(1/250.0), V(1.0));
        return p.g_leak*(u - p.e_leak) + p.g_ca*x.s*x.s*(u - p.e_ca) + slow*(u - p.e_k);
    }
    /// Calcium enters with the paper's 0.13 per uA/cm2, and leaves with 0.075/ms.
    template <class V> [[gnu::always_inline]] static constexpr V calcium_source(const state<V>& x, const parameters<V>& p, V u) {
        return V(-0.13e5)*(p.g_ca*x.s*x.s*(u - p.e_ca));
    }
    static constexpr double calcium_rate = 0.075;

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& x, const parameters<V>& p, const surroundings<V>& at) {
        const V u = x.v_s - p.e_rest, w = x.v_d - p.e_rest, other = V(1.0) - p.part;
        const V in_s = (at.in[0].i - at.in[0].g*x.v_s)/p.area, in_d = (at.in[1].i - at.in[1].g*x.v_d)/p.area;
        return {(-somatic(x, p, u) + (p.g_c*(w - u) + in_s)/p.part)/p.c_m, (-dendritic(x, p, w) + (p.g_c*(u - w) + in_d)/other)/p.c_m,
                rate(x.h, h(u)), rate(x.n, n(u)), rate(x.s, s(w)), rate(x.c, c(w)), rate(x.q, q(x.ca)),
                calcium_source(x, p, w) - V(calcium_rate)*x.ca};
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& x, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return runge_kutta<pinsky_rinzel>(x, p, at, dt);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& x, const parameters<V>& p) { return x.v_s - p.v_spike; }
    static constexpr state<double> spiked(const state<double>& x, const parameters<double>&) { return x; }
};

}  // namespace apical::neurons
