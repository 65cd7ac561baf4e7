// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Modulators shape the window: growth needs beta-adrenergic receptors, loss muscarinic ones; both give the usual window, neither none.
///
///     w += a_plus N/(N + half_n) x at a postsynaptic spike,   w -= a_minus A/(A + half_a) y at a presynaptic one
struct receptor_gated_stdp : rule {
    static constexpr rule_info info{.name = "receptor_gated_stdp", .summary = "noradrenaline opens growth, acetylcholine loss",
                                    .source = "Seol et al. (2007) Neuron 55:919"};

    template <class V> struct parameters { V a_plus, a_minus, tau_plus, tau_minus, half_n, half_a; };
    static constexpr parameters<field> defaults{
        {"a_plus", 0.005, "", "growth at a pair, all receptors bound", 0, 1},
        {"a_minus", 0.00525, "", "loss at a pair, all receptors bound", 0, 1},
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the postsynaptic trace", 1e-3, 1e6},
        {"half_n", 1, "", "noradrenaline that binds half of its receptors", 1e-9, 1e9},
        {"half_a", 1, "", "acetylcholine that binds half of its receptors", 1e-9, 1e9},
    };

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus)}; }
    template <class V> struct third { V noradrenaline, acetylcholine; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("noradrenaline"), modulator("acetylcholine")}; }

    template <class V> static constexpr V on_arrival(kept<receptor_gated_stdp, V>&, const local<receptor_gated_stdp, V>& at) {
        return -at.p.a_minus*bound(at.third.acetylcholine, at.p.half_a)*at.post.trace;
    }
    template <class V> static constexpr V on_spike(kept<receptor_gated_stdp, V>&, const local<receptor_gated_stdp, V>& at) {
        return at.p.a_plus*bound(at.third.noradrenaline, at.p.half_n)*at.pre.trace;
    }

private:
    template <class V> static constexpr V bound(V concentration, V half) {
        const V c = positive(concentration);
        return c/(c + half);
    }
};

}  // namespace apical::plasticity
