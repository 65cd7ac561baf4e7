// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// The dendrite learns to predict the soma's spikes.
///
///     tau d' = (S - phi(V*)) h(V*) x - d,   w' = eta d,   phi(v) = phi_max/(1 + k exp(beta (theta - v))),   h = d ln phi/dv
///
/// S: spikes of the cell; V*: the potential that the dendrite alone would give the soma; x: a presynaptic spike's potential,
/// (exp(-t/tau_l) - exp(-t/tau_s))/(tau_l - tau_s).
struct urbanczik_senn : rule {
    static constexpr rule_info info{.name = "urbanczik_senn", .summary = "the dendrite learns to predict the soma",
                                    .source = "Urbanczik & Senn (2014) Neuron 81:521"};

    template <class V> struct parameters { V eta, tau, tau_l, tau_s, phi_max, k, beta, theta; };
    static constexpr parameters<field> defaults{
        {"eta", 0.17, "", "learning rate", -1e6, 1e6},
        {"tau", 100, "ms", "over which changes are smoothed", 1e-3, 1e6},
        {"tau_l", 10, "ms", "decay of a presynaptic spike's potential", 1e-3, 1e6},
        {"tau_s", 3, "ms", "rise of it", 1e-3, 1e6},
        {"phi_max", 0.15, "1/ms", "largest rate", 0, 100},
        {"k", 0.5, "", "of the rate function", 1e-9, 1e9},
        {"beta", 0.3333333333333333, "1/mV", "steepness of the rate function", 0, 1000},
        {"theta", -55, "mV", "threshold of the rate function", -200, 200},
    };

    template <class V> struct synapse { V d; };
    static constexpr synapse<field> keeps{{"d", 0, "", "smoothed change", -1e9, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau}; }

    template <class V> struct pre { V slow, fast; };
    static constexpr pre<reading> hears(const parameters<double>& p) {
        return {spikes().trace(p.tau_l, 1/(p.tau_l - p.tau_s)), spikes().trace(p.tau_s, 1/(p.tau_l - p.tau_s))};
    }
    template <class V> struct post { V expected; };
    static constexpr post<reading> sees(const parameters<double>&) { return {prediction()}; }

    template <class V> static constexpr V on_spike(kept<urbanczik_senn, V>& k, const local<urbanczik_senn, V>& at) {
        k.d += relative_slope(at)*(at.pre.slow - at.pre.fast)/at.p.tau;
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<urbanczik_senn, V>& k, const local<urbanczik_senn, V>& at, V dt) {
        const V rate = at.p.phi_max/(V(1.0) + at.p.k*math::exp(at.p.beta*(at.p.theta - at.post.expected)));
        k.d -= dt/at.p.tau*rate*relative_slope(at)*(at.pre.slow - at.pre.fast);
        return dt*at.p.eta*k.d;
    }

private:
    template <class V> static constexpr V relative_slope(const local<urbanczik_senn, V>& at) {
        return at.p.beta/(V(1.0) + math::exp(at.p.beta*(at.post.expected - at.p.theta))/at.p.k);
    }
};

}  // namespace apical::plasticity
