// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Hebbian growth that compensates itself within seconds, so that assemblies form and neither run away nor fade.
///
///     postsynaptic spike  w += a x z - beta (w - v) y^3       triplets, and what pulls back a cell that bursts
///     presynaptic spike   w += delta - b y                    what keeps silent synapses alive, and pairs
///     tau_c v' = w - v - p v (w_p/2 - v)(w_p - v)             v: the consolidated weight, with two stable values
///
/// x: trace of presynaptic spikes; y, z: fast and slow trace of postsynaptic ones.
struct rapid_compensation : rule {
    static constexpr rule_info info{.name = "rapid_compensation", .summary = "triplets with heterosynaptic compensation and consolidation",
                                    .source = "Zenke, Agnes & Gerstner (2015) Nat Commun 6:6922"};

    template <class V> struct parameters { V a, b, beta, delta, tau_plus, tau_minus, tau_slow, tau_c, p, w_p; };
    static constexpr parameters<field> defaults{
        {"a", 1e-3, "", "growth at a triplet", 0, 10},
        {"b", 1e-3, "", "loss at a pair", 0, 10},
        {"beta", 0.05, "", "pull towards the consolidated weight; uncertain", 0, 10},
        {"delta", 2e-5, "", "growth at a presynaptic spike", 0, 10},
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the fast postsynaptic trace", 1e-3, 1e6},
        {"tau_slow", 100, "ms", "of the slow postsynaptic trace", 1e-3, 1e6},
        {"tau_c", 1.2e6, "ms", "of consolidation", 1e-3, 1e12},
        {"p", 20, "", "depth of the two wells", 0, 1e6},
        {"w_p", 0.5, "", "the upper of them", 1e-9, 1e6},
    };

    template <class V> struct synapse { V v; };
    static constexpr synapse<field> keeps{{"v", 0, "", "consolidated weight", -1e9, 1e9}};
    static constexpr synapse<double> begins(double w, const parameters<double>&) { return {w}; }

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
    template <class V> struct post { V y, z; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus), spikes().trace(p.tau_slow)}; }

    template <class V> static constexpr V on_arrival(kept<rapid_compensation, V>&, const local<rapid_compensation, V>& at) { return at.p.delta - at.p.b*at.post.y; }
    template <class V> static constexpr V on_spike(kept<rapid_compensation, V>& k, const local<rapid_compensation, V>& at) {
        return at.p.a*at.pre.x*at.post.z - at.p.beta*(at.w - k.v)*at.post.y*at.post.y*at.post.y;
    }
    /// The weight is what it was since the last occasion; the slow variable takes one step of Heun's method.
    template <class V> static constexpr V relax(kept<rapid_compensation, V>& k, const local<rapid_compensation, V>& at, V elapsed) {
        const auto rate = [&](V v) { return (at.w - v - at.p.p*v*(V(0.5)*at.p.w_p - v)*(at.p.w_p - v))/at.p.tau_c; };
        const V h = math::at_most(elapsed, V(0.1)*at.p.tau_c), first = rate(k.v);
        k.v += V(0.5)*h*(first + rate(k.v + h*first));
        return V(0.0);
    }
};

}  // namespace apical::plasticity
