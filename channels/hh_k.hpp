// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Delayed rectifier potassium channel of the squid giant axon.
/// Voltages are absolute, shifted so that rest is near -65 mV.
struct hh_k {
    static constexpr channel_info info{.name = "hh_k",
                                       .summary = "squid axon delayed rectifier potassium current, n^4",
                                       .source = "Hodgkin & Huxley (1952) J Physiol 117:500, eqs 12, 13",
                                       .carries = ion::k,
                                       .q10 = 3,
                                       .q10_at = 6.3};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.036, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    /// e^(-(v + 55)/10) is written through the exponential of hh_na, so that a kernel holding both takes it once.
    template <class V> [[gnu::always_inline]] static constexpr gate<V> n(V v) {
        const V e = math::square<V>(exp_at<V>(v, -65, -20))*V(2.7182818284590452354);
        return from_rates<V>(V(0.1)*linoid_fraction<V>((v + V(55.0))*V(-0.1), e), V(0.125)*exp_at<V>(v, -65, -80));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {V(at.q)*n(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const V n2 = s.n*s.n;
        return p.g_max*n2*n2*(v - at.e_rev);
    }
};

}  // namespace apical::channels
