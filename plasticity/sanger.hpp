// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// The generalised Hebbian algorithm: the principal components in their order. Units speak in turns, each takes away from the inputs what
/// it tells of them, and the next one learns by Oja's rule from what is left. A unit that is silent in a step learns nothing in it.
///
///     dw_i = eta y_i (x - sum over k up to i of y_k w_k)
struct sanger : rule {
    static constexpr rule_info info{.name = "sanger", .summary = "principal components in their order, each from what those before it left", .source = "Sanger (1989) Neural Netw 2:459"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.01, "1/ms", "learning rate, for a turn of 1 ms", -1e6, 1e6}};

    template <class V> struct pre { V left; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V y; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V each_step(kept<sanger, V>&, const local<sanger, V>& at, V dt) {
        return at.p.eta*dt*at.post.y*(at.pre.left - at.post.y*at.w);
    }
};

}  // namespace apical::plasticity
