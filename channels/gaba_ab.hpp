// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/double_exponential.hpp"

namespace apical::channels {

/// Inhibitory synapse with GABA-A and GABA-B receptors, both conductances that rise and fall exponentially: an event of weight w gives a
/// GABA-A conductance that peaks at w and a GABA-B conductance that peaks at gaba_b_ratio w. The latter stands in for the G protein of gaba_b.
struct gaba_ab {
    static constexpr receptor_info info{.name = "gaba_ab",
                                        .summary = "GABA-A and GABA-B conductances, double-exponential",
                                        .source = "Markram et al. (2015) Cell 163:456",
                                        .carries = ion::cl};

    template <class V> struct parameters {
        V gaba_a_rise, gaba_a_decay, gaba_b_rise, gaba_b_decay, gaba_b_ratio, e_rev, gaba_b_e_rev;
    };
    static constexpr parameters<field> defaults{
        {"gaba_a_rise", 0.2, "ms", "time constant of the GABA-A rise, below gaba_a_decay", 1e-6, 1e4},
        {"gaba_a_decay", 8, "ms", "time constant of the GABA-A decay", 1e-6, 1e5},
        {"gaba_b_rise", 3.5, "ms", "time constant of the GABA-B rise, below gaba_b_decay", 1e-6, 1e4},
        {"gaba_b_decay", 260.9, "ms", "time constant of the GABA-B decay", 1e-6, 1e5},
        {"gaba_b_ratio", 0, "", "GABA-B peak over GABA-A peak", 0, 100},
        {"e_rev", -80, "mV", "reversal potential of GABA-A", -200, 200},
        {"gaba_b_e_rev", -97, "mV", "reversal potential of GABA-B", -200, 200},
    };

    template <class V> struct state { V gaba_a_a, gaba_a_b, gaba_b_a, gaba_b_b; };
    static constexpr state<field> meaning{{"gaba_a_a", 0, "uS", "rising GABA-A component", 0, 1e3},
                                          {"gaba_a_b", 0, "uS", "decaying GABA-A component", 0, 1e3},
                                          {"gaba_b_a", 0, "uS", "rising GABA-B component", 0, 1e5},
                                          {"gaba_b_b", 0, "uS", "decaying GABA-B component", 0, 1e5}};

    static constexpr state<double> on_event(state<double> s, const parameters<double>& p, double weight) {
        const double a = weight*double_exponential::unit_jump(p.gaba_a_rise, p.gaba_a_decay);
        const double b = weight*p.gaba_b_ratio*double_exponential::unit_jump(p.gaba_b_rise, p.gaba_b_decay);
        return {s.gaba_a_a + a, s.gaba_a_b + a, s.gaba_b_a + b, s.gaba_b_b + b};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(state<V> s, const parameters<V>& p, double dt) {
        using namespace double_exponential;
        return {decayed(s.gaba_a_a, guarded(p.gaba_a_rise, p.gaba_a_decay), dt), decayed(s.gaba_a_b, p.gaba_a_decay, dt),
                decayed(s.gaba_b_a, guarded(p.gaba_b_rise, p.gaba_b_decay), dt), decayed(s.gaba_b_b, p.gaba_b_decay, dt)};
    }
    /// [nA], outward positive
    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const parameters<V>& p, U v) {
        return (s.gaba_a_b - s.gaba_a_a)*(v - p.e_rev) + (s.gaba_b_b - s.gaba_b_a)*(v - p.gaba_b_e_rev);
    }
};

}  // namespace apical::channels
