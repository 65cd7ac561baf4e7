// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Plateaus of the apical dendrite at the end of two phases tell the basal synapses what to do.
///
///     dw = eta gain k phi^2 (a_target - a_forward) s'(u) x,   a = s(apical), s the logistic function
///
/// Rates here are parts of the largest rate phi, which the paper has in spikes/ms.
struct segregated_dendrites : rule {
    static constexpr rule_info info{.name = "segregated_dendrites", .summary = "plateau with a teacher less that without", .source = "Guerguiev, Lillicrap & Richards (2017) eLife 6:e22901",
                                    .phases = {"forward", "target"}};

    template <class V> struct parameters { V eta, gain, k, phi_max; };
    static constexpr parameters<field> defaults{
        {"eta", 0.21, "", "learning rate", -1e6, 1e6},
        {"gain", 20, "", "of the loss, times the largest rate", 0, 1e6},
        {"k", 0.857142857142857, "", "part of the basal potential that reaches the soma", 0, 1},
        {"phi_max", 0.2, "1/ms", "largest rate", 0, 1e3},
    };

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate().after(0)}; }
    template <class V> struct post { V forward, target, slope; };
    static constexpr post<reading> sees(const parameters<double>&) { return {apical_potential().after(0), apical_potential().after(1), plasticity::slope().after(0)}; }

    template <class V> static constexpr V at_phase_end(kept<segregated_dendrites, V>&, const local<segregated_dendrites, V>& at) {
        const V plateaus = math::logistic(at.post.target) - math::logistic(at.post.forward);
        return at.p.eta*at.p.gain*at.p.k*math::square(at.p.phi_max)*plateaus*at.post.slope*at.pre.x;
    }
};

}  // namespace apical::plasticity
