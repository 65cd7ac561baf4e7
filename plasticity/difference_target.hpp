// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// A layer moves its output to the target that it is given, and nothing but its own inputs matters. The inverses that carry targets
/// down learn in the same way, to give back what they are shown.
///
///     dw = eta (target - y) f'(u) x
struct difference_target : rule {
    static constexpr rule_info info{.name = "difference_target", .summary = "output given as a target less the one there was", .source = "Lee, Zhang, Fischer & Bengio (2015) ECML 498",
                                    .phases = {"forward", "target"}};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.05, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate().after(0)}; }
    template <class V> struct post { V y, target, slope; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate().after(0), rate().after(1), plasticity::slope().after(0)}; }

    template <class V> static constexpr V at_phase_end(kept<difference_target, V>&, const local<difference_target, V>& at) {
        return at.p.eta*(at.post.target - at.post.y)*at.post.slope*at.pre.x;
    }
};

}  // namespace apical::plasticity
