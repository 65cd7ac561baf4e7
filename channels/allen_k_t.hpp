// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Transient potassium channel of the Allen cells (K_T).
struct allen_k_t {
    static constexpr channel_info info{.name = "allen_k_t",
                                       .summary = "transient potassium current, m^4 h",
                                       .source = "Korngreen & Sakmann (2000) J Physiol 525:621; Gouwens et al. (2018) Nat Commun 9:710",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(71.0))*V(1.0/59.0)));
        return from_boltzmann<V>(exp_at<V>(v, -47, -29), math::fma(bell, V(0.92), V(0.34)));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(73.0))*V(1.0/23.0)));
        return from_boltzmann<V>(exp_at<V>(v, -66, 10), math::fma(bell, V(49.0), V(8.0)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*math::square<V>(s.m*s.m)*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
