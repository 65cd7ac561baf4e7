// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Hyperpolarisation-activated cation channel of layer 5 pyramidal cells (Ih).
struct ih {
    static constexpr channel_info info{.name = "ih",
                                       .summary = "hyperpolarisation-activated cation current, m",
                                       .source = "Kole, Hallermann & Stuart (2006) J Neurosci 26:1677; Hay et al. (2011) PLoS "
                                                 "Comput Biol 7:e1002107"};

    template <class V> struct parameters { V g_max, e_rev; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100},
                                                {"e_rev", -45, "mV", "reversal potential", -200, 200}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V x = (v + V(154.9))*V(1.0/11.9);
        return from_rates<V>(V(6.43e-3*11.9)*linoid_fraction<V>(x, exp_at<V>(v, -154.9, 11.9)),
                             V(0.193)*exp_at<V>(v, 0, 33.1));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - p.e_rev);
    }
};

}  // namespace apical::channels
