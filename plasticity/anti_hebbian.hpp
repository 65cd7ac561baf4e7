// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Units that are active together more often than by chance come to inhibit each other. Wants the stages `clip`, so that it stays
/// inhibition, and `no_self`.
///
///     dw = -eta (x y - p^2)
struct anti_hebbian : rule {
    static constexpr rule_info info{.name = "anti_hebbian", .summary = "what is active together comes to inhibit each other", .source = "Foeldiak (1990) Biol Cybern 64:165"};

    template <class V> struct parameters { V eta, p; };
    static constexpr parameters<field> defaults{{"eta", 0.1, "", "learning rate", -1e6, 1e6}, {"p", 0.125, "", "part of the time in which a unit is to be active", 0, 1}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<anti_hebbian, V>&, const local<anti_hebbian, V>& at) {
        return -at.p.eta*(at.pre.x*at.post.y - math::square(at.p.p));
    }
};

}  // namespace apical::plasticity
