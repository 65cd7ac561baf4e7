// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// Izhikevich's simple model with its dimensions, as in the book of 2007.
///
///     C v' = k (v - v_r)(v - v_t) - u + I,   u' = a (U(v) - u),   U = b (v - v_r) + b3 [v - v_b]+^3
///     v > v_peak + p u:   v = c + q u,   u = min(u + d, u_max)
///
/// Steps are those of `izhikevich`. b3, p, q and u_max are for the fast-spiking and the low-threshold-spiking interneurons of the book, and do nothing in others.
struct izhikevich_2007 {
    static constexpr neuron_info info{.name = "izhikevich_2007",
                                      .summary = "Izhikevich's simple model, 2007, with dimensions",
                                      .source = "Izhikevich (2007) Dynamical Systems in Neuroscience, MIT Press, chapter 8"};

    template <class V> struct parameters { V c_m, k, v_r, v_t, v_peak, a, b, b3, v_b, c, d, u_max, p, q; };
    static constexpr parameters<field> defaults{
        {"c_m", 100, "pF", "membrane capacitance", 1e-3, 1e6},
        {"k", 0.7, "nS/mV", "scale of the quadratic", 1e-6, 1e3},
        {"v_r", -60, "mV", "resting potential", -200, 200},
        {"v_t", -40, "mV", "instantaneous threshold", -200, 200},
        {"v_peak", 35, "mV", "where the spike is cut", -100, 200},
        {"a", 0.03, "/ms", "rate of the recovery u", 1e-6, 100},
        {"b", -2, "nS", "sensitivity of u to v", -1e4, 1e4},
        {"b3", 0, "pA/mV3", "cubic sensitivity of u above v_b", 0, 1e3},
        {"v_b", -55, "mV", "where the cubic begins", -200, 200},
        {"c", -50, "mV", "potential after a spike", -200, 200},
        {"d", 100, "pA", "jump of u at a spike", -1e6, 1e6},
        {"u_max", 1e6, "pA", "highest u after a spike", -1e6, 1e6},
        {"p", 0, "mV/pA", "change of the peak with u", -100, 100},
        {"q", 0, "mV/pA", "change of the reset with u", -100, 100},
    };
    static constexpr std::string_view book = "Izhikevich (2007) Dynamical Systems in Neuroscience, section 8.2";
    static constexpr std::array<parameter_set<parameters<double>>, 5> published{{
        {"regular_spiking", book, {100, 0.7, -60, -40, 35, 0.03, -2, 0, -55, -50, 100, 1e6, 0, 0}},
        {"intrinsically_bursting", book, {150, 1.2, -75, -45, 50, 0.01, 5, 0, -55, -56, 130, 1e6, 0, 0}},
        {"chattering", book, {50, 1.5, -60, -40, 25, 0.03, 1, 0, -55, -40, 150, 1e6, 0, 0}},
        {"fast_spiking", book, {20, 1, -55, -40, 25, 0.2, 0, 0.025, -55, -45, 0, 1e6, 0, 0}},
        {"low_threshold_spiking", book, {100, 1, -56, -42, 40, 0.03, 8, 0, -55, -53, 20, 670, -0.1, 0.04}},
    }};

    template <class V> struct state { V v, u; };
    static constexpr state<field> meaning{
        {"v", -60, "mV", "membrane potential", -1000, 1000},
        {"u", 0, "pA", "recovery current, outward", -1e9, 1e9},
    };

    static constexpr state<double> rest(const parameters<double>& p) { return {p.v_r, cubed(p.v_r, p)}; }

    /// b3 [v - v_b]+^3
    template <class V> [[gnu::always_inline]] static constexpr V cubed(V v, const parameters<V>& p) {
        const V x = math::at_least(v - p.v_b, V(0.0));
        return p.b3*x*x*x;
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {at.free*(p.k*(s.v - p.v_r)*(s.v - p.v_t) - s.u + at.in[0].i - at.in[0].g*s.v)/p.c_m,
                p.a*(p.b*(s.v - p.v_r) + cubed(s.v, p) - s.u)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const auto target = [&](V v) { return p.b*(v - p.v_r) + cubed(v, p); };
        const V u_middle = relaxed(s.u, target(s.v), p.a, 0.5*dt), h = at.free*V(dt);
        const quadratic<V> membrane{p.k/p.c_m, -(p.k*(p.v_r + p.v_t) + at.in[0].g)/p.c_m,
                                    (p.k*p.v_r*p.v_t - u_middle + at.in[0].i)/p.c_m};
        const V middle = membrane.flow(s.v, V(0.5)*h), v = membrane.flow(s.v, h);
        return {v, relaxed(s.u, (target(s.v) + V(4.0)*target(middle) + target(v))*V(1/6.0), p.a, dt)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - (p.v_peak + p.p*s.u); }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) {
        return {p.c + p.q*s.u, math::at_most(s.u + p.d, p.u_max)};
    }
};

}  // namespace apical::neurons
