// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Spike-timing dependent plasticity of pairs of spikes, all with all.
///
///     postsynaptic spike  w += a_plus w_max (1 - w/w_max)^mu x,    x' = -x/tau_plus,  x += 1 at a presynaptic spike
///     presynaptic spike   w -= a_minus w_max (w/w_max)^mu y,       y' = -y/tau_minus, y += 1 at a postsynaptic spike
///
/// mu = 0: the change does not depend on the weight; 1: in proportion.
struct pair_stdp : rule {
    static constexpr rule_info info{.name = "pair_stdp", .summary = "pairs of spikes, by their order and distance in time",
                                    .source = "Song, Miller & Abbott (2000) Nat Neurosci 3:919; weight dependence: Guetig et al. (2003) J Neurosci 23:3697"};

    template <class V> struct parameters { V a_plus, a_minus, tau_plus, tau_minus, w_max, mu; };
    static constexpr parameters<field> defaults{
        {"a_plus", 0.005, "", "growth at a pair, of w_max", -1, 1},
        {"a_minus", 0.00525, "", "loss at a pair, of w_max", -1, 1},
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the postsynaptic trace", 1e-3, 1e6},
        {"w_max", 1, "", "weight at which growth ends if mu > 0", 1e-9, 1e9},
        {"mu", 0, "", "exponent of the weight dependence", 0, 1},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 2> published{{
        {"song_2000", "Song, Miller & Abbott (2000)", {0.005, 0.00525, 20, 20, 1, 0}},
        {"bi_poo", "fit to hippocampal cultures: Bi & Poo (1998) J Neurosci 18:10464, 60 pairs", {0.777/60, 0.273/60, 16.8, 33.7, 1, 0}},
    }};

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus)}; }

    template <class V> static constexpr V on_arrival(kept<pair_stdp, V>&, const local<pair_stdp, V>& at) {
        return -at.p.a_minus*at.p.w_max*power(at.w/at.p.w_max, at.p.mu)*at.post.trace;
    }
    template <class V> static constexpr V on_spike(kept<pair_stdp, V>&, const local<pair_stdp, V>& at) {
        return at.p.a_plus*at.p.w_max*power(V(1.0) - at.w/at.p.w_max, at.p.mu)*at.pre.trace;
    }

private:
    /// x^mu; 1 for mu = 0, whatever x is.
    template <class V> static constexpr V power(V x, V mu) {
        return math::any_positive(mu) ? math::pow(math::at_least(x, V(1e-300)), mu) : V(1.0);
    }
};

}  // namespace apical::plasticity
