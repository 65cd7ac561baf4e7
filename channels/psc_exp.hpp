// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/constant_current.hpp"
#include "channels/families/double_exponential.hpp"

namespace apical::channels {

/// Synaptic current that jumps by the weight of an event and decays exponentially. Positive weights depolarise and negative ones
/// hyperpolarise, whatever the potential is: where the time constants agree, one receptor takes both.
struct psc_exp {
    static constexpr receptor_info info{.name = "psc_exp",
                                        .summary = "single-exponential current",
                                        .source = "Tsodyks, Uziel & Markram (2000) J Neurosci 20:RC50 (NEST's iaf_psc_exp)",
                                        .weight_unit = "nA"};

    template <class V> struct parameters { V tau; };
    static constexpr parameters<field> defaults{{"tau", 2, "ms", "time constant of the decay", 1e-6, 1e5}};

    template <class V> struct state { V i; };
    static constexpr state<field> meaning{{"i", 0, "nA", "current into the cell", -1e6, 1e6}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double weight) { return {s.i + weight}; }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        return {double_exponential::decayed(s.i, p.tau, dt)};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>&, U v) { return constant_current::inward(s.i, v); }
};

}  // namespace apical::channels
