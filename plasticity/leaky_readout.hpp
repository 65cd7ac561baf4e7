// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// The delta rule for an output that sums spikes up and leaks: what is wrong with it, times what it still holds of what the synapse brought.
///
///     dw = eta e z
///
/// z: trace of presynaptic spikes with the time constant of the output. It is the gradient.
struct leaky_readout : rule {
    static constexpr rule_info info{.name = "leaky_readout", .summary = "the delta rule for an output that sums spikes up and leaks",
                                    .source = "Widrow & Hoff (1960) IRE WESCON; with leaky outputs: Bellec et al. (2020) Nat Commun 11:3625"};

    template <class V> struct parameters { V eta, tau_out; };
    static constexpr parameters<field> defaults{{"eta", 1, "", "learning rate", -1e6, 1e6}, {"tau_out", 20, "ms", "of the output", 1e-3, 1e6}};

    template <class V> struct pre { V z; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_out)}; }
    template <class V> struct post { V error; };
    static constexpr post<reading> sees(const parameters<double>&) { return {error_signal()}; }

    template <class V> static constexpr V each_step(kept<leaky_readout, V>&, const local<leaky_readout, V>& at, V) { return at.p.eta*at.post.error*at.pre.z; }
};

}  // namespace apical::plasticity
