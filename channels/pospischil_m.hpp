// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Slow potassium channel of the minimal cortical models: tau = tau_max/(3.3 E + 1/E), with E = e^((v + 35)/20).
struct pospischil_m {
    static constexpr channel_info info{.name = "pospischil_m",
                                       .summary = "slow (muscarinic) potassium current, p",
                                       .source = "Yamada, Koch & Adams (1989) in Methods in Neuronal Modeling, MIT Press; "
                                                 "Pospischil et al. (2008) Biol Cybern 99:427",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 36};

    template <class V> struct parameters { V g_max, tau_max; };
    static constexpr parameters<field> defaults{{"g_max", 7.5e-5, "S/cm2", "peak conductance density", 0, 100},
                                                {"tau_max", 608, "ms", "scale of the time constant", 1e-3, 1e6}};

    template <class V> struct state { V open; };
    static constexpr state<field> meaning{{"open", 0, "", "activation, p in the paper", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> open(V v, V tau_max) {
        const V e = exp_at<V>(v, -35, 20), e2 = e*e;
        return from_fractions<V>({e2, e2 + V(1.0)}, {math::fma(e2, V(3.3), V(1.0)), e*tau_max});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {V(at.q)*open(at.v, p.tau_max)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.open*(v - at.e_rev);
    }
};

}  // namespace apical::channels
