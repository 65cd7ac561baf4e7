// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Fast sodium channel. Rates and conductance both grow with temperature.
struct mainen_na {
    static constexpr channel_info info{.name = "mainen_na",
                                       .summary = "fast sodium current, m^3 h",
                                       .source = "Mainen & Sejnowski (1996) Nature 382:363",
                                       .carries = ion::na,
                                       .q10 = 2.3,
                                       .q10_at = 23};

    template <class V> struct parameters { V g_max, v_shift; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 100},
                                                {"v_shift", -10, "mV", "added to the potential before the rates", -100, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V u) {
        const V e = exp_at<V>(u, -35, 9);
        return from_rates<V>(linoid_fraction<V>((u + V(35.0))*V(1.0/9.0), e), V(9*0.182)*e, V(9*0.124));
    }
    /// Two linoids of one scale, half-points 25 mV apart, give the rate; the steady state has a formula of its own.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V u) {
        const V e = exp_at<V>(u, -50, 5);
        const auto opening = (V(5*0.024)*e)*linoid_fraction<V>((u + V(50.0))*V(1.0/5.0), e);
        const auto closing = V(5*0.0091)*linoid_fraction<V>((u + V(75.0))*V(1.0/5.0), V(148.41315910257660342)*e);  // e^5
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(u, -65, 6.2)}, opening + closing);
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) {
        return {V(at.q)*m(at.v + p.v_shift), V(at.q)*h(at.v + p.v_shift)};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*V(at.q)*(s.m*s.m*s.m*s.h)*(v - at.e_rev);
    }
};

}  // namespace apical::channels
