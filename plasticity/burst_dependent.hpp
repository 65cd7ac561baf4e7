// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Bursts teach: a burst strengthens what was active before it, an event that is no burst weakens it, so that nothing changes while
/// bursts are as frequent as they use to be.
///
///     w' = eta (B - P E) x,   P: mean of B over mean of E, both over tau_mean
///
/// E: events, the first spike of a burst or a single one; B: bursts, at their second spike; x: trace of presynaptic events.
struct burst_dependent : rule {
    static constexpr rule_info info{.name = "burst_dependent", .summary = "bursts above their usual share potentiate",
                                    .source = "Payeur, Guerguiev, Zenke, Richards & Naud (2021) Nat Neurosci 24:1010"};

    template <class V> struct parameters { V eta, tau_pre, tau_mean, share; };
    static constexpr parameters<field> defaults{
        {"eta", 2e-3, "", "learning rate", -10, 10},
        {"tau_pre", 20, "ms", "of the trace of presynaptic events", 1e-3, 1e6},
        {"tau_mean", 4000, "ms", "over which events and bursts are averaged", 1e-3, 1e9},
        {"share", 0.2, "", "of bursts among events, as if one event had been seen before", 0, 1},
    };

    template <class V> struct pre { V events; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {onsets().trace(p.tau_pre)}; }
    template <class V> struct post { V bursts, events; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {bursts().trace(p.tau_mean), onsets().trace(p.tau_mean)}; }

    template <class V> static constexpr V on_onset(kept<burst_dependent, V>&, const local<burst_dependent, V>& at) {
        return -at.p.eta*(at.post.bursts + at.p.share)/(at.post.events + V(1.0))*at.pre.events;
    }
    template <class V> static constexpr V on_burst(kept<burst_dependent, V>&, const local<burst_dependent, V>& at) { return at.p.eta*at.pre.events; }
};

}  // namespace apical::plasticity
