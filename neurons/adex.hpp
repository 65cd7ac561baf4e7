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
                                      .source = "Brette & Gerstner (2005) J Neurophysiol 94:3637",
                                      .rests = false};

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
    /// ln(1 - x)/-x, error below 1e-15, for x >= 0; what it is from 1 on means nothing. Few neurons are near a spike, and up to 1/4
    /// a polynomial does: a pack takes the logarithm only if one of its lanes needs it.
    template <class V> [[gnu::always_inline]] static constexpr V log_ratio(V x) {
        // Estrin's scheme: everything before it is one chain already, and a step waits for it
        const V x2 = x*x, x4 = x2*x2;
        const auto pair = [x](double low, double high) { return math::fma(V(high), x, V(low)); };
        const V low = math::fma(pair(0.33333333338454085794, 0.24999999552290350636), x2, pair(1.0000000000000001698, 0.49999999999977059168));
        const V middle = math::fma(pair(0.14295024554364241324, 0.12393918047979203685), x2, pair(0.20000020265884120238, 0.16666123032602439777));
        const V high = math::fma(pair(0.23762872744899904889, -0.22540617070031629042), x2, pair(0.11930069751124038759, 0.057260118315941151988));
        const V p = math::fma(math::fma(math::fma(V(0.40832454013233551574), x4, high), x4, middle), x4, low);
        const auto far = x > V(0.25);
        if (!math::any_positive(math::select(x < V(1.0), math::select(far, V(1.0), V(0.0)), V(0.0)))) return p;
        return math::select(far, -math::log<V>(V(1.0) - x)/math::at_least(x, V(0.25)), p);
    }
    /// Most of a step: half of the leak takes v to `before`; from there u = exp(-(v - v_t)/delta_t) falls at the constant rate
    /// g_leak/c_m by `gone`, a part of itself; where all is gone the spike has happened. `ratio` is ln(1 - gone)/-gone. Meanwhile
    /// w follows the mean of v.
    template <class V> struct upswing { V share, inverse_g, input, before, gone, ratio, w; };
    template <class V> [[gnu::always_inline]]
    static constexpr upswing<V> swung(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const V g = p.g_leak + at.in[0].g, inverse_g = V(1.0)/g, input = p.g_leak*p.e_leak + at.in[0].i, inverse_d = V(1.0)/p.delta_t;
        const V share = V(1.0) - math::exp<V>(at.free*g*(V(-0.5*dt)/p.c_m));
        const V before = math::fma(share, (input - s.w)*inverse_g - s.v, s.v);
        const V gone = at.free*(p.g_leak/p.c_m*V(dt))*math::exp<V>((before - p.v_t)*inverse_d), ratio = log_ratio(gone);
        const V above = V(1.0) - math::at_least(V(1.0) - gone, V(0.0))*ratio;
        const V drive = p.a*(math::fma(p.delta_t, above, before) - p.e_leak);
        return {share, inverse_g, input, before, gone, ratio, math::fma(math::exp<V>(V(-dt)/p.tau_w), s.w - drive, drive)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const auto x = swung(s, p, at, dt);
        const V there = math::fma(p.delta_t*x.gone, x.ratio, x.before), v = math::fma(x.share, (x.input - x.w)*x.inverse_g - there, there);
        return {math::select(x.gone > V(1 - 1e-15), V(1e3), v), x.w};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - p.v_peak; }
    /// Rises through 0 at the spike: what has to be left of u so that the second half of the leak ends at v_peak, less what is left
    /// after dt. Nearly linear in dt, and smooth through the blow-up.
    static constexpr double straightened(const state<double>& s, const parameters<double>& p, const surroundings<double>& at, double dt) {
        if (dt == 0) return math::exp((s.v - p.v_peak)/p.delta_t) - 1;
        const auto x = swung(s, p, at, dt);
        const double peak = (p.v_peak - x.share*(x.input - x.w)*x.inverse_g)/(1 - x.share);
        return math::exp((x.before - peak)/p.delta_t) - (1 - x.gone);
    }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) { return {p.v_reset, s.w + p.b}; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
};

}  // namespace apical::neurons
