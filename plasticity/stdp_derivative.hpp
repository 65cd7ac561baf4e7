// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Spike-timing dependent plasticity as seen by rates: what a unit does times how the other's rate changes, while the outputs are
/// nudged. A rate that rises fires more after the other's spikes than before them. Both directions of a symmetric connection together
/// give equilibrium propagation's change, for x dy + y dx = d(xy).
///
///     w' = eta/beta x y'
struct stdp_derivative : rule {
    static constexpr rule_info info{.name = "stdp_derivative", .summary = "presynaptic rate times the change of the postsynaptic one", .source = "Bengio, Mesnard, Fischer, Zhang & Wu (2017) Neural Comput 29:555",
                                    .phases = {"free", "nudged"}};

    template <class V> struct parameters { V eta, lag; };
    static constexpr parameters<field> defaults{{"eta", 0.1, "", "learning rate", -1e6, 1e6}, {"lag", 1, "ms", "over which a change is seen: a step", 1e-6, 1e3}};

    template <class V> struct pre { V now, before; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {rate(), rate().delayed(p.lag)}; }
    template <class V> struct post { V now, before; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {rate(), rate().delayed(p.lag)}; }
    template <class V> struct third { V beta; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("nudging")}; }

    template <class V> static constexpr V each_step(kept<stdp_derivative, V>&, const local<stdp_derivative, V>& at, V dt) {
        const V change = V(0.5)*(at.pre.now + at.pre.before)*(at.post.now - at.post.before)*dt/at.p.lag;
        return math::select(math::square(at.third.beta) > V(0.0), at.p.eta/at.third.beta*change, V(0.0));
    }
};

}  // namespace apical::plasticity
