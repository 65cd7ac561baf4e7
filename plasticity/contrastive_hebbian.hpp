// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Contrastive Hebbian learning: together in the outcome, less together in the expectation.
///
///     dw = eta (x+ y+ - x- y-)
///
/// It is generalised recirculation of both directions with the midpoint of x- and x+ in place of x-.
struct contrastive_hebbian : rule {
    static constexpr rule_info info{.name = "contrastive_hebbian", .summary = "coincidence in the outcome less that in the expectation",
                                    .source = "Movellan (1991); O'Reilly (1996) Neural Comput 8:895", .phases = {"minus", "plus"}};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.2, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V minus, plus; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate().after(0), rate().after(1)}; }
    template <class V> struct post { V minus, plus; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate().after(0), rate().after(1)}; }

    template <class V> static constexpr V at_phase_end(kept<contrastive_hebbian, V>&, const local<contrastive_hebbian, V>& at) {
        return at.p.eta*(at.pre.plus*at.post.plus - at.pre.minus*at.post.minus);
    }
};

}  // namespace apical::plasticity
