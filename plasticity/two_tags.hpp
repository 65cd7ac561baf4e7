// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Pairs of spikes leave two tags, one for growth and one for loss; noradrenaline turns the first into a change, serotonin the second.
///
///     tau_p p' = -p,  p += a_plus x at a postsynaptic spike;   tau_d d' = -d,  d += a_minus y at a presynaptic one
///     w' = eta_p N p - eta_d S d
struct two_tags : rule {
    static constexpr rule_info info{.name = "two_tags", .summary = "tags for growth and loss, each with a modulator of its own",
                                    .source = "He et al. (2015) Neuron 88:528; Huertas, Schwettmann & Shouval (2016) Front Synaptic Neurosci 8:37"};

    template <class V> struct parameters { V a_plus, a_minus, tau_plus, tau_minus, tau_p, tau_d, eta_p, eta_d; };
    static constexpr parameters<field> defaults{
        {"a_plus", 1, "", "tag of a pre-post pair", 0, 1e6},
        {"a_minus", 1, "", "tag of a post-pre pair", 0, 1e6},
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the postsynaptic trace", 1e-3, 1e6},
        {"tau_p", 3000, "ms", "of the tag for growth; uncertain", 1e-3, 1e9},
        {"tau_d", 1500, "ms", "of the tag for loss; uncertain", 1e-3, 1e9},
        {"eta_p", 1e-3, "1/ms", "speed of growth, per noradrenaline", 0, 1e6},
        {"eta_d", 1e-3, "1/ms", "speed of loss, per serotonin", 0, 1e6},
    };

    template <class V> struct synapse { V p, d; };
    static constexpr synapse<field> keeps{{"p", 0, "", "tag for growth", 0, 1e9}, {"d", 0, "", "tag for loss", 0, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_p, p.tau_d}; }

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus)}; }
    template <class V> struct third { V noradrenaline, serotonin; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("noradrenaline"), modulator("serotonin")}; }

    template <class V> static constexpr V on_arrival(kept<two_tags, V>& k, const local<two_tags, V>& at) {
        k.d += at.p.a_minus*at.post.trace;
        return V(0.0);
    }
    template <class V> static constexpr V on_spike(kept<two_tags, V>& k, const local<two_tags, V>& at) {
        k.p += at.p.a_plus*at.pre.trace;
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<two_tags, V>& k, const local<two_tags, V>& at, V dt) {
        return dt*(at.p.eta_p*at.third.noradrenaline*k.p - at.p.eta_d*at.third.serotonin*k.d);
    }
};

}  // namespace apical::plasticity
