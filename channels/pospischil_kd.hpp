// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Delayed rectifier potassium channel of the minimal cortical models. u = v - v_t.
struct pospischil_kd {
    static constexpr channel_info info{.name = "pospischil_kd",
                                       .summary = "delayed rectifier potassium current, n^4",
                                       .source = "Traub & Miles (1991) Neuronal Networks of the Hippocampus; Pospischil "
                                                 "et al. (2008) Biol Cybern 99:427",
                                       .carries = ion::k,
                                       .q10 = 3,
                                       .q10_at = 36};

    template <class V> struct parameters { V g_max, v_t; };
    static constexpr parameters<field> defaults{{"g_max", 0.006, "S/cm2", "peak conductance density", 0, 100},
                                                {"v_t", -56.2, "mV", "shifts the spike threshold", -100, 0}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V u) {
        return from_rates<V>(V(5*0.032)*linoid_fraction<V>((V(15.0) - u)*V(1.0/5.0), exp_at<V>(u, 15, -5)),
                             V(0.5)*exp_at<V>(u, 10, -40));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {V(at.q)*n(at.v - p.v_t)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const V n2 = s.n*s.n;
        return p.g_max*n2*n2*(v - at.e_rev);
    }
};

}  // namespace apical::channels
