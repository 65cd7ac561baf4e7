// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Weights of a unit that is active go towards the input, and become its mean where the unit is active. Others stay.
///
///     dw = eta y (x - w)
struct competitive_hebbian : rule {
    static constexpr rule_info info{.name = "competitive_hebbian", .summary = "weights of active units go towards the input",
                                    .source = "Foeldiak (1990) Biol Cybern 64:165; Rumelhart & Zipser (1985) Cogn Sci 9:75"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.02, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<competitive_hebbian, V>&, const local<competitive_hebbian, V>& at) {
        return at.p.eta*at.post.y*(at.pre.x - at.w);
    }
};

}  // namespace apical::plasticity
