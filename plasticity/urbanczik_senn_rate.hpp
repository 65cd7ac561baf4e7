// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// `urbanczik_senn` for rates: the soma's rate in place of its spikes. Each trial stands for `duration` of time.
///
///     tau d' = (phi(u) - phi(v*)) h(v*) x - d,   w' = eta d,   phi(v) = phi_max/(1 + k exp(beta (theta - v))),   h = d ln phi/dv
struct urbanczik_senn_rate : rule {
    static constexpr rule_info info{.name = "urbanczik_senn_rate", .summary = "the dendrite learns to predict the soma; for rates", .source = "Urbanczik & Senn (2014) Neuron 81:521"};

    template <class V> struct parameters { V eta, tau, duration, phi_max, k, beta, theta; };
    static constexpr parameters<field> defaults{
        {"eta", 1e-2, "1/ms", "learning rate", -1e6, 1e6},
        {"tau", 100, "ms", "over which changes are smoothed", 1e-3, 1e6},
        {"duration", 1, "ms", "of a trial", 1e-6, 1e3},
        {"phi_max", 0.15, "1/ms", "largest rate", 0, 100},
        {"k", 0.5, "", "of the rate function", 1e-9, 1e9},
        {"beta", 5, "", "steepness of the rate function", 0, 1000},
        {"theta", 1, "", "threshold of the rate function", -200, 200},
    };

    template <class V> struct synapse { V d; };
    static constexpr synapse<field> keeps{{"d", 0, "", "smoothed change", -1e9, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau}; }

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V u, foreseen; };
    static constexpr post<reading> sees(const parameters<double>&) { return {potential(), prediction()}; }

    template <class V> static constexpr V at_phase_end(kept<urbanczik_senn_rate, V>& s, const local<urbanczik_senn_rate, V>& at) {
        const auto& p = at.p;
        const auto phi = [&](V v) { return p.phi_max/(V(1.0) + p.k*math::exp(p.beta*(p.theta - v))); };
        const V relative_slope = p.beta/(V(1.0) + math::exp(p.beta*(at.post.foreseen - p.theta))/p.k);
        s.d += p.duration/p.tau*(phi(at.post.u) - phi(at.post.foreseen))*relative_slope*at.pre.x;
        return p.eta*p.duration*s.d;
    }
};

}  // namespace apical::plasticity
