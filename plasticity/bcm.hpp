// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Strong answers potentiate, weak ones depress, and what is strong slides with the unit's own activity, so that units become selective.
///
///     dw = eta x y (y - theta),   theta += (y^2/y0 - theta)/tau_theta at each trial
///
/// x, y: rates at the end of a trial, y not below 0. The threshold has to move faster than the weights: eta <x^2> y0 tau_theta well below 1.
struct bcm : rule {
    static constexpr rule_info info{.name = "bcm", .summary = "strong answers potentiate, weak ones depress, about a threshold that slides",
                                    .source = "Bienenstock, Cooper & Munro (1982) J Neurosci 2:32"};

    template <class V> struct parameters { V eta, y0, tau_theta; };
    static constexpr parameters<field> defaults{
        {"eta", 0.005, "", "learning rate", -1e6, 1e6},
        {"y0", 1, "", "activity at which the threshold is the activity", 1e-9, 1e9},
        {"tau_theta", 50, "", "trials over which the threshold follows", 1, 1e9},
    };

    template <class V> struct synapse { V theta; };
    static constexpr synapse<field> keeps{{"theta", 1, "", "threshold of the receiving unit", 0, 1e300}};

    template <class V> struct pre { V rate; };
    static constexpr pre<reading> hears(const parameters<double>&) { return {rate()}; }
    template <class V> struct post { V rate; };
    static constexpr post<reading> sees(const parameters<double>&) { return {rate()}; }

    template <class V> static constexpr V at_phase_end(kept<bcm, V>& k, const local<bcm, V>& at) {
        const V y = positive(at.post.rate), change = at.p.eta*at.pre.rate*y*(y - k.theta);
        k.theta += (y*y/at.p.y0 - k.theta)/at.p.tau_theta;
        return change;
    }
};

}  // namespace apical::plasticity
