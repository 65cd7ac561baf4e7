// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// Izhikevich's simple model in the form of 2003, whose numbers are those of mV and ms.
///
///     v' = 0.04 v^2 + 5 v + 140 - u + I,   u' = a (b v - u);   v > 30: v = c, u += d
///
/// The paper's I is a rate of change, mV/ms. A current becomes one by the capacitance `c_m`: with 1 pF, 10 pA is I = 10.
/// A step takes the quadratic exactly, through its blow-up too, with u at the middle of the step; and u exactly, driven by the
/// mean of v over the step (Simpson's rule on the exact v).
struct izhikevich {
    static constexpr neuron_info info{.name = "izhikevich",
                                      .summary = "Izhikevich's simple model, 2003",
                                      .source = "Izhikevich (2003) IEEE Trans Neural Netw 14:1569"};

    template <class V> struct parameters { V a, b, c, d, v_peak, c_m; };
    static constexpr parameters<field> defaults{
        {"a", 0.02, "/ms", "rate of the recovery u", 1e-6, 100},
        {"b", 0.2, "/ms", "sensitivity of u to v", -100, 100},
        {"c", -65, "mV", "potential after a spike", -200, 200},
        {"d", 8, "mV/ms", "jump of u at a spike", -1e4, 1e4},
        {"v_peak", 30, "mV", "where the spike is cut", -100, 200},
        {"c_m", 1, "pF", "turns currents into the paper's I", 1e-6, 1e6},
    };
    static constexpr std::string_view figure = "Izhikevich (2003) IEEE Trans Neural Netw 14:1569, figure 2";
    static constexpr std::array<parameter_set<parameters<double>>, 5> published{{
        {"regular_spiking", figure, {0.02, 0.2, -65, 8, 30, 1}},
        {"intrinsically_bursting", figure, {0.02, 0.2, -55, 4, 30, 1}},
        {"chattering", figure, {0.02, 0.2, -50, 2, 30, 1}},
        {"fast_spiking", figure, {0.1, 0.2, -65, 2, 30, 1}},
        {"low_threshold_spiking", figure, {0.02, 0.25, -65, 2, 30, 1}},
    }};

    template <class V> struct state { V v, u; };
    static constexpr state<field> meaning{
        {"v", -70, "mV", "membrane potential", -1000, 1000},
        {"u", -14, "mV/ms", "recovery", -1e9, 1e9},
    };

    /// The stable fixed point without input, if there is one, else the potential where it would be lost.
    static constexpr state<double> rest(const parameters<double>& p) {
        const double slope = 5 - p.b, inside = math::at_least(slope*slope - 4*0.04*140, 0.0);
        const double root = inside > 0 ? math::exp(0.5*math::log(inside)) : 0;
        const double v = -(slope + root)/(2*0.04);
        return {v, p.b*v};
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        const V input = (at.in[0].i - at.in[0].g*s.v)/p.c_m;
        return {at.free*((V(0.04)*s.v + V(5.0))*s.v + V(140.0) - s.u + input), p.a*(p.b*s.v - s.u)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const V u_middle = relaxed(s.u, p.b*s.v, p.a, 0.5*dt), h = at.free*V(dt);
        const quadratic<V> membrane{V(0.04), V(5.0) - at.in[0].g/p.c_m, V(140.0) - u_middle + at.in[0].i/p.c_m};
        const V middle = membrane.flow(s.v, V(0.5)*h), v = membrane.flow(s.v, h);
        const V mean = (s.v + V(4.0)*middle + v)*V(1/6.0);
        return {v, relaxed(s.u, p.b*mean, p.a, dt)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - p.v_peak; }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) { return {p.c, s.u + p.d}; }
};

}  // namespace apical::neurons
