// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/reuveni_1993.hpp"

namespace apical::channels {

/// High-voltage-activated calcium channel of the minimal cortical models.
struct pospischil_cal {
    static constexpr channel_info info{.name = "pospischil_cal",
                                       .summary = "high-voltage-activated calcium current, q^2 r",
                                       .source = "Reuveni, Friedman, Amitai & Gutnick (1993) J Neurosci 13:4609; "
                                                 "Pospischil et al. (2008) Biol Cybern 99:427",
                                       .carries = ion::ca};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-4, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V q, r; };
    static constexpr state<field> meaning{{"q", 0, "", "activation", 0, 1}, {"r", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> q(V v) { return reuveni_1993::m<V>(v); }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> r(V v) { return reuveni_1993::h<V>(v); }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {q(at.v), r(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.q*s.q*s.r*(v - at.e_rev);
    }
};

}  // namespace apical::channels
