// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Generalised recirculation: what the outcome made of a unit, less what it had expected, times what it had heard.
///
///     dw = eta x- (y+ - y-)
///
/// -: at the end of the phase with free outputs, +: of that with clamped ones. To first order y+ - y- is the error that feedback of the
/// same weights would have propagated.
struct generec : rule {
    static constexpr rule_info info{.name = "generec", .summary = "outcome less expectation, times what was heard", .source = "O'Reilly (1996) Neural Comput 8:895", .phases = {"minus", "plus"}};

    template <class V> struct parameters { V eta; };
    static constexpr parameters<field> defaults{{"eta", 0.5, "", "learning rate", -1e6, 1e6}};

    template <class V> struct pre { V minus; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate().after(0)}; }
    template <class V> struct post { V minus, plus; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate().after(0), rate().after(1)}; }

    template <class V> static constexpr V at_phase_end(kept<generec, V>&, const local<generec, V>& at) { return at.p.eta*at.pre.minus*(at.post.plus - at.post.minus); }
};

}  // namespace apical::plasticity
