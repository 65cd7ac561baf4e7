// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// A dendrite learns to predict the rate of its soma, which others have a part in: of a pyramidal cell the apical dendrite, of an
/// interneuron the cell that teaches it.
///
///     dw = eta (phi(u) - phi(v*)) x,   v*: what the dendrite alone would have the soma do;  phi: the logistic function
struct dendritic_prediction : rule {
    static constexpr rule_info info{.name = "dendritic_prediction", .summary = "the soma's rate less the one its dendrite alone would give", .source = "Sacramento, Costa, Bengio & Senn (2018) NeurIPS 31:8721"};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.1, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V x; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V u, foreseen; };
    static constexpr post<reading> sees(const parameters<double>&) { return {potential(), prediction()}; }

    template <class V> static constexpr V at_phase_end(kept<dendritic_prediction, V>&, const local<dendritic_prediction, V>& at) {
        return at.p.eta*(math::logistic(at.post.u) - math::logistic(at.post.foreseen))*at.pre.x;
    }
};

}  // namespace apical::plasticity
