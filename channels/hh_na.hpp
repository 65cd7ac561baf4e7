// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Fast inactivating sodium channel of the squid giant axon.
/// Voltages are absolute, shifted so that rest is near -65 mV.
struct hh_na {
    static constexpr channel_info info{.name = "hh_na",
                                       .summary = "squid axon fast sodium current, m^3 h",
                                       .source = "Hodgkin & Huxley (1952) J Physiol 117:500, eqs 20, 21, 23, 24",
                                       .carries = ion::na,
                                       .q10 = 3,
                                       .q10_at = 6.3};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.12, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    /// e^(-(v + 65)/20), whose square serves the scale of 10 mV: one exponential where the formulas show three.
    template <class V> [[gnu::always_inline]] static constexpr V e20(V v) { return exp_at<V>(v, -65, -20); }

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V e = math::square<V>(e20(v))*V(12.182493960703473438);  // e^(-(v + 40)/10); the constant is e^2.5
        return from_rates<V>(linoid_fraction<V>((v + V(40.0))*V(-0.1), e), V(4.0)*exp_at<V>(v, -65, -18));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V e = math::square<V>(e20(v))*V(20.085536923187667741);  // e^(-(v + 35)/10); the constant is e^3
        return from_rates<V>(V(0.07)*e20(v), fraction<V>{V(1.0), V(1.0) + e});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
