// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Delayed rectifier of the Allen interneurons (Kv2like), whose inactivation has a fast and a slow half.
///
/// The published slow time constant falls below 0 near -118 mV. Here it is 1e-3 ms at least, as in the file that goes with the
/// all-active models.
struct allen_kv2like {
    static constexpr channel_info info{.name = "allen_kv2like",
                                       .summary = "delayed rectifier potassium current, m^2 (h1 + h2)/2",
                                       .source = "Keren, Peled & Korngreen (2005) J Neurophysiol 94:3730; Liu & Bean (2014) J Neurosci "
                                                 "34:4991; Gouwens et al. (2018) Nat Commun 9:710",
                                       .carries = ion::k,
                                       .q10 = 2.3,
                                       .q10_at = 21};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 1e-5, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h1, h2; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h1", 0, "", "inactivation, fast", 0, 1}, {"h2", 0, "", "inactivation, slow", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const auto alpha = V(0.12*11)*linoid_fraction<V>((v - V(43.0))*V(-1.0/11.0), exp_at<V>(v, 43, -11));
        return V(0.4)*from_rates<V>(alpha, V(0.02)*exp_at<V>(v, -1.27, -120));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h1(V v) {
        const V bell = math::exp<V>(-math::square<V>((v + V(75.0))*V(1.0/48.0)));
        const V height = math::fma(v + V(54.0), V(23.7), V(1010.0));
        return from_boltzmann<V>(exp_at<V>(v, -58, 11), math::fma(height, bell, V(360.0)));
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h2(V v) {
        const V tau = V(2350.0) + (V(1380.0)*math::exp<V>(v*V(-0.011)) - V(210.0)*math::exp<V>(v*V(-0.03)));
        return from_boltzmann<V>(exp_at<V>(v, -58, 11), math::at_least(tau, V(1e-3)));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*m(at.v), V(at.q)*h1(at.v), V(at.q)*h2(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*(s.m*s.m)*(V(0.5)*(s.h1 + s.h2))*(v - at.e_rev);
    }
};

}  // namespace apical::channels
