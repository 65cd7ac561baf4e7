// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/hay_2011.hpp"

namespace apical::channels {

/// Slow inactivating potassium channel of layer 5 pyramidal cells (K_Pst), shifted by -10 mV for the junction potential.
struct k_pst {
    static constexpr channel_info info{.name = "k_pst",
                                       .summary = "persistent potassium current, m^2 h",
                                       .source = "Korngreen & Sakmann (2000) J Physiol 525:621; Hay et al. (2011) PLoS Comput "
                                                 "Biol 7:e1002107",
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    /// The time constant jumps at -60 mV: 1.25 + 175.03 e^(0.026 w) below, 1.25 + 13 e^(-0.026 w) above, w = v + 10.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const auto low = v < V(-60.0);
        const V w = v + V(10.0);
        const V e = math::exp<V>(w*math::select(low, V(0.026), V(-0.026)));
        const V tau = math::fma(math::select(low, V(175.03/hay_2011::q_21_to_34), V(13/hay_2011::q_21_to_34)), e,
                                V(1.25/hay_2011::q_21_to_34));
        return from_boltzmann<V>(exp_at<V>(v, -11, -12), tau);
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(85.0))*V(1.0/48.0)));
        const V height = math::fma(v + V(65.0), V(24/hay_2011::q_21_to_34), V(1010/hay_2011::q_21_to_34));
        return from_boltzmann<V>(exp_at<V>(v, -64, 11), math::fma(height, bell, V(360/hay_2011::q_21_to_34)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v), h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
