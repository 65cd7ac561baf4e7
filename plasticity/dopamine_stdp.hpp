// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Spike timing marks a synapse, dopamine turns the mark into a change: reward may come seconds late.
///
///     e' = -e/tau_e,  e += a_plus x at a postsynaptic spike, e -= a_minus y at a presynaptic one (nearest pairs);   w' = (tonic + D) e
///
/// D: dopamine of the region. The program of the paper adds (0.002 + D) e every 10 ms: in rates per ms that is a tonic effect of 2e-4, and a tenth
/// of its amounts, 0.05 for a reward of 0.5 uM.
struct dopamine_stdp : rule {
    static constexpr rule_info info{.name = "dopamine_stdp", .summary = "pairs of spikes mark a synapse, dopamine changes it",
                                    .source = "Izhikevich (2007) Cereb Cortex 17:2443"};

    template <class V> struct parameters { V a_plus, a_minus, tau_plus, tau_minus, tau_e, tonic; };
    static constexpr parameters<field> defaults{
        {"a_plus", 0.1, "", "mark at a pre-post pair", -10, 10},
        {"a_minus", 0.15, "", "mark at a post-pre pair", -10, 10},
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the postsynaptic trace", 1e-3, 1e6},
        {"tau_e", 1000, "ms", "of the mark", 1e-3, 1e9},
        {"tonic", 2e-4, "1/ms", "effect of dopamine at rest", -10, 10},
    };

    template <class V> struct synapse { V e; };
    static constexpr synapse<field> keeps{{"e", 0, "", "eligibility", -1e9, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_e}; }

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().nearest(p.tau_plus)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().nearest(p.tau_minus)}; }
    template <class V> struct third { V dopamine; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("dopamine")}; }

    template <class V> static constexpr V on_arrival(kept<dopamine_stdp, V>& k, const local<dopamine_stdp, V>& at) {
        k.e -= at.p.a_minus*at.post.trace;
        return V(0.0);
    }
    template <class V> static constexpr V on_spike(kept<dopamine_stdp, V>& k, const local<dopamine_stdp, V>& at) {
        k.e += at.p.a_plus*at.pre.trace;
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<dopamine_stdp, V>& k, const local<dopamine_stdp, V>& at, V dt) {
        return dt*(at.p.tonic + at.third.dopamine)*k.e;
    }
};

}  // namespace apical::plasticity
