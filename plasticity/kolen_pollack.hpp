// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Feedback weights that become those of the way up, though neither sees the other: both change by the same product, and both decay.
/// This is the rule of the feedback synapses; those of the way up learn by `feedback_alignment` and the stage `decay`.
///
///     dv = eta x e f'(u),   x: of the unit that is told, behind the synapse,   e f'(u): of the unit that tells
struct kolen_pollack : rule {
    static constexpr rule_info info{.name = "kolen_pollack", .summary = "feedback weights learn to be those of the way up", .source = "Kolen & Pollack (1994) IEEE ICNN 3:1375"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.5, "", "learning rate, that of the way up", -1e6, 1e6}};

    template <class V> struct pre { V error, slope; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {error_signal(), plasticity::slope()}; }
    template <class V> struct post { V x; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<kolen_pollack, V>&, const local<kolen_pollack, V>& at) {
        return at.p.eta*at.pre.error*at.pre.slope*at.post.x;
    }
};

}  // namespace apical::plasticity
