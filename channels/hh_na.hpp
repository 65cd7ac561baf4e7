// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Fast inactivating sodium channel of the squid giant axon.
/// Voltages are absolute, shifted so that rest is near -65 mV.
struct hh_na {
    static constexpr channel_info info{.name = "hh_na",
                                       .summary = "squid axon fast sodium current, m^3 h",
                                       .source = "Hodgkin & Huxley (1952) J Physiol 117:500, eqs 20, 21, 23, 24",
                                       .carries = ion::na,
                                       .q10 = 3,
                                       .q10_at = 6.3};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.12, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V m, h; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}, {"h", 0, "", "inactivation", 0, 1}};

    template <class V> static constexpr gate<V> m(V v) {
        return from_rates<V>(math::linoid<V>((v + V(40.0))*V(-0.1)), V(4.0)*math::exp<V>((v + V(65.0))*V(-1.0/18.0)));
    }
    template <class V> static constexpr gate<V> h(V v) {
        return from_rates<V>(V(0.07)*math::exp<V>((v + V(65.0))*V(-1.0/20.0)), math::logistic<V>((v + V(35.0))*V(0.1)));
    }

    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        return {m(at.v).inf, h(at.v).inf};
    }
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double dt) {
        return {relax(s.m, m(at.v), at.q*dt), relax(s.h, h(at.v), at.q*dt)};
    }
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*s.m*s.m*s.h*(v - at.e_rev);
    }
};

}  // namespace apical::channels
