// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Fast inactivating sodium channel of pyramidal cells, shifted by +6 mV against nata_t (NaTs2_t).
struct nats2_t {
    static constexpr channel_info info{.name = "nats2_t",
                                       .summary = "transient sodium current, shifted by 6 mV, m^3 h",
                                       .source = "Colbert & Pan (2002) Nat Neurosci 5:533; Hay et al. (2011) PLoS Comput "
                                                 "Biol 7:e1002107",
                                       .carries = ion::na};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V exp_x = V(0.36787944117144232160)*hay_2011::sodium_exponential<V>(v);  // e^(-6/6)
        return hay_2011::sodium_m<V>((v + V(32.0))*V(1.0/6.0), exp_x, hay_2011::q_21_to_34);
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V exp_x = V(39.121283998153216628)*hay_2011::sodium_exponential<V>(v);  // e^(22/6)
        return hay_2011::sodium_h<V>((v + V(60.0))*V(1.0/6.0), exp_x, hay_2011::q_21_to_34);
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
