// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/migliore_1999.hpp"

namespace apical::channels {

/// Sodium channel of CA1 pyramidal cells, with the slow inactivation that weakens spikes in their dendrites.
struct migliore_na {
    static constexpr channel_info info{.name = "migliore_na",
                                       .summary = "sodium current with slow inactivation, m^3 h s",
                                       .source = migliore_1999::source,
                                       .carries = ion::na,
                                       .q10 = 2,
                                       .q10_at = 24};

    template <class V> struct parameters { V g_max, unslowed; };
    static constexpr parameters<field> defaults{
        {"g_max", 0.01, "S/cm2", "peak conductance density", 0, 100},
        {"unslowed", 1, "", "share of the channels without slow inactivation", 0, 1},
    };

    template <class V> struct state { V m, h, s; };
    static constexpr state<field> meaning{
        {"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}, {"s", 0, "", "slow inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v, double q) {
        const V opening = V(0.4)*migliore_1999::rising<V>(v, -30, 7.2), closing = V(0.124)*migliore_1999::rising<V>(-v, 30, 7.2);
        const V both = opening + closing;
        return {opening/both, math::at_most(V(q)*both, V(50.0))};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v, double q) {
        const V both = V(0.03)*migliore_1999::rising<V>(v, -45, 1.5) + V(0.01)*migliore_1999::rising<V>(-v, 45, 1.5);
        return {math::logistic<V>((v + V(50.0))*V(-0.25)), math::at_most(V(q)*both, V(2.0))};
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> s(const membrane<V>& at, V unslowed) {
        const V open = math::logistic<V>((at.v + V(58.0))*V(-0.5));
        const auto pace = migliore_1999::thermodynamic<V>((at.v + V(60.0))*V(12*migliore_1999::per_mv(at.rt_f)), 0.2, V(3e-4), 0.1);
        return {open + unslowed*(V(1.0) - open), pace.rate};
    }

    template <class V> [[gnu::always_inline]] static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) {
        return {m<V>(at.v, at.q), h<V>(at.v, at.q), s<V>(at, p.unslowed)};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*(s.m*s.m)*(s.m*s.h)*s.s*(v - at.e_rev);
    }
};

}  // namespace apical::channels
