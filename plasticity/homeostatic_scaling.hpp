// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// All weights onto a cell grow or shrink in proportion until its rate is as it should be:  tau w' = w (rate - r)/rate, r over tau_rate.
struct homeostatic_scaling : rule {
    static constexpr rule_info info{.name = "homeostatic_scaling", .summary = "multiplies a cell's weights to hold its rate",
                                    .source = "Turrigiano et al. (1998) Nature 391:892; van Rossum, Bi & Turrigiano (2000) J Neurosci 20:8812"};

    template <class V> struct parameters { V rate, tau, tau_rate; };
    static constexpr parameters<field> defaults{
        {"rate", 5, "Hz", "of the cell, to be held", 1e-6, 1000},
        {"tau", 100000, "ms", "of the weights", 1e-3, 1e12},
        {"tau_rate", 10000, "ms", "over which the rate is taken", 1e-3, 1e12},
    };

    template <class V> struct post { V rate; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_rate, 1/p.tau_rate)}; }

    template <class V> static constexpr V each_step(kept<homeostatic_scaling, V>&, const local<homeostatic_scaling, V>& at, V dt) {
        return at.w*(math::exp(dt/at.p.tau*(V(1.0) - at.post.rate/at.p.rate)) - V(1.0));
    }
};

}  // namespace apical::plasticity
