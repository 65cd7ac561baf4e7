// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Persistent sodium channel of entorhinal layer II cells (Nap_Et2). Activation is six times slower than that of nata_t.
struct nap_et2 {
    static constexpr channel_info info{.name = "nap_et2",
                                       .summary = "persistent sodium current, m^3 h",
                                       .source = "Magistretti & Alonso (1999) J Gen Physiol 114:491; Hay et al. (2011) PLoS "
                                                 "Comput Biol 7:e1002107",
                                       .carries = ion::na};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V exp_x = hay_2011::sodium_exponential<V>(v);
        const V sum = V(0.182*hay_2011::q_21_to_34)*exp_x + V(0.124*hay_2011::q_21_to_34);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -52.6, -4.6)},
                                 sum*linoid_fraction<V>((v + V(38.0))*V(1.0/6.0), exp_x));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V x = (v + V(17.0))*V(1.0/4.63), y = (v + V(64.4))*V(-1.0/2.63);
        const V a(2.88e-6*4.63*hay_2011::q_21_to_34), b(6.94e-6*2.63*hay_2011::q_21_to_34);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -48.8, 10)},
                                 a*linoid_fraction<V>(x, exp_at<V>(v, -17, 4.63))
                                     + b*linoid_fraction<V>(y, exp_at<V>(v, -64.4, -2.63)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
