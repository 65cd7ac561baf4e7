// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Hebb's rule with a loss that keeps the length of a unit's weights at 1: they become the direction in which the inputs vary most, the
/// first principal component of what is centred.
///
///     dw = eta y (x - y w)
struct oja : rule {
    static constexpr rule_info info{.name = "oja", .summary = "Hebb's rule with weights of length 1: the first principal component", .source = "Oja (1982) J Math Biol 15:267"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.005, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<oja, V>&, const local<oja, V>& at) {
        return at.p.eta*at.post.y*(at.pre.x - at.post.y*at.w);
    }
};

}  // namespace apical::plasticity
