// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Persistent potassium channel of the Allen cells (K_P).
struct allen_k_p {
    static constexpr channel_info info{.name = "allen_k_p",
                                       .summary = "persistent potassium current, m^2 h",
                                       .source = "Korngreen & Sakmann (2000) J Physiol 525:621; Gouwens et al. (2018) Nat Commun 9:710",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    /// The time constant jumps at -50 mV: 1.25 + 175.03 e^(0.026 v) below, 1.25 + 13 e^(-0.026 v) above.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const auto low = v < V(-50.0);
        const V e = math::exp<V>(v*math::select(low, V(0.026), V(-0.026)));
        return from_boltzmann<V>(exp_at<V>(v, -14.3, -14.6), math::fma(math::select(low, V(175.03), V(13.0)), e, V(1.25)));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(75.0))*V(1.0/48.0)));
        const V height = math::fma(v + V(55.0), V(24.0), V(1010.0));
        return from_boltzmann<V>(exp_at<V>(v, -54, 11), math::fma(height, bell, V(360.0)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
