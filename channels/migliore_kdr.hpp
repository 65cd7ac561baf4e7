// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/migliore_1999.hpp"

namespace apical::channels {

/// Delayed rectifier of CA1 pyramidal cells.
struct migliore_kdr {
    static constexpr channel_info info{.name = "migliore_kdr",
                                       .summary = "delayed-rectifier potassium current, n",
                                       .source = migliore_1999::source,
                                       .carries = ion::k};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.003, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V n; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) {
        return {migliore_1999::thermodynamic<V>((at.v - V(13.0))*V(-3*migliore_1999::per_mv(at.rt_f)), 0.7, V(0.02), 0.5)};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.n*(v - at.e_rev);
    }
};

}  // namespace apical::channels
