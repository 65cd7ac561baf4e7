// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Fast non-inactivating potassium channel Kv3.1 (SKv3_1).
struct skv3_1 {
    static constexpr channel_info info{.name = "skv3_1",
                                       .summary = "fast Shaw-related potassium current, m",
                                       .source = "Rettig et al. (1992) EMBO J 11:2473; Hay et al. (2011) PLoS Comput Biol "
                                                 "7:e1002107",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    /// The time constant is 4 ms/(1 + e), therefore the rate needs no division.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        return {V(1.0)/(V(1.0) + exp_at<V>(v, 18.7, -9.7)), math::fma(exp_at<V>(v, -46.56, -44.14), V(0.25), V(0.25))};
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - at.e_rev);
    }
};

}  // namespace apical::channels
