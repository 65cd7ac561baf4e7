// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

/// Channels of hippocampal CA1 pyramidal cells. Their gates follow thermodynamic exponentials, steeper in the cold.
/// Migliore, Hoffman, Magee & Johnston (1999) J Comput Neurosci 7:5; parameters as in ModelDB 2796 and 55035.
namespace apical::channels::migliore_1999 {

inline constexpr const char* source = "Migliore, Hoffman, Magee & Johnston (1999) J Comput Neurosci 7:5";

/// F/RT [1/mV] from RT/F [mV], with the F and R that the published files carry.
constexpr double per_mv(double rt_f) { return 1e-3*(9.648e4/8.315)*constants::thermal_voltage(1)/rt_f; }

/// A gate of one thermodynamic exponential: steady state 1/(1 + e^x), and time constant e^(gamma x)/(a0 (1 + e^x)), at least
/// 1/fastest [ms].
template <class V> [[gnu::always_inline]] constexpr gate<V> thermodynamic(V x, double gamma, V a0, double fastest) {
    const V up = V(1.0) + math::exp<V>(x);
    return {V(1.0)/up, math::at_most(a0*up*math::exp<V>(x*V(-gamma)), V(fastest))};
}
/// (v - at)/(1 - e^(-(v - at)/scale)) [mV].
template <class V> [[gnu::always_inline]] constexpr V rising(V v, double at, double scale) {
    return V(scale)*math::linoid<V>((v - V(at))*V(-1/scale));
}

/// Activation of a transient potassium current: charge zeta at rest, and one less where the membrane is depolarised.
template <class V> [[gnu::always_inline]] constexpr gate<V> n(const membrane<V>& at, double zeta, double half, double gamma, double a0, double fastest) {
    const V charge = V(zeta) - math::logistic<V>((at.v + V(40.0))*V(-0.2));
    return thermodynamic<V>(charge*(at.v - V(half))*V(per_mv(at.rt_f)), gamma, V(a0*at.q), fastest);
}
/// Its inactivation: a time constant that grows with the potential, of at least 2 ms.
template <class V> [[gnu::always_inline]] constexpr gate<V> l(const membrane<V>& at) {
    const V shut = V(1.0) + math::exp<V>((at.v + V(56.0))*V(3*per_mv(at.rt_f)));
    return from_tau<V>(V(1.0)/shut, math::at_least(V(0.26)*(at.v + V(50.0)), V(2.0)));
}

}  // namespace apical::channels::migliore_1999
