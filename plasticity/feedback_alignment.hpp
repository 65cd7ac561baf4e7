// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// What a feedback projection says is wrong, times how much the unit can do about it, times what it heard.
///
///     dw = eta e f'(u) x
///
/// e: error that is brought to the unit, by weights that need not be those of the way up; with the very same it is the gradient (Rumelhart,
/// Hinton & Williams 1986 Nature 323:533), with their signs it is that of Liao, Leibo & Poggio (2016) AAAI, straight from the
/// output that of Nokland (2016) NIPS.
struct feedback_alignment : rule {
    static constexpr rule_info info{.name = "feedback_alignment", .summary = "errors come down by whatever feedback there is",
                                    .source = "Lillicrap, Cownden, Tweed & Akerman (2016) Nat Commun 7:13276"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.5, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V error, slope; };
    static constexpr post<reading> sees(const parameters<double>&) { return {error_signal(), plasticity::slope()}; }

    template <class V> static constexpr V at_phase_end(kept<feedback_alignment, V>&, const local<feedback_alignment, V>& at) {
        return at.p.eta*at.post.error*at.post.slope*at.pre.x;
    }
};

}  // namespace apical::plasticity
