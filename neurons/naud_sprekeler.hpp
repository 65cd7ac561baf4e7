// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "neurons/neuron.hpp"

namespace apical::neurons {

/// The two-compartment pyramidal cell whose bursts tell of its dendrite and whose events tell of its soma.
///
///     c_s v_s' = -c_s (v_s - e)/tau_s + g_s f(v_d) + w_s + I_s,             w_s' = -w_s/tau_ws
///     c_d v_d' = -c_d (v_d - e)/tau_d + g_d f(v_d) + K + w_d + I_d,         tau_wd w_d' = a_wd (v_d - e) - w_d
///     f(v) = 1/(1 + exp(-(v - e_d)/d_d));  K = c_bap for bap_width, from bap_delay after each spike on
///
/// A spike is where v_s meets v_threshold + theta; then v_s = v_reset for t_refractory, w_s += b_ws, theta += dtheta, which decays
/// with tau_theta. Steps are exponential, with the nonlinear terms taken at the middle of the step.
struct naud_sprekeler {
    static constexpr neuron_info info{.name = "naud_sprekeler",
                                      .summary = "two-compartment bursting pyramidal cell, soma and apical dendrite",
                                      .source = "Naud & Sprekeler (2018) PNAS 115:E6329",
                                      .compartments = {"soma", "apic"},
                                      .voltage = {0, 2, -1},
                                      .rests = false};

