// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// What is active together grows together. By itself it grows without end: wants the stage `l1` or `l2`, by which the synapses of a unit compete.
///
///     dw = eta x y
struct hebbian : rule {
    static constexpr rule_info info{.name = "hebbian", .summary = "what is active together grows together", .source = "Hebb (1949) The Organization of Behavior"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.01, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<hebbian, V>&, const local<hebbian, V>& at) { return at.p.eta*at.pre.x*at.post.y; }
};

}  // namespace apical::plasticity
