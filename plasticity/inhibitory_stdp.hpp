// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Plasticity of inhibitory synapses that holds the cell's rate at a target, so that inhibition balances excitation.
///
///     presynaptic spike   w += eta (o - 2 rate tau),   postsynaptic spike  w += eta r
///
/// r and o are traces of the two with one time constant tau. An inhibitory weight is given as a positive conductance.
struct inhibitory_stdp : rule {
    static constexpr rule_info info{.name = "inhibitory_stdp", .summary = "inhibitory synapses that hold their cell's rate",
                                    .source = "Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011) Science 334:1569"};

    template <class V> struct parameters { V eta, tau, rate; };
    static constexpr parameters<field> defaults{
        {"eta", 1e-3, "", "learning rate", -10, 10},
        {"tau", 20, "ms", "of both traces", 1e-3, 1e6},
        {"rate", 5, "Hz", "of the cell, to be held", 0, 1000},
    };

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau)}; }

    template <class V> static constexpr V on_arrival(kept<inhibitory_stdp, V>&, const local<inhibitory_stdp, V>& at) {
        return at.p.eta*(at.post.trace - V(2.0)*at.p.rate*at.p.tau);
    }
    template <class V> static constexpr V on_spike(kept<inhibitory_stdp, V>&, const local<inhibitory_stdp, V>& at) { return at.p.eta*at.pre.trace; }
};

}  // namespace apical::plasticity
