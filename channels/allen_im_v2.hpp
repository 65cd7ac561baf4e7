// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Muscarinic potassium channel of the Allen interneurons (Im_v2).
struct allen_im_v2 {
    static constexpr channel_info info{.name = "allen_im_v2",
                                       .summary = "muscarinic potassium current with a least time constant, m",
                                       .source = "Vervaeke, Gu, Agdestein, Hu & Storm (2006) J Physiol 576:235; Gouwens et al. (2018) "
                                                 "Nat Commun 9:710",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 30};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    /// tau = 15 + 1/(alpha + beta).
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V alpha = V(0.007)*exp_at<V>(v, -48, 26.12/2.4), beta = V(0.007)*exp_at<V>(v, -48, -26.12/3.6), sum = alpha + beta;
        return from_fractions<V>({alpha, sum}, {sum, math::fma(sum, V(15.0), V(1.0))});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - at.e_rev);
    }
};

}  // namespace apical::channels
