// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// Adaptive exponential integrate-and-fire neuron.
///
///     C v' = -g (v - e) + g d exp((v - v_t)/d) - w + I,   tau w' = a (v - e) - w;   v > v_peak: v = v_reset, w += b
///
/// A step is a symmetric composition of flows: half of the linear membrane, the exponential with the adaptation it drives, and
/// the other half. Each is solved exactly, the exponential through its blow-up in finite time: spikes need no small step.
struct adex {
    static constexpr neuron_info info{.name = "adex",
                                      .summary = "adaptive exponential integrate-and-fire",
                                      .source = "Brette & Gerstner (2005) J Neurophysiol 94:3637"};

    template <class V> struct parameters { V c_m, g_leak, e_leak, v_t, delta_t, a, tau_w, b, v_reset, v_peak, t_refractory; };
    static constexpr parameters<field> defaults{
        {"c_m", 281, "pF", "membrane capacitance", 1e-3, 1e6},
        {"g_leak", 30, "nS", "leak conductance", 1e-6, 1e6},
        {"e_leak", -70.6, "mV", "reversal potential of the leak", -200, 200},
        {"v_t", -50.4, "mV", "where the exponential takes over", -200, 200},
        {"delta_t", 2, "mV", "slope of the spike's upswing", 0.01, 100},
        {"a", 4, "nS", "coupling of the adaptation to the potential", -1e6, 1e6},
        {"tau_w", 144, "ms", "time constant of the adaptation", 1e-3, 1e6},
        {"b", 80.5, "pA", "jump of the adaptation at a spike", -1e6, 1e6},
        {"v_reset", -70.6, "mV", "potential after a spike", -200, 200},
        {"v_peak", 20, "mV", "where the spike is cut", -100, 200},
        {"t_refractory", 0, "ms", "time spent at the reset", 0, 1e4},
    };
    static constexpr std::string_view patterns = "Naud, Marcille, Clopath & Gerstner (2008) Biol Cybern 99:335, table 1 and figure 4";
    static constexpr std::array<parameter_set<parameters<double>>, 11> published{{
        {"brette_gerstner_2005", "Brette & Gerstner (2005) J Neurophysiol 94:3637", {281, 30, -70.6, -50.4, 2, 4, 144, 80.5, -70.6, 20, 0}},
        {"bg2005_bursting", "Brette & Gerstner (2005), figure 3: tau_w 20 ms, b 0.5 nA, reset 5 mV above v_t", {281, 30, -70.6, -50.4, 2, 4, 20, 500, -45.4, 20, 0}},
        {"bg2005_fast_spiking", "Brette & Gerstner (2005), figure 3: a = 2 C/144 ms, b = 0", {281, 30, -70.6, -50.4, 2, 3.9, 144, 0, -70.6, 20, 0}},
        {"tonic", patterns, {200, 10, -70, -50, 2, 2, 30, 0, -58, 0, 0}},
        {"adapting", patterns, {200, 12, -70, -50, 2, 2, 300, 60, -58, 0, 0}},
        {"initial_burst", patterns, {130, 18, -58, -50, 2, 4, 150, 120, -50, 0, 0}},
        {"regular_bursting", patterns, {200, 10, -58, -50, 2, 2, 120, 100, -46, 0, 0}},
        {"delayed_accelerating", patterns, {200, 12, -70, -50, 2, -10, 300, 0, -58, 0, 0}},
        {"delayed_regular_bursting", patterns, {100, 10, -65, -50, 2, -10, 90, 30, -47, 0, 0}},
        {"transient", patterns, {100, 10, -65, -50, 2, 10, 90, 100, -47, 0, 0}},
        {"irregular", patterns, {100, 12, -60, -50, 2, -11, 130, 30, -48, 0, 0}},
    }};

    template <class V> struct state { V v, w; };
    static constexpr state<field> meaning{
        {"v", -70.6, "mV", "membrane potential", -1000, 1000},
        {"w", 0, "pA", "adaptation current, outward", -1e9, 1e9},
    };

    static constexpr state<double> rest(const parameters<double>& p) { return {p.e_leak, 0}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        const V spike = p.g_leak*p.delta_t*math::exp<V>((s.v - p.v_t)/p.delta_t);
        return {at.free*(p.g_leak*(p.e_leak - s.v) + spike - s.w + at.in[0].i - at.in[0].g*s.v)/p.c_m,
                (p.a*(s.v - p.e_leak) - s.w)/p.tau_w};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const V g = p.g_leak + at.in[0].g;
        const V share = V(1.0) - math::exp<V>(at.free*g*V(-0.5*dt)/p.c_m);
        const auto leaked = [&](V v, V w) {
            const V target = (p.g_leak*p.e_leak + at.in[0].i - w)/g;
            return math::fma(share, target - v, v);
        };
        const V before = leaked(s.v, s.w);
        // u = exp(-(v - v_t)/delta_t) falls at the constant rate g_leak/c_m; the spike is where nothing is left of it
        const V gone = at.free*(p.g_leak/p.c_m*V(dt))*math::exp<V>((before - p.v_t)/p.delta_t), left = V(1.0) - gone;
        const V log_left = math::log<V>(left);
        // the mean of v over this fall drives the adaptation
        const V above = math::select(gone > V(1e-7), V(1.0) + left*log_left/math::at_least(gone, V(1e-7)), V(0.5)*gone);
        const V drive = p.a*(math::fma(p.delta_t, above, before) - p.e_leak);
        const V w = math::fma(math::exp<V>(V(-dt)/p.tau_w), s.w - drive, drive);
        const V v = math::select(left > V(blown_up), leaked(before - p.delta_t*log_left, w), V(1e3));
        return {v, w};
    }
    /// Of u that is left where the potential has gone far beyond any v_peak: the spike has happened.
    static constexpr double blown_up = 1e-30;
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - p.v_peak; }
    /// Nearly linear in the time that is left to the spike.
    static constexpr double straightened(const state<double>& s, const parameters<double>& p) {
        return math::exp((p.v_t - p.v_peak)/p.delta_t) - math::exp((p.v_t - s.v)/p.delta_t);
    }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) { return {p.v_reset, s.w + p.b}; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
};

}  // namespace apical::neurons
