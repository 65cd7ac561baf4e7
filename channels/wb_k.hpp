// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Delayed rectifier potassium channel of a fast-spiking interneuron.
struct wb_k {
    static constexpr channel_info info{.name = "wb_k",
                                       .summary = "interneuron potassium current, n^4",
                                       .source = "Wang & Buzsaki (1996) J Neurosci 16:6402",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max, phi; };
    static constexpr parameters<field> defaults{{"g_max", 0.009, "S/cm2", "peak conductance density", 0, 100},
                                                {"phi", 5, "", "factor on the rates", 1e-3, 1e3}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V v) {
        return from_rates<V>(V(0.1)*linoid_fraction<V>((v + V(34.0))*V(-0.1), exp_at<V>(v, -34, -10)),
                             V(0.125)*exp_at<V>(v, -44, -80));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {p.phi*n(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const V n2 = s.n*s.n;
        return p.g_max*n2*n2*(v - at.e_rev);
    }
};

}  // namespace apical::channels
