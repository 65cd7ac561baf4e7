// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/constant_current.hpp"

namespace apical::channels {

/// A synapse that is over at once: an event of weight w moves the potential of a point neuron by w, unless the neuron is refractory; then
/// it is lost. A neuron that is lifted above its threshold fires at that instant. Only neurons that reset know this receptor, not cells with
/// compartments.
struct psp_delta {
    static constexpr receptor_info info{.name = "psp_delta",
                                        .summary = "jump of the potential of a point neuron",
                                        .source = "Stein (1965) Biophys J 5:173 (NEST's iaf_psc_delta, NEURON's IntFire1)",
                                        .weight_unit = "mV"};

    template <class V> struct parameters {};
    static constexpr parameters<field> defaults{};

    template <class V> struct state { V jump; };
    static constexpr state<field> meaning{{"jump", 0, "mV", "what has arrived and is added before the next step", -1e6, 1e6}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>&, double weight) { return {s.jump + weight}; }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>&, double) { return s; }
    /// None: the potential has moved already.
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>&, const parameters<V>&, U v) { return constant_current::inward(V(0.0), v); }
};

}  // namespace apical::channels
