// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/double_exponential.hpp"

namespace apical::channels {

/// Excitatory synapse with AMPA and NMDA receptors. An event of weight w gives an AMPA conductance that peaks at w and an NMDA
/// conductance that, unblocked, peaks at nmda_ratio w. Magnesium blocks the latter at once:
///   B(v) = 1/(1 + mg/(3.57 mM) e^(-0.062 v)).
struct ampa_nmda {
    static constexpr receptor_info info{.name = "ampa_nmda",
                                        .summary = "AMPA and NMDA conductances with magnesium block",
                                        .source = "Jahr & Stevens (1990) J Neurosci 10:3178; time constants: Hay & Segev "
                                                  "(2015) Cereb Cortex 25:3561"};

    template <class V> struct parameters {
        V ampa_rise, ampa_decay, nmda_rise, nmda_decay, nmda_ratio, mg, e_rev;
    };
    static constexpr parameters<field> defaults{
        {"ampa_rise", 0.3, "ms", "time constant of the AMPA rise, below ampa_decay", 1e-6, 1e4},
        {"ampa_decay", 3, "ms", "time constant of the AMPA decay", 1e-6, 1e5},
        {"nmda_rise", 2, "ms", "time constant of the NMDA rise, below nmda_decay", 1e-6, 1e4},
        {"nmda_decay", 65, "ms", "time constant of the NMDA decay", 1e-6, 1e5},
        {"nmda_ratio", 1, "", "unblocked NMDA peak over AMPA peak", 0, 100},
        {"mg", 1, "mM", "magnesium outside", 0, 100},
        {"e_rev", 0, "mV", "reversal potential", -200, 200},
    };

    template <class V> struct state { V ampa_a, ampa_b, nmda_a, nmda_b; };
    static constexpr state<field> meaning{{"ampa_a", 0, "uS", "rising AMPA component", 0, 1e3},
                                          {"ampa_b", 0, "uS", "decaying AMPA component", 0, 1e3},
                                          {"nmda_a", 0, "uS", "rising NMDA component, unblocked", 0, 1e5},
                                          {"nmda_b", 0, "uS", "decaying NMDA component, unblocked", 0, 1e5}};

    /// The open fraction of the NMDA channels.
    template <class V, class U> [[gnu::always_inline]] static constexpr U unblocked(U v, V mg) {
        return V(1.0)/(V(1.0) + (mg*V(1.0/3.57))*math::exp(v*V(-0.062)));
    }

    static constexpr state<double> on_event(state<double> s, const parameters<double>& p, double weight) {
        const double ampa = weight*double_exponential::unit_jump(p.ampa_rise, p.ampa_decay);
        const double nmda = weight*p.nmda_ratio*double_exponential::unit_jump(p.nmda_rise, p.nmda_decay);
        return {s.ampa_a + ampa, s.ampa_b + ampa, s.nmda_a + nmda, s.nmda_b + nmda};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        using namespace double_exponential;
        return {decayed(s.ampa_a, guarded(p.ampa_rise, p.ampa_decay), dt), decayed(s.ampa_b, p.ampa_decay, dt),
                decayed(s.nmda_a, guarded(p.nmda_rise, p.nmda_decay), dt), decayed(s.nmda_b, p.nmda_decay, dt)};
    }
    /// Calcium carries about a tenth of the NMDA current. Garaschuk et al. (1996) J Physiol 491:757. [nA]
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U calcium_current(const state<V>& s, const parameters<V>& p, U v) {
        return V(0.1)*((s.nmda_b - s.nmda_a)*unblocked<V, U>(v, p.mg))*(v - p.e_rev);
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return ((s.ampa_b - s.ampa_a) + (s.nmda_b - s.nmda_a)*unblocked<V, U>(v, p.mg))*(v - p.e_rev);
    }
};

}  // namespace apical::channels
