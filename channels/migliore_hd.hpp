// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/migliore_1999.hpp"

namespace apical::channels {

/// Hyperpolarisation-activated cation channel of CA1 pyramidal cells (Ih).
struct migliore_hd {
    static constexpr channel_info info{.name = "migliore_hd",
                                       .summary = "hyperpolarisation-activated cation current, l",
                                       .source = "Magee (1998) J Neurosci 18:7613; Migliore, Hoffman, Magee & Johnston (1999) J Comput Neurosci 7:5",
                                       .q10 = 4.5,
                                       .q10_at = 33};

    template <class V> struct parameters { V g_max, v_half, e_rev; };
    static constexpr parameters<field> defaults{
        {"g_max", 1e-4, "S/cm2", "peak conductance density", 0, 100},
        {"v_half", -81, "mV", "potential at which half are open: -73 near the soma, -81 beyond 100 um", -200, 100},
        {"e_rev", -30, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V l; };
    static constexpr state<field> meaning{{"l", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>& p) {
        const V x = (at.v + V(75.0))*V(0.0378*2.2);
        const V rate = V(0.011*at.q)*(V(1.0) + math::exp<V>(x))*math::exp<V>(x*V(-0.4));
        return {{math::logistic<V>((p.v_half - at.v)*V(0.125)), rate}};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g_max*s.l*(v - p.e_rev);
    }
};

}  // namespace apical::channels
