// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Calcium through NMDA receptors decides where the weight goes and how fast: little of it down, much of it up.
///
///     c' = -c/tau_ca + g (f_fast n_fast + f_slow n_slow) H(v),   H = (v - v_r)/(1 + (mg/3.57) e^(-0.062 v))
///     w' = eta(c) (Omega(c) - w),   Omega = 1/4 + s(c - alpha_2) - s(c - alpha_1)/4,   s(x) = 1/(1 + e^(-beta x))
///     1/eta = p_1/(p_2 + c^3) + p_4
///
/// n_fast, n_slow: traces of presynaptic spikes; v: potential here.
struct calcium_control : rule {
    static constexpr rule_info info{.name = "calcium_control", .summary = "calcium through NMDA receptors sets target and speed of the weight",
                                    .source = "Shouval, Bear & Cooper (2002) PNAS 99:10831"};

    template <class V> struct parameters { V tau_ca, g, f_fast, f_slow, tau_fast, tau_slow, v_r, mg, alpha_1, alpha_2, beta, p_1, p_2, p_4; };
    static constexpr parameters<field> defaults{
        {"tau_ca", 50, "ms", "of calcium", 1e-3, 1e6},
        {"g", -0.001, "1/ms/mV", "calcium of the receptors, per ms and mV of driving force: half of -1/500 uM", -1, 1},
        {"f_fast", 0.5, "", "share of the fast component", 0, 1},
        {"f_slow", 0.5, "", "share of the slow component", 0, 1},
        {"tau_fast", 50, "ms", "of the fast component", 1e-3, 1e6},
        {"tau_slow", 200, "ms", "of the slow component", 1e-3, 1e6},
        {"v_r", 130, "mV", "reversal potential of calcium", -200, 200},
        {"mg", 1, "", "magnesium [mM]", 0, 100},
        {"alpha_1", 0.35, "", "calcium above which the weight falls [uM]", 0, 100},
        {"alpha_2", 0.55, "", "calcium above which it rises [uM]", 0, 100},
        {"beta", 80, "", "steepness of both [1/uM]", 0, 1e4},
        {"p_1", 100, "ms", "slowest speed: p_1/p_2 + p_4", 1e-3, 1e9},
        {"p_2", 1e-5, "", "calcium, cubed, that is slow", 0, 1e9},
        {"p_4", 1000, "ms", "fastest speed", 0, 1e9},
    };

    template <class V> struct synapse { V c; };
    static constexpr synapse<field> keeps{{"c", 0, "", "calcium [uM]", 0, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_ca}; }

    template <class V> struct pre { V fast, slow; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_fast), spikes().trace(p.tau_slow)}; }
    template <class V> struct post { V v; };
    static constexpr post<reading> sees(const parameters<double>&) { return {potential()}; }

    template <class V> static constexpr V each_step(kept<calcium_control, V>& k, const local<calcium_control, V>& at, V dt) {
        const auto& p = at.p;
        const V unblocked = (at.post.v - p.v_r)/(V(1.0) + p.mg*V(1/3.57)*math::exp(V(-0.062)*at.post.v));
        k.c += dt*p.g*(p.f_fast*at.pre.fast + p.f_slow*at.pre.slow)*unblocked;
        const V target = V(0.25) + math::logistic(p.beta*(k.c - p.alpha_2)) - V(0.25)*math::logistic(p.beta*(k.c - p.alpha_1));
        const V speed = V(1.0)/(p.p_1/(p.p_2 + k.c*k.c*k.c) + p.p_4);
        return dt*speed*(target - at.w);
    }
};

}  // namespace apical::plasticity
