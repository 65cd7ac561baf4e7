// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Persistent sodium channel of the Allen cells (Nap). Activation follows the potential at once, and so belongs to the slope of
/// the current.
struct allen_nap {
    static constexpr channel_info info{.name = "allen_nap",
                                       .summary = "persistent sodium current, m_inf h",
                                       .source = "Magistretti & Alonso (1999) J Gen Physiol 114:491; Gouwens et al. (2018) Nat Commun "
                                                 "9:710",
                                       .carries = ion::na,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V h; };
    static constexpr state<field> meaning{{"h", 0, "", "inactivation", 0, 1}};

    template <class V, class U> [[gnu::always_inline]] static constexpr U m_inf(U v) {
        return V(1.0)/(V(1.0) + math::exp((v + V(52.6))*V(-1.0/4.6)));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V x = (v + V(17.0))*V(1.0/4.63), y = (v + V(64.4))*V(-1.0/2.63);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -48.8, 10)},
                                 V(2.88e-6*4.63)*linoid_fraction<V>(x, exp_at<V>(v, -17, 4.63))
                                     + V(6.94e-6*2.63)*linoid_fraction<V>(y, exp_at<V>(v, -64.4, -2.63)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.h*m_inf<V, U>(v)*(v - at.e_rev);
    }
};

}  // namespace apical::channels
