// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

/// High-voltage-activated calcium channel of neocortical pyramidal cells, m^2 h, as many cortical models carry it.
/// Reuveni, Friedman, Amitai & Gutnick (1993) J Neurosci 13:4609. The rates are used as published, at any temperature.
namespace apical::channels::reuveni_1993 {

/// e^((v + 13)/50) and e^((v + 15)/28), behind both rates of inactivation.
template <class V> [[gnu::always_inline]] constexpr V exponential_50(V v) { return exp_at<V>(v, -13, 50); }
template <class V> [[gnu::always_inline]] constexpr V exponential_28(V v) { return exp_at<V>(v, -15, 28); }

/// Activation.
template <class V> [[gnu::always_inline]] constexpr gate<V> m(V v) {
    const V x = (v + V(27.0))*V(-1.0/3.8);
    return from_rates<V>(V(0.055*3.8)*linoid_fraction<V>(x, exp_at<V>(v, -27, -3.8)), V(0.94)*exp_at<V>(v, -75, -17));
}
/// Inactivation.
template <class V> [[gnu::always_inline]] constexpr gate<V> h(V v) {
    const V e = exponential_28<V>(v);
    return from_rates<V>(fraction<V>{V(0.000457), exponential_50<V>(v)}, fraction<V>{V(0.0065)*e, V(1.0) + e});
}

}  // namespace apical::channels::reuveni_1993
