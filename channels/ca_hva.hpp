// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/reuveni_1993.hpp"

namespace apical::channels {

/// High-voltage-activated calcium channel (Ca_HVA).
struct ca_hva {
    static constexpr channel_info info{.name = "ca_hva",
                                       .summary = "high-voltage-activated calcium current, m^2 h",
                                       .source = "Reuveni, Friedman, Amitai & Gutnick (1993) J Neurosci 13:4609; Hay et al. "
                                                 "(2011) PLoS Comput Biol 7:e1002107",
                                       .carries = ion::ca};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) { return reuveni_1993::m<V>(v); }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) { return reuveni_1993::h<V>(v); }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
