// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/rates.hpp"

namespace apical::channels {

/// L-type calcium channel of hippocampal pyramidal cells, whose open-channel current obeys the constant-field equation:
/// the current vanishes at the Nernst potential of the concentrations and is not linear in the potential.
/// Calcium inside blocks it at once, with half of the channels closed at 1 uM.
struct ca_ghk {
    static constexpr channel_info info{.name = "ca_ghk",
                                       .summary = "L-type calcium current by permeability, m^2",
                                       .source = "Jaffe et al. (1994) J Neurophysiol 71:1065",
                                       .carries = ion::ca,
                                       .reads = ion::ca};

    template <class V> struct parameters { V p_max; };
    static constexpr parameters<field> defaults{{"p_max", 1e-5, "cm/s", "peak permeability", 0, 1}};

    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    template <class V> [[gnu::always_inline]] static constexpr gate<V> m(V v) {
        const V x = (V(81.5) - v)*V(0.1);
        return from_rates<V>(V(10*15.69)*linoid_fraction<V>(x, exp_at<V>(v, 81.5, -10)), V(0.29)*exp_at<V>(v, 0, -10.86));
    }

    template <class V> [[gnu::always_inline]]
    static constexpr state<gate<V>> gates(const membrane<V>& at, const parameters<V>&) { return {m(at.v)}; }
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        const V unblocked = V(1e-3)/(V(1e-3) + at.c_in);
        return p.p_max*(s.m*s.m)*unblocked*ghk<V, U>(v, at.c_in, at.c_out, at.rt_f, 2);
    }
};

}  // namespace apical::channels
