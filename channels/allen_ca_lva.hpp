// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Low-voltage-activated calcium channel of the Allen cells (Ca_LVA): that of ca_lvast, at any temperature.
struct allen_ca_lva {
    static constexpr channel_info info{.name = "allen_ca_lva",
                                       .summary = "low-voltage-activated calcium current, m^2 h",
                                       .source = "Avery & Johnston (1996) J Neurosci 16:5567; Randall & Tsien (1997) Neuropharmacology "
                                                 "36:879; Gouwens et al. (2018) Nat Commun 9:710",
                                       .carries = ion::ca,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    /// tau = 5 + 20/e and 20 + 50/e: the rate is a fraction over the same e.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V e = V(1.0) + exp_at<V>(v, -35, 5);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -40, -6)}, {e, math::fma(e, V(5.0), V(20.0))});
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V e = V(1.0) + exp_at<V>(v, -50, 7);
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(v, -90, 6.4)}, {e, math::fma(e, V(20.0), V(50.0))});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
