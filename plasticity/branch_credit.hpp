// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// A spike that travels back into the dendrite credits the branches that helped to make it: there it is larger.
///
///     e' = -e/tau_e,  e += x [v - theta]+ where a back-propagating spike arrives;   w' = eta (base + R) e
///
/// x: trace of presynaptic spikes, as glutamate on NMDA receptors; v: potential here as the spike passes; R: reward.
struct branch_credit : rule {
    static constexpr rule_info info{.name = "branch_credit", .summary = "back-propagating spikes credit the branches that were active",
                                    .source = "after Magee & Johnston (1997) Science 275:209; Stuart & Haeusser (2001) Nat Neurosci 4:63"};

    template <class V> struct parameters { V eta, base, theta, tau_x, tau_e; };
    static constexpr parameters<field> defaults{
        {"eta", 1e-6, "1/ms", "speed, per mV of the spike above theta", 0, 1e6},
        {"base", 1, "", "effect without reward: 1 is unsupervised, 0 waits for reward", -1e6, 1e6},
        {"theta", -30, "mV", "above which a passing spike counts", -200, 200},
        {"tau_x", 50, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_e", 700, "ms", "of the mark", 1e-3, 1e9},
    };

    template <class V> struct synapse { V e; };
    static constexpr synapse<field> keeps{{"e", 0, "", "eligibility", 0, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_e}; }

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_x)}; }
    template <class V> struct post { V v; };
    static constexpr post<reading> sees(const parameters<double>&) { return {potential()}; }
    template <class V> struct third { V reward; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("reward")}; }

    template <class V> static constexpr V on_back_propagation(kept<branch_credit, V>& k, const local<branch_credit, V>& at) {
        k.e += at.pre.x*positive(at.post.v - at.p.theta);
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<branch_credit, V>& k, const local<branch_credit, V>& at, V dt) {
        return dt*at.p.eta*(at.p.base + at.third.reward)*k.e;
    }
};

}  // namespace apical::plasticity
