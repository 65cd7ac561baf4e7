// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Low-voltage-activated calcium channel (Ca_LVAst), shifted by -10 mV for the junction potential.
struct ca_lvast {
    static constexpr channel_info info{.name = "ca_lvast",
                                       .summary = "low-voltage-activated calcium current, m^2 h",
                                       .source = "Avery & Johnston (1996) J Neurosci 16:5567; Randall & Tsien (1997) "
                                                 "Neuropharmacology 36:879; Hay et al. (2011) PLoS Comput Biol 7:e1002107",
                                       .carries = ion::ca};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    /// tau = (5 + 20/e)/q and (20 + 50/e)/q: the rate is a fraction over the same e.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V x = hay_2011::sodium_exponential<V>(v);                    // e^((v + 40)/6) = x e^(1/3)
        const V e = V(1.0) + math::square(hay_2011::exponential_10<V>(v));  // 1 + e^((v + 35)/5)
        return from_fractions<V>({x, x + V(0.71653131057378925043)},
                                 {e, math::fma(e, V(5/hay_2011::q_21_to_34), V(20/hay_2011::q_21_to_34))});
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V e = V(1.0) + hay_2011::exponential_7<V>(v);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -90, 6.4)},
                                 {e, math::fma(e, V(20/hay_2011::q_21_to_34), V(50/hay_2011::q_21_to_34))});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
