// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::test {

/// Gives no number above -20 mV.
struct exploding {
    static constexpr channel_info info{.name = "exploding", .summary = "a test channel", .source = "Nobody (2020)"};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};
    template <class V> static constexpr state<channels::gate<V>> gates(const membrane<V>& at, const parameters<V>& p) {
        const V below = V(-20.0) - at.v;
        const V bad = math::log<V>(below/math::at_least(below, V(0.0)));   // 0 below, not a number above
        return {channels::gate<V>{math::logistic<V>(at.v*V(0.1)) + bad, V(1.0) + V(0.0)*p.g_max}};
    }
    template <class V, class U> static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) { return p.g_max*s.m*v; }
};

}  // namespace apical::test
