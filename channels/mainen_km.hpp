// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Slow non-inactivating potassium channel. Rates and conductance both grow with temperature.
struct mainen_km {
    static constexpr channel_info info{.name = "mainen_km",
                                       .summary = "slow (muscarinic) potassium current, n",
                                       .source = "Mainen & Sejnowski (1996) Nature 382:363",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 23};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-3, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V v) {
        const V e = exp_at<V>(v, -30, 9);
        return from_rates<V>(linoid_fraction<V>((v + V(30.0))*V(1.0/9.0), e), V(9*0.001)*e, V(9*0.001));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*n(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*V(at.q)*s.n*(v - at.e_rev);
    }
};

}  // namespace apical::channels