    template <class V> struct parameters {
        V c_s, tau_s, c_d, tau_d, e_leak, g_s, g_d, e_d, d_d, tau_ws, b_ws, tau_wd, a_wd, c_bap, bap_delay, bap_width, v_threshold, dtheta,
            tau_theta, v_reset, t_refractory;
    };
    static constexpr parameters<field> defaults{
        {"c_s", 370, "pF", "capacitance of the soma", 1e-3, 1e6},
        {"tau_s", 16, "ms", "time constant of the soma", 1e-3, 1e4},
        {"c_d", 170, "pF", "capacitance of the dendrite", 1e-3, 1e6},
        {"tau_d", 7, "ms", "time constant of the dendrite", 1e-3, 1e4},
        {"e_leak", -70, "mV", "resting potential of both", -200, 200},
        {"g_s", 1300, "pA", "current of dendritic spikes into the soma", 0, 1e6},
        {"g_d", 1200, "pA", "regenerative current of the dendrite", 0, 1e6},
        {"e_d", -38, "mV", "where the dendrite is half active", -200, 200},
        {"d_d", 6, "mV", "slope of its activation", 0.01, 100},
        {"tau_ws", 100, "ms", "time constant of the somatic adaptation", 1e-3, 1e6},
        {"b_ws", -200, "pA", "its jump at a spike", -1e6, 1e6},
        {"tau_wd", 30, "ms", "time constant of the dendritic adaptation", 1e-3, 1e6},
        {"a_wd", -13, "nS", "its coupling to the dendrite's potential", -1e6, 1e6},
        {"c_bap", 2600, "pA", "current of a back-propagating spike into the dendrite", 0, 1e6},
        {"bap_delay", 0, "ms", "from the spike to that current", 0, 1e3},
        {"bap_width", 2, "ms", "how long it lasts", 0, 1e3},
        {"v_threshold", -50, "mV", "threshold far from any spike", -200, 200},
        {"dtheta", 2, "mV", "jump of the threshold at a spike", -200, 200},
        {"tau_theta", 27, "ms", "its decay", 1e-3, 1e6},
        {"v_reset", -70, "mV", "somatic potential after a spike", -200, 200},
        {"t_refractory", 3, "ms", "time spent at the reset", 0, 1e4},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 1> published{{
        {"naud_sprekeler_2018", "Naud & Sprekeler (2018) PNAS 115:E6329, table S1",
         {370, 16, 170, 7, -70, 1300, 1200, -38, 6, 100, -200, 30, -13, 2600, 0, 2, -50, 2, 27, -70, 3}},
    }};

    template <class V> struct state { V v_s, w_s, v_d, w_d, theta, since, i_bap; };
    static constexpr state<field> meaning{
        {"v_s", -70, "mV", "potential of the soma", -1000, 1000},
        {"w_s", 0, "pA", "somatic adaptation current, inward", -1e9, 1e9},
        {"v_d", -70, "mV", "potential of the dendrite", -1000, 1000},
        {"w_d", 0, "pA", "dendritic adaptation current, inward", -1e9, 1e9},
        {"theta", 0, "mV", "threshold raised by spikes", -1e6, 1e6},
        {"since", 1e6, "ms", "time since the last spike", 0, 1e12},
        {"i_bap", 0, "pA", "current of a back-propagating spike", 0, 1e6},
    };

    static constexpr state<double> rest(const parameters<double>& p) { return {p.e_leak, 0, p.e_leak, 0, 0, 1e6, 0}; }

    template <class V> [[gnu::always_inline]] static constexpr V active(V v, const parameters<V>& p) {
        return math::logistic<V>((v - p.e_d)/p.d_d);
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> rates(const state<V>& s, const parameters<V>& p, const surroundings<V>& at) {
        const V spike = active(s.v_d, p);
        return {at.free*((p.e_leak - s.v_s)/p.tau_s + (p.g_s*spike + s.w_s + at.in[0].i - at.in[0].g*s.v_s)/p.c_s),
                -s.w_s/p.tau_ws,
                (p.e_leak - s.v_d)/p.tau_d + (p.g_d*spike + s.i_bap + s.w_d + at.in[1].i - at.in[1].g*s.v_d)/p.c_d,
                (p.a_wd*(s.v_d - p.e_leak) - s.w_d)/p.tau_wd,
                -s.theta/p.tau_theta, V(1.0), V(0.0)};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const parameters<V>& p, const surroundings<V>& at, double dt) {
        const V h(dt), later = s.since + h, last = p.bap_delay + p.bap_width;
        const V overlap = math::at_least(math::at_most(later, last) - math::at_least(s.since, p.bap_delay), V(0.0));
        const V bap = p.c_bap*overlap/h;
        const V rate_d = V(1.0)/p.tau_d + at.in[1].g/p.c_d, rate_w = V(1.0)/p.tau_wd;
        const auto goal = [&](V spike, V w) { return (p.e_leak/p.tau_d + (p.g_d*spike + bap + w + at.in[1].i)/p.c_d)/rate_d; };
        const V v_middle = relaxed(s.v_d, goal(active(s.v_d, p), s.w_d), rate_d, 0.5*dt);
        const V w_middle = relaxed(s.w_d, p.a_wd*(s.v_d - p.e_leak), rate_w, 0.5*dt);
        const V spike = active(v_middle, p);
        const V rate_s = V(1.0)/p.tau_s + at.in[0].g/p.c_s, w_s = decayed(s.w_s, V(1.0)/p.tau_ws, dt);
        const V target = (p.e_leak/p.tau_s + (p.g_s*spike + V(0.5)*(s.w_s + w_s) + at.in[0].i)/p.c_s)/rate_s;
        return {relaxed(s.v_s, target, at.free*rate_s, dt), w_s, relaxed(s.v_d, goal(spike, w_middle), rate_d, dt),
                relaxed(s.w_d, p.a_wd*(v_middle - p.e_leak), rate_w, dt), decayed(s.theta, V(1.0)/p.tau_theta, dt), later,
                math::select(later < p.bap_delay, V(0.0), math::select(later < last, p.c_bap, V(0.0)))};
    }
    template <class V> [[gnu::always_inline]]
    static constexpr V excess(const state<V>& s, const parameters<V>& p) { return s.v_s - (p.v_threshold + s.theta); }

    static constexpr state<double> spiked(const state<double>& s, const parameters<double>& p) {
        return turned({p.v_reset, s.w_s + p.b_ws, s.v_d, s.w_d, s.theta + p.dtheta, 0, 0}, p);
    }
    static constexpr double refractory(const parameters<double>& p) { return p.t_refractory; }

    /// Edges of the box K: how long until the next, and what is different after it.
    static constexpr double next_turn(const state<double>& s, const parameters<double>& p) {
        const double now = s.since + reach;
        if (now < p.bap_delay) return p.bap_delay - s.since;
        return now < p.bap_delay + p.bap_width ? p.bap_delay + p.bap_width - s.since : std::numeric_limits<double>::infinity();
    }
    static constexpr state<double> turned(state<double> s, const parameters<double>& p) {
        const double now = s.since + reach;
        s.i_bap = now >= p.bap_delay && now < p.bap_delay + p.bap_width ? p.c_bap : 0;
        return s;
    }
    static constexpr double reach = 1e-9;   ///< times closer than this are the same [ms]
};

}  // namespace apical::neurons
