// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Spike-timing dependent plasticity of triplets of spikes, all with all: what a pair does depends on the spikes before it.
///
///     presynaptic spike   w -= o1 (a2_minus + a3_minus r2),   then r1, r2 += 1
///     postsynaptic spike  w += r1 (a2_plus + a3_plus o2),     then o1, o2 += 1
///
/// with time constants tau_plus of r1, tau_x of r2, tau_minus of o1, tau_y of o2.
struct triplet_stdp : rule {
    static constexpr rule_info info{.name = "triplet_stdp", .summary = "triplets of spikes: pairing depends on frequency",
                                    .source = "Pfister & Gerstner (2006) J Neurosci 26:9673"};

    template <class V> struct parameters { V a2_plus, a3_plus, a2_minus, a3_minus, tau_plus, tau_x, tau_minus, tau_y; };
    static constexpr parameters<field> defaults{
        {"a2_plus", 0, "", "growth at a pair", -10, 10},
        {"a3_plus", 6.5e-3, "", "growth at a post-pre-post triplet", -10, 10},
        {"a2_minus", 7.1e-3, "", "loss at a pair", -10, 10},
        {"a3_minus", 0, "", "loss at a pre-post-pre triplet", -10, 10},
        {"tau_plus", 16.8, "ms", "of the fast presynaptic trace", 1e-3, 1e6},
        {"tau_x", 101, "ms", "of the slow presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 33.7, "ms", "of the fast postsynaptic trace", 1e-3, 1e6},
        {"tau_y", 114, "ms", "of the slow postsynaptic trace", 1e-3, 1e6},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 4> published{{
        {"visual_cortex", "table 3 and 4, all with all, minimal", {0, 6.5e-3, 7.1e-3, 0, 16.8, 101, 33.7, 114}},
        {"visual_cortex_full", "table 3, all with all", {5e-10, 6.2e-3, 7e-3, 2.3e-4, 16.8, 101, 33.7, 125}},
        {"hippocampus", "table 4, all with all, minimal", {5.3e-3, 8e-3, 3.5e-3, 0, 16.8, 946, 33.7, 40}},
        {"hippocampus_full", "table 4, all with all", {6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3, 16.8, 946, 33.7, 27}},
    }};

    template <class V> struct pre { V r1, r2; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus), spikes().trace(p.tau_x)}; }
    template <class V> struct post { V o1, o2; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus), spikes().trace(p.tau_y)}; }

    template <class V> static constexpr V on_arrival(kept<triplet_stdp, V>&, const local<triplet_stdp, V>& at) {
        return -at.post.o1*(at.p.a2_minus + at.p.a3_minus*at.pre.r2);
    }
    template <class V> static constexpr V on_spike(kept<triplet_stdp, V>&, const local<triplet_stdp, V>& at) {
        return at.pre.r1*(at.p.a2_plus + at.p.a3_plus*at.post.o2);
    }
};

}  // namespace apical::plasticity
