// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Slow inhibitory synapse: a pulse of transmitter T activates receptors r, these a G protein s, and four of those open a
/// potassium channel.
///   r' = k1 T (1 - r) - k2 r,   s' = k3 r - k4 s,   g = g_max s^4/(s^4 + s_half^4)
/// An event starts the pulse, or starts it anew if it is still on; its weight is g_max.
struct gaba_b {
    static constexpr receptor_info info{.name = "gaba_b",
                                        .summary = "GABA-B conductance through a G protein",
                                        .source = "Destexhe, Mainen & Sejnowski (1998) in Methods in Neuronal Modeling, 2nd "
                                                  "edition, MIT Press",
                                        .is_linear = false,
                                        .carries = ion::k};

    template <class V> struct parameters { V k1, k2, k3, k4, s_half, transmitter, duration, e_rev; };
    static constexpr parameters<field> defaults{
        {"k1", 0.09, "1/ms/mM", "binding of transmitter", 0, 100},
        {"k2", 0.0012, "1/ms", "unbinding", 1e-9, 100},
        {"k3", 0.18, "uM/ms", "production of G protein by the receptors", 0, 1e3},
        {"k4", 0.034, "1/ms", "removal of G protein", 1e-9, 100},
        {"s_half", 3.1622776601683795, "uM", "G protein that opens half of the channels", 1e-6, 1e6},
        {"transmitter", 1, "mM", "transmitter during a pulse", 0, 100},
        {"duration", 1, "ms", "length of a pulse", 0, 1e3},
        {"e_rev", -95, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V r, s, pulse, g_max; };
    static constexpr state<field> meaning{{"r", 0, "", "activated receptors", 0, 1},
                                          {"s", 0, "uM", "G protein", 0, 1e6},
                                          {"pulse", 0, "ms", "time until the pulse ends", 0, 1e3},
                                          {"g_max", 0, "uS", "weight of the latest event", 0, 1e3}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>& p, double weight) {
        return {s.r, s.s, p.duration, weight};
    }

    /// r and s after a time t of constant transmitter, exactly.
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> held(state<V> s, const parameters<V>& p, V binding, V t) {
        const V a = binding + p.k2, r_inf = binding/a, excess = s.r - r_inf;
        const V k = math::approach<V>(a*t), l = math::approach<V>(p.k4*t);
        const V transfer = difference_quotient(a, p.k4, t);
        const V s_inf = p.k3*r_inf/p.k4;
        return {math::fma(k, r_inf - s.r, s.r), math::fma(l, s_inf - s.s, s.s) + p.k3*excess*transfer, s.pulse, s.g_max};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        const V on = math::at_most(s.pulse, V(dt));
        s = held<V>(held<V>(s, p, p.k1*p.transmitter, on), p, V(0.0), V(dt) - on);
        s.pulse -= on;
        return s;
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        const V s4 = math::square<V>(math::square<V>(s.s)), half4 = math::square<V>(math::square<V>(p.s_half));
        return (s.g_max*s4/(s4 + half4))*(v - p.e_rev);
    }

    /// (e^(-a t) - e^(-b t))/(b - a), also where a = b: what is left of a unit that decays at a into a pool that decays at b.
    template <class V> [[gnu::always_inline]] static constexpr V difference_quotient(V a, V b, V t) {
        return t*math::exp<V>(-math::at_most(a, b)*t)/math::linoid<V>(-math::absolute(b - a)*t);
    }
};

}  // namespace apical::channels
