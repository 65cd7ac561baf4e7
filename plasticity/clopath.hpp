// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Plasticity that follows the membrane potential where the synapse sits.
///
///     w' = -a_ltd (m/u_ref)^2 S [u_minus - theta_minus]+  +  a_ltp x [u - theta_plus]+ [u_plus - theta_minus]+
///
/// S: presynaptic spikes; x: their trace, which 1/tau_x is added to; u: potential; u_minus, u_plus: the same, low-passed, and late by
/// `late`, so that a spike does not meet its own depolarisation; m: u above u_rest, low-passed over tau_mean, or u_ref if tau_mean is 0: no homeostasis.
struct clopath : rule {
    static constexpr rule_info info{.name = "clopath", .summary = "follows the local membrane potential",
                                    .source = "Clopath, Buesing, Vasilaki & Gerstner (2010) Nat Neurosci 13:344; on dendrites: Bono & Clopath (2017) Nat Commun 8:706"};

    template <class V> struct parameters { V a_ltd, a_ltp, theta_minus, theta_plus, tau_x, tau_minus, tau_plus, late, u_ref, u_rest, tau_mean; };
    static constexpr parameters<field> defaults{
        {"a_ltd", 14e-5, "1/mV", "depression at a presynaptic spike", 0, 10},
        {"a_ltp", 8e-5, "1/mV2", "potentiation", 0, 10},
        {"theta_minus", -70.6, "mV", "above which u_minus depresses and u_plus potentiates", -200, 200},
        {"theta_plus", -45.3, "mV", "above which u potentiates", -200, 200},
        {"tau_x", 15, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 10, "ms", "of u_minus", 1e-3, 1e6},
        {"tau_plus", 7, "ms", "of u_plus", 1e-3, 1e6},
        {"late", 5, "ms", "of u_minus and u_plus", 0, 100},
        {"u_ref", 7.745966692414834, "mV", "mean depolarisation at which depression is a_ltd", 1e-6, 200},
        {"u_rest", -70.6, "mV", "from which depolarisation counts", -200, 200},
        {"tau_mean", 0, "ms", "over which the mean depolarisation is taken; 0: depression is a_ltd", 0, 1e9},
    };

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_x, 1/p.tau_x)}; }
    template <class V> struct post { V u, u_minus, u_plus, mean; };
    static constexpr post<reading> sees(const parameters<double>& p) {
        return {potential(), potential().low_pass(p.tau_minus).delayed(p.late), potential().low_pass(p.tau_plus).delayed(p.late),
                p.tau_mean > 0 ? potential().low_pass(p.tau_mean) : potential()};
    }

    template <class V> static constexpr V on_arrival(kept<clopath, V>&, const local<clopath, V>& at) {
        const V mean = math::select(at.p.tau_mean > V(0.0), (at.post.mean - at.p.u_rest)/at.p.u_ref, V(1.0));
        return -at.p.a_ltd*mean*mean*positive(at.post.u_minus - at.p.theta_minus);
    }
    template <class V> static constexpr V each_step(kept<clopath, V>&, const local<clopath, V>& at, V dt) {
        return dt*at.p.a_ltp*at.pre.x*positive(at.post.u - at.p.theta_plus)*positive(at.post.u_plus - at.p.theta_minus);
    }
};

}  // namespace apical::plasticity
