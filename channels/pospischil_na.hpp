// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Fast sodium channel of the minimal cortical models. u = v - v_t.
struct pospischil_na {
    static constexpr channel_info info{.name = "pospischil_na",
                                       .summary = "fast sodium current, m^3 h",
                                       .source = "Traub & Miles (1991) Neuronal Networks of the Hippocampus; Pospischil "
                                                 "et al. (2008) Biol Cybern 99:427",
                                       .carries = ion::na,
                                       .q10 = 3,
                                       .q10_at = 36};

    template <class V> struct parameters { V g_max, v_t; };
    static constexpr parameters<field> defaults{{"g_max", 0.056, "S/cm2", "peak conductance density", 0, 100},
                                                {"v_t", -56.2, "mV", "shifts the spike threshold", -100, 0}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V u) {
        const V x = (V(13.0) - u)*V(1.0/4.0), y = (u - V(40.0))*V(1.0/5.0);
        return from_rates<V>(V(4*0.32)*linoid_fraction<V>(x, exp_at<V>(u, 13, -4)),
                             V(5*0.28)*linoid_fraction<V>(y, exp_at<V>(u, 40, 5)));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V u) {
        const V e = exp_at<V>(u, 40, 5);
        return from_rates<V>(V(0.128)*exp_at<V>(u, 17, -18), fraction<V>{V(4.0)*e, V(1.0) + e});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) {
        return {V(at.q)*m(at.v - p.v_t), V(at.q)*h(at.v - p.v_t)};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
