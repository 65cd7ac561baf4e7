// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// One plateau potential changes the synapses that were active in the seconds around it, up or down by how strong they are.
///
///     tau_e e' = S - e,   tau_i i' = P - i,   s = (e/e_max)(i/i_max)
///     w' = (w_max - w) k_plus q_plus(s) - w k_minus q_minus(s),   q(s) = (f(s) - f(0))/(f(1) - f(0)),   f(s) = 1/(1 + exp(-beta (s - alpha)))
///
/// S: presynaptic spikes; P: 1 during a plateau here.
struct behavioral_timescale : rule {
    static constexpr rule_info info{.name = "behavioral_timescale", .summary = "a plateau changes what was active within seconds",
                                    .source = "Bittner et al. (2017) Science 357:1033; Milstein et al. (2021) eLife 10:e73046"};

    template <class V> struct parameters { V tau_e, tau_i, e_max, i_max, k_plus, k_minus, alpha_plus, beta_plus, alpha_minus, beta_minus, w_max; };
    static constexpr parameters<field> defaults{
        {"tau_e", 1000, "ms", "of the trace of presynaptic spikes", 1e-3, 1e6},
        {"tau_i", 750, "ms", "of the trace of plateaus", 1e-3, 1e6},
        {"e_max", 0.02, "1/ms", "largest trace of spikes", 1e-9, 1e3},
        {"i_max", 0.3, "", "largest trace of plateaus", 1e-9, 1e3},
        {"k_plus", 2.4e-3, "1/ms", "speed of growth", 0, 10},
        {"k_minus", 0.23e-3, "1/ms", "speed of loss", 0, 10},
        {"alpha_plus", 0.5, "", "overlap at which growth is half", 0, 10},
        {"beta_plus", 4, "", "steepness of it", 0, 1e4},
        {"alpha_minus", 0.01, "", "overlap at which loss is half", 0, 10},
        {"beta_minus", 44, "", "steepness of it", 0, 1e4},
        {"w_max", 5.6, "", "largest weight", 0, 1e9},
    };

    template <class V> struct pre { V e; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_e, 1/p.tau_e)}; }
    template <class V> struct post { V i; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {plateaus().low_pass(p.tau_i)}; }

    template <class V> static constexpr V each_step(kept<behavioral_timescale, V>&, const local<behavioral_timescale, V>& at, V dt) {
        const auto& p = at.p;
        const V s = math::at_most(at.pre.e/p.e_max*(at.post.i/p.i_max), V(1.0));
        const V up = p.k_plus*above(s, p.alpha_plus, p.beta_plus), down = p.k_minus*above(s, p.alpha_minus, p.beta_minus);
        // linear in w: exact over dt
        return (V(1.0) - math::exp(-dt*(up + down)))*(p.w_max*up/math::at_least(up + down, V(1e-300)) - at.w);
    }

private:
    template <class V> static constexpr V above(V s, V alpha, V beta) {
        const auto f = [&](V x) { return math::logistic(beta*(x - alpha)); };
        const V none = f(V(0.0));
        return (f(s) - none)/(f(V(1.0)) - none);
    }
};

}  // namespace apical::plasticity
