// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Muscarinic potassium channel (Im). alpha and beta are 3.3e-3 E and 3.3e-3/E, with E = e^((v + 35)/10).
struct im {
    static constexpr channel_info info{.name = "im",
                                       .summary = "muscarinic potassium current, m",
                                       .source = "Adams, Brown & Constanti (1982) J Physiol 330:537; Hay et al. (2011) PLoS "
                                                 "Comput Biol 7:e1002107",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V e = hay_2011::exponential_10<V>(v), e2 = e*e, sum = e2 + V(1.0);
        return from_fractions<V>({e2, sum}, {V(3.3e-3*hay_2011::q_21_to_34)*sum, e});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - at.e_rev);
    }
};

}  // namespace apical::channels
