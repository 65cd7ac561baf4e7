// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"
#include "channels/families/reuveni_1993.hpp"

/// What the channels of Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107 share. Their rates hold at
/// 34 degC whatever the temperature of the model: those measured at 21 degC carry the factor q_21_to_34.
namespace apical::channels::hay_2011 {

inline constexpr double q_21_to_34 = 2.9528826414121213;  ///< 2.3^1.3

/// e^((v + 38)/6): the one exponential behind every sodium gate of the set. Channels that share a fused kernel share such
/// exponentials, because the compiler sees the same expression of the same v; so others of the set are written as powers
/// of these too, wherever their slopes are multiples.
template <class V> [[gnu::always_inline]] constexpr V sodium_exponential(V v) { return exp_at<V>(v, -38, 6); }
/// e^((v + 35)/10), as the fifth power of the exponential in high-voltage calcium inactivation.
template <class V> [[gnu::always_inline]] constexpr V exponential_10(V v) {
    const V e = reuveni_1993::exponential_50<V>(v), e2 = e*e;
    return V(9.0250134994341209136)*(e2*e2)*e;   // e^2.2
}
/// e^((v + 50)/7), as the fourth power of the other exponential there.
template <class V> [[gnu::always_inline]] constexpr V exponential_7(V v) {
    const V e = reuveni_1993::exponential_28<V>(v), e2 = e*e;
    return V(148.41315910257660342)*(e2*e2);     // e^5
}

/// Sodium activation in x = (v - v_half)/6 and exp_x = e^x: alpha = 0.182 (v - v_half)/(1 - e^-x), beta likewise with 0.124.
/// The factor on both rates is per ms.
template <class V> [[gnu::always_inline]] constexpr gate<V> sodium_m(V x, V exp_x, double factor) {
    return from_rates<V>(linoid_fraction<V>(x, exp_x), V(6*0.182*factor)*exp_x, V(6*0.124*factor));
}
/// Sodium inactivation: alpha = 0.015 (v - v_half)/(e^x - 1), beta = 0.015 (v - v_half)/(1 - e^-x).
template <class V> [[gnu::always_inline]] constexpr gate<V> sodium_h(V x, V exp_x, double factor) {
    return from_rates<V>(linoid_fraction<V>(x, exp_x), V(6*0.015*factor), V(6*0.015*factor)*exp_x);
}

}  // namespace apical::channels::hay_2011
