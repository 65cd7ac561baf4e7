// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// Fast sodium channel of a fast-spiking interneuron. Activation follows the potential at once.
struct wb_na {
    static constexpr channel_info info{.name = "wb_na",
                                       .summary = "interneuron sodium current, m_inf^3 h",
                                       .source = "Wang & Buzsaki (1996) J Neurosci 16:6402",
                                       .carries = ion::na};

    template <class V> struct parameters { V g_max, phi; };
    static constexpr parameters<field> defaults{{"g_max", 0.035, "S/cm2", "peak conductance density", 0, 100},
                                                {"phi", 5, "", "factor on the rates", 1e-3, 1e3}};

    template <class V> struct state { V h; };
    static constexpr state<field> meaning{{"h", 0, "", "inactivation", 0, 1}};

    template <class V, class U> [[gnu::always_inline]] static constexpr U m_inf(U v) {
        const U alpha = math::linoid((v + V(35.0))*V(-0.1)), beta = V(4.0)*math::exp((v + V(60.0))*V(-1.0/18.0));
        return alpha/(alpha + beta);
    }
    template <class V> [[gnu::always_inline]] static constexpr gate<V> h(V v) {
        const V e20 = exp_at<V>(v, -58, -20), e10 = math::square<V>(e20)*V(20.085536923187667741);  // e^3
        return from_rates<V>(V(0.07)*e20, fraction<V>{V(1.0), V(1.0) + e10});
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) { return {p.phi*h(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const U m = m_inf<V, U>(v);
        return p.g_max*s.h*(m*m*m)*(v - at.e_rev);
    }
};

}  // namespace apical::channels
