// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/migliore_1999.hpp"

namespace apical::channels {

/// Transient potassium channel of the soma and near dendrites of CA1 pyramidal cells (A current). It holds spikes that travel back into the dendrite small, and is
/// inactivated where the membrane is depolarised.
struct migliore_kap {
    static constexpr channel_info info{.name = "migliore_kap",
                                       .summary = "transient (A) potassium current of the soma and near dendrites, n l",
                                       .source = migliore_1999::source,
                                       .carries = ion::k,
                                       .q10 = 5,
                                       .q10_at = 24};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.008, "S/cm2", "peak conductance density", 0, 100}};

    template <class V> struct state { V n, l; };
    static constexpr state<field> meaning{{"n", 0, "", "activation", 0, 1}, {"l", 0, "", "inactivation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) {
        return {migliore_1999::n(at, -1.5, 11, 0.55, 0.05, 10), migliore_1999::l(at)};
    }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.n*s.l*(v - at.e_rev);
    }
};

}  // namespace apical::channels
