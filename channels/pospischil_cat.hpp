// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Low-threshold calcium channel of the minimal cortical models. Activation s follows the potential at once; y = v + v_x.
/// The factor 3.7 of the paper (about 3^1.2, from 24 to 36 degC) is part of the rate.
struct pospischil_cat {
    static constexpr channel_info info{.name = "pospischil_cat",
                                       .summary = "low-threshold calcium current, s_inf^2 u",
                                       .source = "Destexhe, Bal, McCormick & Sejnowski (1996) J Neurophysiol 76:2049; "
                                                 "Pospischil et al. (2008) Biol Cybern 99:427",
                                       .carries = ion::ca};

    template <class V> struct parameters { V g_max, v_x; };
    static constexpr parameters<field> defaults{{"g_max", 4e-4, "S/cm2", "peak conductance density", 0, 100},
                                                {"v_x", -7, "mV", "shift of the voltage dependence", -100, 100}};

    template <class V> struct state { V u; };
    static constexpr state<field> meaning{{"u", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> u(V y) {
        const V b = V(1.0) + exp_at<V>(y, -84, 3.2);
        const V tau = math::fma(b, V(30.8/3.7), (V(211.4) + exp_at<V>(y, -113.2, 5))*V(1/3.7));  // times b
        return from_fractions<V>({V(1.0), V(1.0) + exp_at<V>(y, -81, 4)}, {b, tau});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {u(at.v + p.v_x)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const U s_inf = math::logistic((v + (p.v_x + V(57.0)))*V(1.0/6.2));
        return p.g_max*s.u*(s_inf*s_inf)*(v - at.e_rev);
    }
};

}  // namespace apical::channels
