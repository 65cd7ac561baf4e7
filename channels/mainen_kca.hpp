// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Calcium-activated potassium channel: n opens at `opening` c and closes at 0.02 /ms.
/// The rate is published as 0.01 per ms and uM; some copies of the model read it as per mM, which is `opening` = 0.01 /ms/mM.
/// Rates and conductance both grow with temperature.
struct mainen_kca {
    static constexpr channel_info info{.name = "mainen_kca",
                                       .summary = "calcium-activated potassium current, n",
                                       .source = "Mainen & Sejnowski (1996) Nature 382:363",
                                       .carries = ion::k,
                                       .reads = ion::ca,
                                       .q10 = 2.3,
                                       .q10_at = 23};

    template <class V> struct parameters { V g_max, opening; };
    static constexpr parameters<field> defaults{{"g_max", 1e-3, "S/cm2", "peak conductance density", 0, 100},
                                                {"opening", 0.01, "1/ms/uM", "opening rate per calcium concentration", 0, 10}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V c_in, V opening) {
        return from_rates<V>(opening*c_in, V(0.02));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {V(at.q)*n(at.c_in, p.opening)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*V(at.q)*s.n*(v - at.e_rev);
    }
};

}  // namespace apical::channels
