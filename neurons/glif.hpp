// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// The generalised integrate-and-fire neurons of the Allen Cell Types Database, levels 1 to 5.
///
///     C v' = i_1 + i_2 - g (v - e) + I,   i_j' = -k_j i_j,   theta_s' = -b_s theta_s,   theta_v' = a_v (v - e) - b_v theta_v
///
/// A spike is where v meets theta + theta_s + theta_v. For t_refractory after it v and theta_v stand still; then
/// v = e + f_v (v - e) + v_add, i_j += di_j, theta_s += dtheta_s. The level is that of the parameters which are not zero: 1 has
/// none of these, 2 adds the reset and theta_s, 3 the currents, 4 both, 5 theta_v. Steps are exact but for theta_v.
struct glif {
    static constexpr neuron_info info{.name = "glif",
                                      .summary = "generalised leaky integrate-and-fire, levels 1 to 5",
                                      .source = "Teeter et al. (2018) Nat Commun 9:709"};

    template <class V> struct parameters {
        V c_m, g_leak, e_leak, theta, t_refractory, f_v, v_add, dtheta_s, b_s, k_1, di_1, k_2, di_2, a_v, b_v;
    };
    static constexpr parameters<field> defaults{
        {"c_m", 58.72, "pF", "membrane capacitance", 1e-3, 1e6},
        {"g_leak", 9.43, "nS", "leak conductance", 1e-6, 1e6},
        {"e_leak", -78.85, "mV", "resting potential", -200, 200},
        {"theta", -51.68, "mV", "threshold far from any spike", -200, 200},
        {"t_refractory", 3.75, "ms", "length of the spike that is cut out", 0, 1e4},
        {"f_v", 0, "", "part of v that outlives the spike", -10, 10},
        {"v_add", 0, "mV", "added to v at the reset", -200, 200},
        {"dtheta_s", 0, "mV", "jump of the threshold after a spike", -200, 200},
        {"b_s", 0.009, "/ms", "decay of that jump", 1e-9, 100},
        {"k_1", 0.003, "/ms", "decay of the first after-spike current", 1e-9, 100},
        {"di_1", 0, "pA", "its jump", -1e6, 1e6},
        {"k_2", 0.1, "/ms", "decay of the second after-spike current", 1e-9, 100},
        {"di_2", 0, "pA", "its jump", -1e6, 1e6},
        {"a_v", 0, "/ms", "rise of the threshold with the potential", -100, 100},
        {"b_v", 0.09, "/ms", "decay of that rise", 1e-9, 100},
    };
    // Each level was fitted anew, threshold and leak too: of levels 1 to 4 they are those of NEST's first example of glif_psc, rounded from
    // the database; the rest is what NEST's models have as level 5. (That example adds 18.56 mV at the reset, the models 18.51.)
    static constexpr std::string_view cell = "Teeter et al. (2018) Nat Commun 9:709; cell 490626718 of the Allen Cell Types Database";
    static constexpr std::array<parameter_set<parameters<double>>, 5> published{{
        {"glif1", cell, {58.72, 9.12, -78.85, -37.88, 3.75, 0, 0, 0, 0.009, 0.003, 0, 0.1, 0, 0, 0.09}},
        {"glif2", cell, {58.72, 9.12, -78.85, -37.14, 3.75, 0.2, 18.51, 0.37, 0.009, 0.003, 0, 0.1, 0, 0, 0.09}},
        {"glif3", cell, {58.72, 9.43, -78.85, -50.19, 3.75, 0, 0, 0, 0.009, 0.003, -9.18, 0.1, -198.94, 0, 0.09}},
        {"glif4", cell, {58.72, 9.43, -78.85, -50.19, 3.75, 0.2, 18.51, 0.37, 0.009, 0.003, -9.18, 0.1, -198.94, 0, 0.09}},
        {"glif5", cell, {58.72, 9.43, -78.85, -51.68, 3.75, 0.2, 18.51, 0.37, 0.009, 0.003, -9.18, 0.1, -198.94, 0.005, 0.09}},
    }};

    template <class V> struct state { V v, i_1, i_2, theta_s, theta_v; };
    static constexpr state<field> meaning{
        {"v", -78.85, "mV", "membrane potential", -1000, 1000},
        {"i_1", 0, "pA", "first after-spike current", -1e9, 1e9},
        {"i_2", 0, "pA", "second after-spike current", -1e9, 1e9},
        {"theta_s", 0, "mV", "threshold raised by spikes", -1e6, 1e6},
        {"theta_v", 0, "mV", "threshold raised by the potential", -1e6, 1e6},
    };

    static constexpr state<double> rest(const parameters<double>& p) { return {p.e_leak, 0, 0, 0, 0}; }

    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        return {at.free*(s.i_1 + s.i_2 - p.g_leak*(s.v - p.e_leak) + at.in[0].i - at.in[0].g*s.v)/p.c_m,
                -p.k_1*s.i_1, -p.k_2*s.i_2, -p.b_s*s.theta_s, at.free*(p.a_v*(s.v - p.e_leak) - p.b_v*s.theta_v)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const V g = p.g_leak + at.in[0].g, rate = g/p.c_m, target = (p.g_leak*p.e_leak + at.in[0].i)/g;
        const V keep = math::exp<V>(rate*V(-dt)), i_1 = decayed(s.i_1, p.k_1, dt), i_2 = decayed(s.i_2, p.k_2, dt);
        // what currents that decay leave on a membrane that decays faster or slower
        const V pushed = keep*(s.i_1*grown(rate - p.k_1, dt) + s.i_2*grown(rate - p.k_2, dt))/p.c_m;
        const V v = math::select(at.free > V(0.0), math::fma(keep, s.v - target, target) + pushed, s.v);
        const V keep_v = math::exp<V>(at.free*p.b_v*V(-0.5*dt));
        const auto followed = [&](V theta, V at_v) {
            const V goal = p.a_v*(at_v - p.e_leak)/p.b_v;
            return math::fma(keep_v, theta - goal, goal);
        };
        return {v, i_1, i_2, decayed(s.theta_s, p.b_s, dt), followed(followed(s.theta_v, s.v), v)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v - (p.theta + s.theta_s + s.theta_v); }

    /// What happens at once is nothing: the potential before the spike is needed at the end of it.
    static constexpr state<double> spiked(const state<double>& s, const parameters<double>&) { return s; }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }
    static constexpr state<double> released(const state<double>& s, const parameters<double>& p) {
        return {p.e_leak + p.f_v*(s.v - p.e_leak) + p.v_add, s.i_1 + p.di_1, s.i_2 + p.di_2, s.theta_s + p.dtheta_s, s.theta_v};
    }
};

}  // namespace apical::neurons
