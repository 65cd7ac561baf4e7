// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// A unit that is active more often than it should be gets a higher threshold, a lower bias, and one that is less often a lower one.
///
///     dw = eta (p - y) x,    x: 1, what biases are the weights of
struct threshold_adaptation : rule {
    static constexpr rule_info info{.name = "threshold_adaptation", .summary = "biases see to it that units are active as often as they should be", .source = "Foeldiak (1990) Biol Cybern 64:165"};

    template <class V> struct parameters { V eta, p; };
    static constexpr parameters<field> defaults{{"eta", 0.02, "", "learning rate", -1e6, 1e6}, {"p", 0.125, "", "part of the time in which a unit is to be active", 0, 1}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<threshold_adaptation, V>&, const local<threshold_adaptation, V>& at) {
        return at.p.eta*(at.p.p - at.post.y)*at.pre.x;
    }
};

}  // namespace apical::plasticity
