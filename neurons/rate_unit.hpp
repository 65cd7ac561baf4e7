// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// A rate unit: tau r' = -r + F(I), F(I) = gain [I - i_threshold]+, but no more than r_max. It has no potential and no spikes.
/// Steps are exact for an input that is constant over the step.
struct rate_unit {
    static constexpr neuron_info info{.name = "rate_unit",
                                      .summary = "threshold-linear rate unit",
                                      .source = "Dayan & Abbott (2001) Theoretical Neuroscience, MIT Press, eqs 7.6, 7.11",
                                      .voltage = {-1, -1, -1},
                                      .resets = false};

    template <class V> struct parameters { V tau, gain, i_threshold, r_max; };
    static constexpr parameters<field> defaults{
        {"tau", 10, "ms", "time constant of the rate", 1e-3, 1e6},
        {"gain", 100, "Hz/nA", "slope above the threshold", 0, 1e6},
        {"i_threshold", 0.1, "nA", "current below which the unit is silent", -1e3, 1e3},
        {"r_max", 1000, "Hz", "highest rate", 0, 1e6},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{
        {"dayan_abbott_2001", "Dayan & Abbott (2001), section 7.2; a linear threshold", {10, 100, 0.1, 1000}},
    }};

    template <class V> struct state { V r; };
    static constexpr state<field> meaning{{"r", 0, "Hz", "rate", 0, 1e6}};

    static constexpr state<double> rest(const parameters<double>& p) {
        return {math::at_most(math::at_least(-p.gain*p.i_threshold, 0.0), p.r_max)};
    }
    template <class V> [[gnu::always_inline]] static constexpr V target(const parameters<V>& p, const surroundings<V>& at) {
        return math::at_most(math::at_least(p.gain*(at.in[0].i - p.i_threshold), V(0.0)), p.r_max);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {(target(p, at) - s.r)/p.tau};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        return {relaxed(s.r, target(p, at), V(1.0)/p.tau, dt)};
    }
};

}  // namespace apical::neurons
