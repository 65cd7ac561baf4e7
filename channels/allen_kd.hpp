// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Slowly inactivating potassium channel of the Allen interneurons (Kd). Its time constants hold at any temperature.
struct allen_kd {
    static constexpr channel_info info{.name = "allen_kd",
                                       .summary = "slowly inactivating potassium current, m h",
                                       .source = "Foust, Yu, Popovic, Zecevic & McCormick (2011) J Neurosci 31:15490; Gouwens et al. "
                                                 "(2018) Nat Commun 9:710",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) { return {V(1.0)/(V(1.0) + exp_at<V>(v, -43, -8)), V(1.0)}; }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) { return {V(1.0)/(V(1.0) + exp_at<V>(v, -67, 7.3)), V(1/1500.0)}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
