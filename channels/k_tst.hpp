// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Fast inactivating potassium channel of layer 5 pyramidal cells (K_Tst), shifted by -10 mV for the junction potential.
struct k_tst {
    static constexpr channel_info info{.name = "k_tst",
                                       .summary = "transient potassium current, m^4 h",
                                       .source = "Korngreen & Sakmann (2000) J Physiol 525:621; Hay et al. (2011) PLoS Comput "
                                                 "Biol 7:e1002107",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(81.0))*V(1.0/59.0)));
        const V tau = math::fma(bell, V(0.92/hay_2011::q_21_to_34), V(0.34/hay_2011::q_21_to_34));
        return from_boltzmann<V>(exp_at<V>(v, -10, -19), tau);
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(83.0))*V(1.0/23.0)));
        const V tau = math::fma(bell, V(49/hay_2011::q_21_to_34), V(8/hay_2011::q_21_to_34));
        return from_boltzmann<V>(exp_at<V>(v, -76, 10), tau);
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const V m2 = s.m*s.m;
        return p.g_max*m2*m2*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
