// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Fast sodium channel of the Allen cells (NaTa).
struct allen_nata {
    static constexpr channel_info info{.name = "allen_nata",
                                       .summary = "transient sodium current, m^3 h",
                                       .source = "Colbert & Pan (2002) Nat Neurosci 5:533; Gouwens et al. (2018) Nat Commun 9:710",
                                       .carries = ion::na,
                                       .q10 = 2.3,
                                       .q10_at = 23};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) { return hay_2011::sodium_m<V>((v + V(48.0))*V(1.0/6.0), exp_at<V>(v, -48, 6), 1); }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) { return hay_2011::sodium_h<V>((v + V(69.0))*V(1.0/6.0), exp_at<V>(v, -69, 6), 1); }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*(s.m*s.m*s.m)*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
