// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Muscarinic potassium channel of the Allen cells (Im): that of im, at any temperature. alpha and beta are 3.3e-3 e and
/// 3.3e-3/e, with e = e^((v + 35)/10).
struct allen_im {
    static constexpr channel_info info{.name = "allen_im",
                                       .summary = "muscarinic potassium current, m",
                                       .source = "Adams, Brown & Constanti (1982) J Physiol 330:537; Gouwens et al. (2018) Nat Commun "
                                                 "9:710",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V e = exp_at<V>(v, -35, 10), e2 = e*e, sum = e2 + V(1.0);
        return from_fractions<V>({e2, sum}, {V(3.3e-3)*sum, e});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - at.e_rev);
    }
};

}  // namespace apical::channels
