// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Small-conductance calcium-activated potassium channel (SK_E2): z_inf = 1/(1 + (0.00043 mM/c)^4.8), time constant 1 ms.
struct sk_e2 {
    static constexpr channel_info info{.name = "sk_e2",
                                       .summary = "calcium-activated potassium current, z",
                                       .source = "Kohler et al. (1996) Science 273:1709; Hay et al. (2011) PLoS Comput Biol "
                                                 "7:e1002107",
                                       .carries = ion::k,
                                       .reads = ion::ca};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V z; };
    static constexpr state<field> meaning{{"z", 0, "", "activation", 0, 1}};

    /// The logarithm is written as in nernst(), so that a kernel holding both takes it once. The published file adds 1e-7 mM
    /// below 1e-7 mM to keep clear of 0; there z_inf is below 1.1e-16 with and without.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> z(V c_in) {
        const V log_c = math::log<V>(math::at_least(c_in, V(1e-18)));
        const V e = math::exp<V>(math::fma(log_c, V(-4.8), V(-4.8*7.7517253492766659967)));  // ln 0.00043 = -7.75...
        return {V(1.0)/(V(1.0) + e), V(1.0)};
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {z(at.c_in)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.z*(v - at.e_rev);
    }
};

}  // namespace apical::channels
