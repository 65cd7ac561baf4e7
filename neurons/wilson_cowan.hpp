// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// Two rate units that hold each other, one excitatory, one inhibitory: activities E and I of Wilson and Cowan.
///
///     tau E' = -E + (1 - r E) S_e(c1 E - c2 I + P),   tau I' = -I + (1 - r I) S_i(c3 E - c4 I + Q)
///     S(x) = 1/(1 + exp(-a (x - theta))) - 1/(1 + exp(a theta))
///
/// P and Q are the currents into the first and second compartment, in units of `i_unit`. Steps are exponential, with S taken at
/// the middle of the step.
struct wilson_cowan {
    static constexpr neuron_info info{.name = "wilson_cowan",
                                      .summary = "a pair of rate units, excitatory and inhibitory",
                                      .source = "Wilson & Cowan (1972) Biophys J 12:1",
                                      .compartments = {"soma", "apic"},
                                      .voltage = {-1, -1, -1},
                                      .resets = false};

    template <class V> struct parameters { V tau, c1, c2, c3, c4, a_e, theta_e, a_i, theta_i, r, i_unit; };
    static constexpr parameters<field> defaults{
        {"tau", 8, "ms", "time constant of both", 1e-3, 1e6},
        {"c1", 16, "", "of E on E", 0, 1e3},
        {"c2", 12, "", "of I on E", 0, 1e3},
        {"c3", 15, "", "of E on I", 0, 1e3},
        {"c4", 3, "", "of I on I", 0, 1e3},
        {"a_e", 1.3, "", "slope of S_e", 0, 1e3},
        {"theta_e", 4, "", "position of S_e", -1e3, 1e3},
        {"a_i", 2, "", "slope of S_i", 0, 1e3},
        {"theta_i", 3.7, "", "position of S_i", -1e3, 1e3},
        {"r", 1, "", "share that is refractory", 0, 1e3},
        {"i_unit", 1, "nA", "current that counts as 1", 1e-9, 1e6},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 2> published{{
        {"limit_cycle", "Wilson & Cowan (1972) Biophys J 12:1, figure 11", {8, 16, 12, 15, 3, 1.3, 4, 2, 3.7, 1, 1}},
        {"hysteresis", "Wilson & Cowan (1972) Biophys J 12:1, figures 4 and 5", {8, 12, 4, 13, 11, 1.2, 2.8, 1, 4, 1, 1}},
    }};

    template <class V> struct state { V e, i; };
    static constexpr state<field> meaning{
        {"e", 0, "", "part of the excitatory cells that is active", -1, 1},
        {"i", 0, "", "part of the inhibitory cells that is active", -1, 1},
    };

    static constexpr state<double> rest(const parameters<double>&) { return {0, 0}; }

    template <class V> [[gnu::always_inline]] static constexpr V responds(V x, V a, V theta) {
        return math::logistic<V>(a*(x - theta)) - math::logistic<V>(-a*theta);
    }
    /// S_e and S_i
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> drive(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {responds(p.c1*s.e - p.c2*s.i + at.in[0].i/p.i_unit, p.a_e, p.theta_e),
                responds(p.c3*s.e - p.c4*s.i + at.in[1].i/p.i_unit, p.a_i, p.theta_i)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        const auto x = drive(s, p, at);
        return {(x.e - (V(1.0) + p.r*x.e)*s.e)/p.tau, (x.i - (V(1.0) + p.r*x.i)*s.i)/p.tau};
    }
    /// Towards where S would take it.
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> driven(const state<V>& s, const state<V>& x, const parameters<V>& p, double dt) {
        const V one(1.0), e = one + p.r*x.e, i = one + p.r*x.i;
        return {relaxed(s.e, x.e/e, e/p.tau, dt), relaxed(s.i, x.i/i, i/p.tau, dt)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const auto middle = driven(s, drive(s, p, at), p, 0.5*dt);
        return driven(s, drive(middle, p, at), p, dt);
    }
};

}  // namespace apical::neurons
